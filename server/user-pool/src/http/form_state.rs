//! The state that a page of the hosted UI shows after a form.
//!
//! The answer to a form is a redirect to such a page, whose address keeps the state. A browser can
//! therefore go back to it, or load it again, without sending the form again.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::error::{AccountError, InternalError};
use crate::sealing::{open, seal};

/// Name of the query parameter with the sealed state.
pub(super) const FORM_STATE: &str = "form_state";
/// Maximum length of the parameter, name included.
pub(super) const MAX_FORM_STATE_BYTES: usize = 3 * 1024;
/// In seconds; as long as a sign-up waits for its code without the password.
const LIFETIME: i64 = 60 * 60;
/// Longest typed value that is shown again: 128 characters of four bytes.
const MAX_VALUE_BYTES: usize = 512;

/// The form of a page, and the error of the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FormState {
    pub(super) form: HostedForm,
    pub(super) error: Option<FormError>,
}

/// A form of the hosted UI, with what it knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum HostedForm {
    Login { username: String },
    NewPassword { session: String, username: String },
    Code { session: String },
    SetUp { session: String },
    SignUp { username: String, email: String },
    Confirm { username: String, session: String, sent_to: Option<String> },
    Forgot { username: String },
    Reset { username: String, sent_to: Option<String> },
}

/// Error above a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FormError {
    pub(super) text: String,
    cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Cause {
    Refused,
    /// The form was not made for this browser.
    Forged,
    /// Too many passwords wait to be checked.
    Busy,
}

/// A state as it is sealed.
#[derive(Serialize, Deserialize)]
struct SealedState {
    until: i64,
    state: FormState,
}

impl HostedForm {
    /// Returns the path of the page with the form.
    pub(super) fn path(&self) -> &'static str {
        match self {
            Self::Login { .. }
            | Self::NewPassword { .. }
            | Self::Code { .. }
            | Self::SetUp { .. } => "/login",
            Self::SignUp { .. } => "/signup",
            Self::Confirm { .. } => "/confirmUser",
            Self::Forgot { .. } => "/forgotPassword",
            Self::Reset { .. } => "/confirmforgotPassword",
        }
    }

    pub(super) fn with_error(self, error: FormError) -> FormState {
        FormState { form: self, error: Some(error) }
    }
}

impl From<HostedForm> for FormState {
    fn from(form: HostedForm) -> Self {
        Self { form, error: None }
    }
}

impl FormState {
    /// Encrypts the state for a query, because it has secrets of the browser.
    pub(super) fn seal(
        &self,
        key: &[u8],
        browser: &str,
        now: i64,
    ) -> Result<String, InternalError> {
        let sealed = SealedState { until: now.saturating_add(LIFETIME), state: self.clone() };
        seal(key, &serde_json::to_string(&sealed)?, browser)
    }

    /// Decrypts a state; `None` if it is another browser's, or too old.
    pub(super) fn open(sealed: &str, key: &[u8], browser: &str, now: i64) -> Option<Self> {
        let sealed: SealedState = serde_json::from_str(&open(key, sealed, browser)?).ok()?;
        (now < sealed.until).then_some(sealed.state)
    }

    /// Returns the status of the page in answer to the form itself.
    pub(super) fn status(&self) -> StatusCode {
        match self.error.as_ref().map(|error| error.cause) {
            None => StatusCode::OK,
            Some(Cause::Refused) => StatusCode::BAD_REQUEST,
            Some(Cause::Forged) => StatusCode::FORBIDDEN,
            Some(Cause::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns the status of the page that a redirect led to.
    pub(super) fn status_after_redirect(&self) -> StatusCode {
        Some(self.status()).filter(StatusCode::is_server_error).unwrap_or(StatusCode::OK)
    }
}

impl FormError {
    pub(super) fn refused(text: impl Into<String>) -> Self {
        Self { text: text.into(), cause: Cause::Refused }
    }

    /// Refuses a form that was not made for this browser.
    pub(super) fn expired() -> Self {
        let text = "This form has expired. Please try again.".to_owned();
        Self { text, cause: Cause::Forged }
    }

    pub(super) fn busy() -> Self {
        let text = "Many people are signing in right now. Try again in a few seconds.".to_owned();
        Self { text, cause: Cause::Busy }
    }

    /// Returns the error for the user.
    ///
    /// # Errors
    /// The internal error that no form can show.
    pub(super) fn of_account(error: AccountError) -> Result<Self, InternalError> {
        let text = match error {
            AccountError::Internal(error) => return Self::of_internal(error),
            AccountError::UsernameExists => {
                "This username is taken. Choose another one, or sign in.".to_owned()
            }
            AccountError::PasswordTooShort | AccountError::PasswordTooLong => {
                "The password must have 8 to 256 characters.".to_owned()
            }
            AccountError::CodeMismatch => "That code is wrong. Please try again.".to_owned(),
            AccountError::CodeExpired => "That code has expired. Ask for a new one.".to_owned(),
            AccountError::LimitExceeded => {
                "Too many attempts. Please try again in an hour.".to_owned()
            }
            other => other.to_string(),
        };
        Ok(Self::refused(text))
    }

    /// Returns the error of a full queue, else the error itself.
    pub(super) fn of_internal(error: InternalError) -> Result<Self, InternalError> {
        match error {
            InternalError::Overloaded => Ok(Self::busy()),
            error => Err(error),
        }
    }
}

/// Returns a typed value that a form shows again; one that cannot be valid is dropped.
pub(super) fn shown_again(value: &str) -> String {
    let is_shown = value.len() <= MAX_VALUE_BYTES && !value.contains(char::is_control);
    if is_shown { value.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pool_07_a_state_opens_for_its_browser_while_it_is_fresh() {
        let form = HostedForm::Code { session: "s".to_owned() };
        let state = form.with_error(FormError::refused("Wrong."));
        let key = [7; 32];
        let sealed = state.seal(&key, "browser", 100).expect("sealed");
        let open = |browser, now| FormState::open(&sealed, &key, browser, now);
        assert_eq!(open("browser", 100 + LIFETIME - 1), Some(state));
        assert_eq!(open("browser", 100 + LIFETIME), None);
        assert_eq!(open("another", 100), None);
    }

    #[test]
    fn the_longest_state_fits_into_an_address() {
        let value = shown_again(&"\u{1f5de}".repeat(128));
        let form = HostedForm::SignUp { username: value.clone(), email: "x".repeat(254) };
        let state = form.with_error(FormError::refused("x".repeat(300)));
        let sealed = state.seal(&[7; 32], "browser", 0).expect("sealed");
        assert!(FORM_STATE.len() + 2 + sealed.len() <= MAX_FORM_STATE_BYTES, "{}", sealed.len());
        for dropped in [format!("{value}x"), "\0".to_owned()] {
            assert_eq!(shown_again(&dropped), "");
        }
    }
}
