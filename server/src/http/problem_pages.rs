//! Failures as pages, for those who read them in a browser.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::middleware::Next;
use axum::response::Response;
use gazette_app::pages::{ErrorPage, error_page};
use gazette_domain::Caller;

use crate::http::caller::RequestContext;
use crate::http::negotiation::Preference;
use crate::http::request_id::RequestId;
use crate::http::state::AppState;

/// Replaces the JSON of a error by its page when the request prefers HTML.
pub(super) async fn show(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let preference = Preference::of(request.headers());
    let stranger = RequestContext {
        caller: Caller::Anonymous,
        token_error: None,
        session: None,
        presented: None,
        unsure: false,
        path: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        request_id: request.extensions().get::<RequestId>().cloned().unwrap_or_default(),
    };
    let mut response = next.run(request).await;
    let Some(found) = response.extensions_mut().remove::<ErrorPage>() else { return response };
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    if preference != Preference::Html {
        return response;
    }
    let context = response.extensions_mut().remove::<RequestContext>().unwrap_or(stranger);
    let frame = context.frame(&app).await;
    let page = error_page(&frame, &found, Some(context.request_id.as_str()));
    *response.body_mut() = Body::from(gazette_app::render(&frame, page));
    response.headers_mut().remove(CONTENT_LENGTH);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
