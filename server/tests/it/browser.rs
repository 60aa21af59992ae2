//! Minimal browser for signing in: cookies and redirects, step by step.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use url::Url;

use crate::world::{SITE, TestResponse, World, request};

/// Browser with one cookie jar for the site and one for the pool.
pub(crate) struct Browser<'w> {
    world: &'w World,
    pub(crate) cookies: BTreeMap<String, String>,
    pool_cookies: BTreeMap<String, String>,
    state: String,
}

impl<'w> Browser<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self {
            world,
            cookies: BTreeMap::new(),
            pool_cookies: BTreeMap::new(),
            state: String::new(),
        }
    }

    /// Returns a browser whose user has signed in through the hosted UI.
    pub(crate) async fn signed_in(world: &'w World, name: &str) -> Self {
        let mut browser = Self::new(world);
        let callback = browser.sign_in_at_pool(name, "/").await;
        let answer = browser.get(&callback).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    /// Signs in at the hosted UI without its cookies of an earlier user.
    pub(crate) async fn sign_in_at_pool_again(&mut self, name: &str, return_to: &str) -> String {
        self.pool_cookies.clear();
        self.sign_in_at_pool(name, return_to).await
    }

    /// Signs in at the hosted UI and returns path and query of the callback, without calling it.
    pub(crate) async fn sign_in_at_pool(&mut self, name: &str, return_to: &str) -> String {
        let answer = self.get(&format!("/auth/login?return_to={return_to}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let mut url = Url::parse(answer.header("location")).expect("a URL");
        // Authorize, form, submitted form, callback.
        for _ in 0..4 {
            if url.as_str().starts_with(SITE) {
                return url.as_str()[SITE.len()..].to_owned();
            }
            url = self.next_step_at_pool(url, name).await;
        }
        panic!("the pool redirects in circles");
    }

    /// Returns the `state` of the login that this browser began with its latest request.
    pub(crate) fn login_state(&self) -> &str {
        &self.state
    }

    /// The value of the `Cookie` header of the site.
    pub(crate) fn cookie_header(&self) -> String {
        header(&self.cookies)
    }

    pub(crate) async fn get(&mut self, path: &str) -> TestResponse {
        self.send(Method::GET, path, &[], "").await
    }

    /// Sends a form from a page of this site.
    pub(crate) async fn post(&mut self, path: &str, form: &str) -> TestResponse {
        self.send(Method::POST, path, &[("origin", SITE)], form).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: &str,
    ) -> TestResponse {
        self.send_bytes(method, path, headers, form.as_bytes().to_vec()).await
    }

    pub(crate) async fn send_bytes(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Vec<u8>,
    ) -> TestResponse {
        let mut request = request(method, path);
        let has = |wanted| headers.iter().any(|(name, _)| *name == wanted);
        if !has("accept") {
            request = request.header("accept", "text/html");
        }
        if !form.is_empty() && !has("content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        if !self.cookies.is_empty() {
            request = request.header("cookie", self.cookie_header());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Body::from(form);
        let answer = self.world.send(request.body(body).expect("a request")).await;
        for value in answer.headers.get_all("set-cookie") {
            keep(&mut self.cookies, value.to_str().expect("text"));
        }
        if let Some((_, state)) = answer.header("location").split_once("&state=") {
            state.split('&').next().unwrap_or_default().clone_into(&mut self.state);
        }
        answer
    }

    /// Follows a redirect of the site to the pool.
    pub(crate) async fn follow_to_pool(&mut self, location: &str) -> reqwest::Response {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let client = client.build().expect("a client");
        let request = client.get(location).header("cookie", header(&self.pool_cookies));
        let answer = request.send().await.expect("the pool answers");
        self.keep_pool_cookies(&answer);
        answer
    }

    /// Checks whether the hosted UI asks for a password at this URL.
    pub(crate) async fn pool_asks_for_password(&mut self, location: &str) -> bool {
        let answer = self.follow_to_pool(location).await;
        let next = answer.headers().get("location").and_then(|value| value.to_str().ok());
        next.is_some_and(|next| next.contains("/login?"))
    }

    async fn next_step_at_pool(&mut self, url: Url, name: &str) -> Url {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let client = client.build().expect("a client");
        let request = client.get(url.clone()).header("cookie", header(&self.pool_cookies));
        let mut answer = request.send().await.expect("the pool answers");
        self.keep_pool_cookies(&answer);
        if answer.status().is_success() {
            let csrf = hidden_field(&answer.text().await.expect("a page"));
            let password = format!("correct-horse-{name}");
            let form = [("username", name), ("password", &password), ("_csrf", &csrf)];
            let request = client.post(url.clone()).header("cookie", header(&self.pool_cookies));
            answer = request.form(&form).send().await.expect("the pool answers");
            self.keep_pool_cookies(&answer);
        }
        let location = answer.headers().get("location").expect("a redirect");
        url.join(location.to_str().expect("text")).expect("a URL")
    }

    fn keep_pool_cookies(&mut self, answer: &reqwest::Response) {
        for value in answer.headers().get_all("set-cookie") {
            keep(&mut self.pool_cookies, value.to_str().expect("text"));
        }
    }
}

fn keep(jar: &mut BTreeMap<String, String>, set_cookie: &str) {
    let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
    let (name, value) = pair.split_once('=').expect("a cookie");
    if attributes.to_ascii_lowercase().contains("max-age=0") {
        jar.remove(name);
    } else {
        jar.insert(name.to_owned(), value.to_owned());
    }
}

fn header(jar: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

fn hidden_field(page: &str) -> String {
    let field = page.split("name=\"_csrf\"").nth(1).expect("a CSRF field");
    let value = field.split("value=\"").nth(1).expect("its value");
    value.split('"').next().expect("its end").to_owned()
}
