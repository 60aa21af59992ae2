//! Lifetimes of tokens, in the units that a client was created with.

use serde::{Deserialize, Serialize};

/// Lifetimes of the tokens of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetimes {
    /// 5 minutes to 1 day.
    pub id_token: Lifetime,
    /// 5 minutes to 1 day.
    pub access_token: Lifetime,
    /// 60 minutes to 10 years.
    pub refresh_token: Lifetime,
}

/// A duration in Cognito's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetime {
    /// Number of units.
    pub amount: u32,
    /// Unit of the number.
    pub unit: TimeUnit,
}

/// Unit of a lifetime. Source: Cognito, `TimeUnitsType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// One second.
    Seconds,
    /// 60 seconds.
    Minutes,
    /// 60 minutes.
    Hours,
    /// 24 hours.
    Days,
}

impl Lifetime {
    /// Returns a lifetime.
    pub const fn new(amount: u32, unit: TimeUnit) -> Self {
        Self { amount, unit }
    }

    /// Returns the number of seconds.
    pub fn seconds(self) -> i64 {
        i64::from(self.amount).saturating_mul(match self.unit {
            TimeUnit::Seconds => 1,
            TimeUnit::Minutes => 60,
            TimeUnit::Hours => 60 * 60,
            TimeUnit::Days => 24 * 60 * 60,
        })
    }
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            id_token: Lifetime::new(60, TimeUnit::Minutes),
            access_token: Lifetime::new(60, TimeUnit::Minutes),
            refresh_token: Lifetime::new(30, TimeUnit::Days),
        }
    }
}
