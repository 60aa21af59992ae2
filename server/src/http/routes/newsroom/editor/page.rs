//! The page of the editor: what its handlers know, completed by the preview and the pictures.

use axum::response::Response;
use gazette_app::pages::{self, Body, Editor, StoryForm};
use gazette_domain::{Image, ImagePatch, Label, Limit, Story, StoryId, StoryPatch};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::http::reply::AppError;
use crate::http::request::{RequestContext, locate_image};
use crate::http::state::AppState;
use crate::story_preview::story_preview;

/// Pictures that can be chosen without searching.
const PICTURES: usize = 12;

/// Shows the editor.
pub(super) async fn show(
    app: &AppState,
    context: &RequestContext,
    mut editor: Editor,
    story: Option<&Story>,
) -> Result<Response, AppError> {
    let (preview, body) = preview(app, context, &editor.form, story).await?;
    let limit = Limit::try_from(PICTURES).unwrap_or(Limit::DEFAULT);
    editor.pictures = app.desk.latest_images(&context.caller, limit).await?;
    Ok(context
        .page(app, |frame| {
            editor.preview = gazette_app::render_preview(frame, &preview, body);
            pages::editor(frame, &editor)
        })
        .await)
}

/// Returns the story that publishing the form now would show.
pub(super) async fn preview(
    app: &AppState,
    context: &RequestContext,
    form: &StoryForm,
    story: Option<&Story>,
) -> Result<(Story, Body), AppError> {
    let id = story.map_or_else(|| StoryId::new(Uuid::now_v7()), |story| story.teaser.id);
    let image = picture(app, context, form).await?;
    let zone = &app.site.time_zone;
    let preview = story_preview(form, story, id, image, zone, app.clock.now());
    let preview = preview.ok_or_else(|| AppError::internal("the preview has no labels"))?;
    let html = app.body_renderer.render(&form.body).await;
    let begins_with_summary =
        html.rendered().is_ok_and(|rendered| rendered.excerpt == preview.teaser.summary);
    Ok((preview, Body { html: html.for_newsroom(), begins_with_summary }))
}

/// Returns the picture of the form, if it is one of this site.
async fn picture(
    app: &AppState,
    context: &RequestContext,
    form: &StoryForm,
) -> Result<Option<Image>, AppError> {
    let url = form.image.trim();
    if url.is_empty() {
        return Ok(None);
    }
    let image = Image {
        url: url.to_owned(),
        alt: form.image_alt.clone(),
        width: 0,
        height: 0,
        credit: Some(form.image_credit.clone()).filter(|credit| !credit.trim().is_empty()),
    };
    let mut patch = StoryPatch { image: Some(ImagePatch::Set(image)), ..StoryPatch::default() };
    locate_image(app, &context.caller, &mut patch).await?;
    Ok(match patch.image {
        Some(ImagePatch::Set(image)) if image.width > 0 => Some(image),
        _ => None,
    })
}

pub(super) fn form_of(story: &Story, zone: &TimeZone) -> StoryForm {
    let teaser = &story.teaser;
    let names = |labels: &[Label]| {
        labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
    let image = teaser.image.as_ref();
    StoryForm {
        headline: teaser.headline.clone(),
        slug: teaser.slug.to_string(),
        summary: teaser.summary.clone(),
        body: story.body.clone(),
        section: teaser.section.name.clone(),
        tags: names(&teaser.tags),
        authors: names(&teaser.authors),
        language: teaser.language.as_ref().map(ToString::to_string).unwrap_or_default(),
        image: image.map(|image| image.url.clone()).unwrap_or_default(),
        image_alt: image.map(|image| image.alt.clone()).unwrap_or_default(),
        image_credit: image.and_then(|image| image.credit.clone()).unwrap_or_default(),
        publish_at: local(teaser.published_at),
        ..StoryForm::default()
    }
}
