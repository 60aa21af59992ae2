//! A form that is sent after its session has ended is saved, bound to the browser and the person,
//! and offered again after they have signed in.

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use time::Duration;

use crate::auth::{FormSender, SavedForm, SavedForms, Secret};
use crate::http::reply::{AppError, add_cookie, expired_cookie, short_lived_cookie};
use crate::http::request::{
    FormFields, MAX_BODY_BYTES, Origin, Preference, RequestContext, cookie_value, is_form,
    origin_of, read_body, secret_cookie,
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
    let is_by_token = context.caller.identity().is_some() || context.token_error.is_some();
    if context.session.is_some() {
        save_of_session(&app, &context, request, next).await
    } else if is_by_token {
        next.run(request).await
    } else {
        save_of_ended_session(&app, &context, request, next).await
    }
}

/// Handles a form of a valid session, which may turn out to have ended.
async fn save_of_session(
    app: &AppState,
    context: &RequestContext,
    request: Request,
    next: Next,
) -> Response {
    let sub = context.caller.identity().map(|identity| identity.claims().sub.clone());
    let Some(sub) = sub.filter(|_| is_form(request.headers())) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let body = match read_body(Request::from_parts(parts.clone(), body)).await {
        Ok(body) => body,
        Err(error) => return error.into_response(),
    };
    let inner = Request::from_parts(parts.clone(), Body::from(body.clone()));
    let response = next.run(inner).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        return match FormFields::of_form(&body) {
            Some(fields) => offer(app, Some(&sub), &parts, fields, response).await,
            None => response,
        };
    }
    if is_done(&parts, &body, &response) {
        return forget(app, &sub, &parts, response).await;
    }
    response
}

/// Handles a form without a valid session: the policy refuses it without reading it.
async fn save_of_ended_session(
    app: &AppState,
    context: &RequestContext,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let response = next.run(Request::from_parts(parts.clone(), Body::empty())).await;
    if response.status() != StatusCode::UNAUTHORIZED || !is_from_here(app, &parts.headers) {
        return response;
    }
    if Preference::of(&parts.headers) == Preference::Json {
        return response;
    }
    let sub = sub_of_sender(app, context, &parts.headers).await;
    // Held until the form is read.
    let _admitted = match &sub {
        Some(_) => None,
        None => match app.saved_forms.admit_unknown().filter(|_| is_short(&body)) {
            Some(permit) => Some(permit),
            None => return AppError::session_ended_unsaved().into_response(),
        },
    };
    match FormFields::read(Request::from_parts(parts.clone(), body)).await {
        Ok(Some(fields)) => offer(app, sub.as_deref(), &parts, fields, response).await,
        Ok(None) => response,
        Err(error) => error.into_response(),
    }
}

/// Returns whether the body is announced to be no longer than a form without files.
fn is_short(body: &Body) -> bool {
    body.size_hint().upper().is_some_and(|length| length <= MAX_BODY_BYTES as u64)
}

/// Returns the person whose ended session the browser names, or who signed in on it last.
async fn sub_of_sender(
    app: &AppState,
    context: &RequestContext,
    headers: &HeaderMap,
) -> Option<String> {
    if let Some(presented) = &context.presented {
        let owner = app.sessions.owner_of(presented).await;
        let owner = owner.inspect_err(|error| tracing::warn!(%error, "the sender is not known"));
        if let Some(sub) = owner.ok().flatten() {
            return Some(sub);
        }
    }
    let cookie = cookie_value(headers, &app.cookies.person)?;
    app.saved_forms.open_person(&cookie, app.clock.now().as_second())
}

/// Saves the form of a person whose session has ended and returns a page that says so. Programs
/// get the response that they would have got.
async fn offer(
    app: &AppState,
    sub: Option<&str>,
    parts: &Parts,
    fields: FormFields,
    response: Response,
) -> Response {
    if Preference::of(&parts.headers) == Preference::Json || !is_from_here(app, &parts.headers) {
        return response;
    }
    let browser = secret_cookie(&parts.headers, &app.cookies.saved_form);
    let Some(browser) = browser.or_else(Secret::generate) else { return response };
    let FormFields { pairs, has_file } = fields;
    let form = SavedForm {
        path: path_of_page(parts.uri.path()).to_owned(),
        fields: pairs,
        saved_at: app.clock.now().as_second(),
    };
    let saved = app.saved_forms.save(&FormSender { browser: &browser, sub }, &form).await;
    let is_saved = saved.unwrap_or_else(|error| {
        tracing::warn!(%error, "form not saved");
        false
    });
    if !is_saved {
        return AppError::session_ended_unsaved().into_response();
    }
    let mut response = AppError::session_ended(has_file).into_response();
    let name = &app.cookies.saved_form;
    let cookie = short_lived_cookie(name, browser.as_str(), app.is_https(), LIFETIME);
    add_cookie(&mut response, &cookie);
    response
}

/// Returns the path of the form that a picture was sent with.
fn path_of_page(path: &str) -> &str {
    path.strip_suffix("/image").unwrap_or(path)
}

/// Checks whether a form was accepted: it redirects, or a program got a success. A preview saves
/// nothing.
fn is_done(parts: &Parts, body: &Bytes, response: &Response) -> bool {
    let is_preview = || {
        let mut fields = url::form_urlencoded::parse(body);
        fields.any(|(name, value)| name == "action" && value == "preview")
    };
    let is_json = Preference::of(&parts.headers) == Preference::Json;
    response.status().is_redirection()
        || (is_json && response.status().is_success() && !is_preview())
}

/// Deletes the saved form that was sent again to its own path.
async fn forget(app: &AppState, sub: &str, parts: &Parts, mut response: Response) -> Response {
    let name = &app.cookies.saved_form;
    let Some(browser) = secret_cookie(&parts.headers, name) else { return response };
    match app.saved_forms.find(&browser, sub).await {
        Ok(Some((form, sender))) if form.path == path_of_page(parts.uri.path()) => {
            if let Err(error) = app.saved_forms.delete(&sender).await {
                tracing::warn!(%error, "could not delete the saved form");
            }
            add_cookie(&mut response, &expired_cookie(name, app.is_https()));
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
