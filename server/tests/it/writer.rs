//! A client for the write API.

use axum::body::Body;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::world::{TestResponse, World, request};

/// A client that writes stories with a bearer token.
pub(crate) struct Writer<'w> {
    world: &'w World,
    pub(crate) token: String,
}

impl<'w> Writer<'w> {
    /// Signs `name` in and keeps the access token.
    pub(crate) async fn new(world: &'w World, name: &str) -> Self {
        Self { world, token: world.access_token(name).await }
    }

    /// Sends a JSON body.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> TestResponse {
        let mut request = request(method, path)
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.world.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    /// Creates a story.
    pub(crate) async fn post(&self, body: &Value) -> TestResponse {
        self.send(Method::POST, "/news", &[], body).await
    }

    /// Changes a story. `tag` is the `If-Match` header.
    pub(crate) async fn put(&self, id: &str, tag: &str, body: &Value) -> TestResponse {
        self.send(Method::PUT, &format!("/news/{id}"), &[("if-match", tag)], body).await
    }

    /// Reads a path with the token.
    pub(crate) async fn get(&self, path: &str) -> TestResponse {
        self.world.bearer(Method::GET, path, &self.token).await
    }
}

/// Returns the smallest valid story.
pub(crate) fn story(headline: &str) -> Value {
    json!({ "headline": headline, "body": "One two three." })
}

/// Reads a path as JSON, without a token.
pub(crate) async fn json_of(world: &World, path: &str) -> TestResponse {
    let request = request(Method::GET, path).header("accept", "application/json");
    world.send(request.body(Body::empty()).expect("a request")).await
}

/// Returns the id in a response.
pub(crate) fn id(answer: &TestResponse) -> String {
    answer.json()["id"].as_str().expect("an id").to_owned()
}
