//! Redirects from old addresses, looked up only when nothing else answers.

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use gazette_domain::{Area, Caller, DeskError, Endpoint, RedirectAnswer};

use crate::http::redirect_cache::Known;
use crate::http::reply::AppError;
use crate::http::state::AppState;

/// A redirect can be removed again, so that browsers must not keep it for good.
const ONE_HOUR: &str = "public, max-age=3600";

/// Answers 301 or 410 instead of 404 if the address has a redirect.
///
/// The front page answers every query, so that its redirects, such as that of `/?p=12`, are looked
/// up before it.
pub(in crate::http) async fn answer(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let uri = request.uri().clone();
    if uri.path() == Endpoint::FrontPage.path() {
        let answer = find(&app, &uri).await;
        let answer = answer.inspect_err(|error| tracing::warn!(%error, "redirects unreadable"));
        return match answer {
            Ok(Some(answer)) => respond(answer, Response::default()),
            // Without the store, the front page as it was is better than no page.
            Ok(None) | Err(_) => next.run(request).await,
        };
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::NOT_FOUND {
        return response;
    }
    match find(&app, &uri).await {
        Ok(Some(answer)) => respond(answer, response),
        Ok(None) => match without_slash(&uri) {
            Some(path) => respond(RedirectAnswer::Moved(path), response),
            None => response,
        },
        Err(error) => failed(error.into(), response),
    }
}

/// Returns the address of a page that was asked for with a slash at its end, as other sites write it.
fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/')?;
    let endpoint = Endpoint::find(gazette_domain::Method::Get, path)?;
    let is_page = endpoint.route().is_some_and(|route| route.area == Area::Reader);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{path}{query}")).filter(|address| is_page && address.is_ascii())
}

/// Looks up the redirect of an address, in memory if it was looked up since the last change.
async fn find(app: &AppState, uri: &Uri) -> Result<Option<RedirectAnswer>, DeskError> {
    let (path, query) = (uri.path(), uri.query().filter(|query| !query.is_empty()));
    if path == Endpoint::FrontPage.path() && query.is_none() {
        return Ok(None);
    }
    // Before the read, so that an answer from before a change is not found after it.
    let content_version = app.desk.content_version();
    if let Some(Known(answer)) = app.redirects.get(content_version, uri) {
        return Ok(answer);
    }
    // The same answer for everyone: a redirect must not reveal what only the newsroom sees.
    let answer = app.desk.find_redirect(&Caller::Anonymous, path, query).await?;
    app.redirects.insert(content_version, uri, answer.clone());
    Ok(answer)
}

fn respond(answer: RedirectAnswer, response: Response) -> Response {
    match answer {
        RedirectAnswer::Moved(location) => {
            let headers = [(LOCATION, location.as_str()), (CACHE_CONTROL, ONE_HOUR)];
            (StatusCode::MOVED_PERMANENTLY, headers).into_response()
        }
        RedirectAnswer::Gone => failed(AppError::gone(), response),
    }
}

/// Replaces the error of a response. The viewer of its page stays.
fn failed(error: AppError, mut response: Response) -> Response {
    *response.status_mut() = error.status;
    response.extensions_mut().insert(error);
    response
}
