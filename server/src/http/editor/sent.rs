//! A form that was sent, and its answer. Whatever happens, the answer has the text that was typed.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{Editor, EditorNotice, ErrorPage, Stage};
use gazette_domain::{
    Action, EditedStory, Endpoint, FieldError, IdempotencyKey, SaveRequest, StoryDenial, StoryForm,
    StoryId,
};
use uuid::Uuid;

mod conflict;
mod picture;

use super::act::{Act, Request};
use super::answer;
use super::check::faults;
use super::outcome::{Outcome, outcome};
use super::page::{of_form, of_story, preview, show};
use super::refusal::forbidden;
use crate::http::reply::AppError;
use crate::http::request::{RequestContext, StoryFields, set_flash};
use crate::http::state::AppState;
use crate::publish_check::excerpt;

const SIGNED_OUT: &str = "You were signed out before this reached us. Everything you typed is here: \
     save it now.";
const SIGNED_OUT_PUBLISH: &str = "You were signed out before this was published. Everything you \
     typed is here: save or publish it now.";
const NOTHING: &str = "Write something first: an empty story is not saved.";
const GONE: &str = "This story was deleted in the meantime. Your text is still here: save it to \
     make a new story of it.";

/// A form that was sent.
pub(in crate::http) struct Sent {
    app: AppState,
    context: RequestContext,
    /// Story; `None` before the first save.
    id: Option<StoryId>,
    fields: StoryFields,
    form: StoryForm,
    wants_json: bool,
    /// Why the form comes back unsaved, if not for its errors.
    failure: Option<String>,
}

impl Sent {
    pub(in crate::http) fn new(
        app: AppState,
        context: RequestContext,
        id: Option<StoryId>,
        fields: StoryFields,
        wants_json: bool,
    ) -> Self {
        let form = fields.story();
        Self { app, context, id, fields, form, wants_json, failure: None }
    }

    /// Shows the form as it was typed when its session had ended. Saves nothing.
    pub(in crate::http) async fn restored(self) -> Response {
        let act = match self.fields.action.as_str() {
            "publish" => SIGNED_OUT_PUBLISH,
            _ => SIGNED_OUT,
        };
        Self { failure: Some(act.to_owned()), ..self }.unsaved(Vec::new(), StatusCode::OK).await
    }

    /// Does what the pressed button says.
    pub(in crate::http) async fn answer(mut self) -> Result<Response, AppError> {
        let theirs = self.fields.theirs.take();
        let answer = match (self.fields.choose.take(), theirs) {
            (Some(path), _) => self.choose(&path).await,
            (None, Some(field)) => self.take_theirs(&field).await,
            (None, None) => match Request::parse(&self.fields.action, &self.fields.note) {
                Some(Request::Preview) => self.preview().await,
                Some(Request::Act(act)) => Box::pin(self.act(act)).await,
                None => Err(AppError::bad_request("Unknown action. Use a button of the form.")),
            },
        };
        match answer {
            Err(error) if !self.wants_json && error.status != StatusCode::UNAUTHORIZED => {
                Ok(self.failed(&error).await)
            }
            answer => answer,
        }
    }

    /// Shows the story as its readers would see it, and saves nothing.
    async fn preview(&self) -> Result<Response, AppError> {
        if !self.wants_json {
            return Ok(self.unsaved(Vec::new(), StatusCode::OK).await);
        }
        let story = match self.id {
            Some(id) => Some(self.app.desk.story(&self.context.caller, id).await?),
            None => None,
        };
        let html = preview(&self.app, &self.context, &self.form, story.as_ref()).await;
        Ok(answer::preview(&html, &self.form.body))
    }

    /// Shows the form as it was sent.
    async fn unsaved(&self, errors: Vec<FieldError>, status: StatusCode) -> Response {
        let (app, context) = (&self.app, &self.context);
        let edited = match self.id {
            Some(id) => app.desk.open_form(&context.caller, id, &app.site.time_zone).await,
            None => return show(app, context, self.new_editor(errors), None, status).await,
        };
        match edited {
            Ok(edited) => {
                let is_unsaved = edited.form != self.form;
                let (editor, story) = of_story(app, context, edited);
                let (form, note) = (self.form.clone(), self.fields.note.clone());
                let version = self.version().unwrap_or(editor.version);
                let failure = self.failure.clone();
                let editor = Editor { form, note, version, errors, failure, is_unsaved, ..editor };
                show(app, context, editor, Some(&story), status).await
            }
            Err(error) => self.failed(&error.into()).await,
        }
    }

    fn new_editor(&self, errors: Vec<FieldError>) -> Editor {
        let editor = of_form(&self.app, &self.context, self.form.clone());
        let key = Some(self.fields.key.clone()).filter(|key| !key.is_empty());
        let (key, failure) = (key.unwrap_or(editor.key.clone()), self.failure.clone());
        Editor { key, errors, failure, is_unsaved: true, ..editor }
    }

