//! The pool itself: its parts, and the operations that need more than one of them.

use std::sync::Arc;

use gazette_table::{Clock, Table};
use uuid::Uuid;

use crate::client::{AppClient, AuthFlow};
use crate::clients::Clients;
use crate::config::PoolConfig;
use crate::directory::Directory;
use crate::error::{DirectoryError, InternalError, LockedError, PoolError, SignInError};
use crate::grants::{Challenges, Codes, ConfirmationCodes, RefreshTokens, Sessions, SignUps};
use crate::key_ring::KeyRing;
use crate::lockout::{Attempt, Lockout};
use crate::mfa_setting::MfaSetting;
use crate::outbox::Outbox;
use crate::resource_servers::ResourceServers;
use crate::samples::Samples;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::settings::{Parts, Settings};
use crate::token_issuer::TokenIssuer;
use crate::user::Account;
use crate::validation::{check_password, check_username, normalize_username};

/// An open user pool; clones share its state.
#[derive(Clone)]
pub struct UserPool {
    pub(crate) state: Arc<PoolState>,
}

/// The parts of a pool, shared by all its HTTP handlers.
pub(crate) struct PoolState {
    pub(crate) settings: Settings,
    pub(crate) clients: Clients,
    pub(crate) resource_servers: ResourceServers,
    pub(crate) directory: Directory,
    pub(crate) codes: Codes,
    pub(crate) refresh_tokens: RefreshTokens,
    pub(crate) sessions: Sessions,
    pub(crate) sign_ups: SignUps,
    pub(crate) samples: Samples,
    pub(crate) challenges: Challenges,
    pub(crate) confirmation_codes: ConfirmationCodes,
    pub(crate) outbox: Outbox,
    pub(crate) mfa: MfaSetting,
    pub(crate) token_issuer: TokenIssuer,
    lockout: Lockout,
    clock: Clock,
}

/// The outcome of a right password.
pub(crate) enum SignedIn {
    /// The sign-in is complete.
    Complete(Account),
    /// The password is temporary: the sign-in is complete after the user has replaced it.
    NewPasswordRequired {
        /// The account with the temporary password.
        account: Account,
        /// Identifies the sign-in for a while.
        session: Secret,
    },
    /// The sign-in is complete after the user has entered a code of the authenticator app.
    CodeRequired {
        /// The account with the app.
        account: Account,
        /// Identifies the sign-in for a while.
        session: Secret,
    },
    /// The sign-in is complete after the user has set up an authenticator app.
    SetUpRequired {
        /// The account without an app.
        account: Account,
        /// Identifies the sign-in for a while.
        session: Secret,
    },
}

impl UserPool {
    /// Opens the pool whose users and grants are in `table`.
    ///
    /// The first call creates two RSA keys in the key folder, which takes a moment; later calls
    /// read them. It needs a Tokio runtime.
    ///
    /// # Errors
    /// [`PoolError`] names the invalid setting or the unusable file.
    pub async fn open(config: PoolConfig, table: Arc<dyn Table>) -> Result<Self, PoolError> {
        let (settings, parts) = Settings::check(config)?;
        let Parts { key_folder, clients, clock } = parts;
        let keys = KeyRing::open(key_folder).await?;
        let pool_id = settings.pool_id.as_str();
        let state = PoolState {
            clients: Clients::new(pool_id, Arc::clone(&table), Arc::clone(&clock), clients),
            resource_servers: ResourceServers::new(pool_id, Arc::clone(&table)),
            directory: Directory::new(pool_id, Arc::clone(&table), Arc::clone(&clock)),
            codes: Codes::new(pool_id, Arc::clone(&table)),
            refresh_tokens: RefreshTokens::new(pool_id, Arc::clone(&table)),
            challenges: Challenges::new(pool_id, Arc::clone(&table)),
            confirmation_codes: ConfirmationCodes::new(pool_id, Arc::clone(&table)),
            outbox: Outbox::new(pool_id, Arc::clone(&table)),
            mfa: MfaSetting::new(pool_id, Arc::clone(&table)),
            sign_ups: SignUps::new(pool_id, Arc::clone(&table)),
            samples: Samples::new(pool_id, Arc::clone(&table)),
            sessions: Sessions::new(pool_id, table),
            token_issuer: TokenIssuer::new(&settings.issuer, keys),
            lockout: Lockout::default(),
            settings,
            clock,
        };
        state.directory.upgrade().await?;
        let clients = state.clients.list().await.map_err(DirectoryError::from)?;
        if clients.iter().any(|it| it.client.allows_flow(AuthFlow::UserSrp)) {
            state.directory.enable_srp();
        }
        Ok(Self { state: Arc::new(state) })
    }

