//! The rules for the claims of a token.

use gazette_domain::{Role, TokenUse, VerifiedClaims, is_scope_byte};

use crate::client_role::ClientRole;
use crate::json_value::{Json, Object};
use crate::token_error::TokenError;

/// Cognito's maximum lifetime of an ID or access token.
const MAX_LIFETIME_SECONDS: i64 = 24 * 60 * 60;
/// Maximum time: 2^53 - 1, the largest integer that all JSON parsers read exactly.
const MAX_SECONDS: u64 = (1 << 53) - 1;
/// Cognito's maximum number of groups per user.
const MAX_GROUPS: usize = 100;
const MAX_GROUP_CHARACTERS: usize = 128;
const MAX_SUBJECT_CHARACTERS: usize = 255;
const MAX_USERNAME_CHARACTERS: usize = 128;
/// Cognito's maximum length of an attribute value.
const MAX_EMAIL_CHARACTERS: usize = 2_048;

/// Claims that only tokens of people have.
const OF_PEOPLE: [&str; 4] = ["username", "cognito:username", "cognito:groups", "email"];

/// Rules for the claims of a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'r> {
    pub(crate) issuer: &'r str,
    pub(crate) client_ids: &'r [String],
    pub(crate) client_roles: &'r [ClientRole],
    pub(crate) token_uses: &'r [TokenUse],
    pub(crate) resource: Option<&'r str>,
    pub(crate) clock_skew_seconds: u32,
}

/// Claims that obey the rules, of a token whose signature is not verified yet.
#[derive(Debug)]
pub(crate) struct UnverifiedClaims {
    pub(crate) claims: VerifiedClaims,
    /// Latest of the times from which the token is valid, in seconds since the Unix epoch.
    pub(crate) starts_at: i64,
}

impl Rules<'_> {
    /// Checks every rule except the expiry, from the most frequent error to the rarest.
    pub(crate) fn check(
        &self,
        claims: &Object<'_>,
        now: i64,
    ) -> Result<UnverifiedClaims, TokenError> {
        self.check_issuer(claims)?;
        let token_use = self.token_use(claims)?;
        if claims.has("act") {
            return Err(TokenError::Delegated);
        }
        let (client_id, client_role) = self.client(claims, token_use)?;
        self.check_resource(claims, token_use)?;
        let times = self.times(claims, now)?;
        let sub = subject(claims)?;
        if !is_absent_or_string(claims, "jti") {
            return Err(TokenError::TokenId);
        }
        let username = username(claims, token_use, sub, client_id)?.to_owned();
        let claims = VerifiedClaims {
            sub: sub.to_owned(),
            username,
            email: email(claims, token_use)?,
            email_verified: matches!(claims.get("email_verified"), Some(Json::Bool(true))),
            groups: groups(claims)?,
            client_role,
            scope: scope(claims, token_use)?,
            token_use,
            expires_at: times.expires_at,
        };
        Ok(UnverifiedClaims { claims, starts_at: times.starts_at })
    }

    fn check_issuer(&self, claims: &Object<'_>) -> Result<(), TokenError> {
        match claims.text("iss") {
            Some(issuer) if issuer == self.issuer => Ok(()),
            _ => Err(TokenError::Issuer),
        }
    }

    fn token_use(&self, claims: &Object<'_>) -> Result<TokenUse, TokenError> {
        let token_use = match claims.text("token_use") {
            Some("access") => TokenUse::Access,
            Some("id") => TokenUse::Id,
            _ => return Err(TokenError::Use),
        };
        if self.token_uses.contains(&token_use) {
            Ok(token_use)
        } else {
            Err(TokenError::OtherUse(token_use))
        }
    }

    /// Returns the app client of the token, which is `aud` in an ID token and `client_id` in an
    /// access token, and its role if the token is its own. The other claim is never used
    /// (JWT-08).
    fn client<'c>(
        &self,
        claims: &'c Object<'_>,
        token_use: TokenUse,
    ) -> Result<(&'c str, Option<Role>), TokenError> {
        let (claim, is_other_valid) = match token_use {
            TokenUse::Id => ("aud", !claims.has("client_id")),
            // With resource binding, `aud` is checked as the URL of the API.
            TokenUse::Access => ("client_id", true),
        };
        let client_id = claims.text(claim).ok_or(TokenError::Client)?;
        let role = self.client_role(claims, token_use, client_id);
        let is_accepted =
            role.is_some() || self.client_ids.iter().any(|accepted| accepted == client_id);
        let is_azp_valid = !claims.has("azp") || claims.text("azp") == Some(client_id);
        if is_accepted && is_other_valid && is_azp_valid {
            Ok((client_id, role))
        } else {
            Err(TokenError::Client)
        }
    }

    /// Returns the role of a machine client, if the token is its own: an access token whose
    /// subject is the client, without a user or groups. The form of a client's id differs from
    /// that of a user's subject.
    fn client_role(
        &self,
        claims: &Object<'_>,
        token_use: TokenUse,
        client_id: &str,
    ) -> Option<Role> {
        let is_own = token_use == TokenUse::Access
            && claims.text("sub") == Some(client_id)
            && !OF_PEOPLE.into_iter().any(|name| claims.has(name));
        let mut roles = self.client_roles.iter().filter(|_| is_own);
        roles.find(|role| role.client_id == client_id).map(|role| role.role)
    }

    /// Checks that an access token with resource binding is for this site (RFC 8707 §2).
    fn check_resource(&self, claims: &Object<'_>, token_use: TokenUse) -> Result<(), TokenError> {
        let Some(audience) = claims.get("aud").filter(|_| token_use == TokenUse::Access) else {
            return Ok(());
        };
        let resource = self.resource.ok_or(TokenError::Resource)?;
        let is_named = match audience.as_array() {
            Some(names) => {
                names.iter().all(|name| name.as_str().is_some())
                    && names.iter().any(|name| name.as_str() == Some(resource))
            }
            None => audience.as_str() == Some(resource),
        };
        if is_named { Ok(()) } else { Err(TokenError::Resource) }
    }

    fn times(&self, claims: &Object<'_>, now: i64) -> Result<Times, TokenError> {
        let skew = i64::from(self.clock_skew_seconds);
        let issued_at = seconds(claims, "iat")?.ok_or(TokenError::Time)?;
        let expires_at = seconds(claims, "exp")?.ok_or(TokenError::Time)?;
        let later = [seconds(claims, "nbf")?, seconds(claims, "auth_time")?];
        let starts_at = later.into_iter().flatten().fold(issued_at, i64::max);
        if starts_at > now.saturating_add(skew) {
            return Err(TokenError::Future);
        }
        if !(1..=MAX_LIFETIME_SECONDS).contains(&(expires_at - issued_at)) {
            return Err(TokenError::Lifetime);
        }
        Ok(Times { starts_at, expires_at })
    }
}

