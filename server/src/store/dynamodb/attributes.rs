//! Conversion between items and DynamoDB attributes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use gazette_table::{Item, Key, TableError};
use serde_dynamo::{from_attribute_value, to_attribute_value};
use serde_json::Value;

/// The attributes of an item by name.
pub(super) type Attributes = HashMap<String, AttributeValue>;

/// Name of the attribute with the partition.
pub(super) const PARTITION: &str = "partition";
pub(super) const SORT: &str = "sort";
pub(super) const TTL: &str = "ttl";
pub(super) const VERSION: &str = "version";
const BODY: &str = "body";

/// Converts a key to attributes.
pub(super) fn key_attributes(key: &Key) -> Attributes {
    HashMap::from([
        (PARTITION.to_owned(), AttributeValue::S(key.partition.clone())),
        (SORT.to_owned(), AttributeValue::S(key.sort.clone())),
    ])
}

/// Converts an item to attributes.
pub(super) fn attributes(item: &Item) -> Result<Attributes, TableError> {
    let body = to_attribute_value(&*item.body)
        .map_err(|error: serde_dynamo::Error| TableError::Invalid { reason: error.to_string() })?;
    let mut attributes = key_attributes(&item.key);
    attributes.insert(VERSION.to_owned(), AttributeValue::N(item.version.to_string()));
    attributes.insert(BODY.to_owned(), body);
    if let Some(expires_at) = item.expires_at {
        attributes.insert(TTL.to_owned(), AttributeValue::N(expires_at.to_string()));
    }
    Ok(attributes)
}

/// Converts attributes to an item.
pub(super) fn item(attributes: &Attributes) -> Result<Item, TableError> {
    let text = |name: &str| match attributes.get(name) {
        Some(AttributeValue::S(text)) => text.clone(),
        _ => String::new(),
    };
    let key = Key::new(text(PARTITION), text(SORT));
    let corrupt =
        |reason: &str| TableError::Corrupt { key: key.clone(), reason: reason.to_owned() };
    let number = |name: &str| match attributes.get(name) {
        Some(AttributeValue::N(number)) => Some(number.clone()),
        _ => None,
    };
    let version = number(VERSION).and_then(|version| version.parse().ok());
    let version = version.ok_or_else(|| corrupt("it has no version"))?;
    let expires_at = number(TTL).map(|ttl| ttl.parse()).transpose();
    let expires_at = expires_at.map_err(|_| corrupt("its ttl is not an integer"))?;
    let body = attributes.get(BODY).ok_or_else(|| corrupt("it has no body"))?;
    let body: Value = from_attribute_value(body.clone())
        .map_err(|error: serde_dynamo::Error| corrupt(&error.to_string()))?;
    Ok(Item { key, version, expires_at, body: body.into() })
}
