//! Errors of the user pool's administration.

use super::operation::Operation;
use crate::aws::SigningError;
use crate::error_causes::with_causes;

/// Parts of the exceptions with which AWS refuses credentials: their names differ by service and
/// by what is wrong.
const REFUSALS: [&str; 9] = [
    "AccessDenied",
    "NotAuthorized",
    "UnrecognizedClient",
    "InvalidClientTokenId",
    "Signature",
    "AuthenticationToken",
    "ExpiredToken",
    "Forbidden",
    "OptInRequired",
];

/// The user pool did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PoolAdminError {
    /// The site's credentials do not allow the operation.
    #[error("the site may not call {}: {reason}", .operation.iam_action())]
    NotPermitted {
        operation: Operation,
        /// Code of the pool's error, or the reason why there are no credentials.
        reason: String,
    },
    /// The pool does not answer in time.
    #[error("the user pool does not answer: {0}")]
    Unavailable(String),
    /// The pool gets too many requests.
    #[error("the user pool gets too many requests")]
    Throttled,
    /// There is a user with this name or address.
    #[error("the user exists already")]
    UserExists,
    /// There is no such user.
    #[error("the user does not exist")]
    UserNotFound,
    /// There is no such group, or no such pool.
    #[error("the user pool answered: {0}")]
    ResourceNotFound(String),
    /// The pool refused the input.
    #[error("the user pool answered: {0}")]
    Rejected(String),
    /// The answer cannot be read.
    #[error("the answer of the user pool cannot be read")]
    Unreadable,
}

impl PoolAdminError {
    /// Makes the error of an exception.
    pub(super) fn of_exception(operation: Operation, exception: &str, message: String) -> Self {
        match exception {
            "UsernameExistsException" | "AliasExistsException" => Self::UserExists,
            "UserNotFoundException" => Self::UserNotFound,
            "ResourceNotFoundException" => Self::ResourceNotFound(message),
            "TooManyRequestsException"
            | "ThrottlingException"
            | "Throttling"
            | "LimitExceededException"
            | "RequestLimitExceeded" => Self::Throttled,
            "InternalErrorException" | "ServiceUnavailableException" | "InternalFailure" => {
                Self::Unavailable(exception.to_owned())
            }
            "InvalidParameterException"
            | "InvalidPasswordException"
            | "UnsupportedUserStateException"
            | "CodeDeliveryFailureException"
            | "UserLambdaValidationException"
            | "PreconditionNotMetException" => Self::Rejected(message),
            other if REFUSALS.iter().any(|part| other.contains(part)) => {
                Self::NotPermitted { operation, reason: other.to_owned() }
            }
            other => Self::Rejected(format!("{other}: {message}")),
        }
    }

    /// Makes the error of a request that could not be signed.
    pub(super) fn of_signing(operation: Operation, error: &SigningError) -> Self {
        Self::NotPermitted { operation, reason: with_causes(error) }
    }
}

impl From<reqwest::Error> for PoolAdminError {
    fn from(error: reqwest::Error) -> Self {
        Self::Unavailable(with_causes(&error.without_url()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_credentials_are_told_from_refused_input() {
        let error = |exception: &str| {
            PoolAdminError::of_exception(Operation::ListUsers, exception, "why".to_owned())
        };
        for refusal in [
            "AccessDeniedException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "MissingAuthenticationTokenException",
            "ExpiredTokenException",
        ] {
            let message = format!("the site may not call cognito-idp:ListUsers: {refusal}");
            assert_eq!(error(refusal).to_string(), message);
        }
        assert!(matches!(error("UserNotFoundException"), PoolAdminError::UserNotFound));
        assert!(matches!(error("ThrottlingException"), PoolAdminError::Throttled));
        let other = "the user pool answered: UnexpectedLambdaException: why";
        assert_eq!(error("UnexpectedLambdaException").to_string(), other);
    }
}
