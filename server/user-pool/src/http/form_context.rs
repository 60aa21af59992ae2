//! Context of the hosted UI's forms: the request that they continue, and the CSRF token.

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::authorization_request::AuthorizationRequest;
use super::authorize::server_error;
use super::browser_error::BrowserError;
use super::cookies::{csrf_cookie, set_csrf};
use super::pages::Page;
use super::parameters::Parameters;
use crate::error::InternalError;
use crate::pool::UserPool;
use crate::secret::Secret;

/// A form of a browser, and the authorization request that it continues.
pub(super) struct FormContext<'a> {
    pub(super) pool: &'a UserPool,
    pub(super) request: &'a AuthorizationRequest<'a>,
    pub(super) headers: &'a HeaderMap,
    csrf: Secret,
    has_csrf_cookie: bool,
}

impl<'a> FormContext<'a> {
    /// Reads the browser's CSRF token, or makes one. An existing one is kept, so that forms in
    /// other tabs remain valid.
    pub(super) fn new(
        pool: &'a UserPool,
        request: &'a AuthorizationRequest<'a>,
        headers: &'a HeaderMap,
    ) -> Result<Self, InternalError> {
        let cookie = csrf_cookie(&pool.state.settings, headers);
        let has_csrf_cookie = cookie.is_some();
        let csrf = cookie.map_or_else(Secret::random, Ok)?;
        Ok(Self { pool, request, headers, csrf, has_csrf_cookie })
    }

    /// Checks that a form was made for this browser.
    pub(super) fn accepts(&self, form: &Parameters) -> bool {
        self.has_csrf_cookie && self.csrf.equals(form.get("_csrf").unwrap_or_default())
    }

    /// Returns the token for the hidden field of a form.
    pub(super) fn csrf(&self) -> &str {
        self.csrf.as_str()
    }

    /// Returns the address of a page of the hosted UI, with the authorization request.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{path}?{}", self.request.query)
    }

    /// Returns the CSP source of the application, to which the last form redirects.
    pub(super) fn form_target(&self) -> String {
        self.request.callback.csp_source()
    }

    /// Returns a page, and keeps the CSRF token in the browser.
    pub(super) fn respond(&self, page: Page) -> Result<Response, InternalError> {
        let mut response = page.into_response();
        let cookie = set_csrf(&self.pool.state.settings, &self.csrf)?;
        response.headers_mut().append(SET_COOKIE, cookie);
        Ok(response)
    }
}

/// Reads the authorization request of a page and responds with its form.
pub(super) async fn show(
    pool: &UserPool,
    query: Option<&str>,
    headers: &HeaderMap,
    respond: impl AsyncFnOnce(&FormContext<'_>) -> Result<Response, InternalError>,
) -> Result<Response, BrowserError> {
    let parameters = Parameters::from_query(query);
    let request = AuthorizationRequest::read(pool, &parameters).await?;
    let response = match FormContext::new(pool, &request, headers) {
        Ok(context) => respond(&context).await,
        Err(error) => Err(error),
    };
    response.map_err(|error| match error {
        // The application could do no better than to come back.
        InternalError::Overloaded => BrowserError::Internal(error),
        error => server_error(&request, &error),
    })
}

/// Returns the status of a form that is shown, again if it has an error.
pub(super) fn status_of(error: Option<&str>) -> StatusCode {
    if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK }
}
