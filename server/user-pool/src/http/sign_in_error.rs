//! Why a sign-in failed, in the words of the sign-in page.

use crate::error::SignInError;

/// Returns the text for the user.
pub(super) fn text_of(error: &SignInError) -> String {
    match error {
        SignInError::WrongCredentials => "Incorrect username or password.".to_owned(),
        SignInError::Locked(locked) => {
            format!("Too many attempts. Try again in {}.", duration_text(locked.retry_after))
        }
        SignInError::Disabled => {
            "This account is disabled. Ask an administrator to enable it.".to_owned()
        }
        SignInError::TemporaryPasswordExpired => {
            "Your temporary password has expired. Ask an administrator for a new one.".to_owned()
        }
        SignInError::NotConfirmed => {
            "Confirm your account first, with the code that was sent to you.".to_owned()
        }
        SignInError::ResetRequired => {
            "Your password was reset. Choose a new one with the code that was sent to you."
                .to_owned()
        }
        SignInError::Internal(_) => "Sorry, that's our fault. Please try again.".to_owned(),
    }
}

/// Writes a duration in seconds, or in minutes rounded up.
fn duration_text(seconds: i64) -> String {
    match seconds {
        ..=1 => "1 second".to_owned(),
        2..=59 => format!("{seconds} seconds"),
        60 => "1 minute".to_owned(),
        61.. => format!("{} minutes", seconds.saturating_add(59) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_up_to_minutes() {
        for (seconds, text) in [
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (61, "2 minutes"),
            (900, "15 minutes"),
        ] {
            assert_eq!(duration_text(seconds), text);
        }
    }
}
