//! Answers for users who do not exist, or who cannot get a code.
//!
//! They are the same each time, and cannot be computed without the secret of the pool. Otherwise
//! they would tell who exists.

use uuid::{Builder, Uuid};

use crate::delivery::Delivery;
use crate::error::InternalError;
use crate::pool::UserPool;
use crate::srp::Verifier;
use crate::user::Account;
use crate::validation::{is_email, normalize_username};

/// Use of a simulated id. Ids of different uses are unrelated.
#[derive(Clone, Copy)]
pub(crate) enum SimulatedId {
    /// Counts the codes of a forgotten password, in place of `sub`.
    ForgottenPassword,
    /// Username of an unknown address in a sign-in by proof.
    Username,
}

impl UserPool {
    /// Returns the verifier of an unknown user.
    pub(crate) fn simulated_verifier(&self, name: &str) -> Result<Verifier, InternalError> {
        Ok(Verifier::simulated(&self.secret_of_name("srp", name)?))
    }

    /// Returns the id that a name has for a use.
    pub(crate) fn simulated_id(&self, id: SimulatedId, name: &str) -> Result<Uuid, InternalError> {
        let kind = match id {
            SimulatedId::ForgottenPassword => "forgotten password",
            SimulatedId::Username => "username",
        };
        let secret = self.secret_of_name(kind, name)?;
        let bytes = secret.first_chunk().ok_or(InternalError::Cryptography)?;
        Ok(Builder::from_random_bytes(*bytes).into_uuid())
    }

    /// Returns the delivery of a code that is not sent.
    pub(crate) fn simulated_delivery(
        &self,
        name: &str,
        account: Option<&Account>,
    ) -> Result<Delivery, InternalError> {
        if let Some(email) = account.and_then(|account| account.user.address()) {
            return Ok(Delivery::to(email));
        }
        let name = normalize_username(name);
        // The code for a name that is an address goes to that address.
        if is_email(&name) {
            return Ok(Delivery::to(&name));
        }
        Ok(Delivery::simulated(&self.secret_of_name("delivery", &name)?))
    }

    fn secret_of_name(&self, kind: &str, name: &str) -> Result<Vec<u8>, InternalError> {
        let name = normalize_username(name);
        self.state.token_issuer.keys.secret_of(&format!("{kind} {name}"))
    }
}
