//! The challenges of a sign-in after the password.

use serde_json::{Map, Value};

use super::error::ApiError;
use super::tokens::{AuthOutput, complete};
use crate::attributes::listed;
use crate::client::AppClient;
use crate::pool::{SignedIn, UserPool};
use crate::totp::SOFTWARE_TOKEN_MFA;
use crate::user::User;

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
            let parameters = new_password_parameters(&account.user);
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

fn new_password_parameters(user: &User) -> [(&'static str, String); 3] {
    let attributes = listed(user).into_iter().filter(|(name, _)| *name != "sub");
    let attributes: Map<String, Value> =
        attributes.map(|(name, value)| (name.to_owned(), value.into())).collect();
    // The schema requires the address only.
    let missing = if user.address().is_some() { "[]" } else { r#"["userAttributes.email"]"# };
    [
        ("USER_ID_FOR_SRP", user.username.clone()),
        ("requiredAttributes", missing.to_owned()),
        ("userAttributes", Value::Object(attributes).to_string()),
    ]
}
