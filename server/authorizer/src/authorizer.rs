//! Verifies tokens.

use std::slice;
use std::sync::Arc;

use gazette_domain::{Identity, TokenUse};

use crate::compact::{CompactToken, decode};
use crate::config::{AuthorizerConfig, ConfigError};
use crate::header;
use crate::id_token::IdTokenExpectations;
use crate::identity::VerifiedToken;
use crate::json_value::Object;
use crate::key_set::Key;
use crate::key_source::KeySource;
use crate::rules::{Rules, UnverifiedClaims};
use crate::signature;
use crate::strict_json::read_object;
use crate::token_error::TokenError;
use crate::verified_tokens::VerifiedTokens;

/// Verifies the tokens of one issuer.
///
/// The order is: size, characters, parts, header (algorithm first), key, claims, signature,
/// expiry. Checking claims before the signature makes invalid tokens cheap (2 µs instead of
/// 20), and only a token that could be valid makes the key source fetch an unknown key. It is
/// safe because an unverified claim can only cause an error. Expiry comes after the signature,
/// because only an otherwise valid token may be reported as expired.
///
/// A verified bearer token is cached for a minute. Its times are checked on every request, and
/// the cache does not apply to a token whose key was removed or replaced.
#[derive(Clone, Debug)]
pub struct Authorizer {
    config: AuthorizerConfig,
    keys: Arc<KeySource>,
    cache: Option<Arc<VerifiedTokens>>,
}

impl Authorizer {
    /// Creates an authorizer.
    ///
    /// # Errors
    /// When the configuration would accept no tokens, or too many.
    pub fn new(config: AuthorizerConfig, keys: Arc<KeySource>) -> Result<Self, ConfigError> {
        config.check()?;
        Ok(Self { config, keys, cache: VerifiedTokens::new().ok().map(Arc::new) })
    }

    /// Disables the cache of verified tokens, for measurements.
    #[must_use]
    pub fn without_cache(self) -> Self {
        Self { cache: None, ..self }
    }

    /// Returns the configuration.
    pub fn config(&self) -> &AuthorizerConfig {
        &self.config
    }

    /// Checks that keys are available.
    pub fn is_ready(&self) -> bool {
        self.keys.is_ready()
    }

    /// Verifies a bearer token and returns the identity of the caller.
    ///
    /// `token` is without the scheme `Bearer`. `now` is in seconds since the Unix epoch.
    pub async fn verify_bearer(&self, token: &str, now: i64) -> Result<Identity, TokenError> {
        if let Some(verified) = self.cached(token) {
            return verified.identity_at(now, self.config.clock_skew_seconds);
        }
        let rules = Rules {
            client_roles: &self.config.client_roles,
            ..self.rules(&self.config.client_ids, &self.config.token_uses)
        };
        let (verified, key) = self.verify(token, |claims| rules.check(claims, now)).await?;
        if let Some(cache) = &self.cache {
            cache.insert(token, verified.clone(), key);
        }
        verified.identity_at(now, self.config.clock_skew_seconds)
    }

    /// Verifies the ID token of a sign-in and returns the identity of the user.
    ///
    /// Checks the rules of [OIDC Core §3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation),
    /// and accepts ID tokens only, independent of the configured kinds of bearer tokens. `now`
    /// is in seconds since the Unix epoch.
    pub async fn verify_id_token(
        &self,
        token: &str,
        expected: &IdTokenExpectations<'_>,
        now: i64,
    ) -> Result<Identity, TokenError> {
        let client_id = expected.client_id.to_owned();
        let rules = self.rules(slice::from_ref(&client_id), &[TokenUse::Id]);
        let check = |claims: &Object<'_>| {
            let unverified = rules.check(claims, now)?;
            expected.check(claims)?;
            Ok(unverified)
        };
        let (verified, _) = self.verify(token, check).await?;
        verified.identity_at(now, self.config.clock_skew_seconds)
    }

    /// Returns the number of cached tokens.
    #[cfg(test)]
    pub(crate) fn cached_tokens(&self) -> Option<usize> {
        self.cache.as_ref().map(|cache| cache.len())
    }

    fn rules<'r>(&'r self, client_ids: &'r [String], token_uses: &'r [TokenUse]) -> Rules<'r> {
        Rules {
            issuer: &self.config.issuer,
            client_ids,
            // A sign-in is of a person.
            client_roles: &[],
            token_uses,
            resource: self.config.resource.as_deref(),
            clock_skew_seconds: self.config.clock_skew_seconds,
        }
    }

    /// Returns a bearer token that was verified recently, if its key is still in use.
    fn cached(&self, token: &str) -> Option<VerifiedToken> {
        let (verified, key) = self.cache.as_ref()?.find(token)?;
        self.keys.is_current(&key).then_some(verified)
    }

    async fn verify<C>(
        &self,
        token: &str,
        check: C,
    ) -> Result<(VerifiedToken, Arc<Key>), TokenError>
    where
        C: FnOnce(&Object<'_>) -> Result<UnverifiedClaims, TokenError>,
    {
        let compact = CompactToken::split(token)?;
        let lookup = self.look_up_key(compact.header).await?;
        let unverified = check_payload(compact.payload, check)?;
        let signature = decode(compact.signature)?;
        let key = match lookup {
            KeyLookup::Found(key) => key,
            KeyLookup::Unknown(key_id) => self.keys.key(&key_id).await?,
        };
        let proof = signature::verify(compact.signed.as_bytes(), &signature, &key)?;
        Ok((VerifiedToken::new(unverified, proof), key))
    }

    /// Looks up the key that the header names, without fetching an unknown one.
    ///
    /// Without any keys it waits for them, because no token can be verified.
    async fn look_up_key(&self, header: &str) -> Result<KeyLookup, TokenError> {
        if let Some(key) = self.keys.cached_key_by_header(header) {
            return Ok(KeyLookup::Found(key));
        }
        let key_id = read_key_id(header)?;
        match self.keys.cached_key(&key_id) {
            Some(key) => Ok(KeyLookup::Found(key)),
            None if self.keys.is_ready() => Ok(KeyLookup::Unknown(key_id)),
            None => self.keys.key(&key_id).await.map(KeyLookup::Found),
        }
    }
}

enum KeyLookup {
    Found(Arc<Key>),
    Unknown(String),
}

fn read_key_id(header: &str) -> Result<String, TokenError> {
    let header = decode(header)?;
    let header = read_object(&header).map_err(|_| TokenError::Json)?;
    header::key_id(&header).map(str::to_owned)
}

fn check_payload<C>(payload: &str, check: C) -> Result<UnverifiedClaims, TokenError>
where
    C: FnOnce(&Object<'_>) -> Result<UnverifiedClaims, TokenError>,
{
    let payload = decode(payload)?;
    check(&read_object(&payload).map_err(|_| TokenError::Json)?)
}
