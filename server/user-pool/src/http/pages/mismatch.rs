//! The page for a request that does not match what is registered. It shows both, because the
//! person who sees it configures the application.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::message::ERROR_TEXT;
use super::page::Page;
use crate::client::AppClient;

/// Maximum number of registered names that a page shows.
const MAX_SHOWN: usize = 20;

/// A difference between a request and what is registered.
#[derive(Debug)]
pub(in crate::http) enum Mismatch {
    /// A parameter is missing.
    Missing(&'static str),
    /// The client is unknown.
    Client { id: String, known: Vec<String> },
    /// The URL is not registered for the client.
    Url { kind: UrlKind, client: String, requested: String, registered: Vec<String> },
}

/// Use of a URL.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) enum UrlKind {
    Callback,
    SignOut,
}

impl Mismatch {
    pub(in crate::http) fn callback(client: &AppClient, requested: &str) -> Self {
        let registered = client.callback_urls.clone();
        Self::url(UrlKind::Callback, client, requested, registered)
    }

    pub(in crate::http) fn sign_out(client: &AppClient, requested: &str) -> Self {
        let registered = client.logout_urls.clone();
        Self::url(UrlKind::SignOut, client, requested, registered)
    }

    fn url(kind: UrlKind, client: &AppClient, requested: &str, registered: Vec<String>) -> Self {
        let (client, requested) = (client.id.clone(), requested.to_owned());
        Self::Url { kind, client, requested, registered }
    }

    pub(in crate::http) fn page(&self) -> Page {
        let (title, body) = match self {
            Self::Missing(parameter) => ("Incomplete link", missing(parameter)),
            Self::Client { id, known } => ("Unknown client", unknown_client(id, known)),
            Self::Url { kind: UrlKind::Callback, client, requested, registered } => {
                let body = html! {
                    p { (ERROR_TEXT) }
                    (unregistered(client, requested, registered))
                };
                ("Callback URL not registered", body)
            }
            Self::Url { kind: UrlKind::SignOut, client, requested, registered } => {
                ("Sign-out URL not registered", unregistered(client, requested, registered))
            }
        };
        Page::new(StatusCode::BAD_REQUEST, title, body)
    }
}

fn missing(parameter: &str) -> Markup {
    html! {
        p {
            "The application sent you here without "
            // The text of Cognito, which developers search for.
            code { (parameter) } ". Required String parameter '" (parameter) "' is not present."
        }
        p { "Go back to the application and try again." }
    }
}

fn unknown_client(id: &str, known: &[String]) -> Markup {
    html! {
        p { "This user pool has no client with the id that the application sent." }
        dl {
            dt { "Sent" }
            dd { code { (id) } }
            dt { "Registered" }
            (names(known))
        }
        p {
            "Add it with " code { "--pool-client " (id) "=CALLBACK-URL" }
            ", or correct the client id of the application."
        }
    }
}

fn unregistered(client: &str, requested: &str, registered: &[String]) -> Markup {
    html! {
        p {
            "The URL that the application sent must be registered for the client "
            code { (client) } ", letter by letter."
        }
        dl {
            dt { "Sent" }
            dd { code { (requested) } }
            dt { "Registered" }
            (names(registered))
        }
        p { "Correct the application, or the client in the configuration of this user pool." }
    }
}

fn names(names: &[String]) -> Markup {
    html! {
        @for name in names.iter().take(MAX_SHOWN) {
            dd { code { (name) } }
        }
        @if names.is_empty() {
            dd { "none" }
        }
        @if names.len() > MAX_SHOWN {
            dd { "and " (names.len().saturating_sub(MAX_SHOWN)) " more" }
        }
    }
}
