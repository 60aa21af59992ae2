//! How long people stay signed in, and the keys that protect what is kept for it.

use std::fmt;
use std::ops::RangeInclusive;

use aws_lc_rs::rand::fill;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fault::Faults;
use super::settings::Settings;

/// Less would end sessions that are in use, since "last seen" is written once a minute.
const IDLE_MINUTES: RangeInclusive<i64> = 5..=24 * 60;
const ABSOLUTE_MINUTES: RangeInclusive<i64> = 5..=30 * 24 * 60;

/// How long people stay signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionConfig {
    /// Seconds without a request after which a session ends.
    pub idle_seconds: i64,
    /// Seconds after signing in at which a session ends in any case.
    pub absolute_seconds: i64,
    /// The key to encrypt with, and after it those that were used before; may be empty.
    pub keys: Vec<SessionKey>,
}

/// 32 bytes that encrypt refresh tokens at rest.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey([u8; Self::BYTES]);

impl SessionKey {
    const BYTES: usize = 32;

    /// Draws a fresh one; `None` when the system gives no randomness.
    pub fn draw() -> Option<Self> {
        let mut key = [0; Self::BYTES];
        fill(&mut key).ok()?;
        Some(Self(key))
    }

    /// Reads one in base64.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = STANDARD.decode(text).map_err(|_| "is not base64".to_owned())?;
        let length = bytes.len();
        bytes.try_into().map(Self).map_err(|_| {
            let example = Self::draw().map(|key| key.to_base64()).unwrap_or_default();
            format!("has {length} bytes, not 32; a fresh one would be {example}")
        })
    }

    /// The form in which it is written down.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// The key itself.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionKey(…)")
    }
}

impl SessionConfig {
    pub(super) fn read(settings: &Settings, faults: &mut Faults) -> Self {
        let given = settings.session_key.as_deref();
        let keys = faults.parse("GAZETTE_SESSION_KEY", given, Vec::new(), |text| {
            let keys = text.split([',', ' ', '\n']).filter(|key| !key.is_empty());
            keys.map(SessionKey::parse).collect()
        });
        let given = settings.session_idle.as_deref();
        let idle = minutes("GAZETTE_SESSION_IDLE", given, 30, &IDLE_MINUTES, faults);
        let given = settings.session_absolute.as_deref();
        let absolute = minutes("GAZETTE_SESSION_ABSOLUTE", given, 720, &ABSOLUTE_MINUTES, faults);
        Self { idle_seconds: idle * 60, absolute_seconds: absolute * 60, keys }
    }
}

fn minutes(
    variable: &str,
    given: Option<&str>,
    default: i64,
    range: &RangeInclusive<i64>,
    faults: &mut Faults,
) -> i64 {
    faults.parse(variable, given, default, |text| {
        let minutes = text.parse().ok().filter(|minutes| range.contains(minutes));
        minutes.ok_or_else(|| {
            format!("{text:?} is no number of minutes from {} to {}", range.start(), range.end())
        })
    })
}
