//! Acts on several stories of the list.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{BulkAction, BulkOutcome, ListNotice, RefusedStory, UndoStory, list_href};
use gazette_domain::{
    Caller, DeskError, EditedStory, FormAct, NewsDesk, SaveRequest, Status, StoryForm, StoryId,
};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{
    Form, RequestContext, move_to_trash, returned_list, run_detached, set_flash, story_ids,
};
use crate::http::state::AppState;
use crate::publish_check::{PublishCheck, excerpt};

/// Stories that a notice names at most.
const MAX_NAMED: usize = 20;

/// Fields of the forms.
#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    #[serde(rename = "id[]", default)]
    ids: Vec<String>,
    /// Act of the button; the other buttons have addresses of their own.
    action: Option<String>,
    /// Address of the list, to return to it.
    list: Option<String>,
    /// Stories that the opposite act changed, to undo that.
    #[serde(rename = "undo[]", default)]
    undo: Vec<String>,
}

/// `POST /desk/stories`: publishes or unpublishes the selected stories.
pub(in crate::http) async fn change(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let action = match fields.action.as_deref() {
        Some("publish") => BulkAction::Publish,
        Some("unpublish") => BulkAction::Unpublish,
        _ => return Err(AppError::bad_request("action must be publish or unpublish.")),
    };
    let ids = story_ids(&fields.ids)?;
    if ids.is_empty() {
        return Ok(back(&context, &fields, ListNotice::NothingSelected).await);
    }
    let undo = fields.undo.iter().map(|field| UndoStory::read(field)).collect::<Option<_>>();
    let unknown = || AppError::bad_request("Unknown change. Change the stories in the list.");
    let undo: Vec<UndoStory> = undo.ok_or_else(unknown)?;
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let bulk = Bulk { app: app.clone(), desk, caller, undo };
    let outcome = run_detached(async move { bulk.change_all(action, &ids).await }).await?;
    tracing::info!(?action, done = outcome.done, "stories changed");
    Ok(back(&context, &fields, ListNotice::Bulk(outcome)).await)
}

/// `POST /desk/stories/trash`: moves the selected stories to the trash.
pub(in crate::http) async fn trash(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let ids = story_ids(&fields.ids)?;
    if ids.is_empty() {
        return Ok(back(&context, &fields, ListNotice::NothingSelected).await);
    }
    let ids = move_to_trash(&app, &context, ids, None).await?;
    Ok(back(&context, &fields, ListNotice::Trashed(ids)).await)
}

/// `POST /desk/stories/restore`: undoes the move of these stories to the trash.
pub(in crate::http) async fn undo(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let ids = story_ids(&fields.ids)?;
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let restored = run_detached(async move { desk.restore(&caller, &ids).await }).await?;
    tracing::info!(restored, "stories restored from the trash");
    Ok(back(&context, &fields, ListNotice::Restored(restored)).await)
}

/// Returns to the list from which the form was sent, with the outcome.
async fn back(context: &RequestContext, fields: &Fields, notice: ListNotice) -> Response {
    set_flash(context.session.as_ref(), notice).await;
    Redirect::to(&list_href(&returned_list(fields.list.as_deref()))).into_response()
}

/// Changes of several stories, on behalf of a caller.
struct Bulk {
    app: AppState,
    desk: NewsDesk,
    caller: Caller,
    /// Earlier changes that are undone.
    undo: Vec<UndoStory>,
}

/// A change of one story.
enum Changed {
    Done(Option<UndoStory>),
    /// There was nothing to change.
    Unchanged,
}

impl Bulk {
    /// Changes each of the stories.
    ///
    /// # Errors
    /// Of the policy and of the table. A story that cannot be changed is an outcome.
    async fn change_all(
        &self,
        action: BulkAction,
        ids: &[StoryId],
    ) -> Result<BulkOutcome, DeskError> {
        let mut outcome = BulkOutcome::new(action);
        for id in ids {
            let edited = match self.desk.read_form(&self.caller, *id, self.zone()).await {
                Ok(edited) => edited,
                // Another person deleted it in the meantime.
                Err(DeskError::Missing | DeskError::Gone) => continue,
                Err(error) => return Err(error),
            };
            let headline = edited.story.teaser.headline.clone();
            match self.change(action, edited).await {
                Ok(Changed::Done(undo)) => {
                    outcome.done += 1;
                    outcome.undo.extend(undo);
                }
                Ok(Changed::Unchanged) => outcome.unchanged += 1,
                Err(error @ (DeskError::Denied(_) | DeskError::Table(_))) => return Err(error),
                Err(_) if outcome.refused.len() == MAX_NAMED => outcome.more_refused += 1,
                Err(error) => {
                    let reason = reason(&error);
                    outcome.refused.push(RefusedStory { id: *id, headline, reason });
                }
            }
        }
        Ok(outcome)
    }

    async fn change(&self, action: BulkAction, edited: EditedStory) -> Result<Changed, DeskError> {
        let EditedStory { story, form, version, is_dirty, .. } = edited;
        let id = story.teaser.id;
        let undone = self.undo.iter().find(|undone| undone.id == id);
        if undone.is_some_and(|undone| undone.version != version) {
            return Err(DeskError::Stale);
        }
        let is_published = story.status == Status::Published;
        let is_done = match action {
            BulkAction::Publish => is_published && !is_dirty,
            BulkAction::Unpublish => !is_published,
        };
        if is_done {
            return Ok(Changed::Unchanged);
        }
        // Readers saw this text before.
        let is_known = undone.is_some() && story.public_since.is_some();
        if action == BulkAction::Publish && !is_known {
            let errors = self.publish_check().check(id, &form, self.app.clock.now()).await?;
            if !errors.is_empty() {
                return Err(DeskError::Unacceptable(errors));
            }
        }
        let act = match action {
            BulkAction::Publish => FormAct::Publish,
            BulkAction::Unpublish => FormAct::Unpublish,
        };
        let mut changed = self.save(id, version, form, &act).await?;
        if action == BulkAction::Unpublish && undone.is_some_and(|undone| undone.was_in_review) {
            changed = self.save(id, changed.version, changed.form, &FormAct::HandIn).await?;
        }
        // A story with changes that readers had not seen has become another one.
        let can_be_undone = match action {
            BulkAction::Publish => !is_published,
            BulkAction::Unpublish => !is_dirty,
        };
        let was_in_review = story.status == Status::Review;
        let undo = UndoStory { id, version: changed.version, was_in_review };
        Ok(Changed::Done(can_be_undone.then_some(undo)))
    }

    async fn save(
        &self,
        id: StoryId,
        version: u64,
        form: StoryForm,
        act: &FormAct,
    ) -> Result<EditedStory, DeskError> {
        let excerpt = excerpt(&self.app.body_renderer, &form.body).await;
        let request = SaveRequest { version, form, excerpt, ..SaveRequest::default() };
        self.desk.save_form(&self.caller, id, request, act, self.zone()).await
    }

    fn publish_check(&self) -> PublishCheck<'_> {
        PublishCheck {
            desk: &self.desk,
            caller: &self.caller,
            bodies: &self.app.body_renderer,
            public_url: &self.app.site.public_url,
        }
    }

    fn zone(&self) -> &TimeZone {
        &self.app.site.time_zone
    }
}

fn reason(error: &DeskError) -> String {
    match error {
        DeskError::Unacceptable(errors) => {
            let reasons: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            reasons.join(" ")
        }
        DeskError::Stale | DeskError::Conflict(_) => {
            "It was changed in the meantime. Look at it, then try again.".to_owned()
        }
        error => format!("{error}."),
    }
}
