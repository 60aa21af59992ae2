//! Issues id and access tokens in Cognito's form.
//!
//! The order of the claims and the escaped slashes are those of real tokens, so that a client
//! that cannot read Cognito's tokens fails in development.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::attributes::claims;
use crate::client::AppClient;
use crate::error::InternalError;
use crate::grants::Grant;
use crate::key_ring::KeyRing;
use crate::keys::SigningKey;
use crate::scope::Scopes;
use crate::secret::random_uuid;
use crate::token_claims::{AccessClaims, Header, IdClaims, MachineClaims};
use crate::user::User;

/// Issues the tokens of one pool.
pub(crate) struct TokenIssuer {
    pub(crate) issuer: String,
    pub(crate) keys: KeyRing,
}

/// The endpoint that returns the tokens; it determines some claims of the id token.
pub(crate) enum TokenEndpoint<'a> {
    /// `/oauth2/token`.
    OAuth {
        /// Nonce of the authorization request; `None` for a refresh.
        nonce: Option<&'a str>,
    },
    /// The JSON API.
    JsonApi,
}

/// The tokens of one response.
pub(crate) struct IssuedTokens {
    pub(crate) id_token: String,
    pub(crate) access_token: String,
}

impl TokenIssuer {
    pub(crate) fn new(issuer: &str, keys: KeyRing) -> Self {
        Self { issuer: issuer.to_owned(), keys }
    }

    /// Issues both tokens of a grant, with the user's current groups and attributes.
    pub(crate) fn issue(
        &self,
        grant: &Grant,
        user: &User,
        endpoint: &TokenEndpoint<'_>,
        now: i64,
    ) -> Result<IssuedTokens, InternalError> {
        let keys = self.keys.current();
        let access = self.access_claims(grant, user, now)?;
        let access_token = sign(&keys.signing.access, &access)?;
        let (at_hash, nonce) = match endpoint {
            TokenEndpoint::OAuth { nonce } => (Some(at_hash(&access_token)), *nonce),
            TokenEndpoint::JsonApi => (None, None),
        };
        let id = IdClaims { at_hash, nonce, ..self.id_claims(grant, user, now)? };
        Ok(IssuedTokens { id_token: sign(&keys.signing.id, &id)?, access_token })
    }

    /// Issues an access token for a client itself.
    pub(crate) fn issue_for_client(
        &self,
        client: &AppClient,
        scopes: &Scopes,
        now: i64,
    ) -> Result<String, InternalError> {
        let claims = MachineClaims {
            sub: &client.id,
            token_use: "access",
            scope: scopes.as_str(),
            auth_time: now,
            iss: &self.issuer,
            exp: now.saturating_add(client.lifetimes.access_token.seconds()),
            iat: now,
            version: 2,
            jti: random_uuid()?,
            client_id: &client.id,
        };
        sign(&self.keys.current().signing.access, &claims)
    }

    fn id_claims<'a>(
        &'a self,
        grant: &'a Grant,
        user: &'a User,
        now: i64,
    ) -> Result<IdClaims<'a>, InternalError> {
        let email = user.address().filter(|_| grant.scopes.includes_email());
        Ok(IdClaims {
            at_hash: None,
            sub: user.sub,
            groups: &user.groups,
            email_verified: email.map(|_| user.email_verified),
            iss: &self.issuer,
            username: &user.username,
            nonce: None,
            origin_jti: grant.origin_jti,
            aud: &grant.client_id,
            event_id: grant.event_id,
            token_use: "id",
            auth_time: grant.sign_in.auth_time,
            exp: now.saturating_add(grant.lifetimes.id_token.seconds()),
            iat: now,
            jti: random_uuid()?,
            email,
            attributes: claims(user, &grant.scopes),
        })
    }

    fn access_claims<'a>(
        &'a self,
        grant: &'a Grant,
        user: &'a User,
        now: i64,
    ) -> Result<AccessClaims<'a>, InternalError> {
        Ok(AccessClaims {
            sub: user.sub,
            groups: &user.groups,
            iss: &self.issuer,
            version: 2,
            client_id: &grant.client_id,
            origin_jti: grant.origin_jti,
            aud: grant.resource.as_deref(),
            event_id: grant.event_id,
            token_use: "access",
            scope: grant.scopes.as_str(),
            auth_time: grant.sign_in.auth_time,
            exp: now.saturating_add(grant.lifetimes.access_token.seconds()),
            iat: now,
            jti: random_uuid()?,
            username: &user.username,
        })
    }
}

fn sign(key: &SigningKey, claims: &impl Serialize) -> Result<String, InternalError> {
    let header = encode(&Header { kid: key.kid(), alg: "RS256" })?;
    let message = format!("{header}.{}", encode(claims)?);
    let signature = key.sign(&message)?;
    Ok(format!("{message}.{signature}"))
}

/// Encodes a part of a token; real tokens escape every slash, which breaks parsers that borrow
/// strings.
fn encode(value: &impl Serialize) -> Result<String, InternalError> {
    let json = serde_json::to_string(value)?.replace('/', "\\/");
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// Returns the left half of the access token's hash. Source: OpenID Connect Core §3.1.3.6.
pub(crate) fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let half: Vec<u8> = hash.as_ref().iter().copied().take(16).collect();
    URL_SAFE_NO_PAD.encode(half)
}
