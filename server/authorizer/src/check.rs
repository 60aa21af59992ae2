//! The checks of a token, to explain which one failed.

use crate::token_error::TokenError;

/// A check of a token; they run in the order of [`Check::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// The token is not longer than any token of the pool.
    Size,
    /// The token has three parts of canonical base64url with strict JSON objects.
    Form,
    /// The algorithm is RS256.
    Algorithm,
    /// The header has no unusual members.
    Header,
    /// The issuer is the configured one.
    Issuer,
    /// The kind of token is accepted.
    Use,
    /// The token is not delegated.
    Delegation,
    /// The client is one of the configured app clients, and the token is for this site.
    Client,
    /// The times are plausible and not in the future.
    Times,
    /// Subject, username, groups and scopes are well-formed.
    Subject,
    /// In a sign-in: nonce and access token match.
    SignIn,
    /// The key id is one of the issuer.
    Key,
    /// The signature was made with that key.
    Signature,
    /// The token has not expired.
    Expiry,
}

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The check passed.
    Passed,
    /// The check failed.
    Failed(TokenError),
    /// An earlier check failed.
    NotReached,
}

impl Check {
    /// All checks, in order.
    pub const ALL: [Self; 14] = [
        Self::Size,
        Self::Form,
        Self::Algorithm,
        Self::Header,
        Self::Issuer,
        Self::Use,
        Self::Delegation,
        Self::Client,
        Self::Times,
        Self::Subject,
        Self::SignIn,
        Self::Key,
        Self::Signature,
        Self::Expiry,
    ];

    /// Returns a short description for users.
    pub fn description(self) -> &'static str {
        match self {
            Self::Size => "not too long",
            Self::Form => "three parts of strict JSON",
            Self::Algorithm => "signed with RS256",
            Self::Header => "only known header members",
            Self::Issuer => "from our issuer",
            Self::Use => "of an accepted kind",
            Self::Delegation => "not delegated",
            Self::Client => "for one of our clients",
            Self::Times => "valid times",
            Self::Subject => "valid subject, groups and scopes",
            Self::SignIn => "belongs to the sign-in",
            Self::Key => "names a key of the issuer",
            Self::Signature => "the signature matches",
            Self::Expiry => "not expired",
        }
    }

    /// Returns the result of each check of a token that failed with `error`, or passed.
    pub fn steps(error: Option<TokenError>) -> impl Iterator<Item = (Self, Step)> {
        let failed = error.map(|error| (error.check(), error));
        let mut reached = true;
        Self::ALL.into_iter().map(move |check| match failed {
            Some((failing, error)) if failing == check => {
                reached = false;
                (check, Step::Failed(error))
            }
            _ if reached => (check, Step::Passed),
            _ => (check, Step::NotReached),
        })
    }
}

impl TokenError {
    /// Returns the check that failed.
    pub fn check(self) -> Check {
        match self {
            Self::TooLong => Check::Size,
            Self::Characters | Self::Form | Self::Encoding | Self::Json => Check::Form,
            Self::Algorithm => Check::Algorithm,
            Self::Header | Self::Type | Self::KeyId => Check::Header,
            Self::Issuer => Check::Issuer,
            Self::Use | Self::OtherUse(_) => Check::Use,
            Self::Delegated => Check::Delegation,
            Self::Client | Self::Resource => Check::Client,
            Self::Time | Self::Future | Self::Lifetime => Check::Times,
            Self::Subject
            | Self::Username
            | Self::Email
            | Self::Groups
            | Self::Scope
            | Self::TokenId => Check::Subject,
            Self::Nonce | Self::AccessTokenHash => Check::SignIn,
            Self::UnknownKey | Self::KeysUnavailable => Check::Key,
            Self::Signature => Check::Signature,
            Self::Expired => Check::Expiry,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_check_has_its_own_description() {
        let descriptions: HashSet<_> = Check::ALL.into_iter().map(Check::description).collect();
        assert_eq!(descriptions.len(), Check::ALL.len());
        assert!(descriptions.iter().all(|description| description.len() > 8));
    }

    #[test]
    fn checks_before_the_failed_one_passed_and_later_ones_were_not_reached() {
        let steps: Vec<Step> =
            Check::steps(Some(TokenError::Issuer)).map(|(_, step)| step).collect();
        assert_eq!(steps[..4], [Step::Passed; 4]);
        assert_eq!(steps[4], Step::Failed(TokenError::Issuer));
        assert_eq!(steps[5..], [Step::NotReached; 9]);
        assert!(Check::steps(None).all(|(_, step)| step == Step::Passed));
    }
}
