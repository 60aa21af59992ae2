//! A story, as a page or as JSON.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gazette_app::pages::{self, Body};
use gazette_domain::{Action, Endpoint, Lookup, Slug, Story};

use crate::http::reply::{self, AppError};
use crate::http::request::{Preference, RequestContext, Segment};
use crate::http::state::AppState;
use crate::markdown::StoryHtml;

/// `GET /news/{slug}`.
pub(in crate::http) async fn read(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let given = slug;
    let slug = Slug::from_other_spelling(&given).ok_or_else(AppError::not_found)?;
    let story = match app.desk.find(&context.caller, &slug).await? {
        Lookup::Found(story) if slug.as_str() == given => story,
        Lookup::Found(_) => return Ok(reply::moved(&Endpoint::ReadStory.path_with(slug))),
        Lookup::Moved(slug) => return Ok(reply::moved(&Endpoint::ReadStory.path_with(slug))),
        Lookup::Gone(story) => return Err(AppError::removed(story)),
        Lookup::Missing => return Err(AppError::not_found()),
    };
    let html = app.body_renderer.render(&story.body).await;
    if let Err(error) = html.rendered() {
        tracing::warn!(id = %story.teaser.id, %error, "the body of a story cannot be rendered");
    }
    if Preference::of(&headers) == Preference::Json {
        return as_json(&app, &story, &html);
    }
    let saved = app.desk.has_saved(&context.caller, story.teaser.id).await?;
    let begins_with_summary =
        html.rendered().is_ok_and(|rendered| rendered.excerpt == story.teaser.summary);
    let is_writer = app.desk.policy().authorize(&context.caller, Action::WriteNews).is_ok();
    let html = if is_writer { html.for_newsroom() } else { html.for_readers() };
    let body = Body { html, begins_with_summary };
    Ok(context.page(&app, |frame| pages::story(frame, &story, body, saved)).await)
}

fn as_json(app: &AppState, story: &Story, html: &StoryHtml) -> Result<Response, AppError> {
    let now = app.clock.now();
    if story.is_public(now) {
        reply::public_story(story, html, &app.site)
    } else {
        reply::newsroom_story(story, html, &app.site, now)
    }
}
