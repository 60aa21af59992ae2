//! An embedded user pool that speaks Amazon Cognito, hosted UI included, for
//! use on one machine: OpenID Connect discovery and keys, the sign-in page, the
//! token endpoint, and the JSON API of the same service.
//!
//! Here live the directory of users ([`Directory`]), the grants (codes, refresh
//! tokens, single sign-on) and their HTTP face ([`UserPool::router`]). What the
//! users may do is not known here, and nothing is bound to an address here.
//!
//! Everything is kept in the [`Table`] the pool is opened with, except for two
//! private keys, which are files, and the counts of failed sign-ins, which are
//! gone with the process.

mod access_token;
mod config;
mod directory;
mod error;
mod grant;
mod http;
mod keys;
mod lockout;
mod partitions;
mod password;
mod scope;
mod secret;
mod token;
mod user;

use std::sync::Arc;

use gazette_table::{Clock, Table};

pub use config::{AccessKey, AppClient, MoveClock, PoolConfig};
pub use directory::{Directory, Ensured};
pub use error::{DirectoryError, Failure, PoolError};
pub use partitions::PARTITIONS;
pub use user::{NewUser, User};

use config::Settings;
use directory::SignInRefused;
use grant::{Codes, RefreshTokens, Refreshed, Sessions};
use keys::SigningKeys;
use lockout::Lockout;
use scope::Scopes;
use token::Mint;
use user::Account;

/// A user pool that is open for use; clones share it.
#[derive(Clone)]
pub struct UserPool(Arc<Rooms>);

/// What the HTTP face works with.
struct Rooms {
    settings: Settings,
    directory: Directory,
    lockout: Lockout,
    codes: Codes,
    refresh_tokens: RefreshTokens,
    sessions: Sessions,
    mint: Mint,
    clock: Clock,
}

impl UserPool {
    /// Opens the pool whose users and grants are in `table`.
    ///
    /// The first time this makes two RSA keys in the key directory, which takes
    /// a moment; later it reads them. It needs a Tokio runtime.
    ///
    /// # Errors
    /// [`PoolError`] names the setting or the file at fault.
    pub async fn open(config: PoolConfig, table: Arc<dyn Table>) -> Result<Self, PoolError> {
        let (settings, key_dir, clock) = Settings::check(config)?;
        let keys = SigningKeys::open(key_dir).await?;
        let pool_id = settings.pool_id.as_str();
        Ok(Self(Arc::new(Rooms {
            directory: Directory::new(pool_id, Arc::clone(&table), Arc::clone(&clock)),
            lockout: Lockout::default(),
            codes: Codes::new(pool_id, Arc::clone(&table)),
            refresh_tokens: RefreshTokens::new(pool_id, Arc::clone(&table)),
            sessions: Sessions::new(pool_id, table),
            mint: Mint::new(&settings.issuer, keys),
            settings,
            clock,
        })))
    }

    /// The pages and endpoints of the pool, for the root of its own origin.
    ///
    /// It is meant for a loopback address; what it serves is for local use.
    pub fn router(&self) -> axum::Router {
        http::router(self.clone())
    }

    /// The users of the pool.
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    /// The issuer its tokens name: the origin and the pool id.
    pub fn issuer(&self) -> &str {
        &self.0.settings.issuer
    }

    fn now(&self) -> i64 {
        (self.0.clock)()
    }

    /// Checks a name and a password, and counts what failed.
    ///
    /// An attempt counts as failed from its start, so that many at once cannot
    /// outrun the count; the right password wipes it.
    async fn sign_in(&self, username: &str, password: &str) -> Result<Account, SignInRefused> {
        if !user::can_sign_in(username, password) {
            return Err(SignInRefused::Wrong);
        }
        let name = user::folded(username);
        if !self.0.lockout.admit(&name, self.now()) {
            return Err(SignInRefused::TooManyAttempts);
        }
        let account = self.0.directory.authenticate(username, password).await?;
        self.0.lockout.forget(&name);
        Ok(account)
    }

    /// Uses a refresh token: its grant and its user as they are now.
    async fn refreshed(
        &self,
        token: &str,
        client: &AppClient,
    ) -> Result<Option<(Refreshed, User)>, Failure> {
        let tokens = &self.0.refresh_tokens;
        // Asked before the token is used, since a user who is disabled for an hour must not
        // come back to a token that was replaced without a successor.
        let Some(grant) = tokens.find(token, client).await? else { return Ok(None) };
        let Some(user) = self.0.directory.user_of(&grant.sign_in).await? else { return Ok(None) };
        let refreshed = tokens.redeem(token, client, self.now()).await?;
        Ok(refreshed.map(|refreshed| (refreshed, user)))
    }

    /// The user whom an access token of this pool vouches for, with its scopes; `None` when
    /// it is not good, or its family of tokens was revoked.
    async fn bearer(&self, token: &str) -> Result<Option<(User, Scopes)>, Failure> {
        let Some(claims) = self.0.mint.read_access_token(token, self.now()) else {
            return Ok(None);
        };
        let sign_in = self.0.refresh_tokens.sign_in_of(claims.origin_jti).await?;
        let Some(sign_in) = sign_in.filter(|sign_in| sign_in.sub == claims.sub) else {
            return Ok(None);
        };
        let user = self.0.directory.user_of(&sign_in).await?;
        Ok(user.map(|user| (user, claims.scope)))
    }
}
