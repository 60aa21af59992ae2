//! The sessions of everybody: begun and verified for here.

use std::collections::HashMap;
use std::sync::Arc;

use gazette_domain::Identity;
use gazette_table::{Item, Key, Table, TableError, Write};
use tower_sessions::Session;
use tower_sessions::session::Id;

use crate::auth::oidc::{LoginTokens, OidcClient};
use crate::auth::refresh::{Flights, Refresher, Renewal};
use crate::auth::session::{Rights, SignedIn};
use crate::auth::session_keys::SessionKeys;
use crate::auth::session_records::{Owner, PEOPLE, Person, SessionName, Stored, Tokens};
use crate::auth::session_store::TableSessionStore;
use crate::clock::Clock;
use crate::config::SessionConfig;

/// How old the groups behind a destructive action may be.
const FRESH_SECONDS: i64 = 60;

/// The sessions.
pub struct Sessions {
    pub(super) refresher: Arc<Refresher>,
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

    /// Begins a session under a new id; the one that the browser came with has ended before
    /// (SES-02).
    pub(crate) async fn begin(
        &self,
        session: &Session,
        presented: Option<&SessionName>,
        tokens: &LoginTokens,
        device: String,
    ) -> Result<(), SessionError> {
        if let Some(name) = presented {
            self.end_named(name).await?;
        }
        let id = Id::default();
        let signed_in = SignedIn::begin(&tokens.identity, device, self.now());
        let batch = self.to_begin(&id, &signed_in, tokens)?;
        self.refresher.table.write(batch).await?;
        Ok(TableSessionStore::adopt(session, id).await?)
    }

    /// Whose session it is or was, for as long as its cookie may come along.
    pub(crate) async fn owner_of(
        &self,
        name: &SessionName,
    ) -> Result<Option<String>, SessionError> {
        let Some(item) = self.refresher.table.get(&name.owner()).await? else { return Ok(None) };
        Ok(Some(item.parse::<Owner>()?.sub))
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
        let renewal = self.renew(session, signed_in.verified_at + 1, patient).await?;
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
        self.verified_since(session, |_| self.now() - FRESH_SECONDS).await
    }

    /// Whom the session vouches for by what the pool says now.
    pub(crate) async fn renewed_identity(
        &self,
        session: &Session,
    ) -> Result<Option<Identity>, SessionError> {
        self.verified_since(session, |signed_in| signed_in.verified_at + 1).await
    }

    async fn verified_since(
        &self,
        session: &Session,
        wanted: impl FnOnce(&SignedIn) -> i64,
    ) -> Result<Option<Identity>, SessionError> {
        let Some(signed_in) = SignedIn::of(session).await? else { return Ok(None) };
        let wanted = wanted(&signed_in);
        if signed_in.verified_at >= wanted {
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
        tokens: &LoginTokens,
    ) -> Result<Vec<Write>, SessionError> {
        let name = SessionName::of(id);
        let ends_at = signed_in.ends_at(&self.refresher.config);
        let claims = tokens.identity.claims();
        let mut stored = Stored { data: HashMap::new() };
        signed_in
            .write(&mut stored.data)
            .map_err(|error| SessionError::Store(error.to_string()))?;
        let expires_at = self.refresher.store.expires_at(&stored);
        let person = Person { username: claims.username.clone() };
        let person = Item::new(Key::new(PEOPLE, &claims.sub), &person)?.expires_at(ends_at);
        let pointer = Item::new(name.pointer(&claims.sub), &())?.expires_at(ends_at);
        let owner = Item::new(name.owner(), &Owner { sub: claims.sub.clone() })?;
        let owner = owner.expires_at(signed_in.is_named_until(&self.refresher.config));
        let mut batch = vec![
            Write::create(stored.item(&name, 1, expires_at)?),
            Write::create(pointer),
            Write::create(owner),
            Write::put(person),
        ];
        if let Some(token) = &tokens.refresh_token {
            let sealed = self.refresher.keys.seal(token, name.as_str());
            let sealed = sealed.ok_or_else(|| SessionError::Store("no randomness".to_owned()))?;
            let tokens = Item::new(name.tokens(), &Tokens { sealed, leased_until: 0 })?;
            batch.push(Write::create(tokens.expires_at(ends_at)));
        }
        Ok(batch)
    }

    fn now(&self) -> i64 {
        self.refresher.clock.now().as_second()
    }
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