    /// Returns the users of the pool.
    pub fn directory(&self) -> &Directory {
        &self.state.directory
    }

    /// Returns the issuer that its tokens name: the origin and the pool id.
    pub fn issuer(&self) -> &str {
        &self.state.settings.issuer
    }

    pub(crate) fn now(&self) -> i64 {
        (self.state.clock)()
    }

    /// Checks a username and a password.
    ///
    /// Failures are counted by username. The right password resets the count.
    pub(crate) async fn sign_in(
        &self,
        client: &AppClient,
        username: &str,
        password: &str,
    ) -> Result<SignedIn, SignInError> {
        let account = self.check_password(username, password).await?;
        self.after_password(client, account).await
    }

    /// Begins an attempt to sign in; refuses it while the username is locked.
    pub(crate) async fn begin_attempt(&self, username: &str) -> Result<Attempt<'_>, LockedError> {
        let name = normalize_username(username);
        let attempt = self.state.lockout.begin_attempt(&name, || self.now()).await;
        attempt.inspect_err(|locked| {
            let retry_after = locked.retry_after;
            tracing::info!(reason = "locked", retry_after, "sign-in failed");
        })
    }

    pub(crate) async fn check_password(
        &self,
        username: &str,
        password: &str,
    ) -> Result<Account, SignInError> {
        if check_username(username).is_err() {
            tracing::info!(reason = "malformed", "sign-in failed");
            return Err(SignInError::WrongCredentials);
        }
        // The address and the name of a user are locked together.
        let account = self.directory().resolve(username).await?;
        let name = account.map_or_else(|| username.to_owned(), |account| account.user.username);
        let attempt = self.begin_attempt(&name).await?;
        // No user can have this password, but it counts as any other wrong one.
        if check_password(password).is_err() {
            attempt.fail(self.now());
            tracing::info!(reason = "malformed", "sign-in failed");
            return Err(SignInError::WrongCredentials);
        }
        let authenticated = self.state.directory.authenticate(username, password).await;
        match &authenticated {
            Ok(_) => attempt.succeed(),
            Err(SignInError::WrongCredentials | SignInError::Disabled) => attempt.fail(self.now()),
            Err(
                SignInError::Locked(_)
                | SignInError::TemporaryPasswordExpired
                | SignInError::NotConfirmed
                | SignInError::ResetRequired
                | SignInError::Internal(_),
            ) => {}
        }
        authenticated
    }

    /// Returns the account and the scopes of an access token.
    pub(crate) async fn bearer(&self, token: &str) -> Result<Bearer, BearerError> {
        let claims = self.state.token_issuer.read_access_token(token);
        let claims = claims.ok_or(BearerError::Invalid)?;
        if self.now() >= claims.exp {
            return Err(BearerError::Expired);
        }
        let sign_in = self.state.refresh_tokens.sign_in_of(claims.origin_jti).await?;
        let sign_in = sign_in.filter(|sign_in| sign_in.sub == claims.sub);
        let sign_in = sign_in.ok_or(BearerError::Revoked)?;
        let account = self.directory().account_of(&sign_in).await?;
        let account = account.ok_or(BearerError::Revoked)?;
        Ok(Bearer { account, scopes: claims.scope, family: claims.origin_jti })
    }
}

/// The presenter of an access token.
pub(crate) struct Bearer {
    pub(crate) account: Account,
    pub(crate) scopes: Scopes,
    /// Id of the token family.
    pub(crate) family: Uuid,
}

/// Error of an access token.
#[derive(Debug)]
pub(crate) enum BearerError {
    /// This pool did not issue it.
    Invalid,
    Expired,
    /// Its family was revoked, or the sign-ins of its user were ended.
    Revoked,
    /// The table failed.
    Internal(InternalError),
}

impl From<InternalError> for BearerError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}