struct Times {
    starts_at: i64,
    expires_at: i64,
}

fn seconds(claims: &Object<'_>, name: &str) -> Result<Option<i64>, TokenError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Json::Whole(seconds)) if *seconds <= MAX_SECONDS => {
            i64::try_from(*seconds).map(Some).map_err(|_| TokenError::Time)
        }
        Some(_) => Err(TokenError::Time),
    }
}

fn subject<'c>(claims: &'c Object<'_>) -> Result<&'c str, TokenError> {
    claims
        .text("sub")
        .filter(|sub| sub.is_ascii() && is_name(sub, MAX_SUBJECT_CHARACTERS))
        .ok_or(TokenError::Subject)
}

/// Returns the username. A program (client credentials grant) has none and is its own subject;
/// its username is the client id.
fn username<'c>(
    claims: &'c Object<'_>,
    token_use: TokenUse,
    sub: &'c str,
    client_id: &'c str,
) -> Result<&'c str, TokenError> {
    let claim = match token_use {
        TokenUse::Access => "username",
        TokenUse::Id => "cognito:username",
    };
    let name = match claims.get(claim) {
        Some(name) => name.as_str(),
        None if token_use == TokenUse::Access && sub == client_id => Some(sub),
        None => None,
    };
    name.filter(|name| is_name(name, MAX_USERNAME_CHARACTERS)).ok_or(TokenError::Username)
}

fn email(claims: &Object<'_>, token_use: TokenUse) -> Result<Option<String>, TokenError> {
    match (token_use, claims.get("email")) {
        (TokenUse::Access, _) | (TokenUse::Id, None) => Ok(None),
        (TokenUse::Id, Some(email)) => email
            .as_str()
            .filter(|email| is_name(email, MAX_EMAIL_CHARACTERS))
            .map(|email| Some(email.to_owned()))
            .ok_or(TokenError::Email),
    }
}

/// Returns the groups as listed. Another form is an error and not an empty list, so that lost
/// permissions are noticed (JWT-15).
fn groups(claims: &Object<'_>) -> Result<Vec<String>, TokenError> {
    let Some(groups) = claims.get("cognito:groups") else { return Ok(Vec::new()) };
    let groups = groups.as_array().ok_or(TokenError::Groups)?;
    if groups.len() > MAX_GROUPS {
        return Err(TokenError::Groups);
    }
    let name = |group: &Json<'_>| {
        group.as_str().filter(|name| is_name(name, MAX_GROUP_CHARACTERS)).map(str::to_owned)
    };
    groups.iter().map(name).collect::<Option<_>>().ok_or(TokenError::Groups)
}

/// Returns the scope of an access token, a space-separated list (RFC 6749 §3.3). The scope of
/// an ID token is ignored.
fn scope(claims: &Object<'_>, token_use: TokenUse) -> Result<String, TokenError> {
    let Some(scope) = claims.get("scope") else { return Ok(String::new()) };
    let is_scope = |scope: &&str| scope.bytes().all(|byte| byte == b' ' || is_scope_byte(byte));
    let scope = scope.as_str().filter(is_scope).ok_or(TokenError::Scope)?;
    Ok(match token_use {
        TokenUse::Access => scope.to_owned(),
        TokenUse::Id => String::new(),
    })
}

fn is_absent_or_string(claims: &Object<'_>, name: &str) -> bool {
    claims.get(name).is_none_or(|value| value.as_str().is_some())
}

fn is_name(text: &str, max_characters: usize) -> bool {
    let (characters, has_control) = if text.is_ascii() {
        (text.len(), text.bytes().any(|byte| byte.is_ascii_control()))
    } else {
        (text.chars().count(), text.chars().any(char::is_control))
    };
    (1..=max_characters).contains(&characters) && !has_control
}
