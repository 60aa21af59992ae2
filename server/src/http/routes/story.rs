//! A story, as a page or as JSON.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gazette_app::Frame;
use gazette_app::pages::{self, Body, MoreStories, StoryExtras};
use gazette_domain::{Action, Endpoint, Feed, Limit, ListQuery, Lookup, Slug, Story};

use crate::http::reply::{self, AppError};
use crate::http::request::{Preference, RequestContext, Segment, take_flash};
use crate::http::state::AppState;
use crate::markdown::StoryHtml;

/// Stories from which those below a story are chosen.
const MORE: usize = 12;
/// Stories that fill the row below a story.
const FULL_ROW: usize = 4;

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
    let is_editor = app.desk.policy().authorize(&context.caller, Action::WriteNews).is_ok();
    if Preference::of(&headers) == Preference::Json {
        return as_json(&app, &story, &html, is_editor);
    }
    let saved = app.desk.has_saved(&context.caller, story.teaser.id).await?;
    let begins_with_summary =
        html.rendered().is_ok_and(|rendered| rendered.excerpt == story.teaser.summary);
    let html = if is_editor { html.for_newsroom() } else { html.for_readers() };
    let body = Body { html, begins_with_summary };
    let notice = take_flash(context.session.as_ref()).await?;
    let more = more(&app, &context, &story).await;
    let more = more.inspect_err(|error| tracing::warn!(cause = error.cause(), "no other stories"));
    let is_complete = more.is_ok();
    let extras = StoryExtras { saved, notice, more: more.unwrap_or_default() };
    let page = |frame: &Frame| pages::story(frame, &story, body, &extras);
    let mut response = context.page(&app, page).await;
    if !is_complete {
        // A story without the others is better than none, but not for those who come later.
        reply::private(&mut response);
    }
    Ok(response)
}

/// Finds other stories: of the section, and if it has too few, of all.
async fn more(
    app: &AppState,
    context: &RequestContext,
    story: &Story,
) -> Result<MoreStories, AppError> {
    let limit = Limit::try_from(MORE).unwrap_or(Limit::DEFAULT);
    let others = async |feed| {
        let newest = ListQuery::newest(feed, limit);
        let mut stories = app.desk.list(&context.caller, &newest).await?.items;
        stories.retain(|other| other.id != story.teaser.id);
        Ok::<_, AppError>(stories)
    };
    let of_section = others(Feed::Section(story.teaser.section.slug.clone())).await?;
    let of_site = if of_section.len() < FULL_ROW { others(Feed::All).await? } else { Vec::new() };
    Ok(MoreStories { of_section, of_site })
}

/// Returns the story as readers get it. An editor gets it as the write API answers, with the same tag.
fn as_json(
    app: &AppState,
    story: &Story,
    html: &StoryHtml,
    is_editor: bool,
) -> Result<Response, AppError> {
    let now = app.clock.now();
    if story.is_public(now) && !is_editor {
        reply::public_story(story, html, &app.site)
    } else {
        reply::newsroom_story(story, html, &app.site, now)
    }
}
