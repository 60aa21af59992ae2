//! A form that is sent after its session has ended is saved, bound to the browser and the person,
//! and offered again after they have signed in.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use time::Duration;

use crate::auth::{FormSender, SavedForm, SavedForms, Secret};
use crate::http::reply::{AppError, add_cookie, expired_cookie, short_lived_cookie};
use crate::http::request::{
    Origin, Preference, RequestContext, is_form, origin_of, read_body, secret_cookie,
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
    // A script keeps what it could not send.
    let is_by_script = Preference::of(request.headers()) == Preference::Json;
    if !is_form(request.headers()) || is_by_script {
        return next.run(request).await;
    }
    // Read only if the form can be saved: the policy has not been asked yet.
    let Some(sub) = sub_of_sender(&app, &context).await else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let (headers, path) = (parts.headers.clone(), parts.uri.path().to_owned());
    let body = match read_body(Request::from_parts(parts.clone(), body)).await {
        Ok(body) => body,
        Err(error) => return error.into_response(),
    };
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let browser = secret_cookie(&headers, &app.cookies.saved_form);
    if response.status() == StatusCode::UNAUTHORIZED && is_from_here(&app, &headers) {
        let Ok(body) = String::from_utf8(body.to_vec()) else { return response };
        return offer(&app, &sub, SavedForm { path, body }, browser).await.unwrap_or(response);
    }
    match &browser {
        Some(browser) if response.status().is_redirection() => {
            delete_if_resubmitted(&app, &FormSender { browser, sub: &sub }, &path, response).await
        }
        _ => response,
    }
}

/// Returns the `sub` of the person whose session the request names, valid or ended; `None` if
/// it never was one, or if a token replaces it.
async fn sub_of_sender(app: &AppState, context: &RequestContext) -> Option<String> {
    if context.session.is_some() {
        return context.caller.identity().map(|identity| identity.claims().sub.clone());
    }
    let is_by_token = context.caller.identity().is_some() || context.token_error.is_some();
    let presented = context.presented.as_ref().filter(|_| !is_by_token)?;
    let owner = app.sessions.owner_of(presented).await;
    owner.inspect_err(|error| tracing::warn!(%error, "form not saved")).ok()?
}

/// Saves the form of a person whose session has ended and returns a page that says so.
///
/// `None` if it cannot be saved.
async fn offer(
    app: &AppState,
    sub: &str,
    form: SavedForm,
    browser: Option<Secret>,
) -> Option<Response> {
    let browser = browser.or_else(Secret::generate)?;
    let sender = FormSender { browser: &browser, sub };
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
