//! Invitations: new users with a temporary password.

use std::fmt;

use aws_lc_rs::rand::fill;
use serde::Deserialize;
use serde_json::json;

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
        let mut input = json!({
            "UserPoolId": self.pool_id, "Username": username, "MessageAction": "RESEND",
        });
        let password = self.password()?;
        if let Some(password) = &password {
            input["TemporaryPassword"] = json!(password.0);
        }
        self.invited(&input, password).await
    }

    async fn create(
        &self,
        username: &str,
        email: &str,
        name: Option<&str>,
    ) -> Result<Invited, PoolAdminError> {
        let mut attributes = vec![
            json!({ "Name": "email", "Value": email }),
            json!({ "Name": "email_verified", "Value": "true" }),
        ];
        attributes.extend(name.map(|name| json!({ "Name": "name", "Value": name })));
        let mut input = json!({
            "UserPoolId": self.pool_id, "Username": username, "UserAttributes": attributes,
        });
        let password = self.password()?;
        match &password {
            Some(password) => {
                input["TemporaryPassword"] = json!(password.0);
                input["MessageAction"] = json!("SUPPRESS");
            }
            None => input["DesiredDeliveryMediums"] = json!(["EMAIL"]),
        }
        self.invited(&input, password).await
    }

    async fn invited(
        &self,
        input: &serde_json::Value,
        password: Option<TemporaryPassword>,
    ) -> Result<Invited, PoolAdminError> {
        let output: Output = self.call(Operation::AdminCreateUser, input).await?;
        let user = output.user.into_user().ok_or(PoolAdminError::Unreadable)?;
        Ok(Invited { user, password })
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
