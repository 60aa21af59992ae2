//! Replay of one token response, so that a test can send ten thousand token requests. Only the
//! refresh tokens differ. It records which of them were revoked.

use std::collections::{BTreeSet, HashSet};

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::sync::watch;

/// Token endpoint that repeats one response.
pub(crate) struct Replay {
    response: Value,
    issued: watch::Sender<usize>,
    unrevoked: BTreeSet<String>,
    revoked: HashSet<String>,
}

impl Replay {
    pub(crate) fn of(response: Value) -> Self {
        Self {
            response,
            issued: watch::Sender::new(0),
            unrevoked: BTreeSet::new(),
            revoked: HashSet::new(),
        }
    }

    /// Responds to a token or revocation request.
    pub(crate) fn respond(&mut self, path: &str, body: &Bytes) -> Option<Response> {
        match path {
            "/oauth2/token" => {
                let token = format!("fresh-{}", self.issued());
                self.response["refresh_token"] = json!(token);
                self.unrevoked.insert(token);
                self.issued.send_modify(|issued| *issued += 1);
                Some(axum::Json(&self.response).into_response())
            }
            "/oauth2/revoke" => {
                let mut fields = url::form_urlencoded::parse(body);
                let token = fields.find(|(name, _)| name == "token").expect("a token").1;
                self.unrevoked.remove(token.as_ref());
                self.revoked.insert(token.into_owned());
                Some(StatusCode::OK.into_response())
            }
            _ => None,
        }
    }

    /// Returns the number of refresh tokens issued.
    pub(crate) fn issued(&self) -> usize {
        *self.issued.borrow()
    }

    /// Returns a receiver of the number of refresh tokens issued.
    pub(crate) fn watch(&self) -> watch::Receiver<usize> {
        self.issued.subscribe()
    }

    /// Returns the refresh tokens that were issued and not revoked.
    pub(crate) fn unrevoked_tokens(&self) -> &BTreeSet<String> {
        &self.unrevoked
    }

    /// Checks whether a token was revoked.
    pub(crate) fn was_revoked(&self, token: &str) -> bool {
        self.revoked.contains(token)
    }
}
