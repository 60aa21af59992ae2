//! One-time codes of an authenticator app. Source: RFC 6238, with SHA-1, 30 seconds and six
//! digits, as every app has them.

use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use serde::{Deserialize, Serialize};

use crate::error::InternalError;
use crate::secret::{is_same, random_bytes};

/// Name of the only second factor.
pub(crate) const SOFTWARE_TOKEN_MFA: &str = "SOFTWARE_TOKEN_MFA";
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_SECONDS: i64 = 30;

/// The secret that a user shares with an app.
///
/// It is stored as it is: the pool must compute the same codes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SoftwareToken {
    /// In base 32, as apps take it.
    pub(crate) secret: String,
    /// Number of the last time step whose code was used.
    #[serde(default)]
    last_step: i64,
}

/// The settings of a user's second factor.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct SecondFactor {
    /// The token whose first code was right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<SoftwareToken>,
    /// A token that waits for its first code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<SoftwareToken>,
    /// Sign-ins need a code.
    #[serde(default)]
    pub(crate) is_enabled: bool,
    #[serde(default)]
    pub(crate) is_preferred: bool,
}

/// Error of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenCodeError {
    Wrong,
    /// The code was right, but used before.
    Used,
}

impl SecondFactor {
    /// Checks whether a sign-in needs a code.
    pub(crate) fn is_needed(&self) -> bool {
        self.is_enabled && self.token.is_some()
    }
}

impl SoftwareToken {
    /// Makes a token with 256 random bits.
    pub(crate) fn random() -> Result<Self, InternalError> {
        Ok(Self { secret: base32(&random_bytes::<32>()?), last_step: 0 })
    }

    /// Uses a code of now, or of one step before or after: clocks differ.
    pub(crate) fn use_code(&mut self, code: &str, now: i64) -> Result<(), TokenCodeError> {
        let now = now.div_euclid(STEP_SECONDS);
        let key = from_base32(&self.secret);
        let matches = |step: &i64| is_same(&code_of(&key, *step), code);
        let step = [now, now - 1, now + 1].into_iter().find(matches);
        let step = step.ok_or(TokenCodeError::Wrong)?;
        if step <= self.last_step {
            return Err(TokenCodeError::Used);
        }
        self.last_step = step;
        Ok(())
    }
}

fn code_of(key: &[u8], step: i64) -> String {
    let hash = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), &step.to_be_bytes());
    let hash = hash.as_ref();
    let offset = hash.last().map_or(0, |last| usize::from(last & 0xf));
    let four = hash.iter().skip(offset).take(4);
    let number = four.fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

fn base32(bytes: &[u8]) -> String {
    let (mut text, mut bits, mut count) = (String::new(), 0_u32, 0);
    for byte in bytes {
        (bits, count) = (bits << 8 | u32::from(*byte), count + 8);
        while count >= 5 {
            count -= 5;
            text.push(letter(bits >> count & 31));
        }
    }
    if count > 0 {
        text.push(letter(bits << (5 - count) & 31));
    }
    text
}

fn letter(value: u32) -> char {
    let index = usize::try_from(value).unwrap_or_default();
    ALPHABET.get(index).map_or('A', |&letter| char::from(letter))
}

fn from_base32(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let Some(value) = ALPHABET.iter().position(|&known| known == letter) else { continue };
        (bits, count) = (bits << 5 | u32::try_from(value).unwrap_or_default(), count + 5);
        if count >= 8 {
            count -= 8;
            bytes.extend(u8::try_from(bits >> count & 0xff));
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        let key = b"12345678901234567890";
        // RFC 6238, Appendix B, the last six of eight digits.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code_of(key, time / 30), code);
        }
        assert_eq!(base32(key), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(from_base32(&base32(&[7; 32])), [7; 32]);
    }

    #[test]
    fn pool_07_a_code_is_good_for_one_step_around_and_once() {
        let secret = base32(b"12345678901234567890");
        let token = SoftwareToken { secret, last_step: 0 };
        for (now, outcome) in [
            (59 - 30, Ok(())),
            (59, Ok(())),
            (59 + 30, Ok(())),
            (59 + 60, Err(TokenCodeError::Wrong)),
        ] {
            assert_eq!(token.clone().use_code("287082", now), outcome, "{now}");
        }
        let mut token = token;
        assert_eq!(token.use_code("287082", 59), Ok(()));
        assert_eq!(token.use_code("287082", 59), Err(TokenCodeError::Used));
    }
}
