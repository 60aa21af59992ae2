//! What a token may be used for.

use serde::{Deserialize, Serialize};

/// The scopes clients of this pool may ask for.
const KNOWN: [&str; 5] = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];
/// The scopes that only say which attributes an id token carries.
const ATTRIBUTES: [&str; 3] = ["email", "phone", "profile"];

/// A set of scopes, in the order asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scopes(String);

impl Scopes {
    /// Reads a space-separated list; an absent one stands for all scopes.
    ///
    /// `None` when a scope is unknown, or asks for attributes without `openid`.
    /// Source: Cognito, "Authorize endpoint", `scope`.
    pub(crate) fn parse(text: Option<&str>) -> Option<Self> {
        let Some(text) = text else { return Some(Self(KNOWN.join(" "))) };
        let mut scopes: Vec<&str> = Vec::new();
        for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
            if !KNOWN.contains(&scope) {
                return None;
            }
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let needs_openid = scopes.iter().any(|scope| ATTRIBUTES.contains(scope));
        if scopes.is_empty() || (needs_openid && !scopes.contains(&"openid")) {
            return None;
        }
        Some(Self(scopes.join(" ")))
    }

    /// What tokens of the JSON API carry.
    pub(crate) fn user_admin() -> Self {
        Self("aws.cognito.signin.user.admin".to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn has(&self, scope: &str) -> bool {
        self.0.split(' ').any(|one| one == scope)
    }

    /// Whether an id token of these scopes carries the email address.
    ///
    /// `openid` without any attribute scope stands for all attributes, and so
    /// does a sign-in through the JSON API. Source: Cognito, "Scopes".
    pub(crate) fn show_email(&self) -> bool {
        self.has("email") || !ATTRIBUTES.iter().any(|scope| self.has(scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_a_closed_list() {
        assert_eq!(Scopes::parse(Some("openid email openid")).unwrap().as_str(), "openid email");
        assert_eq!(Scopes::parse(None).unwrap().as_str(), KNOWN.join(" "));
        for wrong in [" ", "email", "openid news/write", "OPENID", "openid\temail"] {
            assert_eq!(Scopes::parse(Some(wrong)), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_email_is_shown_unless_other_attributes_were_asked_for() {
        let shows = |text| Scopes::parse(Some(text)).unwrap().show_email();
        assert!(shows("openid") && shows("openid email") && Scopes::user_admin().show_email());
        assert!(!shows("openid profile"));
    }
}
