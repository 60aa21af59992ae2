//! OAuth scopes.

use serde::{Deserialize, Serialize};

/// Scopes that clients of this pool may request.
const ALL: [&str; 5] = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];
/// Scopes that only select the attributes in an id token.
const ATTRIBUTE_SCOPES: [&str; 3] = ["email", "phone", "profile"];

/// A set of scopes, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scopes(String);

impl Scopes {
    /// Parses a space-separated list; without one, all scopes are granted.
    ///
    /// `None` when a scope is unknown, or selects attributes without `openid`.
    /// Source: Cognito, "Authorize endpoint", `scope`.
    pub(crate) fn parse(text: Option<&str>) -> Option<Self> {
        let Some(text) = text else { return Some(Self(ALL.join(" "))) };
        let mut scopes: Vec<&str> = Vec::new();
        for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
            if !ALL.contains(&scope) {
                return None;
            }
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let needs_openid = scopes.iter().any(|scope| ATTRIBUTE_SCOPES.contains(scope));
        if scopes.is_empty() || (needs_openid && !scopes.contains(&"openid")) {
            return None;
        }
        Some(Self(scopes.join(" ")))
    }

    /// Returns the scope of tokens issued by the JSON API.
    pub(crate) fn user_admin() -> Self {
        Self("aws.cognito.signin.user.admin".to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn contains(&self, scope: &str) -> bool {
        self.0.split(' ').any(|item| item == scope)
    }

    /// Checks whether an id token with these scopes carries the email address.
    pub(crate) fn includes_email(&self) -> bool {
        self.includes("email")
    }

    /// Checks whether an id token with these scopes carries the attributes of a scope.
    ///
    /// `openid` without any attribute scope selects all attributes, and so does the scope of
    /// the JSON API. Source: Cognito, "Scopes".
    pub(crate) fn includes(&self, scope: &str) -> bool {
        self.contains(scope) || !ATTRIBUTE_SCOPES.iter().any(|scope| self.contains(scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_scopes_are_accepted() {
        assert_eq!(Scopes::parse(Some("openid email openid")).unwrap().as_str(), "openid email");
        assert_eq!(Scopes::parse(None).unwrap().as_str(), ALL.join(" "));
        for invalid in [" ", "email", "openid news/write", "OPENID", "openid\temail"] {
            assert_eq!(Scopes::parse(Some(invalid)), None, "{invalid:?}");
        }
    }

    #[test]
    fn the_email_is_included_unless_only_other_attributes_are_requested() {
        let includes = |text| Scopes::parse(Some(text)).unwrap().includes_email();
        assert!(
            includes("openid") && includes("openid email") && Scopes::user_admin().includes_email()
        );
        assert!(!includes("openid profile"));
    }
}
