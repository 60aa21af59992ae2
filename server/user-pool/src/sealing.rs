//! Texts that a browser keeps for the pool without reading them: AES-256-GCM, random nonces.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::InternalError;

/// Encrypts a text, bound to a context. The key has 32 bytes.
pub(crate) fn seal(key: &[u8], text: &str, context: &str) -> Result<String, InternalError> {
    let mut sealed = text.as_bytes().to_vec();
    let key = RandomizedNonceKey::new(&AES_256_GCM, key)?;
    let nonce = key.seal_in_place_append_tag(Aad::from(context), &mut sealed)?;
    let nonce: &[u8] = nonce.as_ref();
    Ok(URL_SAFE_NO_PAD.encode([nonce, &sealed].concat()))
}

/// Decrypts a text that was sealed with the same key for the same context.
pub(crate) fn open(key: &[u8], sealed: &str, context: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, key).ok()?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut text = sealed.to_vec();
    let text = key.open_in_place(nonce, Aad::from(context), &mut text).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_opens_only_with_its_key_in_its_context() {
        let sealed = seal(&[7; 32], "a text", "here").expect("sealed");
        assert_eq!(open(&[7; 32], &sealed, "here").as_deref(), Some("a text"));
        assert_eq!(open(&[8; 32], &sealed, "here"), None);
        assert_eq!(open(&[7; 32], &sealed, "there"), None);
        for broken in ["", "AAAA", "%", &sealed[1..], &sealed[..sealed.len() - 4]] {
            assert_eq!(open(&[7; 32], broken, "here"), None, "{broken}");
        }
    }
}
