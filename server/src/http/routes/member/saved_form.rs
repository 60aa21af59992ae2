//! A form that was sent after the session had ended, offered again to the person who sent it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages;
use gazette_domain::Endpoint;

use crate::auth::FormSender;
use crate::http::reply::{AppError, add_cookie, expired_cookie};
use crate::http::request::{RequestContext, secret_cookie};
use crate::http::state::AppState;

/// `GET /saved-form`: offers the form.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let browser = secret_cookie(&headers, &app.cookies.saved_form);
    let browser = browser.ok_or_else(AppError::not_found)?;
    let sender = FormSender { browser: &browser, sub: &context.identity()?.claims().sub };
    let form = app.saved_forms.find(&sender).await?.ok_or_else(AppError::not_found)?;
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(form.body.as_bytes()).into_owned().collect();
    Ok(context.page(&app, |_| pages::saved_form(&form.path, &fields)).await)
}

/// `POST /saved-form/discard`: forgets the form.
pub(in crate::http) async fn discard(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let name = &app.cookies.saved_form;
    if let Some(browser) = secret_cookie(&headers, name) {
        let sender = FormSender { browser: &browser, sub: &context.identity()?.claims().sub };
        app.saved_forms.delete(&sender).await?;
    }
    let mut response = Redirect::to(Endpoint::FrontPage.path()).into_response();
    add_cookie(&mut response, &expired_cookie(name, app.is_https()));
    Ok(response)
}
