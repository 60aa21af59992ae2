//! The news resource: one address for programs and readers.

use axum::Extension;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, LOCATION, REFERER};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use gazette_app::backend::Newsroom;
use gazette_app::pages::{self, Body};
use gazette_app::wire::{NewsArticle, WireError, WrittenArticle};
use gazette_domain::{Action, ArticleId, Lookup, Selection, Slug};
use leptos::prelude::provide_context;

use crate::http::caller::Visit;
use crate::http::change::run;
use crate::http::extract::Segment;
use crate::http::failure::Failure;
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
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Failure> {
    let headers = request.headers().clone();
    if Preference::of(&headers) == Preference::Html {
        return super::pages::latest(&app, &visit, request.uri().clone().query(), &headers).await;
    }
    check_parameters(&request, &LIST_PARAMETERS)?;
    let answer = call(&app, &visit, request).await?;
    let body = to_bytes(answer.into_body(), MAX_ANSWER_BYTES)
        .await
        .map_err(|error| Failure::internal(&error))?;
    Ok(reply::json(body, &headers))
}

/// `DELETE /news`: the server function `delete_news`, once the policy has let the caller pass.
pub(super) async fn delete_many(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Failure> {
    let visit = visit.require_fresh(&app, Action::DeleteNews).await?;
    // A misspelt `ids` must not delete everything.
    check_parameters(&request, &DELETE_PARAMETERS)?;
    if IfMatch::of(request.headers()) != IfMatch::Anything {
        // Many stories have many versions; none of them is that of the whole.
        return Err(Failure::precondition_failed());
    }
    // Deleting everything takes a while, and goes on when the client goes away.
    let work = tokio::spawn(async move { call(&app, &visit, request).await });
    work.await.map_err(|error| Failure::internal(&error))?
}

/// `GET /news/{slug}`: the story as a page, or as JSON when that is preferred.
pub(super) async fn article(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    Segment(name): Segment,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let slug: Slug = name.parse().map_err(|_| Failure::not_found())?;
    let found = app.desk.find(&visit.caller, &slug).await;
    let article = match found.map_err(|error| Failure::desk(&error, &visit))? {
        Lookup::Found(article) => article,
        Lookup::Moved(slug) => {
            let location = [(LOCATION, format!("/news/{slug}"))];
            return Ok((StatusCode::MOVED_PERMANENTLY, location).into_response());
        }
        Lookup::Gone => return Err(Failure::gone()),
        Lookup::Missing => return Err(Failure::not_found()),
    };
    let body = article.body.clone();
    // A long story takes a while, which must not hold up other requests.
    let rendered =
        tokio::task::spawn_blocking(move || (markdown::to_html(&body), markdown::excerpt(&body)));
    let (html, excerpt) = rendered.await.map_err(|error| Failure::internal(&error))?;
    let now = app.clock.now();
    if Preference::of(&headers) == Preference::Json {
        if !article.is_public(now) {
            let story = WrittenArticle::new(&article, html, &app.site.public_url, now);
            let body = serde_json::to_vec(&story).map_err(|error| Failure::internal(&error))?;
            return Ok(reply::private_version(article.version, body));
        }
        let article = NewsArticle::new(&article, html, &app.site.public_url);
        let body = serde_json::to_vec(&article).map_err(|error| Failure::internal(&error))?;
        return Ok(reply::versioned_json(article.version, body.into(), &headers));
    }
    let frame = visit.frame(&app).await;
    let begins_with_summary = excerpt == article.card.summary;
    let saved = app.desk.has_saved(&visit.caller, article.card.id).await;
    let saved = saved.map_err(|error| Failure::desk(&error, &visit))?;
    let body = Body { html, begins_with_summary };
    let page = pages::article(&frame, &article, body, saved);
    Ok(reply::page(&frame, page, &visit, &headers))
}

/// `DELETE /news/{id}`: one story, 404 when it is not published.
pub(super) async fn delete_one(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    Segment(name): Segment,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let visit = visit.require_fresh(&app, Action::DeleteNews).await?;
    let id: ArticleId =
        name.parse().map_err(|error| Failure::bad_request(format!("id: {error}")))?;
    let selection = match IfMatch::of(&headers) {
        IfMatch::Anything => Selection::Ids(vec![id]),
        IfMatch::Version(version) => Selection::Version(id, version),
        IfMatch::Nothing => return Err(Failure::precondition_failed()),
    };
    let deleted = run(visit.desk(&app), {
        let caller = visit.caller.clone();
        move |desk| async move { desk.delete(&caller, &selection).await }
    });
    match deleted.await?.map_err(|error| Failure::desk(&error, &visit))? {
        0 => Err(Failure::not_found()),
        _ => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// Runs the server function at the request's address on behalf of the visit.
async fn call(app: &AppState, visit: &Visit, mut request: Request) -> Result<Response, Failure> {
    // For a browser's plain form Leptos would answer with a redirect to where it came from.
    request.headers_mut().remove(ACCEPT);
    request.headers_mut().remove(REFERER);
    // The registry of server functions knows no HEAD; the body is dropped on the way out.
    if request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    let newsroom = Newsroom {
        desk: visit.desk(app),
        caller: visit.caller.clone(),
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
    Err(Failure::wire(&WireError::new(status, message), visit))
}

/// Refuses parameters that are unknown, empty or stand twice: an empty `ids` would read as none,
/// and none means everything.
fn check_parameters(request: &Request, known: &[&str]) -> Result<(), Failure> {
    let query = request.uri().query().unwrap_or_default();
    let mut seen = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if !known.contains(&name.as_ref()) {
            let known = known.join(", ");
            return Err(Failure::bad_request(format!(
                "{name} is no parameter here; there are: {known}"
            )));
        }
        if value.is_empty() {
            return Err(Failure::bad_request(format!(
                "{name} has no value; leave it away instead"
            )));
        }
        if seen.contains(&name) {
            return Err(Failure::bad_request(format!("{name} stands twice")));
        }
        seen.push(name);
    }
    Ok(())
}
