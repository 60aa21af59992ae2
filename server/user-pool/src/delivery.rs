//! Codes on their way to users.

use crate::error::AccountError;
use crate::grants::Purpose;
use crate::outbox::{Message, MessageKind};
use crate::pool::UserPool;
use crate::user::Account;

/// Address that a code was sent to, shortened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// The address, with most of it masked.
    pub(crate) destination: String,
}

impl Delivery {
    /// Returns the delivery to an address.
    pub(crate) fn to(address: &str) -> Self {
        Self { destination: mask(address) }
    }

    /// Returns a delivery to an address that does not exist, made from the secret of a name.
    pub(crate) fn simulated(secret: &[u8]) -> Self {
        let letter =
            |index| secret.get(index).map_or('e', |byte: &u8| char::from(b'a' + byte % 26));
        Self { destination: format!("{}***@{}***", letter(0), letter(1)) }
    }
}

impl UserPool {
    /// Makes a code and puts it into the outbox.
    pub(crate) async fn send_code(
        &self,
        account: &Account,
        purpose: Purpose,
        address: &str,
    ) -> Result<Delivery, AccountError> {
        if address.is_empty() {
            return Err(AccountError::NoVerifiedEmail);
        }
        let (sub, now) = (account.user.sub, self.now());
        let code = self.state.confirmation_codes.issue(sub, purpose, address, now).await?;
        let kind = match purpose {
            Purpose::SignUp => MessageKind::SignUp,
            Purpose::ForgotPassword => MessageKind::ForgotPassword,
            Purpose::VerifyEmail => MessageKind::VerifyEmail,
        };
        self.send(account, kind, address, code).await?;
        Ok(Delivery::to(address))
    }

    /// Puts a message into the outbox.
    pub(crate) async fn send(
        &self,
        account: &Account,
        kind: MessageKind,
        address: &str,
        code: String,
    ) -> Result<(), AccountError> {
        let (username, to) = (account.user.username.clone(), address.to_owned());
        let message = Message { sent_at: self.now(), username, to, kind, code };
        self.state.outbox.send(&message).await?;
        tracing::info!(kind = kind.subject(), "a message is in the outbox");
        Ok(())
    }
}

/// Masks an address as Cognito does: `f***@e***`.
fn mask(address: &str) -> String {
    let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
    // An unknown address is known in lower case only.
    let first = |text: &str| text.chars().take(1).flat_map(char::to_lowercase).collect::<String>();
    format!("{}***@{}***", first(local), first(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_masked_as_cognito_does() {
        assert_eq!(Delivery::to("fay@example.com").destination, "f***@e***");
        assert_eq!(Delivery::to("Fay@Example.com").destination, "f***@e***");
        assert_eq!(Delivery::simulated(&[0, 27, 9]).destination, "a***@b***");
    }
}
