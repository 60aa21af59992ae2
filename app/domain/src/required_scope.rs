//! Scopes that an access token needs besides its bearer's role.

use std::fmt;
use std::str::FromStr;

use crate::policy::Action;

/// A scope that an access token needs for an action, besides its bearer's role.
///
/// Written `action=scope`, such as `news:delete=gazette/delete`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredScope {
    pub(crate) action: Action,
    pub(crate) scope: String,
}

/// Why a required scope cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequiredScopeError {
    /// There is no `=` in it.
    #[error("{0:?} is not of the form action=scope")]
    Form(String),
    /// No action has this name.
    #[error("{0:?} is no action; there are: {1}")]
    Action(String, String),
    /// Nobody needs a token for it.
    #[error("{0} is open to everybody, so a scope would keep out only those with a token")]
    Public(&'static str),
    /// Empty, or with characters that no scope has.
    #[error("{0:?} is no scope")]
    Scope(String),
}

impl FromStr for RequiredScope {
    type Err = RequiredScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, scope) =
            text.split_once('=').ok_or_else(|| RequiredScopeError::Form(text.to_owned()))?;
        let action = Action::named(name).ok_or_else(|| {
            let known = Action::ALL.map(Action::as_str).join(", ");
            RequiredScopeError::Action(name.to_owned(), known)
        })?;
        if action.is_public() {
            return Err(RequiredScopeError::Public(action.as_str()));
        }
        if scope.is_empty() || !scope.bytes().all(is_scope_byte) {
            return Err(RequiredScopeError::Scope(scope.to_owned()));
        }
        Ok(Self { action, scope: scope.to_owned() })
    }
}

impl fmt::Display for RequiredScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.action.as_str(), self.scope)
    }
}

/// Whether the byte may stand in the name of a scope (RFC 6749 §3.3).
pub fn is_scope_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_and_a_scope_make_a_rule() {
        let text = "news:delete=https://api.example/news=all";
        let rule: RequiredScope = text.parse().unwrap();
        assert_eq!(rule.to_string(), text);
        assert_eq!(rule.action, Action::DeleteNews);
        assert_eq!(rule.scope, "https://api.example/news=all");
    }

    #[test]
    fn what_makes_no_rule_says_why() {
        let refused = |text: &str| text.parse::<RequiredScope>().unwrap_err().to_string();
        assert_eq!(refused("news:delete"), r#""news:delete" is not of the form action=scope"#);
        assert!(refused("fly=a").starts_with(r#""fly" is no action; there are: news:read, "#));
        assert!(refused("news:read=a").starts_with("news:read is open to everybody"));
        for scope in ["", "a b", "a\"b", "a\\b", "a\nb", "\u{e4}"] {
            assert_eq!(refused(&format!("news:delete={scope}")), format!("{scope:?} is no scope"));
        }
    }
}
