//! Encryption of texts that leave the process: AES-256-GCM with a random nonce.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

const KEY_BYTES: usize = 32;

/// Keys of one purpose. The first one encrypts and all of them decrypt.
pub(crate) struct SealingKeys(Vec<RandomizedNonceKey>);

impl SealingKeys {
    /// Uses keys of 32 bytes as they are.
    pub(super) fn new<'k>(keys: impl Iterator<Item = &'k [u8]>) -> Result<Self, Unspecified> {
        let keys = keys.map(|key| RandomizedNonceKey::new(&AES_256_GCM, key));
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }

    /// Derives a key for another purpose from each key (RFC 5869).
    ///
    /// A key of its own keeps texts that anyone may have sealed from wearing out the nonces of the
    /// key that protects refresh tokens.
    pub(super) fn derived<'k>(
        keys: impl Iterator<Item = &'k [u8]>,
        purpose: &str,
    ) -> Result<Self, Unspecified> {
        let keys: Vec<[u8; KEY_BYTES]> =
            keys.map(|key| derive(key, purpose)).collect::<Result<_, _>>()?;
        Self::new(keys.iter().map(<[u8; KEY_BYTES]>::as_slice))
    }

    /// Encrypts a text, bound to a context.
    pub(super) fn seal(&self, text: &str, context: &str) -> Result<String, Unspecified> {
        let mut sealed = text.as_bytes().to_vec();
        let key = self.0.first().ok_or(Unspecified)?;
        let nonce = key.seal_in_place_append_tag(Aad::from(context), &mut sealed)?;
        let nonce: &[u8] = nonce.as_ref();
        Ok(STANDARD_NO_PAD.encode([nonce, &sealed].concat()))
    }

    /// Decrypts a text that any of the keys encrypted for this context.
    pub(super) fn open(&self, sealed: &str, context: &str) -> Option<String> {
        let bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        self.0.iter().find_map(|key| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut text = sealed.to_vec();
            let text = key.open_in_place(nonce, Aad::from(context), &mut text).ok()?;
            String::from_utf8(text.to_vec()).ok()
        })
    }
}

fn derive(key: &[u8], purpose: &str) -> Result<[u8; KEY_BYTES], Unspecified> {
    let secret = Salt::new(HKDF_SHA256, &[]).extract(key);
    let mut derived = [0; KEY_BYTES];
    secret.expand(&[purpose.as_bytes()], HKDF_SHA256)?.fill(&mut derived)?;
    Ok(derived)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; KEY_BYTES] = [7; KEY_BYTES];

    #[test]
    fn bff_05_a_key_of_one_purpose_opens_no_text_of_another() {
        let key = || [KEY.as_slice()].into_iter();
        let all = [
            SealingKeys::new(key()).expect("keys"),
            SealingKeys::derived(key(), "a").expect("keys"),
            SealingKeys::derived(key(), "b").expect("keys"),
        ];
        for (number, keys) in all.iter().enumerate() {
            let sealed = keys.seal("a text", "here").expect("sealed");
            for (other, keys) in all.iter().enumerate() {
                assert_eq!(keys.open(&sealed, "here").is_some(), number == other);
            }
        }
    }
}
