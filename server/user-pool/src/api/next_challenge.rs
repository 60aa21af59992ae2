//! The challenges of a sign-in after the password.

use super::error::ApiError;
use super::tokens::{AuthOutput, complete};
use crate::client::AppClient;
use crate::pool::{SignedIn, UserPool};
use crate::totp::SOFTWARE_TOKEN_MFA;

/// Name of the challenge of a temporary password.
pub(super) const NEW_PASSWORD_REQUIRED: &str = "NEW_PASSWORD_REQUIRED";
/// Name of the challenge of a pool whose users must have an app.
pub(super) const MFA_SETUP: &str = "MFA_SETUP";

/// Returns the tokens, or what is missing besides the password.
pub(super) async fn after_password(
    pool: &UserPool,
    client: &AppClient,
    signed_in: SignedIn,
) -> Result<AuthOutput, ApiError> {
    match signed_in {
        SignedIn::Complete(account) => complete(pool, client, &account).await,
        SignedIn::NewPasswordRequired { account, session } => {
            let user = &account.user;
            let mut attributes = serde_json::Map::new();
            attributes.insert("email_verified".to_owned(), user.email_verified.to_string().into());
            attributes.insert("email".to_owned(), user.email.clone().into());
            let others = user.attributes.iter().map(|(name, value)| (name, value.clone()));
            attributes.extend(others.map(|(name, value)| (name.clone(), value.into())));
            let attributes = serde_json::Value::Object(attributes).to_string();
            let parameters = [
                ("USER_ID_FOR_SRP", user.username.clone()),
                // The schema requires the address only, and no user lacks it.
                ("requiredAttributes", "[]".to_owned()),
                ("userAttributes", attributes),
            ];
            Ok(AuthOutput::challenge(NEW_PASSWORD_REQUIRED, Some(&session), parameters))
        }
        SignedIn::SetUpRequired { account, session } => {
            let factors = format!("[\"{SOFTWARE_TOKEN_MFA}\"]");
            let parameters =
                [("MFAS_CAN_SETUP", factors), ("USER_ID_FOR_SRP", account.user.username)];
            Ok(AuthOutput::challenge(MFA_SETUP, Some(&session), parameters))
        }
        SignedIn::CodeRequired { account, session } => {
            let parameters = [("USER_ID_FOR_SRP", account.user.username)];
            Ok(AuthOutput::challenge(SOFTWARE_TOKEN_MFA, Some(&session), parameters))
        }
    }
}
