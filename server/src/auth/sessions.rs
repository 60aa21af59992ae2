//! The sessions of everybody: begun, vouched for, listed and ended here.

use std::collections::HashMap;
use std::sync::Arc;

use gazette_domain::Identity;
use gazette_table::{Item, Key, Order, Range, Table, TableError, Write};
use tower_sessions::Session;
use tower_sessions::session::Id;

use crate::auth::oidc::{Arrival, OidcClient};
use crate::auth::refresh::{Flights, Refresher, Renewal};
use crate::auth::session::{Rights, SignedIn};
use crate::auth::session_keys::SessionKeys;
use crate::auth::session_records::{PEOPLE, Person, SessionName, Stored, Tokens, sessions_of};
use crate::auth::session_store::TableSessionStore;
use crate::clock::Clock;
use crate::config::SessionConfig;

/// How old the groups behind a destructive action may be.
const FRESH_SECONDS: i64 = 60;
/// How many sessions or people are listed.
const MOST_LISTED: usize = 500;
/// How often a session may have changed its id while somebody signs out of it.
const MOST_MOVES: usize = 8;

/// The sessions.
pub struct Sessions {
    refresher: Arc<Refresher>,
}

/// Why a session cannot say whom it vouches for, without anybody being signed out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    /// The store does not answer.
    #[error("sessions cannot be read: {0}")]
    Store(String),
    /// What is known is too old, and the pool does not answer.
    #[error("the user pool cannot be asked whether the sign-in still holds")]
    PoolAway,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Names it, to end it.
    pub(crate) name: SessionName,
    /// What it says.
    pub(crate) signed_in: SignedIn,
}

impl Sessions {
    /// Keeps sessions in `table`.
    pub fn new(
        table: Arc<dyn Table>,
        clock: Clock,
        config: SessionConfig,
        oidc: Arc<OidcClient>,
        keys: SessionKeys,
    ) -> Self {
        let store = TableSessionStore::new(Arc::clone(&table), clock.seconds(), config.clone());
        let (flights, resting_until) = (Flights::default(), 0.into());
        let refresher =
            Refresher { table, store, oidc, keys, config, clock, flights, resting_until };
        Self { refresher: Arc::new(refresher) }
    }

    /// Where the session layer finds them.
    pub fn store(&self) -> TableSessionStore {
        self.refresher.store.clone()
    }

    /// How long a session lasts at most, in seconds.
    pub fn longest_seconds(&self) -> i64 {
        self.refresher.config.absolute_seconds
    }

    /// The name under which a request's session is kept.
    pub(crate) fn name_of(session: &Session) -> Option<SessionName> {
        session.id().as_ref().map(SessionName::of)
    }

    /// Begins a session under a new id; the one the browser had before is gone first, in the
    /// same batch (SES-02).
    pub(crate) async fn begin(
        &self,
        session: &Session,
        arrival: &Arrival,
        device: String,
    ) -> Result<(), SessionError> {
        let before = SignedIn::of(session).await?;
        let before = before.and_then(|before| Some((Self::name_of(session)?, before)));
        let replaced = match &before {
            Some((name, _)) => self.refresh_token(name).await?,
            None => None,
        };
        let id = Id::default();
        let signed_in = SignedIn::begin(&arrival.identity, device, self.now());
        let mut batch = self.to_begin(&id, &signed_in, arrival)?;
        if let Some((name, before)) = &before {
            batch.extend(to_end(name, &before.identity().claims().sub));
        }
        self.refresher.table.write(batch).await?;
        if let Some((name, _)) = &before {
            self.refresher.store.forget(name);
        }
        TableSessionStore::adopt(session, id).await?;
        if let Some(token) = replaced {
            self.refresher.revoke(&token).await;
        }
        Ok(())
    }

    /// Whom the session vouches for now, if it has not ended.
    ///
    /// Asks the pool again shortly before its word runs out. While the pool cannot be asked,
    /// its last word counts for an hour more; nobody is signed out for that (OAU-09).
    pub(crate) async fn identity(
        &self,
        session: &Session,
    ) -> Result<Option<Identity>, SessionError> {
        let Some(signed_in) = SignedIn::of(session).await? else { return Ok(None) };
        let name = Self::name_of(session);
        if signed_in.is_over(&self.refresher.config, self.now()) {
            self.end(session, name.as_ref()).await?;
            return Ok(None);
        }
        let rights = signed_in.rights(self.now());
        if rights == Rights::Good {
            signed_in.note_use(session, self.now()).await?;
            return Ok(Some(signed_in.identity()));
        }
        let patient = rights != Rights::EndSoon;
        let renewal = self.renew(session, signed_in.vouched_at + 1, patient).await?;
        match (renewal, rights) {
            (Renewal::Renewed(signed_in, _), _) => Ok(Some(signed_in.identity())),
            // It may have moved to another id for another request; where it went is not followed.
            (Renewal::Over, _) => {
                session.flush().await?;
                Ok(None)
            }
            (Renewal::NoTokens, Rights::Ended | Rights::Lost) => {
                self.end(session, name.as_ref()).await?;
                Ok(None)
            }
            (Renewal::Away | Renewal::UnderWay, Rights::Lost) => Err(SessionError::PoolAway),
            (Renewal::Away | Renewal::UnderWay | Renewal::NoTokens, _) => {
                signed_in.note_use(session, self.now()).await?;
                Ok(Some(signed_in.identity()))
            }
        }
    }

