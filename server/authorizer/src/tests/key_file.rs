//! A key set in a file.

use std::io::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use gazette_domain::TokenUse;
use tokio::time::{advance, pause};

use super::fixtures::*;
use crate::{Authorizer, KeyError, KeySource, KeySourceOptions, TokenError, causes};

fn source(path: &Path) -> Arc<KeySource> {
    Arc::new(KeySource::from_file(path.to_owned(), KeySourceOptions::of_file()))
}

async fn error(path: &Path) -> String {
    let error: KeyError = source(path).refresh().await.unwrap_err();
    format!("{error}: {}", causes(&error))
}

#[tokio::test]
async fn tokens_are_verified_with_the_keys_of_a_file() -> Result<(), Error> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, jwks(&[jwk(pool_key(), KEY_ID)]))?;
    let authorizer = Authorizer::new(config(), source(&path)).unwrap();
    for token_use in TOKEN_USES {
        assert!(authorizer.verify_bearer(&valid_token(token_use), NOW).await.is_ok());
    }
    let forged = token(&header(), &claims(TokenUse::Access), attacker_key());
    assert_eq!(authorizer.verify_bearer(&forged, NOW).await.err(), Some(TokenError::Signature));
    Ok(())
}

#[tokio::test]
async fn a_changed_file_is_read_again() -> Result<(), Error> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, jwks(&[jwk(attacker_key(), "old")]))?;
    let keys = source(&path);
    keys.refresh().await.unwrap();
    let authorizer = Authorizer::new(config(), Arc::clone(&keys)).unwrap();
    std::fs::write(&path, jwks(&[jwk(pool_key(), KEY_ID)]))?;
    // An unknown key makes the source read the file.
    assert!(authorizer.verify_bearer(&valid_token(TokenUse::Access), NOW).await.is_ok());
    // A removed key is refused after the next regular reading.
    std::fs::write(&path, jwks(&[jwk(attacker_key(), "new")]))?;
    pause();
    advance(KeySourceOptions::of_file().refresh_every + Duration::from_millis(1)).await;
    keys.refresh_if_due().await;
    let removed = authorizer.verify_bearer(&valid_token(TokenUse::Access), NOW).await;
    assert_eq!(removed.err(), Some(TokenError::UnknownKey));
    // A damaged file leaves the keys as they are.
    std::fs::write(&path, "{")?;
    assert!(keys.refresh().await.is_err());
    assert!(keys.cached_key("new").is_some());
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_key_set_is_refused_with_the_reason() -> Result<(), Error> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("jwks.json");
    assert!(error(&path).await.contains("No such file"));
    assert!(error(folder.path()).await.contains("not a regular file"));
    assert!(error(Path::new("/dev/zero")).await.contains("not a regular file"));
    for (content, message) in [
        (String::new(), "malformed"),
        ("{\"keys\":[]}".to_owned(), "no usable key"),
        ("-----BEGIN PUBLIC KEY-----".to_owned(), "malformed"),
        (" ".repeat(256 * 1024 + 1), "too large"),
    ] {
        std::fs::write(&path, content)?;
        let error = error(&path).await;
        assert!(error.contains(message), "{error}");
    }
    Ok(())
}
