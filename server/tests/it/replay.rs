//! A pool that answers everybody with the same tokens, so that ten thousand can ask it; only
//! its refresh tokens differ, and it remembers which of them it was asked to forget.

use std::collections::{BTreeSet, HashSet};

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::sync::watch;

/// What it says, and what it was told.
pub(crate) struct Replay {
    answer: Value,
    given: watch::Sender<usize>,
    alive: BTreeSet<String>,
    revoked: HashSet<String>,
}

impl Replay {
    pub(crate) fn of(answer: Value) -> Self {
        Self {
            answer,
            given: watch::Sender::new(0),
            alive: BTreeSet::new(),
            revoked: HashSet::new(),
        }
    }

    /// What it answers, if it is asked for tokens or to forget one.
    pub(crate) fn answer(&mut self, path: &str, body: &Bytes) -> Option<Response> {
        match path {
            "/oauth2/token" => {
                let token = format!("fresh-{}", self.given());
                self.answer["refresh_token"] = json!(token);
                self.alive.insert(token);
                self.given.send_modify(|given| *given += 1);
                Some(axum::Json(&self.answer).into_response())
            }
            "/oauth2/revoke" => {
                let mut fields = url::form_urlencoded::parse(body);
                let token = fields.find(|(name, _)| name == "token").expect("a token").1;
                self.alive.remove(token.as_ref());
                self.revoked.insert(token.into_owned());
                Some(StatusCode::OK.into_response())
            }
            _ => None,
        }
    }

    /// How many refresh tokens it has given out.
    pub(crate) fn given(&self) -> usize {
        *self.given.borrow()
    }

    /// Tells how many they are whenever there is one more.
    pub(crate) fn watch(&self) -> watch::Receiver<usize> {
        self.given.subscribe()
    }

    /// The refresh tokens that it has given out and was not asked to forget.
    pub(crate) fn alive(&self) -> &BTreeSet<String> {
        &self.alive
    }

    /// Whether it was asked to forget a token.
    pub(crate) fn has_forgotten(&self, token: &str) -> bool {
        self.revoked.contains(token)
    }
}
