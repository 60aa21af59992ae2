//! Lifetime of sessions, and the keys that encrypt their refresh tokens.

use std::fmt;
use std::ops::RangeInclusive;

use aws_lc_rs::rand::fill;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;

use super::error::SettingErrors;
use super::parse::whole_number;

/// Advice in errors of a key.
const CREATE_KEY: &str = "create one with `openssl rand -base64 32`";

/// The minimum is 5, since the time of the last request is saved once a minute only.
const IDLE_MINUTES: RangeInclusive<i64> = 5..=24 * 60;
const ABSOLUTE_MINUTES: RangeInclusive<i64> = 5..=30 * 24 * 60;

/// Lifetime of sessions, and the keys that encrypt their refresh tokens.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct SessionConfig {
    /// Seconds without a request after which a session ends.
    #[arg(
        id = "session_idle",
        long = "session-idle",
        env = "GAZETTE_SESSION_IDLE",
        value_name = "MINUTES",
        default_value = "30",
        value_parser = minutes(IDLE_MINUTES),
        help = "Minutes without a request after which a session ends"
    )]
    pub idle_seconds: i64,
    /// Seconds after signing in at which a session ends in any case.
    #[arg(
        id = "session_absolute",
        long = "session-absolute",
        env = "GAZETTE_SESSION_ABSOLUTE",
        value_name = "MINUTES",
        default_value = "720",
        value_parser = minutes(ABSOLUTE_MINUTES),
        help = "Minutes after signing in at which a session ends in any case"
    )]
    pub absolute_seconds: i64,
    /// Key that encrypts refresh tokens at rest and logins in progress: 32 bytes in base64. Earlier
    /// keys may follow it, separated by commas. Required with DynamoDB [default: made and kept in
    /// the data folder].
    // The full path makes `clap` take the list as one value with three separators.
    #[arg(
        id = "session_key",
        long = "session-key",
        env = "GAZETTE_SESSION_KEY",
        value_name = "KEY[,KEY]",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true,
        value_parser = session_keys
    )]
    pub keys: std::vec::Vec<SessionKey>,
}

/// Key that encrypts refresh tokens at rest and logins in progress: 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey([u8; Self::BYTES]);

impl SessionKey {
    const BYTES: usize = 32;

    /// Generates a key; `None` when the system provides no randomness.
    pub fn generate() -> Option<Self> {
        let mut key = [0; Self::BYTES];
        fill(&mut key).ok()?;
        Some(Self(key))
    }

    /// Parses a key in base64.
    ///
    /// # Errors
    /// A message that does not repeat the key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = STANDARD.decode(text).map_err(|_| format!("is not base64; {CREATE_KEY}"))?;
        let length = bytes.len();
        let expected = Self::BYTES;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| format!("has {length} bytes, not {expected}; {CREATE_KEY}"))
    }

    /// Returns the key in base64.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Returns the bytes of the key.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionKey(redacted)")
    }
}

impl SessionConfig {
    pub(super) fn check(&self, errors: &mut SettingErrors) {
        if self.idle_seconds > self.absolute_seconds {
            let message = format!(
                "is {} minutes, but must not be more than GAZETTE_SESSION_ABSOLUTE, {} minutes",
                self.idle_seconds / 60,
                self.absolute_seconds / 60
            );
            errors.add_once("GAZETTE_SESSION_IDLE", message);
        }
    }
}

fn session_keys(text: &str) -> Result<Vec<SessionKey>, String> {
    let keys = text.split([',', ' ', '\n']).filter(|key| !key.is_empty());
    keys.map(SessionKey::parse).collect()
}

/// Returns a parser of minutes that yields seconds.
fn minutes(
    range: RangeInclusive<i64>,
) -> impl Fn(&str) -> Result<i64, String> + Clone + Send + Sync + 'static {
    let parse = whole_number(range);
    move |text| parse(text).map(|minutes| minutes * 60)
}
