//! Reasons for which a redirect is refused.

/// The reason a redirect is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// The old address or the target breaks a rule.
    #[error("{field}: {message}")]
    Rule {
        /// `from` or `to`.
        field: &'static str,
        /// Description for the person who wrote it.
        message: String,
    },
    /// The old address has another redirect, which is kept.
    #[error("from: `{from}` already leads to {to}; remove that redirect first")]
    Taken {
        /// Old address.
        from: String,
        /// Target of the redirect that is kept.
        to: String,
    },
}

impl RedirectError {
    pub(crate) fn from_rule(message: impl Into<String>) -> Self {
        Self::Rule { field: "from", message: message.into() }
    }

    pub(crate) fn to_rule(message: impl Into<String>) -> Self {
        Self::Rule { field: "to", message: message.into() }
    }

    /// Returns the field and its message.
    pub fn field(&self) -> (&'static str, String) {
        match self {
            Self::Rule { field, message } => (field, message.clone()),
            Self::Taken { from, to } => {
                ("from", format!("`{from}` already leads to {to}; remove that redirect first"))
            }
        }
    }
}
