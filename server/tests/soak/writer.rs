//! A client that publishes, revises and deletes stories until the server does not answer.

use std::sync::Arc;

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::ledger::Ledger;
use crate::server::Server;

/// A client with an access token.
pub(crate) struct Writer {
    http: reqwest::Client,
    news: String,
    token: String,
    ledger: Arc<Ledger>,
}

impl Writer {
    pub(crate) fn new(server: &Server, token: &str, ledger: Arc<Ledger>) -> Self {
        Self { http: server.http.clone(), news: server.news(), token: token.to_owned(), ledger }
    }

    /// Writes stories with `name` in their headlines until the server is killed.
    pub(crate) async fn write(self, name: String) {
        if let Some(headline) = self.ledger.unanswered()
            && self.publish(&headline).await.is_none()
        {
            return;
        }
        for number in 0.. {
            let headline = format!("Story {name} {number}");
            let Some((id, tag)) = self.publish(&headline).await else { return };
            let next = match fastrand::u8(0..4) {
                0 => self.delete(&headline, &id).await,
                1 => self.revise(&headline, &id, &tag).await,
                _ => Some(()),
            };
            if next.is_none() {
                return;
            }
        }
    }

    /// Publishes a story, with the same content for the same headline. Returns its id and tag, or
    /// `None` without an answer.
    async fn publish(&self, headline: &str) -> Option<(String, String)> {
        let sum: usize = headline.bytes().map(usize::from).sum();
        let section = if sum.is_multiple_of(2) { "World" } else { "Cities" };
        let body = json!({
            "headline": headline,
            "body": format!("{headline}. ").repeat(1 + sum % 200),
            "section": section,
            "tags": ["Rivers", "Trains"],
        });
        let key = format!("publish {headline}").replace(' ', "-");
        let request = self.request(Method::POST, &self.news).header("idempotency-key", key);
        let Some(answer) = answered(request.body(body.to_string())).await else {
            self.ledger.update(headline, |known| known.unanswered_post = true);
            return None;
        };
        let status = answer.status().as_u16();
        let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let Ok(story) = answer.json::<Value>().await else {
            self.ledger.update(headline, |known| known.unanswered_post = true);
            return None;
        };
        assert_eq!(status, 201, "{story}");
        assert_eq!(story["headline"], headline);
        let id = story["id"].as_str().expect("an id").to_owned();
        self.ledger.update(headline, |known| {
            known.id = Some(id.clone());
            known.changes = 1;
        });
        Some((id, tag.expect("a tag")))
    }

    async fn revise(&self, headline: &str, id: &str, tag: &str) -> Option<()> {
        let request = self.request(Method::PUT, &format!("{}/{id}", self.news));
        let body = json!({ "headline": headline, "body": "It was otherwise." });
        let request = request.header("if-match", tag).body(body.to_string());
        self.changed(headline, request, 200, false).await
    }

    async fn delete(&self, headline: &str, id: &str) -> Option<()> {
        let request = self.request(Method::DELETE, &format!("{}/{id}", self.news));
        self.changed(headline, request, 204, true).await
    }

    async fn changed(
        &self,
        headline: &str,
        request: RequestBuilder,
        status: u16,
        trashed: bool,
    ) -> Option<()> {
        let Some(answer) = answered(request).await else {
            self.ledger.update(headline, |known| known.unanswered = true);
            return None;
        };
        assert_eq!(answer.status().as_u16(), status, "{:?}", answer.text().await);
        self.ledger.update(headline, |known| {
            known.changes += 1;
            known.trashed = trashed;
        });
        Some(())
    }

    fn request(&self, method: Method, url: &str) -> RequestBuilder {
        let request = self.http.request(method, url).bearer_auth(&self.token);
        request.header("content-type", "application/json").header("accept", "application/json")
    }
}

/// Sends a request; `None` when the server was killed before it answered.
async fn answered(request: RequestBuilder) -> Option<Response> {
    request.send().await.ok()
}
