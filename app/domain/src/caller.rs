//! Callers and their verified identity.

use std::sync::Arc;

use crate::action::Role;

/// The identity of a person or program whose token was verified.
///
/// Only the authorizer creates one; a lint forbids [`Identity::from_verified`] elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Shared, since each layer of a request has a copy.
    claims: Arc<VerifiedClaims>,
}

/// Claims of a verified token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedClaims {
    /// Subject: 1 to 255 characters, never reassigned by the pool.
    pub sub: String,
    /// Sign-in name; the pool may reassign it after the user was deleted.
    pub username: String,
    /// Email address; only ID tokens have it.
    pub email: Option<String>,
    /// True if the pool has verified the email address.
    pub email_verified: bool,
    /// Groups of the pool, in the order of the token.
    pub groups: Vec<String>,
    /// Role that the configuration gives to a machine client; people have none.
    pub client_role: Option<Role>,
    /// Scopes granted to the app client, separated by spaces; only access tokens have them.
    pub scope: String,
    /// Kind of the token.
    pub token_use: TokenUse,
    /// Expiry, in seconds since the Unix epoch.
    pub expires_at: i64,
}

impl VerifiedClaims {
    /// Returns the groups separated by commas, for headers and pages.
    ///
    /// Omits groups with a comma in their name, which would read as two.
    pub fn comma_separated_groups(&self) -> String {
        let plain = self.groups.iter().filter(|group| !group.contains(','));
        plain.map(String::as_str).collect::<Vec<_>>().join(",")
    }

    /// Returns the email address if the pool has verified it and it has exactly one `@`.
    pub fn verified_email(&self) -> Option<&str> {
        let email = self.email.as_deref().filter(|_| self.email_verified);
        email.filter(|email| email.matches('@').count() == 1)
    }

    /// Checks whether exactly this scope was granted.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }
}

/// The kinds of token that identify a user (Cognito claim `token_use`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenUse {
    /// For APIs; has groups and scopes.
    Access,
    /// For the client that signed the user in; has the email address.
    Id,
}

impl TokenUse {
    /// Returns the value of the claim.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Id => "id",
        }
    }

    /// Parses the value of the claim.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Access, Self::Id].into_iter().find(|token_use| token_use.as_str() == name)
    }
}

impl Identity {
    /// Makes an identity from claims whose signature and rules were checked.
    ///
    /// Only the authorizer calls it.
    pub fn from_verified(claims: VerifiedClaims) -> Self {
        Self { claims: Arc::new(claims) }
    }

    /// Returns the verified claims.
    pub fn claims(&self) -> &VerifiedClaims {
        &self.claims
    }
}

/// The person or program on whose behalf a request acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A request without credentials.
    Anonymous,
    /// A verified person or program.
    SignedIn(Identity),
}

impl Caller {
    /// Returns the verified identity, if there is one.
    pub fn identity(&self) -> Option<&Identity> {
        match self {
            Self::SignedIn(identity) => Some(identity),
            Self::Anonymous => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "these tests need an identity")]

    use super::*;

    #[test]
    fn only_signed_in_callers_have_an_identity() {
        let identity = Identity::from_verified(VerifiedClaims {
            sub: "sub".to_owned(),
            username: "ada".to_owned(),
            email: None,
            email_verified: false,
            groups: Vec::new(),
            client_role: None,
            scope: "openid gazette/all".to_owned(),
            token_use: TokenUse::Access,
            expires_at: 0,
        });
        let claims = identity.claims();
        assert!(claims.has_scope("openid") && !claims.has_scope("gazette"));
        assert_eq!(Caller::SignedIn(identity.clone()).identity(), Some(&identity));
        assert_eq!(Caller::Anonymous.identity(), None);
    }

    #[test]
    fn token_use_is_parsed_from_its_exact_name() {
        for token_use in [TokenUse::Access, TokenUse::Id] {
            assert_eq!(TokenUse::named(token_use.as_str()), Some(token_use));
        }
        assert_eq!([TokenUse::Access.as_str(), TokenUse::Id.as_str()], ["access", "id"]);
        for other in ["", "ID", "refresh", "access "] {
            assert_eq!(TokenUse::named(other), None);
        }
    }
}
