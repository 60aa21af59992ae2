//! The news resource: one address for programs and readers.

use axum::Extension;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, LOCATION, REFERER};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use gazette_app::backend::Newsroom;
use gazette_app::pages::{self, Body};
use gazette_app::wire::{NewsroomStory, StoryDetail, WireError};
use gazette_domain::{Action, Lookup, Selection, Slug, StoryId};
use leptos::prelude::provide_context;

use crate::http::caller::RequestContext;
use crate::http::change::run;
use crate::http::error::AppError;
use crate::http::extract::Segment;
use crate::http::negotiation::Preference;
use crate::http::reply;
use crate::http::reply::IfMatch;
use crate::http::state::AppState;
use crate::markdown;

/// What a listing may be asked for.
const LIST_PARAMETERS: [&str; 5] = ["limit", "cursor", "section", "tag", "month"];
/// What a deletion may be asked for.
const DELETE_PARAMETERS: [&str; 1] = ["ids"];
/// More than any answer of a server function has.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// `GET /news`: the page for browsers, the server function `list_news` for programs.
pub(super) async fn list(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Result<Response, AppError> {
    let headers = request.headers().clone();
    if Preference::of(&headers) == Preference::Html {
        return super::pages::latest(&app, &context, request.uri().clone().query(), &headers).await;
    }
    check_parameters(&request, &LIST_PARAMETERS)?;
    let answer = call(&app, &context, request).await?;
    let body = to_bytes(answer.into_body(), MAX_ANSWER_BYTES)
        .await
        .map_err(|error| AppError::internal(&error))?;
    Ok(reply::json(body, &headers))
}

/// `DELETE /news`: the server function `delete_news`, once the policy has let the caller pass.
pub(super) async fn delete_many(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Result<Response, AppError> {
    let context = context.require_fresh(&app, Action::DeleteNews).await?;
    // A misspelt `ids` must not delete everything.
    check_parameters(&request, &DELETE_PARAMETERS)?;
    if IfMatch::of(request.headers()) != IfMatch::Anything {
        // Many stories have many versions; none of them is that of the whole.
        return Err(AppError::precondition_failed());
    }
    // Deleting everything takes a while, and goes on when the client goes away.
    let work = tokio::spawn(async move { call(&app, &context, request).await });
    work.await.map_err(|error| AppError::internal(&error))?
}

/// `GET /news/{slug}`: the story as a page, or as JSON when that is preferred.
pub(super) async fn story(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Segment(name): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let slug: Slug = name.parse().map_err(|_| AppError::not_found())?;
    let found = app.desk.find(&context.caller, &slug).await;
    let story = match found.map_err(|error| AppError::desk(&error, &context))? {
        Lookup::Found(story) => story,
        Lookup::Moved(slug) => {
            let location = [(LOCATION, format!("/news/{slug}"))];
            return Ok((StatusCode::MOVED_PERMANENTLY, location).into_response());
        }
        Lookup::Gone => return Err(AppError::gone()),
        Lookup::Missing => return Err(AppError::not_found()),
    };
    let body = story.body.clone();
    // A long story takes a while, which must not hold up other requests.
    let rendered =
        tokio::task::spawn_blocking(move || (markdown::to_html(&body), markdown::excerpt(&body)));
    let (html, excerpt) = rendered.await.map_err(|error| AppError::internal(&error))?;
    let now = app.clock.now();
    if Preference::of(&headers) == Preference::Json {
        if !story.is_public(now) {
            let shown = NewsroomStory::new(&story, html, &app.site.public_url, now);
            let body = serde_json::to_vec(&shown).map_err(|error| AppError::internal(&error))?;
            return Ok(reply::private_version(story.version, body));
        }
        let shown = StoryDetail::new(&story, html, &app.site.public_url);
        let body = serde_json::to_vec(&shown).map_err(|error| AppError::internal(&error))?;
        return Ok(reply::versioned_json(story.version, body.into(), &headers));
    }
    let frame = context.frame(&app).await;
    let begins_with_summary = excerpt == story.teaser.summary;
    let saved = app.desk.has_saved(&context.caller, story.teaser.id).await;
    let saved = saved.map_err(|error| AppError::desk(&error, &context))?;
    let body = Body { html, begins_with_summary };
    let page = pages::story(&frame, &story, body, saved);
    Ok(reply::page(&frame, page, &context, &headers))
}

/// `DELETE /news/{id}`: one story, 404 when it is not published.
pub(super) async fn delete_one(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Segment(name): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let context = context.require_fresh(&app, Action::DeleteNews).await?;
    let id: StoryId =
        name.parse().map_err(|error| AppError::bad_request(format!("id: {error}")))?;
    let selection = match IfMatch::of(&headers) {
        IfMatch::Anything => Selection::Ids(vec![id]),
        IfMatch::Version(version) => Selection::Version(id, version),
        IfMatch::Nothing => return Err(AppError::precondition_failed()),
    };
    let deleted = run(context.desk(&app), {
        let caller = context.caller.clone();
        move |desk| async move { desk.delete(&caller, &selection).await }
    });
    match deleted.await?.map_err(|error| AppError::desk(&error, &context))? {
        0 => Err(AppError::not_found()),
        _ => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// Runs the server function at the request's address on behalf of the context.
async fn call(
    app: &AppState,
    context: &RequestContext,
    mut request: Request,
) -> Result<Response, AppError> {
    // For a browser's plain form Leptos would answer with a redirect to where it came from.
    request.headers_mut().remove(ACCEPT);
    request.headers_mut().remove(REFERER);
    // The registry of server functions knows no HEAD; the body is dropped on the way out.
    if request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    let newsroom = Newsroom {
        desk: context.desk(app),
        caller: context.caller.clone(),
        site: std::sync::Arc::clone(&app.site),
        report: |error| tracing::warn!(%error, "a server function failed"),
    };
    let provide = move || provide_context(newsroom.clone());
    let answer =
        leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
    if answer.status().is_success() {
        return Ok(answer);
    }
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), MAX_ANSWER_BYTES).await.unwrap_or_default();
    let error = serde_json::from_slice::<WireError>(&body);
    let message = error.map_or_else(|_| "Internal Server Error".to_owned(), |error| error.message);
    Err(AppError::wire(&WireError::new(status, message), context))
}

/// Refuses parameters that are unknown, empty or stand twice: an empty `ids` would read as none,
/// and none means everything.
fn check_parameters(request: &Request, known: &[&str]) -> Result<(), AppError> {
    let query = request.uri().query().unwrap_or_default();
    let mut seen = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if !known.contains(&name.as_ref()) {
            let known = known.join(", ");
            return Err(AppError::bad_request(format!(
                "{name} is no parameter here; there are: {known}"
            )));
        }
        if value.is_empty() {
            return Err(AppError::bad_request(format!(
                "{name} has no value; leave it away instead"
            )));
        }
        if seen.contains(&name) {
            return Err(AppError::bad_request(format!("{name} stands twice")));
        }
        seen.push(name);
    }
    Ok(())
}
