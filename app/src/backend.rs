//! Server side of the server functions: the one place that knows the request they run in.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use gazette_domain::{
    Caller, CursorError, DeskError, Feed, Limit, LimitError, ListQuery, MonthError, NewsDesk,
    RemovalReason, RemovalReasonError, Selection, Slug, StoryId,
};
use leptos::prelude::*;

use crate::frame::Site;
use crate::wire::{Deleted, StoryList, WireError};

/// The most ids one call may name: as many as fit into the longest URL.
const MAX_IDS: usize = 200;

/// Desk, caller and site of one call of a server function. The server provides it as Leptos
/// context.
#[derive(Clone)]
pub struct ServerFnContext {
    /// News desk.
    pub desk: NewsDesk,
    /// Caller.
    pub caller: Caller,
    /// Site, for absolute URLs.
    pub site: Arc<Site>,
    /// Takes the error of the server function, typed, to the handler that called it.
    pub error: ErrorSlot,
}

/// Error of a server function.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The desk refused or failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The cursor is invalid.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The reason for a deletion is invalid.
    #[error(transparent)]
    Reason(#[from] RemovalReasonError),
    /// A parameter is invalid; the text names it and the reason.
    #[error("{0}")]
    Parameter(String),
}

/// Slot for the typed error of a server function, whose response carries only text.
#[derive(Clone, Default)]
pub struct ErrorSlot(Arc<Mutex<Option<ApiError>>>);

impl ErrorSlot {
    /// Takes the error that the server function left.
    pub fn take(&self) -> Option<ApiError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, error: ApiError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

impl ServerFnContext {
    /// Lists news for the caller.
    pub async fn list(&self, query: &ListQuery) -> Result<StoryList, ApiError> {
        let page = self.desk.list(&self.caller, query).await?;
        Ok(StoryList::new(&page, &self.site))
    }

    /// Deletes the stories that `ids` names, or all stories if it is absent.
    pub async fn delete(
        &self,
        ids: Option<String>,
        reason: Option<String>,
    ) -> Result<Deleted, ApiError> {
        let selection = match ids {
            None => Selection::All,
            Some(ids) => Selection::Ids(parse_ids(&ids)?),
        };
        let reason = RemovalReason::new(reason.as_deref().unwrap_or_default())?;
        let deleted = self.desk.delete_because(&self.caller, &selection, reason.as_ref()).await?;
        Ok(Deleted { deleted })
    }
}

/// Runs the body of a server function; its error goes to the handler through the slot.
pub async fn run<T, F>(body: impl FnOnce(ServerFnContext) -> F) -> Result<T, WireError>
where
    F: Future<Output = Result<T, ApiError>> + Send,
{
    // Not sent: the handler makes the response from the typed error.
    let failed = || WireError::new("The request failed.");
    let context: ServerFnContext = use_context().ok_or_else(failed)?;
    let slot = context.error.clone();
    body(context).await.map_err(|error| {
        slot.set(error);
        failed()
    })
}

impl From<LimitError> for ApiError {
    fn from(error: LimitError) -> Self {
        Self::Parameter(error.to_string())
    }
}

impl From<MonthError> for ApiError {
    fn from(error: MonthError) -> Self {
        Self::Parameter(error.to_string())
    }
}

/// Reads the parameters of a listing.
pub fn list_query(
    limit: Option<String>,
    cursor: Option<String>,
    section: Option<String>,
    tag: Option<String>,
    month: Option<String>,
) -> Result<ListQuery, ApiError> {
    let limit = limit.map_or(Ok(Limit::DEFAULT), |limit| limit.parse())?;
    let cursor = cursor.map(|cursor| cursor.parse()).transpose()?;
    let section = section.map(|name| label(&name, "section")).transpose()?;
    let tag = tag.map(|name| label(&name, "tag")).transpose()?;
    let month = month.map(|month| month.parse()).transpose()?;
    let (feed, also_tagged) = match (section, tag) {
        (Some(section), tag) => (Feed::Section(section), tag),
        (None, Some(tag)) => (Feed::Tag(tag), None),
        (None, None) => (Feed::All, None),
    };
    Ok(ListQuery { feed, also_tagged, month, limit, cursor })
}

fn label(name: &str, field: &str) -> Result<Slug, ApiError> {
    let slug = Slug::from_label(name);
    slug.ok_or_else(|| ApiError::Parameter(format!("{field} must be a name, such as `world`")))
}

fn parse_ids(ids: &str) -> Result<Vec<StoryId>, ApiError> {
    let ids: Vec<StoryId> = ids
        .split(',')
        .map(|id| id.parse().map_err(|error| ApiError::Parameter(format!("ids: {error}"))))
        .collect::<Result<_, _>>()?;
    if ids.len() > MAX_IDS {
        return Err(ApiError::Parameter(format!("ids: at most {MAX_IDS} at a time")));
    }
    Ok(ids)
}
