//! Context of the hosted UI's forms: the request that they continue, and the CSRF token.

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::authorization_request::AuthorizationRequest;
use super::authorize::server_error;
use super::browser_error::{BrowserError, redirect};
use super::cookies::{csrf_cookie, session_cookie, set_csrf};
use super::form_state::{FORM_STATE, FormState};
use super::own_page::is_from_own_page;
use super::pages::Page;
use super::parameters::Parameters;
use crate::challenge::Step;
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
    sealed_state: Option<String>,
}

/// The page that an address asks for.
pub(super) enum Restored {
    /// The first page of the path.
    First,
    /// The page after a form.
    Page(FormState),
    /// A page that is over: it is too old, or the browser has signed in or out since.
    Over,
    /// The browser does not keep cookies.
    NoCookie,
}

impl<'a> FormContext<'a> {
    /// Reads the browser's CSRF token, or makes one. An existing one is kept, so that forms in
    /// other tabs remain valid.
    pub(super) fn new(
        pool: &'a UserPool,
        request: &'a AuthorizationRequest<'a>,
        headers: &'a HeaderMap,
        sealed_state: Option<String>,
    ) -> Result<Self, InternalError> {
        let cookie = csrf_cookie(&pool.state.settings, headers);
        let has_csrf_cookie = cookie.is_some();
        let csrf = cookie.map_or_else(Secret::random, Ok)?;
        Ok(Self { pool, request, headers, csrf, has_csrf_cookie, sealed_state })
    }

    /// Checks that a form was made for this browser, and that a page of this pool sent it.
    pub(super) fn accepts(&self, form: &Parameters) -> bool {
        let origin = &self.pool.state.settings.origin;
        self.has_csrf_cookie
            && self.csrf.equals(form.get("_csrf").unwrap_or_default())
            && is_from_own_page(self.headers, origin)
    }

    /// Returns a step of a sign-in through the application.
    pub(super) fn step<'s>(&'s self, session: &'s str) -> Step<'s> {
        Step::of_client(session, &self.request.callback.client)
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

    /// Checks whether a person in a browser sent the form.
    pub(super) fn is_navigation(&self) -> bool {
        self.headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
    }

    /// Returns what the page shows: the state in its address, if that is this browser's.
    pub(super) fn restore(&self) -> Result<Restored, InternalError> {
        let Some(sealed) = &self.sealed_state else { return Ok(Restored::First) };
        if !self.has_csrf_cookie {
            return Ok(Restored::NoCookie);
        }
        let key = self.state_key()?;
        let state = FormState::open(sealed, &key, &self.browser(), self.pool.now());
        Ok(state.map_or(Restored::Over, Restored::Page))
    }

    /// Redirects the browser to the page of a form.
    pub(super) fn redirect_to(&self, state: &FormState) -> Result<Response, InternalError> {
        let sealed = state.seal(&self.state_key()?, &self.browser(), self.pool.now())?;
        let location = format!("{}&{FORM_STATE}={sealed}", self.address(state.form.path()));
        self.keep_csrf((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
    }

    /// Redirects the browser to the sign-in page.
    pub(super) fn redirect_to_fresh_login(&self) -> Result<Response, InternalError> {
        redirect(&self.address("/login"))
    }

    /// Returns a page, and keeps the CSRF token in the browser.
    pub(super) fn respond(&self, page: Page) -> Result<Response, InternalError> {
        self.keep_csrf(page.into_response())
    }

    fn keep_csrf(&self, mut response: Response) -> Result<Response, InternalError> {
        let cookie = set_csrf(&self.pool.state.settings, &self.csrf)?;
        response.headers_mut().append(SET_COOKIE, cookie);
        Ok(response)
    }

    fn state_key(&self) -> Result<Vec<u8>, InternalError> {
        self.pool.state.token_issuer.keys.secret_of("form state")
    }

    /// Identifies the browser until it signs in or out.
    fn browser(&self) -> String {
        let session = session_cookie(&self.pool.state.settings, self.headers);
        let session = session.as_ref().map_or("", Secret::as_str);
        format!("{} {session}", self.csrf.as_str())
    }
}

/// Reads the authorization request of a page and responds with its form.
pub(super) async fn show(
    pool: &UserPool,
    query: Option<&str>,
    headers: &HeaderMap,
    respond: impl AsyncFnOnce(&FormContext<'_>) -> Result<Response, InternalError>,
) -> Result<Response, BrowserError> {
    let mut parameters = Parameters::from_query(query);
    let sealed_state = parameters.take(FORM_STATE);
    let request = AuthorizationRequest::read(pool, &parameters).await?;
    let response = match FormContext::new(pool, &request, headers, sealed_state) {
        Ok(context) => respond(&context).await,
        Err(error) => Err(error),
    };
    response.map_err(|error| match error {
        // The application could do no better than to come back.
        InternalError::Overloaded => BrowserError::Internal(error),
        error => server_error(&request, &error),
    })
}
