//! A story, as a page or as JSON.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use gazette_app::pages::{self, Body};
use gazette_domain::{Endpoint, Lookup, Slug, Story};

use crate::http::reply::{self, AppError};
use crate::http::request::{Preference, RequestContext, Segment};
use crate::http::state::AppState;
use crate::markdown;

/// `GET /news/{slug}`.
pub(in crate::http) async fn read(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let slug: Slug = slug.parse().map_err(|_| AppError::not_found())?;
    let story = match app.desk.find(&context.caller, &slug).await? {
        Lookup::Found(story) => story,
        Lookup::Moved(slug) => {
            let location = [(LOCATION, Endpoint::ReadStory.path_with(slug))];
            return Ok((StatusCode::MOVED_PERMANENTLY, location).into_response());
        }
        Lookup::Gone => return Err(AppError::gone()),
        Lookup::Missing => return Err(AppError::not_found()),
    };
    let markdown = story.body.clone();
    // A long story takes a while, which must not hold up other requests.
    let rendered = tokio::task::spawn_blocking(move || {
        (markdown::to_html(&markdown), markdown::excerpt(&markdown))
    });
    let (html, excerpt) = rendered.await.map_err(AppError::internal)?;
    if Preference::of(&headers) == Preference::Json {
        return as_json(&app, &story, html);
    }
    let saved = app.desk.has_saved(&context.caller, story.teaser.id).await?;
    let body = Body { html, begins_with_summary: excerpt == story.teaser.summary };
    Ok(context.page(&app, |frame| pages::story(frame, &story, body, saved)).await)
}

fn as_json(app: &AppState, story: &Story, html: String) -> Result<Response, AppError> {
    let now = app.clock.now();
    if story.is_public(now) {
        reply::public_story(story, html, &app.site.public_url)
    } else {
        reply::newsroom_story(story, html, &app.site.public_url, now)
    }
}
