//! What stands behind the server functions on the server: the one place that
//! knows of the request they run in.

use std::future::Future;
use std::sync::Arc;

use gazette_domain::{
    AccessError, Caller, DeskError, Feed, Limit, ListQuery, NewsDesk, Selection, Slug, StoryId,
};
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::frame::Site;
use crate::wire::{Deleted, StoryList, WireError};

/// The newsroom as one request sees it; the server puts it into the context.
#[derive(Clone)]
pub struct Newsroom {
    /// The door to the news.
    pub desk: NewsDesk,
    /// Who is asking.
    pub caller: Caller,
    /// The site, for absolute addresses.
    pub site: Arc<Site>,
    /// Told of every failure before the outside message replaces it.
    pub report: fn(&DeskError),
}

/// The most ids one call may name: as many as fit into the longest address.
const MAX_IDS: usize = 200;

impl Newsroom {
    /// The newsroom of the request that is being answered.
    pub fn current() -> Result<Self, WireError> {
        use_context().ok_or_else(|| WireError::new(500, "Internal Server Error"))
    }

    /// Lists news for the caller.
    pub async fn list(&self, query: &ListQuery) -> Result<StoryList, WireError> {
        let page =
            self.desk.list(&self.caller, query).await.map_err(|error| self.refuse(&error))?;
        Ok(StoryList::new(&page, &self.site.public_url))
    }

    /// Deletes what `ids` names, or everything when it is absent.
    pub async fn delete(&self, ids: Option<String>) -> Result<Deleted, WireError> {
        // Who may not delete is told so before what is wrong with the ids.
        let policy = self.desk.policy();
        policy
            .authorize(&self.caller, gazette_domain::Action::DeleteNews)
            .map_err(|denial| self.refuse(&denial.into()))?;
        let selection = match ids {
            None => Selection::All,
            Some(ids) => Selection::Ids(parse_ids(&ids)?),
        };
        let deleted = self.desk.delete(&self.caller, &selection).await;
        let deleted = deleted.map_err(|error| self.refuse(&error))?;
        Ok(Deleted { deleted })
    }

    fn refuse(&self, error: &DeskError) -> WireError {
        (self.report)(error);
        outside(error)
    }
}

/// What the caller may know of a failure.
pub fn outside(error: &DeskError) -> WireError {
    match error {
        DeskError::Denied(AccessError::NotSignedIn) => WireError::new(401, "Unauthorized"),
        DeskError::Denied(AccessError::RoleMissing(_) | AccessError::ScopeMissing) => {
            WireError::new(403, "Forbidden")
        }
        DeskError::Unacceptable(_) | DeskError::KeyReused | DeskError::ListFull => {
            WireError::new(422, error.to_string())
        }
        DeskError::Missing => WireError::new(404, "Not Found"),
        DeskError::Gone => WireError::new(410, "Gone"),
        DeskError::Stale => WireError::new(412, "The story has changed since."),
        DeskError::Table(error) if error.is_transient() => {
            WireError::new(503, "The store is unavailable; try again.")
        }
        DeskError::Table(_) => WireError::new(500, "Internal Server Error"),
    }
}

/// Runs the body of a server function and gives its failure the right status.
pub async fn answer<T>(
    body: impl Future<Output = Result<T, WireError>> + Send,
) -> Result<T, WireError> {
    let result = body.await;
    if let Err(error) = &result
        && let Some(options) = use_context::<ResponseOptions>()
    {
        options.set_status(
            StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        );
    }
    result
}

/// Reads what a listing is asked for.
pub fn list_query(
    limit: Option<String>,
    cursor: Option<String>,
    section: Option<String>,
    tag: Option<String>,
    month: Option<String>,
) -> Result<ListQuery, WireError> {
    let bad = |error: &dyn std::fmt::Display| WireError::bad_request(error.to_string());
    let limit = limit.map_or(Ok(Limit::DEFAULT), |limit| limit.parse()).map_err(|e| bad(&e))?;
    let cursor = cursor.map(|cursor| cursor.parse()).transpose().map_err(|e| bad(&e))?;
    let section = section.map(|name| label(&name, "section")).transpose()?;
    let tag = tag.map(|name| label(&name, "tag")).transpose()?;
    let month = month.map(|month| month.parse()).transpose().map_err(|e| bad(&e))?;
    let (feed, also_tagged) = match (section, tag) {
        (Some(section), tag) => (Feed::Section(section), tag),
        (None, Some(tag)) => (Feed::Tag(tag), None),
        (None, None) => (Feed::All, None),
    };
    Ok(ListQuery { feed, also_tagged, month, limit, cursor })
}

fn label(name: &str, field: &str) -> Result<Slug, WireError> {
    Slug::from_text(name)
        .ok_or_else(|| WireError::bad_request(format!("{field} must be the name of a {field}")))
}

fn parse_ids(ids: &str) -> Result<Vec<StoryId>, WireError> {
    let ids: Result<Vec<StoryId>, _> = ids.split(',').map(str::parse).collect();
    let ids = ids.map_err(|error| WireError::bad_request(format!("ids: {error}")))?;
    if ids.len() > MAX_IDS {
        return Err(WireError::bad_request(format!("ids: at most {MAX_IDS} at a time")));
    }
    Ok(ids)
}
