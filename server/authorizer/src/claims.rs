//! The rules for a token's claims.

use gazette_domain::{TokenUse, VerifiedClaims, is_scope_byte};

use crate::strict_json::{Json, Object};
use crate::token_error::TokenError;

/// Cognito's longest lifetime of an ID or access token.
const MAX_LIFETIME_SECONDS: i64 = 24 * 60 * 60;
/// Times are below 2^53: every reader of JSON agrees on whole numbers up to there.
const MAX_SECONDS: u64 = (1 << 53) - 1;
/// Cognito's quota of groups per user.
const MAX_GROUPS: usize = 100;
const MAX_GROUP_CHARACTERS: usize = 128;
const MAX_SUBJECT_CHARACTERS: usize = 255;
const MAX_USERNAME_CHARACTERS: usize = 128;
/// Cognito's longest attribute value.
const MAX_EMAIL_CHARACTERS: usize = 2_048;

/// What the claims of a token must say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'r> {
    pub(crate) issuer: &'r str,
    pub(crate) client_ids: &'r [String],
    pub(crate) token_uses: &'r [TokenUse],
    pub(crate) clock_skew_seconds: u32,
}

/// Claims that obey the rules, of a token whose signature nobody has checked yet.
#[derive(Debug)]
pub(crate) struct Unproven {
    pub(crate) claims: VerifiedClaims,
    /// Told apart from the other rules because an expired token of our own pool is
    /// answered differently, which must wait for the signature.
    pub(crate) is_expired: bool,
}

impl Rules<'_> {
    /// Checks every rule; the order is from what is most often wrong to what is least.
    pub(crate) fn judge(&self, claims: &Object<'_>, now: i64) -> Result<Unproven, TokenError> {
        self.check_issuer(claims)?;
        let token_use = self.token_use(claims)?;
        if claims.has("act") {
            return Err(TokenError::Delegated);
        }
        let client_id = self.client_id(claims, token_use)?;
        let times = self.times(claims, now)?;
        let sub = subject(claims)?;
        if !is_absent_or_text(claims, "jti") {
            return Err(TokenError::TokenId);
        }
        let username = username(claims, token_use, sub, client_id)?.to_owned();
        let claims = VerifiedClaims {
            sub: sub.to_owned(),
            username,
            email: email(claims, token_use)?,
            groups: groups(claims)?,
            scope: scope(claims, token_use)?,
            token_use,
            expires_at: times.expires_at,
        };
        Ok(Unproven { claims, is_expired: times.is_expired })
    }

    fn check_issuer(&self, claims: &Object<'_>) -> Result<(), TokenError> {
        match text(claims, "iss") {
            Some(issuer) if issuer == self.issuer => Ok(()),
            _ => Err(TokenError::Issuer),
        }
    }

    fn token_use(&self, claims: &Object<'_>) -> Result<TokenUse, TokenError> {
        let token_use = match text(claims, "token_use") {
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

    /// The app client the token was made for: ID tokens name it in `aud` and access
    /// tokens in `client_id`, and the other claim never counts (JWT-08).
    fn client_id<'c>(
        &self,
        claims: &'c Object<'_>,
        token_use: TokenUse,
    ) -> Result<&'c str, TokenError> {
        let (own, other_is_harmless) = match token_use {
            TokenUse::Id => ("aud", !claims.has("client_id")),
            // With resource binding Cognito puts the API's address there.
            TokenUse::Access => ("client_id", is_absent_or_text(claims, "aud")),
        };
        let client_id = text(claims, own).ok_or(TokenError::Client)?;
        let is_ours = self.client_ids.iter().any(|ours| ours == client_id);
        let authorized = !claims.has("azp") || text(claims, "azp") == Some(client_id);
        if is_ours && other_is_harmless && authorized {
            Ok(client_id)
        } else {
            Err(TokenError::Client)
        }
    }

    fn times(&self, claims: &Object<'_>, now: i64) -> Result<Times, TokenError> {
        let skew = i64::from(self.clock_skew_seconds);
        let issued_at = seconds(claims, "iat")?.ok_or(TokenError::Time)?;
        let expires_at = seconds(claims, "exp")?.ok_or(TokenError::Time)?;
        let begins = [Some(issued_at), seconds(claims, "nbf")?, seconds(claims, "auth_time")?];
        if begins.into_iter().flatten().any(|begin| begin > now.saturating_add(skew)) {
            return Err(TokenError::Future);
        }
        if !(1..=MAX_LIFETIME_SECONDS).contains(&(expires_at - issued_at)) {
            return Err(TokenError::Lifetime);
        }
        Ok(Times { expires_at, is_expired: now >= expires_at.saturating_add(skew) })
    }
}

struct Times {
    expires_at: i64,
    is_expired: bool,
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
    text(claims, "sub")
        .filter(|sub| sub.is_ascii() && is_name(sub, MAX_SUBJECT_CHARACTERS))
        .ok_or(TokenError::Subject)
}

/// The name they sign in with. A program (client credentials grant) has none: it is its
/// own subject, and goes by the client's id.
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

/// The groups, exactly as listed. A list in another form is refused rather than read as
/// "no groups": it would hide that somebody's rights were lost on the way (JWT-15).
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

/// What an access token's client may do, as it stands there: names with spaces between them
/// (RFC 6749 §3.3). An ID token grants nothing, whatever it says.
fn scope(claims: &Object<'_>, token_use: TokenUse) -> Result<String, TokenError> {
    let Some(scope) = claims.get("scope") else { return Ok(String::new()) };
    let is_scope = |scope: &&str| scope.bytes().all(|byte| byte == b' ' || is_scope_byte(byte));
    let scope = scope.as_str().filter(is_scope).ok_or(TokenError::Scope)?;
    Ok(match token_use {
        TokenUse::Access => scope.to_owned(),
        TokenUse::Id => String::new(),
    })
}

fn text<'c>(claims: &'c Object<'_>, name: &str) -> Option<&'c str> {
    claims.get(name)?.as_str()
}

fn is_absent_or_text(claims: &Object<'_>, name: &str) -> bool {
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
