//! What a table holds: items under two-part keys, and the writes that change them.

use serde::{Serialize, de::DeserializeOwned};

use crate::TableError;

/// Where an item stands: items of one partition are ordered by their sort key, bytewise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The partition; items that are listed together share it.
    pub partition: String,
    /// The place within the partition.
    pub sort: String,
}

impl Key {
    /// Makes a key of its two parts.
    pub fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self { partition: partition.into(), sort: sort.into() }
    }
}

/// One record of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Where it stands.
    pub key: Key,
    /// Chosen by the writer; what [`Condition::Version`] compares with.
    pub version: u64,
    /// Seconds since the Unix epoch from which on the item is as good as absent.
    pub expires_at: Option<i64>,
    /// What it says.
    pub body: serde_json::Value,
}

impl Item {
    /// Makes an item of version 1 that does not expire.
    ///
    /// # Errors
    /// [`TableError::Invalid`] when `body` has no JSON form.
    pub fn new(key: Key, body: &impl Serialize) -> Result<Self, TableError> {
        let body = serde_json::to_value(body)
            .map_err(|error| TableError::Invalid { reason: error.to_string() })?;
        Ok(Self { key, version: 1, expires_at: None, body })
    }

    /// The same item with this version.
    #[must_use]
    pub fn version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// The same item, absent from this time on (seconds since the Unix epoch).
    #[must_use]
    pub fn expires_at(mut self, seconds: i64) -> Self {
        self.expires_at = Some(seconds);
        self
    }

    /// Reads the body as a `T`.
    ///
    /// # Errors
    /// [`TableError::Corrupt`] when the body is of another shape.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, TableError> {
        T::deserialize(&self.body).map_err(|error| TableError::Corrupt {
            key: self.key.clone(),
            reason: error.to_string(),
        })
    }

    /// Whether the item counts as absent at `now` (seconds since the Unix epoch).
    #[must_use]
    pub fn is_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// What must hold of the stored item for a write to happen.
///
/// An expired item counts as absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing: the write happens whatever is there.
    Any,
    /// No item stands at the key.
    Absent,
    /// The item at the key has exactly this version.
    Version(u64),
}

/// One change of a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Puts the item at its key, replacing what is there.
    Put {
        /// The new item.
        item: Item,
        /// What must hold before.
        condition: Condition,
    },
    /// Removes the item at the key; with [`Condition::Any`] an absent one is no fault.
    Delete {
        /// Where.
        key: Key,
        /// What must hold before.
        condition: Condition,
    },
}

impl Write {
    /// Puts an item, whatever is there.
    #[must_use]
    pub fn put(item: Item) -> Self {
        Self::Put { item, condition: Condition::Any }
    }

    /// Puts an item where none is.
    #[must_use]
    pub fn create(item: Item) -> Self {
        Self::Put { item, condition: Condition::Absent }
    }

    /// Puts an item over the one of the given version.
    #[must_use]
    pub fn replace(item: Item, version: u64) -> Self {
        Self::Put { item, condition: Condition::Version(version) }
    }

    /// Removes what is at the key, if anything.
    #[must_use]
    pub fn delete(key: Key) -> Self {
        Self::Delete { key, condition: Condition::Any }
    }

    /// The key the write is about.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Put { item, .. } => &item.key,
            Self::Delete { key, .. } => key,
        }
    }

    /// What must hold before.
    #[must_use]
    pub fn condition(&self) -> Condition {
        match self {
            Self::Put { condition, .. } | Self::Delete { condition, .. } => *condition,
        }
    }
}
