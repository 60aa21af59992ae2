//! How long people stay signed in, and the key that protects it.

use aws_lc_rs::rand::fill;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fault::Faults;
use super::settings::Settings;

/// How long people stay signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionConfig {
    /// Seconds without a request after which a session ends.
    pub idle_seconds: i64,
    /// Seconds after signing in at which a session ends in any case.
    pub absolute_seconds: i64,
}

impl SessionConfig {
    pub(super) fn read(settings: &Settings, faults: &mut Faults) -> Self {
        faults.parse("GAZETTE_SESSION_KEY", settings.session_key.as_deref(), (), |text| {
            let bytes = STANDARD.decode(text).map_err(|_| "is not base64".to_owned())?;
            if bytes.len() == 32 {
                return Ok(());
            }
            let mut key = [0; 32];
            let example = fill(&mut key).map(|()| STANDARD.encode(key)).unwrap_or_default();
            Err(format!("has {} bytes, not 32; a fresh one would be {example}", bytes.len()))
        });
        Self { idle_seconds: 30 * 60, absolute_seconds: 12 * 60 * 60 }
    }
}
