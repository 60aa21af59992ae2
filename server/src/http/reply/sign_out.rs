//! Response that ends a sign-in.

use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::http::reply::{add_cookie, expired_cookie};
use crate::http::state::AppState;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Removes everything of ours from the browser and sends it to the hosted UI to sign out there.
pub(in crate::http) async fn sign_out_response(app: &AppState) -> Response {
    let target = match app.oidc.sign_out_url().await {
        Ok(url) => url.to_string(),
        // The session has ended, so signing out succeeds even if the hosted UI is unreachable.
        Err(error) => {
            tracing::warn!(%error, "signed out on the site only");
            "/".to_owned()
        }
    };
    let mut response = Redirect::to(&target).into_response();
    add_cookie(&mut response, &expired_cookie(&app.cookies.session, app.is_https()));
    let everything = HeaderValue::from_static(r#""cache", "cookies", "storage""#);
    response.headers_mut().insert(CLEAR_SITE_DATA, everything);
    response
}
