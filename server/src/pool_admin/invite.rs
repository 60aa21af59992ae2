//! Invitations: new users with a temporary password.

use std::fmt;

use aws_lc_rs::rand::fill;
use serde::{Deserialize, Serialize};

use super::client::PoolAdmin;
use super::error::PoolAdminError;
use super::operation::Operation;
use super::users::{PoolUser, UserOutput};

/// Characters of a temporary password, without those that look alike; 32 of them, so that each
/// is equally likely.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of a temporary password: 75 random bits for a week and five attempts.
const PASSWORD_CHARS: usize = 15;
const CHARS_PER_PART: usize = 5;

/// A person to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) name: String,
    pub(crate) email: String,
}

/// A person who was invited.
pub(crate) struct Invited {
    pub(crate) user: PoolUser,
    /// Password to hand over; `None` if the pool sends it.
    pub(crate) password: Option<TemporaryPassword>,
}

/// A temporary password, which is shown once.
pub(crate) struct TemporaryPassword(String);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Input<'a> {
    user_pool_id: &'a str,
    username: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    user_attributes: Vec<AttributeInput<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temporary_password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    desired_delivery_mediums: Option<[&'static str; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AttributeInput<'a> {
    name: &'static str,
    value: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    user: UserOutput,
}

impl PoolAdmin {
    /// Invites a person.
    ///
    /// The name becomes the username, or the full name in a pool whose usernames are addresses.
    pub(crate) async fn invite(&self, person: &Invitation) -> Result<Invited, PoolAdminError> {
        let Invitation { name, email } = person;
        match self.create(name, email, None).await {
            Err(PoolAdminError::Rejected(message)) if message.contains("should be an email") => {
                self.create(email, email, Some(name)).await
            }
            invited => invited,
        }
    }

    /// Gives a person, who has not signed in yet, a new temporary password.
    pub(crate) async fn invite_again(&self, username: &str) -> Result<Invited, PoolAdminError> {
        let password = self.password()?;
        let input = Input {
            message_action: Some("RESEND"),
            temporary_password: password.as_ref().map(TemporaryPassword::expose),
            ..self.input(username)
        };
        self.invited(&input).await.map(|user| Invited { user, password })
    }

    async fn create(
        &self,
        username: &str,
        email: &str,
        name: Option<&str>,
    ) -> Result<Invited, PoolAdminError> {
        let password = self.password()?;
        let attribute = |name, value| AttributeInput { name, value };
        let mut attributes = vec![attribute("email", email), attribute("email_verified", "true")];
        attributes.extend(name.map(|name| attribute("name", name)));
        let input = Input {
            user_attributes: attributes,
            temporary_password: password.as_ref().map(TemporaryPassword::expose),
            message_action: password.as_ref().map(|_| "SUPPRESS"),
            desired_delivery_mediums: password.is_none().then_some(["EMAIL"]),
            ..self.input(username)
        };
        self.invited(&input).await.map(|user| Invited { user, password })
    }

    fn input<'a>(&'a self, username: &'a str) -> Input<'a> {
        Input {
            user_pool_id: &self.pool_id,
            username,
            user_attributes: Vec::new(),
            temporary_password: None,
            message_action: None,
            desired_delivery_mediums: None,
        }
    }

    async fn invited(&self, input: &Input<'_>) -> Result<PoolUser, PoolAdminError> {
        let output: Output = self.call(Operation::AdminCreateUser, input).await?;
        output.user.into_user().ok_or(PoolAdminError::Unreadable)
    }

    /// Makes a password for a pool that sends no mail.
    fn password(&self) -> Result<Option<TemporaryPassword>, PoolAdminError> {
        if !self.is_embedded {
            return Ok(None);
        }
        let mut bytes = [0; PASSWORD_CHARS];
        let no_randomness = |_| PoolAdminError::Unavailable("there is no randomness".to_owned());
        fill(&mut bytes).map_err(no_randomness)?;
        let mut password = String::new();
        for (position, byte) in bytes.into_iter().enumerate() {
            if position > 0 && position % CHARS_PER_PART == 0 {
                password.push('-');
            }
            let symbol = ALPHABET.get(usize::from(byte) % ALPHABET.len()).copied();
            password.push(symbol.map_or('a', char::from));
        }
        Ok(Some(TemporaryPassword(password)))
    }
}

impl TemporaryPassword {
    /// Returns the password, to be shown.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TemporaryPassword {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TemporaryPassword(…)")
    }
}
