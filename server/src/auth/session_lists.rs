//! Sessions as their owners see them, and people as admins do.

use gazette_table::{Item, Key, Order, Page, Range, TableError};

use crate::auth::session::SignedIn;
use crate::auth::session_records::{PEOPLE, Person, SessionName, Stored, sessions_of};
use crate::auth::sessions::{SessionError, Sessions};

/// How many sessions of a person are listed; as many as can be read at once.
const MOST_LISTED: usize = 100;
/// How many pages of names are looked through for sessions that have not ended.
const MOST_PAGES: usize = 5;
/// How many people stand on a page.
const PEOPLE_PER_PAGE: usize = 50;

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Names it, to end it.
    pub(crate) name: SessionName,
    /// What it says.
    pub(crate) signed_in: SignedIn,
}

/// The sessions of a person.
pub(crate) struct Listing {
    /// At most [`MOST_LISTED`], the one used last first.
    pub(crate) sessions: Vec<Listed>,
    /// Whether there are more.
    pub(crate) more: bool,
}

/// A page of those who have signed in lately.
pub(crate) struct People {
    /// Who they are, by their subjects.
    pub(crate) people: Vec<(String, Person)>,
    /// Whether there are more after the last one.
    pub(crate) more: bool,
}

impl Sessions {
    /// The sessions of a person.
    pub(crate) async fn of_person(&self, sub: &str) -> Result<Listing, SessionError> {
        let (mut sessions, mut after, mut more) = (Vec::new(), None, true);
        // One that has ended by itself leaves its name behind for a while.
        for _ in 0..MOST_PAGES {
            if !more || sessions.len() >= MOST_LISTED {
                break;
            }
            let names;
            (names, more) = self.names(sub, after.as_ref(), MOST_LISTED).await?;
            after = names.last().cloned();
            sessions.extend(self.alive(names).await?);
        }
        let more = more || sessions.len() > MOST_LISTED;
        sessions.truncate(MOST_LISTED);
        sessions.sort_by_key(|session| std::cmp::Reverse(session.signed_in.seen_at));
        Ok(Listing { sessions, more })
    }

    /// A session, unless it has ended.
    pub(crate) async fn listed(&self, name: SessionName) -> Result<Option<Listed>, SessionError> {
        Ok(self.alive(vec![name]).await?.pop())
    }

    /// Those who have signed in lately, from after a subject on.
    pub(crate) async fn people(&self, after: Option<&str>) -> Result<People, SessionError> {
        let page = self.page(PEOPLE, after, PEOPLE_PER_PAGE).await?;
        let person = |item: Item| Ok((item.key.sort.clone(), item.parse()?));
        let people = page.items.into_iter().map(person).collect::<Result<_, TableError>>()?;
        Ok(People { people, more: page.more })
    }

    /// The names of a person's sessions, and whether there are more.
    pub(super) async fn names(
        &self,
        sub: &str,
        after: Option<&SessionName>,
        limit: usize,
    ) -> Result<(Vec<SessionName>, bool), SessionError> {
        let page = self.page(&sessions_of(sub), after.map(SessionName::as_str), limit).await?;
        let names = page.items.iter().filter_map(|item| SessionName::received(&item.key.sort));
        Ok((names.collect(), page.more))
    }

    /// Those of at most [`MOST_LISTED`] sessions that have not ended.
    pub(super) async fn alive(&self, names: Vec<SessionName>) -> Result<Vec<Listed>, SessionError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Key> = names.iter().map(SessionName::current).collect();
        let items = self.refresher.table.get_many(&keys).await?;
        let listed = |(name, item): (SessionName, Option<Item>)| {
            let signed_in = Stored::read(&item?)?.signed_in()?;
            Some(Listed { name, signed_in })
        };
        Ok(names.into_iter().zip(items).filter_map(listed).collect())
    }

    async fn page(
        &self,
        partition: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page, SessionError> {
        let range = Range { after: after.map(str::to_owned), before: None };
        Ok(self.refresher.table.query(partition, &range, Order::Ascending, limit).await?)
    }
}
