//! The desk that acts on behalf of a caller.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::action::Action;
use crate::audit::Actor;
use crate::caller::Caller;
use crate::desk::newsroom::Newsroom;
use crate::policy::{AccessError, Policy};

/// Reads and changes the news on behalf of a caller.
///
/// Every method that touches stories takes the caller and asks the policy before the table.
/// Obtained from [`OperatorDesk::news_desk`](crate::OperatorDesk::news_desk); it offers no way
/// back to the operator's desk.
#[derive(Clone)]
pub struct NewsDesk {
    pub(super) newsroom: Arc<Newsroom>,
    pub(super) policy: Policy,
    pub(super) time_zone: TimeZone,
    request_id: Option<Arc<str>>,
}

impl NewsDesk {
    pub(super) fn new(newsroom: Arc<Newsroom>, policy: Policy) -> Self {
        Self { newsroom, policy, time_zone: TimeZone::UTC, request_id: None }
    }

    /// Returns a desk that records the request's id in the audit log.
    #[must_use]
    pub fn in_request(&self, id: &str) -> Self {
        Self { request_id: Some(id.into()), ..self.clone() }
    }

    /// Returns a desk whose months are those of a time zone. Without one they are in UTC.
    #[must_use]
    pub fn in_time_zone(self, time_zone: TimeZone) -> Self {
        Self { time_zone, ..self }
    }

    /// Returns the policy that this desk asks.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns a number that grows with every change of the news that this process knows of.
    ///
    /// Anything rendered from the news remains valid until the number changes.
    pub fn content_version(&self) -> u64 {
        self.newsroom.content_version()
    }

    /// Returns the oldest content version since which nothing was removed, as far as this process
    /// knows.
    ///
    /// Something rendered before it may show what readers must no longer see.
    pub fn last_removal(&self) -> u64 {
        self.newsroom.last_removal()
    }

    /// Checks the permission and returns the caller as the audit log records them.
    pub(super) fn authorize(&self, caller: &Caller, action: Action) -> Result<Actor, AccessError> {
        let reason = self.policy.authorize(caller, action)?;
        let claims = caller.identity().ok_or(AccessError::NotSignedIn)?.claims();
        Ok(Actor {
            sub: Some(claims.sub.clone()),
            name: claims.username.clone(),
            reason: reason.as_str().to_owned(),
            request_id: self.request_id.as_deref().map(str::to_owned),
        })
    }
}
