//! Who is in the directory, and the rules for names, addresses, groups and passwords.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::DirectoryError;

const MAX_NAME_CHARS: usize = 128;
const MAX_EMAIL_BYTES: usize = 254;
const MAX_GROUPS: usize = 100;
const MIN_PASSWORD_CHARS: usize = 8;
const MAX_PASSWORD_CHARS: usize = 256;

/// A user, as others may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The name they sign in with, as first written; compared without regard to case.
    pub username: String,
    /// What they are known by for good: a random UUID, never given to anybody else.
    pub sub: Uuid,
    /// Their address; taken as verified.
    pub email: String,
    /// The groups they are in, in order of the names.
    pub groups: Vec<String>,
    /// When they were made.
    pub created_at: Timestamp,
}

/// A user to be made; confirmed at once, as there is no mail to confirm by.
#[derive(Clone)]
pub struct NewUser {
    /// 1 to 128 visible characters.
    pub username: String,
    /// An address of at most 254 bytes.
    pub email: String,
    /// 8 to 256 characters, of any composition.
    pub password: String,
    /// At most 100 group names of 1 to 128 visible characters.
    pub groups: Vec<String>,
}

impl NewUser {
    /// Checks every rule that does not depend on who is there already.
    ///
    /// # Errors
    /// [`DirectoryError::InvalidParameter`] or [`DirectoryError::InvalidPassword`] says which.
    pub fn check(&self) -> Result<(), DirectoryError> {
        check_username(&self.username)?;
        check_email(&self.email)?;
        check_password(&self.password)?;
        checked_groups(self.groups.clone()).map(drop)
    }
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("username", &self.username)
            .field("email", &self.email)
            .field("groups", &self.groups)
            .finish_non_exhaustive()
    }
}

/// A user as stored.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    #[serde(flatten)]
    pub(crate) user: User,
    /// A PHC string of Argon2id.
    pub(crate) password_hash: String,
    /// Raised to end every grant made before; see [`crate::grant::SignIn`].
    pub(crate) epoch: u64,
    /// Whether nobody may sign in as this user, nor refresh what they have.
    #[serde(default)]
    pub(crate) disabled: bool,
}

/// The form in which names are compared.
pub(crate) fn folded(username: &str) -> String {
    username.to_lowercase()
}

/// Whether there can be a user of this name with this password at all.
pub(crate) fn can_sign_in(username: &str, password: &str) -> bool {
    check_username(username).is_ok() && check_password(password).is_ok()
}

pub(crate) fn check_username(username: &str) -> Result<(), DirectoryError> {
    check_name(username, "a username has 1 to 128 visible characters")
}

/// Source: Cognito, `UsernameType` and `GroupNameType`: `[\p{L}\p{M}\p{S}\p{N}\p{P}]+`, 1 to 128.
fn check_name(name: &str, rule: &'static str) -> Result<(), DirectoryError> {
    let count = name.chars().take(MAX_NAME_CHARS + 1).count();
    if (1..=MAX_NAME_CHARS).contains(&count) && name.chars().all(is_visible) {
        return Ok(());
    }
    Err(DirectoryError::InvalidParameter(rule))
}

pub(crate) fn check_email(email: &str) -> Result<(), DirectoryError> {
    let has_two_parts =
        email.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    if has_two_parts && email.len() <= MAX_EMAIL_BYTES && email.chars().all(is_visible) {
        return Ok(());
    }
    Err(DirectoryError::InvalidParameter("an email address is of the form name@example.com"))
}

/// Length is the only rule: rules of composition make passwords worse (OWASP ASVS 5, V6.2).
pub(crate) fn check_password(password: &str) -> Result<(), DirectoryError> {
    let count = password.chars().take(MAX_PASSWORD_CHARS + 1).count();
    if (MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&count) {
        return Ok(());
    }
    Err(DirectoryError::InvalidPassword)
}

/// Checks group names and brings them in order, each once.
pub(crate) fn checked_groups(mut groups: Vec<String>) -> Result<Vec<String>, DirectoryError> {
    for group in &groups {
        check_name(group, "a group name has 1 to 128 visible characters")?;
    }
    groups.sort_unstable();
    groups.dedup();
    if groups.len() > MAX_GROUPS {
        return Err(DirectoryError::InvalidParameter("a user is in at most 100 groups"));
    }
    Ok(groups)
}

/// Whether a character is a letter, mark, symbol, number or punctuation.
///
/// The standard library knows no categories, so the others are listed: spaces,
/// controls, invisible format characters, private use and noncharacters.
fn is_visible(c: char) -> bool {
    let is_hidden = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..
    );
    !(is_hidden || c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_visible_and_bounded() {
        for good in ["admin", "Ä", "名前", "a.b-c_d+e@f", "🗞", &"é".repeat(128)] {
            assert!(check_username(good).is_ok(), "{good:?}");
        }
        for bad in ["", " ", "a b", "a\u{200b}b", "a\0", "\u{202e}nimda", &"a".repeat(129)] {
            assert!(check_username(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn pool_07_passwords_have_8_to_256_characters_of_any_kind() {
        for good in ["12345678", "        ", &"p".repeat(256), "пароль__"] {
            assert!(check_password(good).is_ok(), "{good:?}");
        }
        for bad in ["", "1234567", &"p".repeat(257)] {
            assert!(check_password(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_have_two_parts() {
        assert!(check_email("a@b").is_ok());
        for bad in ["", "a", "@b", "a@", "a b@c", &format!("{}@b", "a".repeat(254))] {
            assert!(check_email(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn groups_are_ordered_and_bounded() {
        let groups =
            |names: &[&str]| checked_groups(names.iter().map(ToString::to_string).collect());
        assert_eq!(groups(&["b", "a", "b"]).unwrap(), ["a", "b"]);
        assert!(groups(&["a b"]).is_err());
        assert!(checked_groups((0..101).map(|n| n.to_string()).collect()).is_err());
    }
}
