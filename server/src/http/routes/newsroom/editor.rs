//! The editor: opening a story, and the acts of its form.

mod page;

use axum::extract::State;
use axum::response::Response;
use gazette_app::pages::{Editor, Stage, StoryForm};
use gazette_domain::Action;
use uuid::Uuid;

use self::page::show;
use crate::http::reply::AppError;
use crate::http::request::{RequestContext, Segment, StoryFields, add_story_image, story_id};
use crate::http::state::AppState;

/// `GET /desk/new`.
pub(in crate::http) async fn new(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let username = context.identity()?.claims().username.clone();
    let form = StoryForm { authors: username, ..StoryForm::default() };
    show(&app, &context, blank(&app, &context, form), None).await
}

fn blank(app: &AppState, context: &RequestContext, form: StoryForm) -> Editor {
    Editor {
        id: None,
        key: Uuid::new_v4().to_string(),
        stage: Stage::New,
        form,
        version: 0,
        may_publish: app.desk.policy().authorize(&context.caller, Action::WriteNews).is_ok(),
        is_dirty: false,
        is_unsaved: false,
        public_path: None,
        saved: None,
        others: Vec::new(),
        remark: None,
        note: String::new(),
        errors: Vec::new(),
        notice: None,
        conflict: None,
        preview: String::new(),
        pictures: Vec::new(),
    }
}

/// `GET /desk/{id}`.
pub(in crate::http) async fn edit(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::not_found())?;
    let story = app.desk.story(&context.caller, id).await?;
    let now = app.clock.now();
    let form = page::form_of(&story, &app.site.time_zone);
    let editor = Editor {
        id: Some(id),
        stage: Stage::of(&story, now),
        version: story.version,
        public_path: story.is_public(now).then(|| story.teaser.path()),
        ..blank(&app, &context, form)
    };
    show(&app, &context, editor, Some(&story)).await
}

/// `POST /desk/new`.
pub(in crate::http) async fn create(
    State(app): State<AppState>,
    context: RequestContext,
    fields: StoryFields,
) -> Result<Response, AppError> {
    let editor = Editor { is_unsaved: true, ..blank(&app, &context, fields.story()) };
    show(&app, &context, editor, None).await
}

/// `POST /desk/{id}`.
pub(in crate::http) async fn change(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    fields: StoryFields,
) -> Result<Response, AppError> {
    let id = story_id(&id)?;
    let story = app.desk.story(&context.caller, id).await?;
    let editor = Editor {
        id: Some(id),
        is_unsaved: true,
        stage: Stage::of(&story, app.clock.now()),
        ..blank(&app, &context, fields.story())
    };
    show(&app, &context, editor, Some(&story)).await
}

/// `POST /desk/new/image`.
pub(in crate::http) async fn new_image(
    State(app): State<AppState>,
    context: RequestContext,
    request: axum::extract::Request,
) -> Result<Response, AppError> {
    let (fields, _added) = add_story_image(&app, &context, request).await?;
    let editor = Editor { is_unsaved: true, ..blank(&app, &context, fields.story()) };
    show(&app, &context, editor, None).await
}

/// `POST /desk/{id}/image`.
pub(in crate::http) async fn story_image(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    request: axum::extract::Request,
) -> Result<Response, AppError> {
    let id = story_id(&id)?;
    let story = app.desk.story(&context.caller, id).await?;
    let (fields, _added) = add_story_image(&app, &context, request).await?;
    let editor = Editor { id: Some(id), is_unsaved: true, ..blank(&app, &context, fields.story()) };
    show(&app, &context, editor, Some(&story)).await
}
