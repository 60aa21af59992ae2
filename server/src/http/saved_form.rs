//! What somebody wrote is not lost because their session ended while they did: the form is
//! kept, bound to the browser and the person, and offered again after they have signed in.

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages;
use gazette_domain::Action;

use crate::auth::{SavedForm, Secret, Sender};
use crate::http::caller::RequestContext;
use crate::http::error::AppError;
use crate::http::limits::{MAX_BODY_BYTES, TOO_LARGE_BODY};
use crate::http::reply;
use crate::http::sign_in::{cookie, cookie_secret, set_cookie};
use crate::http::state::AppState;

/// How long the cookie lives, as the form does.
const MINUTES: i64 = 60;

/// Keeps a form of the newsroom that was answered with 401, and lets go of one that was sent
/// again and taken.
pub(super) async fn keep(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
    next: Next,
) -> Response {
    if !is_form(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return AppError::too_large(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE_BODY).into_response();
    };
    let headers = parts.headers.clone();
    let path = parts.uri.path().to_owned();
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let known = browser_of(&app, &headers);
    if response.status() == StatusCode::UNAUTHORIZED && comes_from_here(&app, &headers) {
        let Ok(body) = String::from_utf8(body.to_vec()) else { return response };
        return offer(&app, &context, SavedForm { path, body }, known).await.unwrap_or(response);
    }
    match (&known, sub_of(&context)) {
        (Some(browser), Some(sub)) if response.status().is_redirection() => {
            let_go(&app, &Sender { browser, sub }, &path, response).await
        }
        _ => response,
    }
}

/// `GET /kept`: offers the form again to who sent it.
pub(super) async fn page(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::ReadAccount)?;
    let browser = browser_of(&app, &headers).ok_or_else(AppError::not_found)?;
    let sub = sub_of(&context).ok_or_else(AppError::not_found)?;
    let found = app.saved_forms.find(&Sender { browser: &browser, sub }).await;
    let found = found.map_err(|error| AppError::unavailable("Please try again.", &error))?;
    let form = found.ok_or_else(AppError::not_found)?;
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(form.body.as_bytes()).into_owned().collect();
    let frame = context.frame(&app).await;
    let page = pages::kept(&frame, &form.path, &fields);
    Ok(reply::page(&frame, page, &context, &headers))
}

/// `POST /kept/discard`: throws it away.
pub(super) async fn discard(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::ReadAccount)?;
    if let (Some(browser), Some(sub)) = (browser_of(&app, &headers), sub_of(&context)) {
        let forgotten = app.saved_forms.delete(&Sender { browser: &browser, sub }).await;
        forgotten.map_err(|error| AppError::unavailable("Please try again.", &error))?;
    }
    let mut response = Redirect::to("/").into_response();
    take_cookie(&app, &mut response);
    Ok(response)
}

/// Keeps the form of somebody whose session has ended, and says so; `None` when it cannot be
/// kept, or nobody was signed in by the cookie that came along.
async fn offer(
    app: &AppState,
    context: &RequestContext,
    form: SavedForm,
    known: Option<Secret>,
) -> Option<Response> {
    let presented = context.presented.as_ref().filter(|_| context.token_error.is_none())?;
    let owner = app.sessions.owner_of(presented).await;
    let owner = owner.map_err(|error| tracing::warn!(%error, "a form could not be kept"));
    let (sub, browser) = (owner.ok()??, known.or_else(Secret::generate)?);
    let sender = Sender { browser: &browser, sub: &sub };
    let kept = app.saved_forms.save(&sender, &form, app.clock.now().as_second()).await;
    let kept = kept.map_err(|error| tracing::warn!(%error, "a form could not be kept"));
    kept.ok().filter(|kept| *kept)?;
    let mut response = AppError::session_ended().into_response();
    let https = app.is_https();
    let cookie = cookie(cookie_name(https), browser.as_str().to_owned(), https, MINUTES);
    set_cookie(&mut response, &cookie);
    Some(response)
}

/// Forgets a form that was sent again to where it belongs.
async fn let_go(
    app: &AppState,
    sender: &Sender<'_>,
    path: &str,
    mut response: Response,
) -> Response {
    match app.saved_forms.find(sender).await {
        Ok(Some(form)) if form.path == path => {
            if let Err(error) = app.saved_forms.delete(sender).await {
                tracing::warn!(%error, "a kept form could not be forgotten");
            }
            take_cookie(app, &mut response);
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "a kept form cannot be read"),
    }
    response
}

fn browser_of(app: &AppState, headers: &HeaderMap) -> Option<Secret> {
    cookie_secret(headers, cookie_name(app.is_https()))
}

fn sub_of(context: &RequestContext) -> Option<&str> {
    context.caller.identity().map(|identity| identity.claims().sub.as_str())
}

fn take_cookie(app: &AppState, response: &mut Response) {
    let https = app.is_https();
    set_cookie(response, &cookie(cookie_name(https), String::new(), https, 0));
}

/// Whether this is a form of the newsroom.
fn is_form(request: &Request) -> bool {
    let headers = request.headers();
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    request.method() == Method::POST
        && request.uri().path().starts_with("/desk/")
        && kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Whether it is a form of this site: no other may put words into this browser.
fn comes_from_here(app: &AppState, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (_, Some(origin)) if origin != app.site.public_url => false,
        (Some(site), _) => site == "same-origin",
        (None, origin) => origin.is_some(),
    }
}

fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-gazette-kept" } else { "gazette-kept" }
}
