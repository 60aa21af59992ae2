//! Codes on their way to users.

use crate::error::AccountError;
use crate::grants::Purpose;
use crate::outbox::{Message, MessageKind};
use crate::pool::UserPool;
use crate::secret::sha256;
use crate::user::Account;

/// Address that a code was sent to, shortened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// The address, with most of it masked.
    pub(crate) destination: String,
}

impl Delivery {
    fn to(address: &str) -> Self {
        Self { destination: mask(address) }
    }

    /// Returns what is said of an unknown user, so that a response does not tell who exists.
    pub(crate) fn simulated(username: &str) -> Self {
        // The same name gets the same answer.
        let letters: Vec<char> = sha256(&username.to_lowercase())
            .to_ascii_lowercase()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect();
        let letter = |index| letters.get(index).copied().unwrap_or('e');
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
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!("{}***@{}***", first(local), first(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_masked_as_cognito_does() {
        assert_eq!(Delivery::to("fay@example.com").destination, "f***@e***");
        assert_eq!(Delivery::simulated("x"), Delivery::simulated("X"));
    }
}
