//! Lists sessions for their users, and users for admins.

use gazette_table::{Item, Key, Order, Page, Range, TableError};

use crate::auth::partitions::PEOPLE;
use crate::auth::session::error::SessionError;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::record::{Person, StoredSession, current_key, list_partition};
use crate::auth::session::sessions::Sessions;
use crate::auth::session::signed_in::SignedIn;

/// Sessions in a list; at most as many as one read returns.
const MAX_LISTED: usize = 100;
/// Pages of hashes that are searched for active sessions.
const MAX_PAGES: usize = 5;
const PEOPLE_PER_PAGE: usize = 50;

/// Active session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedSession {
    /// Identifies the session, to end it.
    pub(crate) hash: SessionHash,
    pub(crate) signed_in: SignedIn,
}

/// Active sessions of a user.
pub(crate) struct SessionList {
    /// At most [`MAX_LISTED`] sessions, the most recently used first.
    pub(crate) sessions: Vec<ListedSession>,
    /// True if there are more.
    pub(crate) more: bool,
}

/// Page of the users who signed in recently.
pub(crate) struct PeoplePage {
    /// Users with their subjects.
    pub(crate) people: Vec<(String, Person)>,
    /// True if there are more after the last one.
    pub(crate) more: bool,
}

impl Sessions {
    /// Lists the active sessions of a user.
    pub(crate) async fn list(&self, sub: &str) -> Result<SessionList, SessionError> {
        let (mut sessions, mut after, mut more) = (Vec::new(), None, true);
        // An expired session leaves its entry in the list for a while.
        for _ in 0..MAX_PAGES {
            if !more || sessions.len() >= MAX_LISTED {
                break;
            }
            let hashes;
            (hashes, more) = self.hashes(sub, after.as_ref(), MAX_LISTED).await?;
            after = hashes.last().cloned();
            sessions.extend(self.active(hashes).await?);
        }
        let more = more || sessions.len() > MAX_LISTED;
        sessions.truncate(MAX_LISTED);
        sessions.sort_by_key(|session| std::cmp::Reverse(session.signed_in.seen_at));
        Ok(SessionList { sessions, more })
    }

    /// Returns a session if it is active.
    pub(crate) async fn find(
        &self,
        session: SessionHash,
    ) -> Result<Option<ListedSession>, SessionError> {
        Ok(self.active(vec![session]).await?.pop())
    }

    /// Returns a page of the users who signed in recently, after a subject.
    pub(crate) async fn people(&self, after: Option<&str>) -> Result<PeoplePage, SessionError> {
        let page = self.page(PEOPLE, after, PEOPLE_PER_PAGE).await?;
        let person = |item: Item| Ok((item.key.sort.clone(), item.parse()?));
        let people = page.items.into_iter().map(person).collect::<Result<_, TableError>>()?;
        Ok(PeoplePage { people, more: page.more })
    }

    /// Returns a user who signed in recently.
    pub(crate) async fn person(&self, sub: &str) -> Result<Option<Person>, SessionError> {
        let item = self.backend.table.get(&Key::new(PEOPLE, sub)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// Returns hashes of a user's sessions, active or not, and whether there are more.
    pub(super) async fn hashes(
        &self,
        sub: &str,
        after: Option<&SessionHash>,
        limit: usize,
    ) -> Result<(Vec<SessionHash>, bool), SessionError> {
        let after = after.map(SessionHash::as_str);
        let page = self.page(&list_partition(sub), after, limit).await?;
        let hashes = page.items.iter().filter_map(|item| SessionHash::parse(&item.key.sort));
        Ok((hashes.collect(), page.more))
    }

    /// Returns the active ones of at most [`MAX_LISTED`] sessions.
    pub(super) async fn active(
        &self,
        hashes: Vec<SessionHash>,
    ) -> Result<Vec<ListedSession>, SessionError> {
        if hashes.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Key> = hashes.iter().map(current_key).collect();
        let items = self.backend.table.get_many(&keys).await?;
        let listed = |(hash, item): (SessionHash, Option<Item>)| {
            let signed_in = StoredSession::parse(&item?)?.signed_in()?;
            Some(ListedSession { hash, signed_in })
        };
        Ok(hashes.into_iter().zip(items).filter_map(listed).collect())
    }

    async fn page(
        &self,
        partition: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page, TableError> {
        let range = Range { after: after.map(str::to_owned), before: None };
        self.backend.table.query(partition, &range, Order::Ascending, limit).await
    }
}
