//! The configuration of a pool.

use std::fmt;
use std::sync::Arc;

use gazette_table::Clock;
use url::Url;

use crate::client::AppClient;
use crate::key_ring::KeyFolder;

/// Configuration of a pool.
pub struct PoolConfig {
    /// Id such as `local_gazette`: a word, an underscore, letters and digits; at most 55
    /// characters.
    pub pool_id: String,
    /// Origin that browsers use, such as `http://localhost:4000`.
    pub public_url: Url,
    /// Name of the site, shown on every page.
    pub site_name: String,
    /// Folder of the two private keys; created when missing.
    pub key_folder: KeyFolder,
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
    /// Lets `POST /_pool/faults` make the pool misbehave, for tests of relying parties; without it
    /// the endpoint is 404. Needs an http origin on loopback.
    pub has_faults: bool,
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
