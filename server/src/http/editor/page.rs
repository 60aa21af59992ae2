//! The page of the editor: what its handlers know, completed by the preview and the pictures.

use axum::http::StatusCode;
use axum::response::Response;
use gazette_app::pages::{self, Body, Editor, Stage};
use gazette_domain::{
    Action, DeskError, EditedStory, Image, ImagePatch, Limit, Story, StoryForm, StoryId,
    StoryListQuery, StoryPatch,
};
use uuid::Uuid;

use crate::auth::hash_for_log;
use crate::http::request::{RequestContext, locate_image};
use crate::http::state::AppState;
use crate::story_preview::story_preview;

/// Pictures that can be chosen without searching.
const PICTURES: usize = 12;
/// Stands for the new section that the person was asked about: no section can have this name, and
/// a field without a value is a missing one.
const NOT_ASKED: &str = "-";

/// Returns the editor of a new story.
pub(in crate::http) fn of_form(
    app: &AppState,
    context: &RequestContext,
    form: StoryForm,
) -> Editor {
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
        failure: None,
        notice: None,
        conflict: None,
        new_section: NOT_ASKED.to_owned(),
        sections: Vec::new(),
        person: person(context),
        preview: String::new(),
        pictures: Vec::new(),
    }
}

/// Returns the editor of a story, and the story as it is stored.
pub(in crate::http) fn of_story(
    app: &AppState,
    context: &RequestContext,
    edited: EditedStory,
) -> (Editor, Story) {
    let now = app.clock.now();
    let EditedStory { story, form, version, is_dirty, saved, others, note, .. } = edited;
    let editor = Editor {
        id: Some(story.teaser.id),
        stage: Stage::of(&story, now),
        version,
        is_dirty,
        public_path: story.is_public(now).then(|| story.teaser.path()),
        saved,
        others,
        remark: note,
        ..of_form(app, context, form)
    };
    (editor, story)
}

/// Shows the editor. What cannot be loaded is left out, because the page has text that must not be
/// lost.
pub(in crate::http) async fn show(
    app: &AppState,
    context: &RequestContext,
    mut editor: Editor,
    story: Option<&Story>,
    status: StatusCode,
) -> Response {
    if editor.errors.iter().any(|error| error.field == "section") {
        editor.new_section.clone_from(&editor.form.section);
    }
    editor.preview = preview(app, context, &editor.form, story).await;
    let limit = Limit::try_from(PICTURES).unwrap_or(Limit::DEFAULT);
    let pictures = app.desk.latest_images(&context.caller, limit).await;
    editor.pictures = pictures.unwrap_or_else(|error| {
        tracing::warn!(%error, "the pictures to choose from cannot be read");
        Vec::new()
    });
    editor.sections = sections(app, context).await;
    let mut response = context.page(app, |frame| pages::editor(frame, &editor)).await;
    *response.status_mut() = status;
    response
}

/// Returns the name under which a browser keeps copies of what this person types. It is a hash, so
/// that the browser does not keep who that was.
fn person(context: &RequestContext) -> String {
    context.caller.identity().map(|it| hash_for_log(&it.claims().sub)).unwrap_or_default()
}

/// Returns the names of the sections of all stories that the caller may see.
async fn sections(app: &AppState, context: &RequestContext) -> Vec<String> {
    match app.desk.story_list(&context.caller, &StoryListQuery::default()).await {
        Ok(list) => list.sections.into_iter().map(|section| section.name).collect(),
        Err(error) => {
            tracing::warn!(%error, "the sections to choose from cannot be read");
            Vec::new()
        }
    }
}

/// Returns the HTML that readers will see of a form.
pub(super) async fn preview(
    app: &AppState,
    context: &RequestContext,
    form: &StoryForm,
    story: Option<&Story>,
) -> String {
    let id = story.map_or_else(|| StoryId::new(Uuid::now_v7()), |story| story.teaser.id);
    let image = picture(app, context, form).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the picture of a preview cannot be found");
        None
    });
    let zone = &app.site.time_zone;
    let Some(preview) = story_preview(form, story, id, image, zone, app.clock.now()) else {
        return String::new();
    };
    let html = app.body_renderer.render(&form.body).await;
    let begins_with_summary =
        html.rendered().is_ok_and(|rendered| rendered.excerpt == preview.teaser.summary);
    let body = Body { html: html.for_newsroom(), begins_with_summary };
    let (frame, _) = context.frame(app).await;
    gazette_app::render_preview(&frame, &preview, body)
}

/// Returns the picture of the form, if it is one of this site.
async fn picture(
    app: &AppState,
    context: &RequestContext,
    form: &StoryForm,
) -> Result<Option<Image>, DeskError> {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let url = form.image.trim();
    if url.is_empty() {
        return Ok(None);
    }
    let image = Image {
        url: url.to_owned(),
        alt: line(&form.image_alt),
        width: 0,
        height: 0,
        caption: Some(line(&form.image_caption)).filter(|caption| !caption.is_empty()),
        credit: Some(line(&form.image_credit)).filter(|credit| !credit.is_empty()),
    };
    let mut patch = StoryPatch { image: Some(ImagePatch::Set(image)), ..StoryPatch::default() };
    locate_image(app, &context.caller, &mut patch).await?;
    Ok(match patch.image {
        Some(ImagePatch::Set(image)) if image.width > 0 => Some(image),
        _ => None,
    })
}
