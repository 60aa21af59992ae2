//! Errors of attributes, in Cognito's words.

/// Error of an attribute; its text is Cognito's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AttributeError {
    /// The schema has no such attribute.
    #[error(
        "Attributes did not conform to the schema: {0}: Attribute does not exist in the schema.\n"
    )]
    Unknown(String),
    /// The schema requires the attribute.
    #[error("Attributes did not conform to the schema: {0}: The attribute is required\n")]
    Missing(&'static str),
    /// The pool sets the attribute.
    #[error("user.{0}: Attribute cannot be updated.\n")]
    Immutable(String),
    /// Only administrators may write the attribute.
    #[error("A client attempted to write unauthorized attribute")]
    Unauthorized,
    /// The address has no two parts, or is too long.
    #[error("Invalid email address format.")]
    Email,
    /// The number is not in the form of E.164.
    #[error("Invalid phone number format.")]
    PhoneNumber,
    /// The value is too long.
    #[error(
        "1 validation error detected: Value at 'userAttributes.{0}.member.value' failed to \
         satisfy constraint: Member must have length less than or equal to 2048"
    )]
    TooLong(usize),
    /// The user would have too many custom attributes.
    #[error("A user can have at most 50 custom attributes.")]
    TooMany,
}