    /// Whom the session vouches for by what the pool said within the last minute.
    pub(crate) async fn fresh_identity(
        &self,
        session: &Session,
    ) -> Result<Option<Identity>, SessionError> {
        self.vouched_since(session, |_| self.now() - FRESH_SECONDS).await
    }

    /// Whom the session vouches for by what the pool says now.
    pub(crate) async fn renewed_identity(
        &self,
        session: &Session,
    ) -> Result<Option<Identity>, SessionError> {
        self.vouched_since(session, |signed_in| signed_in.vouched_at + 1).await
    }

    /// Ends the session that a request came with, also when it has moved meanwhile: here
    /// first, then the refresh token behind it (OAU-13).
    pub(crate) async fn end(
        &self,
        session: &Session,
        presented: Option<&SessionName>,
    ) -> Result<(), SessionError> {
        if let Some(name) = presented {
            self.end_named(name).await?;
        }
        Ok(session.flush().await?)
    }

    /// Ends a session of a person; `false` when they have none of this name.
    pub(crate) async fn end_one(
        &self,
        sub: &str,
        name: &SessionName,
    ) -> Result<bool, SessionError> {
        if self.refresher.table.get(&name.pointer(sub)).await?.is_none() {
            return Ok(false);
        }
        self.end_named(name).await?;
        Ok(true)
    }

    /// Ends all sessions of a person and says how many there were.
    pub(crate) async fn end_all(&self, sub: &str) -> Result<usize, SessionError> {
        let mut ended = 0;
        loop {
            let names = self.names(sub).await?;
            for name in &names {
                self.end_named(name).await?;
                // What its record did not say when it had ended by itself.
                let leftover = vec![Write::delete(name.pointer(sub))];
                self.refresher.table.write(leftover).await?;
            }
            ended += names.len();
            if names.len() < MOST_LISTED {
                return Ok(ended);
            }
        }
    }

    /// The sessions of a person, the one used last first.
    pub(crate) async fn of_person(&self, sub: &str) -> Result<Vec<Listed>, SessionError> {
        let mut sessions = Vec::new();
        for name in self.names(sub).await? {
            // One that has ended by itself leaves its name behind for a while.
            if let Some((_, _, signed_in)) = self.refresher.read(&name).await? {
                sessions.push(Listed { name, signed_in });
            }
        }
        sessions.sort_by_key(|session| std::cmp::Reverse(session.signed_in.seen_at));
        Ok(sessions)
    }

    /// Those who have signed in lately, with their subjects.
    pub(crate) async fn people(&self) -> Result<Vec<(String, Person)>, SessionError> {
        let items = self.page(PEOPLE).await?;
        let person = |item: Item| Ok((item.key.sort.clone(), item.parse()?));
        items.into_iter().map(person).collect()
    }

    async fn vouched_since(
        &self,
        session: &Session,
        wanted: impl FnOnce(&SignedIn) -> i64,
    ) -> Result<Option<Identity>, SessionError> {
        let Some(signed_in) = SignedIn::of(session).await? else { return Ok(None) };
        let wanted = wanted(&signed_in);
        if signed_in.vouched_at >= wanted {
            return Ok(Some(signed_in.identity()));
        }
        match self.renew(session, wanted, true).await? {
            Renewal::Renewed(signed_in, _) => Ok(Some(signed_in.identity())),
            Renewal::Over => {
                session.flush().await?;
                Ok(None)
            }
            Renewal::Away | Renewal::UnderWay | Renewal::NoTokens => Err(SessionError::PoolAway),
        }
    }

