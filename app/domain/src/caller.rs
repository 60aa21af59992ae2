//! Who is asking.

/// Somebody whose token was verified.
///
/// Only the authorizer makes one (a lint forbids [`Identity::from_verified`] elsewhere),
/// so a function that takes an `Identity` cannot be reached with a made-up name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    claims: VerifiedClaims,
}

/// What a verified token says of its bearer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedClaims {
    /// The subject: 1 to 255 characters, never reassigned by the pool.
    pub sub: String,
    /// The name they sign in with; may be reused by the pool after a deletion.
    pub username: String,
    /// Only ID tokens carry it.
    pub email: Option<String>,
    /// The pool's groups, as the token lists them.
    pub groups: Vec<String>,
    /// What the app client may do in the bearer's name, separated by spaces; only access
    /// tokens say it.
    pub scope: String,
    /// Which kind of token verified.
    pub token_use: TokenUse,
    /// When the token ends, in seconds since the Unix epoch.
    pub expires_at: i64,
}

impl VerifiedClaims {
    /// The groups in one event, separated by commas: for what cannot carry a list, and for
    /// people to read.
    ///
    /// A group with a comma in its name is left out, since it would read as two.
    pub fn groups_in_a_line(&self) -> String {
        let plain = self.groups.iter().filter(|group| !group.contains(','));
        plain.map(String::as_str).collect::<Vec<_>>().join(",")
    }

    /// Whether the scope was granted, to the letter.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }
}

/// The two kinds of token that can say who somebody is (Cognito claim `token_use`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenUse {
    /// For APIs; carries groups and scopes.
    Access,
    /// For the client that signed the person in; carries the email address.
    Id,
}

impl TokenUse {
    /// The value of the claim.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Id => "id",
        }
    }

    /// The kind that goes by this value of the claim.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Access, Self::Id].into_iter().find(|token_use| token_use.as_str() == name)
    }
}

impl Identity {
    /// Vouches for claims whose signature and rules were checked.
    ///
    /// Called by the authorizer alone.
    pub fn from_verified(claims: VerifiedClaims) -> Self {
        Self { claims }
    }

    /// The verified claims.
    pub fn claims(&self) -> &VerifiedClaims {
        &self.claims
    }
}

/// On whose behalf something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody said who they are.
    Anonymous,
    /// A verified person or program.
    SignedIn(Identity),
    /// The person at the machine: command-line work such as an import, never a request.
    Operator,
}

impl Caller {
    /// The verified identity, if there is one.
    pub fn identity(&self) -> Option<&Identity> {
        match self {
            Self::SignedIn(identity) => Some(identity),
            Self::Anonymous | Self::Operator => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "these tests need an identity")]

    use super::*;

    #[test]
    fn only_somebody_who_is_signed_in_has_an_identity() {
        let identity = Identity::from_verified(VerifiedClaims {
            sub: "sub".to_owned(),
            username: "ada".to_owned(),
            email: None,
            groups: Vec::new(),
            scope: "openid gazette/all".to_owned(),
            token_use: TokenUse::Access,
            expires_at: 0,
        });
        let claims = identity.claims();
        assert!(claims.has_scope("openid") && !claims.has_scope("gazette"));
        assert_eq!(Caller::SignedIn(identity.clone()).identity(), Some(&identity));
        assert_eq!(Caller::Anonymous.identity(), None);
        assert_eq!(Caller::Operator.identity(), None);
    }

    #[test]
    fn a_kind_of_token_goes_by_its_name_to_the_letter() {
        for token_use in [TokenUse::Access, TokenUse::Id] {
            assert_eq!(TokenUse::named(token_use.as_str()), Some(token_use));
        }
        assert_eq!([TokenUse::Access.as_str(), TokenUse::Id.as_str()], ["access", "id"]);
        for other in ["", "ID", "refresh", "access "] {
            assert_eq!(TokenUse::named(other), None);
        }
    }
}
