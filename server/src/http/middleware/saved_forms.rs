//! A form that is sent after its session has ended is saved, bound to the browser and the person,
//! and offered again after they have signed in.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use time::Duration;

use crate::auth::{FormSender, SavedForm, SavedForms, Secret};
use crate::http::reply::{AppError, add_cookie, expired_cookie, short_lived_cookie};
use crate::http::request::{
    BODY_TOO_LARGE, MAX_BODY_BYTES, Origin, RequestContext, is_form, origin_of, secret_cookie,
};
use crate::http::state::AppState;

/// Lifetime of the cookie, which is that of the form.
const LIFETIME: Duration = Duration::seconds(SavedForms::LIFETIME_SECONDS);

/// Saves a form that got a 401, and deletes one that was resubmitted successfully.
pub(in crate::http) async fn save(
    State(app): State<AppState>,
    context: RequestContext,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST || !is_form(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return AppError::with_message(StatusCode::PAYLOAD_TOO_LARGE, BODY_TOO_LARGE)
            .into_response();
    };
    let headers = parts.headers.clone();
    let path = parts.uri.path().to_owned();
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let browser = secret_cookie(&headers, &app.cookies.saved_form);
    if response.status() == StatusCode::UNAUTHORIZED && is_from_here(&app, &headers) {
        let Ok(body) = String::from_utf8(body.to_vec()) else { return response };
        return offer(&app, &context, SavedForm { path, body }, browser).await.unwrap_or(response);
    }
    match (&browser, context.caller.identity()) {
        (Some(browser), Some(identity)) if response.status().is_redirection() => {
            let sender = FormSender { browser, sub: &identity.claims().sub };
            delete_if_resubmitted(&app, &sender, &path, response).await
        }
        _ => response,
    }
}

/// Saves the form of a person whose session has ended and returns a page that says so.
///
/// `None` if it cannot be saved, or if the cookie names no session that was ever valid.
async fn offer(
    app: &AppState,
    context: &RequestContext,
    form: SavedForm,
    browser: Option<Secret>,
) -> Option<Response> {
    let presented = context.presented.as_ref().filter(|_| context.token_error.is_none())?;
    let owner = app.sessions.owner_of(presented).await;
    let owner = owner.inspect_err(|error| tracing::warn!(%error, "form not saved"));
    let (sub, browser) = (owner.ok()??, browser.or_else(Secret::generate)?);
    let sender = FormSender { browser: &browser, sub: &sub };
    let saved = app.saved_forms.save(&sender, &form, app.clock.now().as_second()).await;
    let saved = saved.inspect_err(|error| tracing::warn!(%error, "form not saved"));
    saved.ok().filter(|saved| *saved)?;
    let mut response = AppError::session_ended().into_response();
    let https = app.is_https();
    let name = &app.cookies.saved_form;
    add_cookie(&mut response, &short_lived_cookie(name, browser.as_str(), https, LIFETIME));
    Some(response)
}

/// Deletes a form that was sent again to its own path.
async fn delete_if_resubmitted(
    app: &AppState,
    sender: &FormSender<'_>,
    path: &str,
    mut response: Response,
) -> Response {
    match app.saved_forms.find(sender).await {
        Ok(Some(form)) if form.path == path => {
            if let Err(error) = app.saved_forms.delete(sender).await {
                tracing::warn!(%error, "could not delete the saved form");
            }
            let cookie = expired_cookie(&app.cookies.saved_form, app.is_https());
            add_cookie(&mut response, &cookie);
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "saved form unreadable"),
    }
    response
}

/// Returns whether the form is one of this site: no other may write into this browser.
fn is_from_here(app: &AppState, headers: &HeaderMap) -> bool {
    origin_of(headers, &app.site.public_url) == Origin::ThisSite
}
