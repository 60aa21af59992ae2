//! `AdminCreateUser`: invites a user with a temporary password.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::message::{check_pool, encode_output, parse_input};
use super::user_output::UserOutput;
use crate::pool::UserPool;
use crate::user::NewUser;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    user_pool_id: String,
    username: String,
    temporary_password: Option<String>,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
    message_action: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    name: String,
    #[serde(default)]
    value: String,
}

pub(super) async fn create_user(pool: &UserPool, body: &[u8]) -> Result<Value, ApiError> {
    let input: Input = parse_input(body)?;
    check_pool(&pool.state.settings, &input.user_pool_id)?;
    let password = input.temporary_password.clone().ok_or_else(|| {
        let message = "TemporaryPassword is missing: this pool sends no mail.";
        ApiError::InvalidParameter(message.to_owned())
    })?;
    let account = match input.message_action.as_deref() {
        Some("RESEND") => pool.directory().invite_again(&input.username, &password).await?,
        None | Some("SUPPRESS") => {
            let (username, email) = (input.username.clone(), input.email()?);
            let new = NewUser { username, email, password, groups: Vec::new() };
            pool.directory().invite(new).await?
        }
        Some(_) => {
            return Err(ApiError::InvalidParameter("MessageAction is unknown.".to_owned()));
        }
    };
    tracing::info!("an administrator invited a user");
    encode_output(&json!({ "User": encode_output(&UserOutput::listed(&account))? }))
}

impl Input {
    /// Returns the email address, the only attribute that this pool stores.
    fn email(&self) -> Result<String, ApiError> {
        let invalid = |name: &str, rule: &str| {
            let message = format!("Attributes did not conform to the schema: {name}: {rule}\n");
            ApiError::InvalidParameter(message)
        };
        let is_unknown = |it: &&Attribute| !matches!(it.name.as_str(), "email" | "email_verified");
        if let Some(other) = self.user_attributes.iter().find(is_unknown) {
            return Err(invalid(&other.name, "Attribute does not exist in the schema."));
        }
        let email = self.user_attributes.iter().find(|attribute| attribute.name == "email");
        let email = email.ok_or_else(|| invalid("email", "The attribute is required"))?;
        Ok(email.value.clone())
    }
}
