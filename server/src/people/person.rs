//! One person: what their token says, and what the pool says now.

use gazette_domain::{Action, Caller, NewsDesk};
use jiff::Timestamp;

use super::error::PeopleError;
use super::service::People;
use crate::pool_admin::{PoolAdminError, PoolUser};

/// The longest subject, in bytes, as in Cognito.
const MAX_SUB_BYTES: usize = 255;

/// A person with the grounds of their permissions.
pub(crate) struct PersonDetails {
    pub(crate) sub: String,
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    /// Time at which the pool created the user.
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) is_enabled: bool,
    pub(crate) is_invited: bool,
    /// Groups at the pool now; `None` if the pool did not tell.
    pub(crate) groups: Option<Vec<String>>,
    /// Reason why the pool did not tell.
    pub(crate) problem: Option<PoolAdminError>,
    /// Groups in the token of the latest session.
    pub(crate) token: Option<TokenGroups>,
    /// Time of the latest request in an active session.
    pub(crate) seen_at: Option<i64>,
    /// Active sessions.
    pub(crate) sessions: usize,
    /// There are more sessions than counted.
    pub(crate) has_more_sessions: bool,
}

/// Groups in a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenGroups {
    pub(crate) groups: Vec<String>,
    /// Time at which the pool confirmed them; `None` if it is asked again at the next request.
    pub(crate) verified_at: Option<i64>,
}

impl People {
    /// Returns what is known of a person.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] if neither the pool nor a session has this subject.
    pub(crate) async fn person(
        &self,
        desk: &NewsDesk,
        caller: &Caller,
        sub: &str,
    ) -> Result<PersonDetails, PeopleError> {
        desk.policy().authorize(caller, Action::ManageAccess)?;
        check_sub(sub)?;
        let (user, groups, problem) = match self.user_with_groups(sub).await {
            Ok(Some((user, groups))) => (Some(user), Some(groups), None),
            Ok(None) => (None, None, None),
            Err(problem) => (None, None, Some(problem)),
        };
        let list = self.0.sessions.list(sub).await?;
        let latest = list.sessions.iter().map(|session| &session.signed_in);
        let latest = latest.max_by_key(|signed_in| signed_in.verified_at);
        let username = match &user {
            Some(user) => user.username.clone(),
            // Also after their last session has ended.
            None => self.0.sessions.person(sub).await?.ok_or(PeopleError::NotFound)?.username,
        };
        let name = user.as_ref().map_or(username.as_str(), PoolUser::display_name).to_owned();
        Ok(PersonDetails {
            sub: sub.to_owned(),
            name,
            username,
            email: user.as_ref().and_then(|user| user.email.clone()),
            created_at: user.as_ref().and_then(|user| user.created_at),
            is_enabled: user.as_ref().is_none_or(|user| user.is_enabled),
            is_invited: user.as_ref().is_some_and(|user| user.is_invited),
            groups,
            problem,
            token: latest.map(|signed_in| TokenGroups {
                groups: signed_in.groups().to_vec(),
                verified_at: Some(signed_in.verified_at).filter(|at| *at > 0),
            }),
            seen_at: self.seen_at(sub, &list).await?,
            sessions: list.sessions.len(),
            has_more_sessions: list.more,
        })
    }

    /// Returns a user of the pool with the groups.
    pub(super) async fn user_with_groups(
        &self,
        sub: &str,
    ) -> Result<Option<(PoolUser, Vec<String>)>, PoolAdminError> {
        let Some(user) = self.0.pool.user(sub).await? else { return Ok(None) };
        let groups = self.0.pool.groups_of(&user.username).await?;
        Ok(Some((user, groups)))
    }
}

/// Checks that a text can be a subject.
pub(super) fn check_sub(sub: &str) -> Result<(), PeopleError> {
    if (1..=MAX_SUB_BYTES).contains(&sub.len()) { Ok(()) } else { Err(PeopleError::NotFound) }
}
