//! A minimal browser: it keeps cookies and does not follow redirects.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use tower::ServiceExt;
use url::Url;
use url::form_urlencoded::Serializer;

pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    /// Gets a path or an absolute URL of the pool.
    pub(crate) async fn get(&mut self, address: &str) -> Response {
        self.send(Method::GET, address, &[], String::new()).await
    }

    pub(crate) async fn post_form(&mut self, address: &str, fields: &[(&str, &str)]) -> Response {
        let headers = [(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")];
        self.send(Method::POST, address, &headers, form(fields)).await
    }

    pub(crate) async fn post_form_as(
        &mut self,
        address: &str,
        authorization: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let headers = [
            (CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"),
            (AUTHORIZATION.as_str(), authorization),
        ];
        self.send(Method::POST, address, &headers, form(fields)).await
    }

    /// Sends a request, to the pool's own host unless a header names another one.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Response {
        let path = address.strip_prefix(crate::test_pool::ORIGIN).unwrap_or(address);
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == HOST.as_str()) {
            request = request.header(HOST, "localhost:4000");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        self.store_cookies(&parts.headers);
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Response {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Opens the sign-in page and submits its form.
    pub(crate) async fn sign_in(
        &mut self,
        login: &str,
        username: &str,
        password: &str,
    ) -> Response {
        let page = self.get(login).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        let fields = [
            ("_csrf", page.field("_csrf")),
            ("username", username.to_owned()),
            ("password", password.to_owned()),
        ];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post_form(&page.form_action(), &fields).await
    }

    fn store_cookies(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let header = header.to_str().unwrap();
            assert!(header.contains("; HttpOnly; SameSite=Lax"), "{header}");
            let (name, value) = header.split(';').next().unwrap().split_once('=').unwrap();
            if header.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Response {
    pub(crate) fn location(&self) -> Url {
        assert_eq!(self.status, StatusCode::FOUND, "{self:?}");
        Url::parse(self.header(LOCATION.as_str())).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns a query parameter of the redirect target.
    pub(crate) fn redirect_parameter(&self, name: &str) -> Option<String> {
        self.location()
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn form_action(&self) -> String {
        self.between("action=\"", "\"").replace("&amp;", "&")
    }

    pub(crate) fn field(&self, name: &str) -> String {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
    }

    fn between(&self, start: &str, end: &str) -> String {
        let (_, rest) = self.body.split_once(start).unwrap_or_else(|| panic!("{start}: {self:?}"));
        rest.split_once(end).unwrap().0.to_owned()
    }
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}
