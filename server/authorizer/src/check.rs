//! The checks a token goes through, for people who want to know which one it failed.

use crate::token_error::TokenError;

/// One check, in the order in which [`Check::ALL`] lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// Not longer than any token of the pool.
    Size,
    /// Three parts of canonical base64url with strict JSON objects in them.
    Form,
    /// Signed with RS256.
    Algorithm,
    /// A header with nothing unusual in it.
    Header,
    /// From the configured issuer.
    Issuer,
    /// Of a kind that is accepted.
    Use,
    /// For the bearer itself, not for somebody it acts for.
    Delegation,
    /// For one of the configured app clients.
    Client,
    /// With times that make sense and do not lie ahead.
    Times,
    /// With a subject, a name, groups and scopes in their proper form.
    Subject,
    /// For a sign-in: with the nonce and access token that belong to it.
    SignIn,
    /// Naming a key of the issuer.
    Key,
    /// Signed by that key.
    Signature,
    /// Not expired.
    Expiry,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It holds.
    Passed,
    /// It does not.
    Failed(TokenError),
    /// An earlier one had failed.
    NotReached,
}

impl Check {
    /// Every check, in order.
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

    /// What it asks, in a few words.
    pub fn question(self) -> &'static str {
        match self {
            Self::Size => "not too long",
            Self::Form => "three parts of strict JSON",
            Self::Algorithm => "signed with RS256",
            Self::Header => "an ordinary header",
            Self::Issuer => "from our issuer",
            Self::Use => "of an accepted kind",
            Self::Delegation => "not delegated",
            Self::Client => "for one of our clients",
            Self::Times => "sensible times",
            Self::Subject => "a proper subject, groups and scopes",
            Self::SignIn => "belongs to the sign-in",
            Self::Key => "names a key of the issuer",
            Self::Signature => "the signature matches",
            Self::Expiry => "not expired",
        }
    }

    /// How each check came out for a token that was refused like this, or accepted.
    pub fn steps(token_error: Option<TokenError>) -> impl Iterator<Item = (Self, Step)> {
        let failed = token_error.map(|token_error| (token_error.check(), token_error));
        let mut reached = true;
        Self::ALL.into_iter().map(move |check| match failed {
            Some((failing, token_error)) if failing == check => {
                reached = false;
                (check, Step::Failed(token_error))
            }
            _ if reached => (check, Step::Passed),
            _ => (check, Step::NotReached),
        })
    }
}

impl TokenError {
    /// The check that did not hold.
    pub fn check(self) -> Check {
        match self {
            Self::TooLong => Check::Size,
            Self::Characters | Self::Form | Self::Encoding | Self::Json => Check::Form,
            Self::Algorithm => Check::Algorithm,
            Self::Header | Self::Type | Self::KeyId => Check::Header,
            Self::Issuer => Check::Issuer,
            Self::Use | Self::OtherUse(_) => Check::Use,
            Self::Delegated => Check::Delegation,
            Self::Client => Check::Client,
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
    fn every_check_asks_something_of_its_own() {
        let questions: HashSet<_> = Check::ALL.into_iter().map(Check::question).collect();
        assert_eq!(questions.len(), Check::ALL.len());
        assert!(questions.iter().all(|question| question.len() > 8));
    }

    #[test]
    fn what_comes_before_a_failure_passed_and_what_comes_after_was_not_reached() {
        let steps: Vec<Step> =
            Check::steps(Some(TokenError::Issuer)).map(|(_, step)| step).collect();
        assert_eq!(steps[..4], [Step::Passed; 4]);
        assert_eq!(steps[4], Step::Failed(TokenError::Issuer));
        assert_eq!(steps[5..], [Step::NotReached; 9]);
        assert!(Check::steps(None).all(|(_, step)| step == Step::Passed));
    }
}
