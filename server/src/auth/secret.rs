//! Random secrets. The table stores only their hashes.

use aws_lc_rs::rand::fill;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::sha256::sha256;

/// Random value of 256 bits, encoded for cookies and URLs.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// Generates a secret; `None` if the system has no randomness.
    pub(crate) fn generate() -> Option<Self> {
        let mut bytes = [0; 32];
        fill(&mut bytes).ok()?;
        Some(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Parses a secret that a browser sent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// Returns the text to send to the browser.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the hash to store.
    pub(crate) fn hash(&self) -> String {
        sha256(self.0.as_bytes())
    }
}