    /// Shows the form with the reason that nothing was done.
    async fn failed(&self, error: &AppError) -> Response {
        error.log();
        let (app, context, status) = (&self.app, &self.context, error.status);
        let mut editor = of_form(app, context, self.form.clone());
        let (id, message) = match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => (None, GONE.to_owned()),
            StatusCode::FORBIDDEN => (self.id, forbidden(&error.page)),
            _ => (self.id, error.message.clone()),
        };
        if let ErrorPage::StoryDenied(StoryDenial::Published, path) = &error.page {
            editor.stage = Stage::Published;
            editor.public_path.clone_from(path);
        } else if id.is_some() {
            editor.stage = Stage::Unknown;
        }
        let version = self.version().unwrap_or_default();
        let failure = Some(message);
        let editor = Editor { id, version, failure, is_unsaved: true, ..editor };
        show(app, context, editor, None, status).await
    }

    /// Saves the form and does an act.
    async fn act(&self, act: Act) -> Result<Response, AppError> {
        if self.id.is_none() && act != Act::Autosave && is_empty(&self.form) {
            let error = FieldError { field: "headline", message: NOTHING.to_owned() };
            return self.refused(None, vec![error]).await;
        }
        let (id, mut request) = match self.id {
            Some(id) => (id, self.request(self.version()?, self.form.clone())),
            None => match Box::pin(self.create()).await? {
                Outcome::Done(edited) if act.is_more_than_saving() => {
                    // Names that were left out are filled in by now.
                    (edited.story.teaser.id, self.request(edited.version, edited.form))
                }
                Outcome::Done(edited) => return Ok(self.done(&act, *edited, true).await),
                Outcome::Refused(errors) => return self.refused(None, errors).await,
                Outcome::Conflict(conflict) => return self.conflict(*conflict).await,
            },
        };
        let mut faults = Vec::new();
        if act.publishes() && self.may_publish() {
            let asked = self.fields.new_section.as_deref();
            faults = self::faults(&self.app, &self.context, id, &request, asked).await?;
            faults.extend(self.missing_file());
        }
        if act.publishes() {
            request.excerpt = excerpt(&self.app.body_renderer, &request.form.body).await;
        }
        let performed = if faults.is_empty() { act.clone() } else { Act::Save };
        let (desk, caller) = (self.context.desk(&self.app), self.context.caller.clone());
        let zone = self.app.site.time_zone.clone();
        let change = async move { performed.perform(&desk, &caller, id, request, &zone).await };
        match Box::pin(outcome(change)).await? {
            Outcome::Done(_) if !faults.is_empty() => self.refused(Some(id), faults).await,
            Outcome::Done(edited) => Ok(self.done(&act, *edited, self.id.is_none()).await),
            Outcome::Refused(errors) => self.refused(Some(id), errors).await,
            Outcome::Conflict(conflict) => self.conflict(*conflict).await,
        }
    }

    fn may_publish(&self) -> bool {
        self.app.desk.policy().authorize(&self.context.caller, Action::WriteNews).is_ok()
    }

    async fn create(&self) -> Result<Outcome, AppError> {
        let key = match self.fields.key.as_str() {
            "" => IdempotencyKey::new(&Uuid::new_v4().to_string())?,
            key => IdempotencyKey::new(key)?,
        };
        let (desk, caller) = (self.context.desk(&self.app), self.context.caller.clone());
        let (form, zone) = (self.form.clone(), self.app.site.time_zone.clone());
        let create = async move { desk.create_form(&caller, form, &zone, &key).await };
        Box::pin(outcome(create)).await
    }

    fn version(&self) -> Result<u64, AppError> {
        let version = self.fields.version.as_deref().and_then(|text| text.parse().ok());
        let message = "`version` must be the number that the form has. Reload the page.";
        version.ok_or_else(|| AppError::bad_request(message))
    }

    fn request(&self, version: u64, form: StoryForm) -> SaveRequest {
        let tab = Some(self.fields.tab.clone()).filter(|tab| !tab.is_empty());
        let sequence = self.fields.sequence.parse().unwrap_or_default();
        SaveRequest { version, form, tab, sequence, ..SaveRequest::default() }
    }

    async fn done(&self, act: &Act, mut edited: EditedStory, is_new: bool) -> Response {
        if self.wants_json {
            let (caller, id) = (&self.context.caller, edited.story.teaser.id);
            // It is saved, whether or not the others are known.
            edited.others = self.app.desk.others(caller, id).await.unwrap_or_default();
            let by = self.by(&edited.merged_by);
            return answer::saved(&edited, &by, &self.form, is_new);
        }
        let notice = match self.missing_file() {
            Some(_) => Some(EditorNotice::PictureMissing),
            None => act.notice(&edited, self.app.clock.now()),
        };
        if let Some(notice) = notice {
            set_flash(self.context.session.as_ref(), notice).await;
        }
        Redirect::to(&Endpoint::EditStory.path_with(edited.story.teaser.id)).into_response()
    }

    /// Answers with the rules that the story breaks. What was typed is saved, unless it is too long.
    async fn refused(
        &self,
        id: Option<StoryId>,
        errors: Vec<FieldError>,
    ) -> Result<Response, AppError> {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let (app, context) = (&self.app, &self.context);
        let Some(id) = id else {
            if self.wants_json {
                return Ok(answer::refused(&errors, 0, false));
            }
            return Ok(show(app, context, self.new_editor(errors), None, status).await);
        };
        let edited = app.desk.open_form(&context.caller, id, &app.site.time_zone).await?;
        let is_saved = edited.form == self.form || self.id.is_none();
        let version = if is_saved { edited.version } else { self.version()? };
        if self.wants_json {
            return Ok(answer::refused(&errors, version, is_saved));
        }
        let (editor, story) = of_story(app, context, edited);
        let form = if is_saved { editor.form.clone() } else { self.form.clone() };
        let note = self.fields.note.clone();
        let editor = Editor { form, note, version, errors, is_unsaved: !is_saved, ..editor };
        Ok(show(app, context, editor, Some(&story), status).await)
    }
}

/// Returns whether nothing was typed into the form of a new story, which comes with an author.
fn is_empty(form: &StoryForm) -> bool {
    let blank = StoryForm { authors: form.authors.clone(), ..StoryForm::default() };
    form.values().into_iter().zip(blank.values()).all(|(typed, blank)| typed.trim() == blank.trim())
}
