//! Whether sign-ins need a second factor, as an administrator has set it.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, Write};
use serde::{Deserialize, Serialize};

use crate::error::InternalError;
use crate::partitions::{SETTINGS, partition};
use crate::totp::SecondFactor;

/// Cognito's `MfaConfiguration`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Mfa {
    /// No sign-in needs a code.
    Off,
    /// Users may turn it on for themselves.
    #[default]
    Optional,
    /// Every sign-in needs a code. Users without an app set one up.
    On,
}

/// What a sign-in needs besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecondStep {
    Nothing,
    Code,
    SetUp,
}

/// The setting of a pool.
pub(crate) struct MfaSetting {
    table: Arc<dyn Table>,
    key: Key,
}

impl Mfa {
    /// Returns what a sign-in of a user needs besides the password.
    pub(crate) fn second_step(self, factor: &SecondFactor) -> SecondStep {
        match self {
            Self::On if factor.token.is_none() => SecondStep::SetUp,
            Self::On => SecondStep::Code,
            Self::Optional if factor.is_needed() => SecondStep::Code,
            Self::Optional | Self::Off => SecondStep::Nothing,
        }
    }
}

impl MfaSetting {
    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, key: Key::new(partition(pool_id, SETTINGS), "mfa") }
    }

    pub(crate) async fn get(&self) -> Result<Mfa, InternalError> {
        let item = self.table.get(&self.key).await?;
        Ok(item.map(|item| item.parse()).transpose()?.unwrap_or_default())
    }

    pub(crate) async fn set(&self, mfa: Mfa) -> Result<(), InternalError> {
        let item = Item::new(self.key.clone(), &mfa)?;
        Ok(self.table.write(vec![Write::put(item)]).await?)
    }
}
