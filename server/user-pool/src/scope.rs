//! OAuth scopes.

use serde::{Deserialize, Serialize};

/// The scopes that every pool has.
pub const STANDARD_SCOPES: [&str; 5] =
    ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];
/// Scopes that only select the attributes in an id token.
const ATTRIBUTE_SCOPES: [&str; 3] = ["email", "phone", "profile"];

/// A set of scopes, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scopes(String);

impl Scopes {
    /// Parses a space-separated list of scopes that a client may request; without one, all of
    /// these are granted.
    ///
    /// `None` when a scope is not allowed, or selects attributes without `openid`.
    /// Source: Cognito, "Authorize endpoint", `scope`.
    pub(crate) fn parse(text: Option<&str>, allowed: &[String]) -> Option<Self> {
        let Some(text) = text else {
            return (!allowed.is_empty()).then(|| Self(allowed.join(" ")));
        };
        let mut scopes: Vec<&str> = Vec::new();
        for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
            if !allowed.iter().any(|allowed| allowed == scope) {
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

    /// Parses a list of scopes of resource servers, for a client itself; without one, all of the
    /// client's are granted.
    pub(crate) fn parse_for_client(text: Option<&str>, allowed: &[String]) -> Option<Self> {
        let is_custom = |scope: &&String| !STANDARD_SCOPES.contains(&scope.as_str());
        let custom: Vec<String> = allowed.iter().filter(is_custom).cloned().collect();
        Self::parse(text, &custom)
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

/// Checks that a scope is one of every pool, or has the form of a resource server's:
/// `identifier/name`.
///
/// Source: Cognito, `ResourceServerIdentifierType` and `ResourceServerScopeNameType`.
pub(crate) fn is_valid_scope(scope: &str) -> bool {
    STANDARD_SCOPES.contains(&scope)
        || scope.rsplit_once('/').is_some_and(|(server, name)| {
            [server, name].iter().all(|part| (1..=256).contains(&part.len()))
                && scope.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: Option<&str>) -> Option<Scopes> {
        let allowed = STANDARD_SCOPES.map(str::to_owned);
        Scopes::parse(text, &allowed)
    }

    #[test]
    fn only_known_scopes_are_accepted() {
        assert_eq!(parse(Some("openid email openid")).unwrap().as_str(), "openid email");
        assert_eq!(parse(None).unwrap().as_str(), STANDARD_SCOPES.join(" "));
        for invalid in [" ", "email", "openid news/write", "OPENID", "openid\temail"] {
            assert_eq!(parse(Some(invalid)), None, "{invalid:?}");
        }
    }

    #[test]
    fn scopes_of_resource_servers_have_a_server_and_a_name() {
        for valid in ["openid", "news/write", "https://api.example/news/write"] {
            assert!(is_valid_scope(valid), "{valid}");
        }
        for invalid in ["", "news", "/write", "news/", "news/wr ite", "news/\"", "näws/write"] {
            assert!(!is_valid_scope(invalid), "{invalid}");
        }
    }

    #[test]
    fn the_email_is_included_unless_only_other_attributes_are_requested() {
        let includes = |text| parse(Some(text)).unwrap().includes_email();
        assert!(
            includes("openid") && includes("openid email") && Scopes::user_admin().includes_email()
        );
        assert!(!includes("openid profile"));
    }
}
