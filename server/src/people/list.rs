//! The list of people.

use std::time::Duration;

use gazette_domain::{Action, Caller, NewsDesk, Role};
use tokio::time::timeout;

use super::error::PeopleError;
use super::service::People;
use crate::auth::{SessionError, SessionList};
use crate::pool_admin::{PoolAdminError, PoolUser, UserPage, UserSearch};

/// People on a page.
const PAGE_SIZE: usize = 25;
/// Time limit of everything that one page asks the pool.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Which people a list has, and where it begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct PeopleSearch {
    /// Beginning of a name or an address; empty for all.
    pub(crate) text: String,
    /// Only people in the group of this role.
    pub(crate) role: Option<Role>,
    /// Position in the pool's list.
    pub(crate) cursor: Option<String>,
    /// Position in the site's list, which is shown while the pool refuses.
    pub(crate) after: Option<String>,
}

/// A page of people.
pub(crate) struct PeopleList {
    pub(crate) people: Vec<ListedPerson>,
    /// Position at which the next page begins.
    pub(crate) next: Option<String>,
    /// Reason why the list has only people who signed in recently.
    pub(crate) problem: Option<PoolAdminError>,
}

/// A person in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedPerson {
    pub(crate) sub: String,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    /// Groups at the pool; `None` if the pool did not tell.
    pub(crate) groups: Option<Vec<String>>,
    pub(crate) is_enabled: bool,
    pub(crate) is_invited: bool,
    /// Time of the latest request in an active session.
    pub(crate) seen_at: Option<i64>,
    /// Active sessions.
    pub(crate) sessions: usize,
    /// There are more sessions than counted.
    pub(crate) has_more_sessions: bool,
}

impl People {
    /// Lists people: those of the pool, or those who signed in recently while the pool refuses.
    pub(crate) async fn list(
        &self,
        desk: &NewsDesk,
        caller: &Caller,
        search: &PeopleSearch,
    ) -> Result<PeopleList, PeopleError> {
        desk.policy().authorize(caller, Action::ManageAccess)?;
        let group = search.role.map(|role| desk.policy().group(role).to_owned());
        let pool_search = match (search.text.trim(), group) {
            ("", None) => UserSearch::All,
            ("", Some(group)) => UserSearch::Group(group),
            (text, _) => UserSearch::Text(text.to_owned()),
        };
        let found = timeout(TIMEOUT, self.of_pool(&pool_search, search.cursor.as_deref())).await;
        let too_slow = |_| Err(PoolAdminError::Unavailable("the answers take too long".to_owned()));
        match found.unwrap_or_else(too_slow) {
            Ok((page, groups)) => {
                let mut people = Vec::new();
                for (user, groups) in page.users.into_iter().zip(groups) {
                    people.push(self.listed(user, groups).await?);
                }
                Ok(PeopleList { people, next: page.next, problem: None })
            }
            Err(problem) => self.of_site(search.after.as_deref(), problem).await,
        }
    }

    async fn of_pool(
        &self,
        search: &UserSearch,
        cursor: Option<&str>,
    ) -> Result<(UserPage, Vec<Vec<String>>), PoolAdminError> {
        let page = self.0.pool.users(search, PAGE_SIZE, cursor).await?;
        let groups = self.0.pool.groups_of_each(&page.users).await?;
        Ok((page, groups))
    }

    async fn listed(
        &self,
        user: PoolUser,
        groups: Vec<String>,
    ) -> Result<ListedPerson, SessionError> {
        let sub = user.sub.clone();
        let sessions = self.0.sessions.list(&sub).await?;
        Ok(ListedPerson {
            name: user.display_name().to_owned(),
            email: user.email,
            groups: Some(groups),
            is_enabled: user.is_enabled,
            is_invited: user.is_invited,
            seen_at: self.seen_at(&sub, &sessions).await?,
            sub,
            sessions: sessions.sessions.len(),
            has_more_sessions: sessions.more,
        })
    }

    /// Returns the time of the latest request, also if all sessions have ended since.
    pub(super) async fn seen_at(
        &self,
        sub: &str,
        list: &SessionList,
    ) -> Result<Option<i64>, SessionError> {
        match latest_request(list) {
            Some(at) => Ok(Some(at)),
            None => Ok(self.0.sessions.person(sub).await?.and_then(|person| person.seen_at)),
        }
    }

    /// Lists the people who signed in recently.
    async fn of_site(
        &self,
        after: Option<&str>,
        problem: PoolAdminError,
    ) -> Result<PeopleList, PeopleError> {
        let page = self.0.sessions.people(after).await?;
        let next = page.people.last().filter(|_| page.more).map(|(sub, _)| sub.clone());
        let mut people = Vec::new();
        for (sub, person) in page.people {
            let sessions = self.0.sessions.list(&sub).await?;
            people.push(ListedPerson {
                sub,
                name: person.username,
                email: None,
                groups: None,
                is_enabled: true,
                is_invited: false,
                seen_at: latest_request(&sessions).or(person.seen_at),
                sessions: sessions.sessions.len(),
                has_more_sessions: sessions.more,
            });
        }
        Ok(PeopleList { people, next, problem: Some(problem) })
    }
}

/// Returns the time of the latest request.
fn latest_request(list: &SessionList) -> Option<i64> {
    list.sessions.iter().map(|session| session.signed_in.seen_at).max()
}
