//! Id and access tokens, shaped as Cognito shapes them.
//!
//! Source: Cognito, "Understanding user pool JSON web tokens". The order of the
//! members and the escaped slashes are those of real tokens, so that a client
//! that only works with this pool is noticed here and not there.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use uuid::Uuid;

use crate::Failure;
use crate::grant::Grant;
use crate::keys::{SigningKey, SigningKeys};
use crate::secret::random_uuid;
use crate::user::User;

/// How long both kinds of token are valid, in seconds.
pub(crate) const TOKEN_LIFETIME: i64 = 60 * 60;

/// Makes the tokens of one issuer.
pub(crate) struct Mint {
    pub(crate) issuer: String,
    pub(crate) keys: SigningKeys,
}

/// Which of the two doors a token is handed out by.
pub(crate) enum Door<'a> {
    /// The token endpoint, with the nonce of the request if this is its first answer.
    OAuth {
        /// What the client asked to see again in the id token.
        nonce: Option<&'a str>,
    },
    /// The JSON API.
    Api,
}

/// A pair of tokens.
pub(crate) struct Minted {
    pub(crate) id_token: String,
    pub(crate) access_token: String,
}

#[derive(Serialize)]
struct Header<'a> {
    kid: &'a str,
    alg: &'a str,
}

#[derive(Serialize)]
struct IdClaims<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    at_hash: Option<String>,
    sub: Uuid,
    #[serde(rename = "cognito:groups", skip_serializing_if = "<[_]>::is_empty")]
    groups: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    iss: &'a str,
    #[serde(rename = "cognito:username")]
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    origin_jti: Uuid,
    aud: &'a str,
    event_id: Uuid,
    token_use: &'a str,
    auth_time: i64,
    exp: i64,
    iat: i64,
    jti: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

#[derive(Serialize)]
struct AccessClaims<'a> {
    sub: Uuid,
    #[serde(rename = "cognito:groups", skip_serializing_if = "<[_]>::is_empty")]
    groups: &'a [String],
    iss: &'a str,
    version: u8,
    client_id: &'a str,
    origin_jti: Uuid,
    event_id: Uuid,
    token_use: &'a str,
    scope: &'a str,
    auth_time: i64,
    exp: i64,
    iat: i64,
    jti: Uuid,
    username: &'a str,
}

impl Mint {
    pub(crate) fn new(issuer: &str, keys: SigningKeys) -> Self {
        Self { issuer: issuer.to_owned(), keys }
    }

    /// The public keys as a JSON Web Key Set.
    pub(crate) fn published_keys(&self) -> Result<String, Failure> {
        self.keys.published()
    }

    /// Makes both tokens of a grant for its user as they are now.
    pub(crate) fn mint(
        &self,
        grant: &Grant,
        user: &User,
        door: &Door<'_>,
        now: i64,
    ) -> Result<Minted, Failure> {
        let access = self.access_claims(grant, user, now)?;
        let access_token = signed(&self.keys.access, &access)?;
        let (at_hash, nonce) = match door {
            Door::OAuth { nonce } => (Some(left_half_hash(&access_token)), *nonce),
            Door::Api => (None, None),
        };
        let id = self.id_claims(grant, user, at_hash, nonce, now)?;
        Ok(Minted { id_token: signed(&self.keys.id, &id)?, access_token })
    }

    fn id_claims<'a>(
        &'a self,
        grant: &'a Grant,
        user: &'a User,
        at_hash: Option<String>,
        nonce: Option<&'a str>,
        now: i64,
    ) -> Result<IdClaims<'a>, Failure> {
        let show_email = grant.scopes.show_email();
        Ok(IdClaims {
            at_hash,
            sub: user.sub,
            groups: &user.groups,
            email_verified: show_email.then_some(true),
            iss: &self.issuer,
            username: &user.username,
            nonce,
            origin_jti: grant.origin_jti,
            aud: &grant.client_id,
            event_id: grant.event_id,
            token_use: "id",
            auth_time: grant.sign_in.auth_time,
            exp: now.saturating_add(TOKEN_LIFETIME),
            iat: now,
            jti: random_uuid()?,
            email: show_email.then_some(user.email.as_str()),
        })
    }

    fn access_claims<'a>(
        &'a self,
        grant: &'a Grant,
        user: &'a User,
        now: i64,
    ) -> Result<AccessClaims<'a>, Failure> {
        Ok(AccessClaims {
            sub: user.sub,
            groups: &user.groups,
            iss: &self.issuer,
            version: 2,
            client_id: &grant.client_id,
            origin_jti: grant.origin_jti,
            event_id: grant.event_id,
            token_use: "access",
            scope: grant.scopes.as_str(),
            auth_time: grant.sign_in.auth_time,
            exp: now.saturating_add(TOKEN_LIFETIME),
            iat: now,
            jti: random_uuid()?,
            username: &user.username,
        })
    }
}

fn signed(key: &SigningKey, claims: &impl Serialize) -> Result<String, Failure> {
    let header = encoded(&Header { kid: key.kid(), alg: "RS256" })?;
    let message = format!("{header}.{}", encoded(claims)?);
    let signature = key.sign(&message)?;
    Ok(format!("{message}.{signature}"))
}

/// Real tokens escape every slash, which breaks parsers that borrow strings.
fn encoded(value: &impl Serialize) -> Result<String, Failure> {
    let json = serde_json::to_string(value)?.replace('/', "\\/");
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// Source: OpenID Connect Core §3.1.3.6.
fn left_half_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let half: Vec<u8> = hash.as_ref().iter().copied().take(16).collect();
    URL_SAFE_NO_PAD.encode(half)
}
