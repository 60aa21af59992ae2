//! Acts on several stories of the list.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{BulkAction, BulkOutcome, ListNotice, RefusedStory, list_href};
use gazette_domain::{
    Caller, DeskError, FieldError, NewsDesk, Selection, Status, Story, StoryId, StoryPatch,
};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{
    Form, RequestContext, returned_list, run_detached, set_flash, story_ids,
};
use crate::http::state::AppState;

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
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let outcome =
        run_detached(async move { change_all(&desk, &caller, action, &ids).await }).await?;
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
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let deletion = async move {
        // Those that were in the trash before must not come back by undoing this.
        let present = desk.teasers(&caller, &ids).await?;
        let present: Vec<StoryId> = present.into_iter().map(|teaser| teaser.id).collect();
        let deleted = desk.delete(&caller, &Selection::Ids(present.clone())).await?;
        Ok::<_, DeskError>((deleted, present))
    };
    let (deleted, ids) = run_detached(deletion).await?;
    tracing::info!(deleted, "stories moved to the trash");
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

/// Changes each of the stories.
///
/// # Errors
/// Of the policy and of the table. A story that cannot be changed is an outcome.
async fn change_all(
    desk: &NewsDesk,
    caller: &Caller,
    action: BulkAction,
    ids: &[StoryId],
) -> Result<BulkOutcome, DeskError> {
    let refused = Vec::new();
    let mut outcome = BulkOutcome { action, done: 0, unchanged: 0, refused, more_refused: 0 };
    for id in ids {
        let story = match desk.story(caller, *id).await {
            Ok(story) => story,
            // Another person deleted it in the meantime.
            Err(DeskError::Missing | DeskError::Gone) => continue,
            Err(error) => return Err(error),
        };
        let headline = story.teaser.headline.clone();
        match change_one(desk, caller, action, story).await {
            Ok(true) => outcome.done += 1,
            Ok(false) => outcome.unchanged += 1,
            Err(error @ (DeskError::Denied(_) | DeskError::Table(_))) => return Err(error),
            Err(_) if outcome.refused.len() == MAX_NAMED => outcome.more_refused += 1,
            Err(error) => {
                outcome.refused.push(RefusedStory { id: *id, headline, reason: reason(&error) });
            }
        }
    }
    Ok(outcome)
}

/// Returns `false` if there is nothing to change.
async fn change_one(
    desk: &NewsDesk,
    caller: &Caller,
    action: BulkAction,
    story: Story,
) -> Result<bool, DeskError> {
    let status = match action {
        BulkAction::Publish => Status::Published,
        BulkAction::Unpublish => Status::Draft,
    };
    if story.status == status {
        return Ok(false);
    }
    let patch = StoryPatch { status: Some(status), ..StoryPatch::default() };
    desk.revise(caller, story.teaser.id, story.version, patch).await.map(|_| true)
}

fn reason(error: &DeskError) -> String {
    match error {
        DeskError::Unacceptable(errors) => {
            let reasons: Vec<String> = errors.iter().map(sentence).collect();
            reasons.join(" ")
        }
        DeskError::Stale => "Someone else changed it at the same time. Try again.".to_owned(),
        error => format!("{error}."),
    }
}

fn sentence(error: &FieldError) -> String {
    format!("{} {}.", error.field, error.message)
}
