//! Security headers of every response (WEB-01, WEB-05).

use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, HeaderName, REFERRER_POLICY,
    SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::Response;
use gazette_domain::SIGN_IN_PREFIX;

use crate::http::request::{chosen_theme, has_session_cookie};
use crate::http::state::AppState;

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        ),
    ),
];

/// The part of a request that its security headers depend on.
pub(in crate::http) struct SecurityHeaders {
    referrer_policy: HeaderValue,
    /// The request has a session, a token or a theme.
    is_private: bool,
}

impl SecurityHeaders {
    pub(in crate::http) fn of(app: &AppState, request: &Request) -> Self {
        let headers = request.headers();
        let is_private = headers.contains_key(AUTHORIZATION)
            || has_session_cookie(headers)
            || chosen_theme(headers, &app.cookies).is_some();
        Self { referrer_policy: referrer_policy(request.uri().path()), is_private }
    }

    /// Adds the headers, and keeps responses with cookies out of caches.
    pub(in crate::http) fn add_to(
        self,
        app: &AppState,
        policy: &ContentSecurityPolicy,
        response: &mut Response,
    ) {
        let headers = response.headers_mut();
        // Otherwise the map would grow several times: four more are added here and outside.
        headers.reserve(FIXED.len() + 4);
        for (name, value) in FIXED {
            headers.insert(name, value);
        }
        headers.insert(REFERRER_POLICY, self.referrer_policy);
        if app.is_https() {
            let two_years =
                HeaderValue::from_static("max-age=63072000; includeSubDomains; preload");
            headers.insert(STRICT_TRANSPORT_SECURITY, two_years);
        }
        headers.extend(policy.get(app).map(|policy| (CONTENT_SECURITY_POLICY, policy)));
        // A shared cache that kept a cookie would hand one reader's session to the next (SES-07).
        if headers.contains_key(SET_COOKIE) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
            headers.remove(ETAG);
        }
        // A public page for one client only. Files are the same for everyone.
        let is_page = |value: &HeaderValue| value.as_bytes().starts_with(b"public, max-age=0");
        if self.is_private && headers.get(CACHE_CONTROL).is_some_and(is_page) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
            let varies = "Accept, Accept-Encoding, Cookie, Authorization";
            headers.insert(VARY, HeaderValue::from_static(varies));
        }
        // Default to `no-store`.
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}

/// Sends no referrer from the sign-in area: the URL of the callback holds a code.
fn referrer_policy(path: &str) -> HeaderValue {
    HeaderValue::from_static(if path.starts_with(SIGN_IN_PREFIX) {
        "no-referrer"
    } else {
        "strict-origin-when-cross-origin"
    })
}

/// Content security policy, kept from the time at which the hosted UI is known.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct ContentSecurityPolicy(Arc<OnceLock<HeaderValue>>);

impl ContentSecurityPolicy {
    fn get(&self, app: &AppState) -> Option<HeaderValue> {
        if let Some(policy) = self.0.get() {
            return Some(policy.clone());
        }
        let hosted_ui = app.oidc.hosted_ui_origin();
        let policy = content_security_policy(hosted_ui.as_deref())?;
        if hosted_ui.is_some() {
            return Some(self.0.get_or_init(|| policy).clone());
        }
        Some(policy)
    }
}

/// Returns the content security policy, the same for every reader.
///
/// Signing out is a form that redirects to the hosted UI, which browsers allow only if
/// `form-action` names it.
fn content_security_policy(hosted_ui: Option<&str>) -> Option<HeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
         worker-src 'self'; form-action 'self'{}{}; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'",
        if hosted_ui.is_some() { " " } else { "" },
        hosted_ui.unwrap_or_default(),
    );
    HeaderValue::from_str(&policy).ok()
}
