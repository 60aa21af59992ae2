//! Items of a table under two-part keys, and the writes that change them.

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::TableError;

/// The key of an item. Items of a partition are ordered by the bytes of their sort key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition: shared by items that are listed together.
    pub partition: String,
    /// Sort key: the position within the partition.
    pub sort: String,
}

impl Key {
    /// Makes a key from its two parts.
    pub fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self { partition: partition.into(), sort: sort.into() }
    }
}

/// A record of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Key.
    pub key: Key,
    /// Version, set by the writer; [`Condition::Version`] compares it.
    pub version: u64,
    /// Expiry, in seconds since the Unix epoch; from then on the item is absent.
    pub expires_at: Option<i64>,
    /// Content. Shared, since items are copied on their way to the store and in caches.
    pub body: Arc<Value>,
}

impl Item {
    /// Makes an item of version 1 that does not expire.
    ///
    /// # Errors
    /// [`TableError::Invalid`] when `body` cannot be serialized as JSON.
    pub fn new(key: Key, body: &impl Serialize) -> Result<Self, TableError> {
        let body = serde_json::to_value(body)
            .map_err(|error| TableError::Invalid { reason: error.to_string() })?;
        Ok(Self { key, version: 1, expires_at: None, body: Arc::new(body) })
    }

    /// Sets the version.
    #[must_use]
    pub fn version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// Sets the expiry, in seconds since the Unix epoch.
    #[must_use]
    pub fn expires_at(mut self, seconds: i64) -> Self {
        self.expires_at = Some(seconds);
        self
    }

    /// Parses the body.
    ///
    /// # Errors
    /// [`TableError::Corrupt`] when the body has another shape.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, TableError> {
        T::deserialize(&*self.body).map_err(|error| TableError::Corrupt {
            key: self.key.clone(),
            reason: error.to_string(),
        })
    }

    /// Checks whether the item is absent at `now`, in seconds since the Unix epoch.
    #[must_use]
    pub fn is_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// A condition on the stored item. An expired item is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No condition.
    Any,
    /// The key has no item.
    Absent,
    /// The item has exactly this version.
    Version(u64),
}

/// A change in a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Stores an item, replacing one with the same key.
    Put {
        /// The new item.
        item: Item,
        /// The condition on the item before.
        condition: Condition,
    },
    /// Deletes an item; with [`Condition::Any`] it may be absent.
    Delete {
        /// Key of the item.
        key: Key,
        /// The condition on the item before.
        condition: Condition,
    },
}

impl Write {
    /// Stores an item without a condition.
    #[must_use]
    pub fn put(item: Item) -> Self {
        Self::Put { item, condition: Condition::Any }
    }

    /// Stores an item whose key has none yet.
    #[must_use]
    pub fn create(item: Item) -> Self {
        Self::Put { item, condition: Condition::Absent }
    }

    /// Replaces the item of this version.
    #[must_use]
    pub fn replace(item: Item, version: u64) -> Self {
        Self::Put { item, condition: Condition::Version(version) }
    }

    /// Deletes an item if there is one.
    #[must_use]
    pub fn delete(key: Key) -> Self {
        Self::Delete { key, condition: Condition::Any }
    }

    /// Returns the key of the write.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Put { item, .. } => &item.key,
            Self::Delete { key, .. } => key,
        }
    }

    /// Returns the condition of the write.
    #[must_use]
    pub fn condition(&self) -> Condition {
        match self {
            Self::Put { condition, .. } | Self::Delete { condition, .. } => *condition,
        }
    }
}
