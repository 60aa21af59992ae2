//! A table that counts and times its operations.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use gazette_table::{Item, Key, Order, Page, Range, Table, TableError, TableHealth, Write};

use super::registry::Metrics;

/// Table with counters around it.
pub(crate) struct MeasuredTable {
    table: Arc<dyn Table>,
    metrics: Arc<Metrics>,
}

impl MeasuredTable {
    pub(crate) fn new(table: Arc<dyn Table>, metrics: Arc<Metrics>) -> Self {
        Self { table, metrics }
    }

    async fn measured<T>(
        &self,
        operation: &'static str,
        result: impl Future<Output = Result<T, TableError>>,
    ) -> Result<T, TableError> {
        let start = Instant::now();
        let result = result.await;
        // A condition that does not hold is an answer.
        let failed = matches!(&result, Err(error) if !matches!(error, TableError::Conflict { .. }));
        self.metrics.record_store(operation, start.elapsed(), failed);
        result
    }
}

#[async_trait]
impl Table for MeasuredTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.measured("get", self.table.get(key)).await
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.measured("get_many", self.table.get_many(keys)).await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        self.measured("query", self.table.query(partition, range, order, limit)).await
    }

    fn max_batch(&self) -> usize {
        self.table.max_batch()
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        self.measured("write", self.table.write(batch)).await
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        self.measured("scan", self.table.scan(after, limit)).await
    }

    async fn health(&self) -> TableHealth {
        self.table.health().await
    }

    async fn purge(&self) -> Result<usize, TableError> {
        self.measured("purge", self.table.purge()).await
    }
}
