//! The key that signs the site's requests to the embedded pool.

use anyhow::{Context as _, Result};
use gazette_user_pool::AccessKey;
use uuid::Uuid;

use crate::auth::Secret;

/// Returns the configured key, or a random one that only this process knows.
pub(crate) fn administrator_key(configured: Option<&AccessKey>) -> Result<AccessKey> {
    if let Some(key) = configured {
        return Ok(key.clone());
    }
    let secret = Secret::generate().context("the system has no randomness")?;
    let id = format!("gazette{}", Uuid::new_v4().simple());
    Ok(AccessKey { id, secret: secret.as_str().to_owned() })
}
