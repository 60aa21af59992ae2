//! The outbox: what a real pool would mail, kept for a day to be read on this machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gazette_table::{Item, Key, Order, Range, Table, Write};
use serde::{Deserialize, Serialize};

use crate::error::InternalError;
use crate::partitions::{OUTBOX, partition};
use crate::secret::random_uuid;

/// Maximum number of messages; older ones are deleted.
const MAX_MESSAGES: usize = 200;
/// Seconds for which a message is kept.
const LIFETIME: i64 = 24 * 60 * 60;

/// The messages of a pool.
pub(crate) struct Outbox {
    table: Arc<dyn Table>,
    partition: String,
    sent: AtomicU64,
}

/// A message to a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Unix time.
    pub(crate) sent_at: i64,
    pub(crate) username: String,
    /// Address that it would be mailed to.
    pub(crate) to: String,
    #[serde(rename = "type")]
    pub(crate) kind: MessageKind,
    /// The code, or the temporary password.
    pub(crate) code: String,
}

/// The reason for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageKind {
    SignUp,
    ForgotPassword,
    VerifyEmail,
    Invitation,
}

impl MessageKind {
    /// Returns the subject of the message.
    pub(crate) fn subject(self) -> &'static str {
        match self {
            Self::SignUp => "Your verification code",
            Self::ForgotPassword => "Your password reset code",
            Self::VerifyEmail => "Your code to verify this address",
            Self::Invitation => "Your temporary password",
        }
    }
}

impl Outbox {
    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        let partition = partition(pool_id, OUTBOX);
        Self { table, partition, sent: AtomicU64::new(0) }
    }

    /// Adds a message.
    pub(crate) async fn send(&self, message: &Message) -> Result<(), InternalError> {
        // The time first, so that the keys are in the order of the messages.
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let sort = format!("{:012}#{number:012}#{}", message.sent_at, random_uuid()?);
        let item = Item::new(Key::new(&self.partition, sort), message)?
            .expires_at(message.sent_at.saturating_add(LIFETIME));
        self.table.write(vec![Write::create(item)]).await?;
        self.delete_oldest().await
    }

    /// Lists the messages, newest first.
    pub(crate) async fn messages(&self) -> Result<Vec<Message>, InternalError> {
        let all = Range::all();
        let page = self.table.query(&self.partition, &all, Order::Descending, MAX_MESSAGES).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }

    async fn delete_oldest(&self) -> Result<(), InternalError> {
        let (all, limit) = (Range::all(), MAX_MESSAGES + 50);
        let page = self.table.query(&self.partition, &all, Order::Descending, limit).await?;
        let oldest = page.items.into_iter().skip(MAX_MESSAGES);
        let deletes: Vec<Write> = oldest.map(|item| Write::delete(item.key)).collect();
        if deletes.is_empty() {
            return Ok(());
        }
        Ok(self.table.write(deletes).await?)
    }
}