    /// Renews the session and makes the request go on with the outcome.
    async fn renew(
        &self,
        session: &Session,
        wanted: i64,
        patient: bool,
    ) -> Result<Renewal, SessionError> {
        let Some(name) = Self::name_of(session) else { return Ok(Renewal::Over) };
        let refresher = Arc::clone(&self.refresher);
        // By itself, so that fresh tokens are kept even when the client goes away meanwhile.
        let renewal = tokio::spawn(async move { refresher.renew(&name, wanted, patient).await });
        let renewal = renewal.await.map_err(|error| SessionError::Store(error.to_string()))??;
        match &renewal {
            Renewal::Renewed(_, Some(id)) => TableSessionStore::adopt(session, *id).await?,
            Renewal::Renewed(_, None) => session.load().await?,
            Renewal::Over | Renewal::Away | Renewal::UnderWay | Renewal::NoTokens => {}
        }
        Ok(renewal)
    }

    fn to_begin(
        &self,
        id: &Id,
        signed_in: &SignedIn,
        arrival: &Arrival,
    ) -> Result<Vec<Write>, SessionError> {
        let name = SessionName::of(id);
        let ends_at = signed_in.ends_at(&self.refresher.config);
        let claims = arrival.identity.claims();
        let mut stored = Stored { data: HashMap::new() };
        signed_in
            .write(&mut stored.data)
            .map_err(|error| SessionError::Store(error.to_string()))?;
        let expires_at = self.refresher.store.expires_at(&stored);
        let person = Person { username: claims.username.clone() };
        let person = Item::new(Key::new(PEOPLE, &claims.sub), &person)?.expires_at(ends_at);
        let pointer = Item::new(name.pointer(&claims.sub), &())?.expires_at(ends_at);
        let mut batch = vec![
            Write::create(stored.item(&name, 1, expires_at)?),
            Write::create(pointer),
            Write::put(person),
        ];
        if let Some(token) = &arrival.refresh_token {
            let sealed = self.refresher.keys.seal(token, name.as_str());
            let sealed = sealed.ok_or_else(|| SessionError::Store("no randomness".to_owned()))?;
            let tokens = Item::new(name.tokens(), &Tokens { sealed, leased_until: 0 })?;
            batch.push(Write::create(tokens.expires_at(ends_at)));
        }
        Ok(batch)
    }

    /// Ends a session, wherever it has gone, and has the pool forget its refresh token.
    ///
    /// Where it went is asked after it was ended: what moves it does so only while it is there.
    async fn end_named(&self, name: &SessionName) -> Result<(), SessionError> {
        let mut next = Some(name.clone());
        for _ in 0..MOST_MOVES {
            let Some(name) = next else { break };
            let found = self.refresher.read(&name).await?;
            let token = self.refresh_token(&name).await?;
            let mut batch = vec![Write::delete(name.current()), Write::delete(name.tokens())];
            if let Some((_, _, signed_in)) = found {
                batch.push(Write::delete(name.pointer(&signed_in.identity().claims().sub)));
            }
            let written = self.refresher.table.write(batch).await;
            self.refresher.store.forget(&name);
            written?;
            if let Some(token) = token {
                self.refresher.revoke(&token).await;
            }
            next = self.moved_to(&name).await?;
        }
        Ok(())
    }

    async fn moved_to(&self, name: &SessionName) -> Result<Option<SessionName>, SessionError> {
        let Some(item) = self.refresher.table.get(&name.moved()).await? else { return Ok(None) };
        Ok(SessionName::received(&item.parse::<String>()?))
    }

    async fn refresh_token(&self, name: &SessionName) -> Result<Option<String>, SessionError> {
        let Some(item) = self.refresher.table.get(&name.tokens()).await? else { return Ok(None) };
        let tokens: Tokens = item.parse()?;
        Ok(self.refresher.keys.open_sealed(&tokens.sealed, name.as_str()))
    }

    async fn names(&self, sub: &str) -> Result<Vec<SessionName>, SessionError> {
        let items = self.page(&sessions_of(sub)).await?;
        Ok(items.iter().filter_map(|item| SessionName::received(&item.key.sort)).collect())
    }

    async fn page(&self, partition: &str) -> Result<Vec<Item>, SessionError> {
        let table = &self.refresher.table;
        let page = table.query(partition, &Range::all(), Order::Ascending, MOST_LISTED).await?;
        Ok(page.items)
    }

    fn now(&self) -> i64 {
        self.refresher.clock.now().as_second()
    }
}

/// The writes that leave nothing of a session.
fn to_end(name: &SessionName, sub: &str) -> [Write; 3] {
    [name.current(), name.tokens(), name.pointer(sub)].map(Write::delete)
}

impl From<TableError> for SessionError {
    fn from(error: TableError) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<tower_sessions::session::Error> for SessionError {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Store(error.to_string())
    }
}
