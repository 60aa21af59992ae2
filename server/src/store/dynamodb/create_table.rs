//! Creation of the DynamoDB table.

use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
    TimeToLiveSpecification,
};

use super::attributes::{PARTITION, SORT, TTL};
use super::error::text;

/// The pause between two checks whether the table is active.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// Maximum number of checks.
const MAX_POLLS: u32 = 240;

/// Creates the table with on-demand billing and `ttl` as its time to live, and waits until it is
/// active.
///
/// If the table exists, only its time to live is set.
pub async fn create_table(client: &Client, name: &str) -> Result<()> {
    let created = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(vec![string(PARTITION)?, string(SORT)?]))
        .set_key_schema(Some(vec![key(PARTITION, KeyType::Hash)?, key(SORT, KeyType::Range)?]))
        .send()
        .await;
    if let Err(error) = created {
        let exists =
            error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception);
        if !exists {
            bail!("cannot create the table {name}: {}", text(&error));
        }
    }
    wait_until_active(client, name).await?;
    enable_ttl(client, name).await
}

async fn wait_until_active(client: &Client, name: &str) -> Result<()> {
    for _ in 0..MAX_POLLS {
        let described = client.describe_table().table_name(name).send().await;
        let described = described.map_err(|error| anyhow!(text(&error)))?;
        let status = described.table.and_then(|table| table.table_status);
        if status == Some(TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    bail!("the table {name} did not become active")
}

async fn enable_ttl(client: &Client, name: &str) -> Result<()> {
    let described = client.describe_time_to_live().table_name(name).send().await;
    let described = described.map_err(|error| anyhow!(text(&error)))?;
    let described = described.time_to_live_description;
    if described.and_then(|ttl| ttl.attribute_name).as_deref() == Some(TTL) {
        return Ok(());
    }
    let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name(TTL).build()?;
    let updated = client.update_time_to_live().table_name(name);
    let updated = updated.time_to_live_specification(ttl).send().await;
    updated.map_err(|error| anyhow!(text(&error)))?;
    Ok(())
}

fn string(name: &str) -> Result<AttributeDefinition> {
    let attribute = AttributeDefinition::builder().attribute_name(name);
    Ok(attribute.attribute_type(ScalarAttributeType::S).build()?)
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement> {
    Ok(KeySchemaElement::builder().attribute_name(name).key_type(kind).build()?)
}
