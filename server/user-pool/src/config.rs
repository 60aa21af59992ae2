//! The configuration of a pool.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use gazette_table::Clock;
use url::Url;

use crate::secret::is_same;

/// Configuration of a pool.
pub struct PoolConfig {
    /// Id such as `local_gazette`: a word, an underscore, letters and digits; at most 55
    /// characters.
    pub pool_id: String,
    /// Origin that browsers use, such as `http://localhost:4000`.
    pub public_url: Url,
    /// Directory of the two private keys; created when missing.
    pub key_dir: PathBuf,
    /// Applications that may request tokens.
    pub clients: Vec<AppClient>,
    /// Current time in Unix seconds; the same clock that the table uses for expiry.
    pub clock: Clock,
    /// Key that signs Admin operations; without it they are all refused.
    pub administrator: Option<AccessKey>,
    /// Accepts an Admin operation that any key has signed, unless a web page sent it. For programs
    /// on this machine, whose user owns the pool anyway.
    pub accepts_any_signature: bool,
    /// Moves `clock` forward, for tests of expiry; without it `/_pool/clock` is 404.
    pub move_clock: Option<MoveClock>,
}

/// Moves a clock forward by a number of seconds.
pub type MoveClock = Arc<dyn Fn(i64) + Send + Sync>;

/// Key that Admin operations are signed with (AWS Signature Version 4).
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Key id: 4 to 128 letters, digits, `_` or `+`.
    pub id: String,
    /// Secret of at least 16 characters.
    pub secret: String,
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// An application that may request tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct AppClient {
    /// Id: 1 to 128 letters, digits, `_` or `+`.
    pub id: String,
    /// Name shown on the sign-in page.
    pub name: String,
    /// URLs that a code may be sent to; compared as exact strings.
    pub callback_urls: Vec<String>,
    /// URLs that a browser may be sent to after signing out; compared as exact strings.
    pub logout_urls: Vec<String>,
    /// Enables `USER_PASSWORD_AUTH`.
    pub password_auth: bool,
    /// Enables the authorization code grant.
    pub authorization_code: bool,
    /// Secret of a confidential client: 24 to 64 letters, digits, `_` or `+`.
    pub secret: Option<String>,
    /// Enables refresh token rotation; the value is the grace period of a used token in
    /// seconds (0 to 60). Source: Cognito, `RefreshTokenRotation`.
    pub refresh_token_rotation: Option<u8>,
}

impl AppClient {
    /// Checks the secret that a client presents; a public client must present none.
    pub(crate) fn accepts_secret(&self, presented: Option<&str>) -> bool {
        match (&self.secret, presented) {
            (None, None) => true,
            (Some(expected), Some(presented)) => is_same(expected, presented),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl fmt::Debug for AppClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppClient")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("callback_urls", &self.callback_urls)
            .field("logout_urls", &self.logout_urls)
            .field("password_auth", &self.password_auth)
            .field("authorization_code", &self.authorization_code)
            .field("refresh_token_rotation", &self.refresh_token_rotation)
            .finish_non_exhaustive()
    }
}
