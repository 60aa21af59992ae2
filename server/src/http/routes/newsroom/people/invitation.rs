//! Fields of an invitation that an admin can correct.

use crate::pool_admin::{Invitation, PoolAdminError};

/// Limits of Cognito.
const MAX_NAME_CHARS: usize = 128;
const MAX_EMAIL_BYTES: usize = 254;

/// Returns the first fault that needs no question to the pool.
pub(super) fn fault(invitation: &Invitation) -> Option<(&'static str, String)> {
    let Invitation { name, email } = invitation;
    let count = name.chars().take(MAX_NAME_CHARS + 1).count();
    if !(1..=MAX_NAME_CHARS).contains(&count) || name.contains(char::is_whitespace) {
        let message = "The name must have 1 to 128 characters and no spaces.";
        return Some(("name", message.to_owned()));
    }
    let has_two_parts =
        email.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    if !has_two_parts || email.len() > MAX_EMAIL_BYTES || email.contains(char::is_whitespace) {
        let message = "The email address must look like name@example.com.";
        return Some(("email", message.to_owned()));
    }
    None
}

/// Says in words what the admin can correct; `None` for other errors.
pub(super) fn words(error: &PoolAdminError) -> Option<String> {
    let exists = "Someone has this name or address already. Choose another name.";
    matches!(error, PoolAdminError::UserExists).then(|| exists.to_owned())
}
