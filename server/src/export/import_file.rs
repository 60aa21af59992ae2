//! Import of an export file into a table. Importing the same file again changes nothing.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use gazette_domain::{Imported, NewsImport, OperatorDesk};
use gazette_table::{Condition, Export, Item, MAX_BATCH, Table, TableError, Write};

use crate::export::checked_bodies::CheckedBodies;
use crate::export::line::{FORMAT, Line, LineReader};
use crate::export::partitions::export_of;

/// The number of records that one batch writes.
const RECORDS_PER_BATCH: usize = MAX_BATCH;
/// Text of the records that one batch writes, in bytes.
const MAX_TEXT_BYTES: usize = 1024 * 1024;
/// Items whose bodies are checked at the same time.
const CHUNK: usize = 64;
/// The number of times that a record is tried while the site changes it.
const MAX_ATTEMPTS: usize = 5;

/// The result of an import, in items.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Items that are new here.
    pub created: usize,
    /// Items that replaced an older version.
    pub updated: usize,
    /// Items that were here already.
    pub unchanged: usize,
    /// Items whose newer version here is kept.
    pub kept: usize,
    /// Descriptions of the lines and days that were refused.
    pub refused: Vec<String>,
}

/// The reason an import stopped; items imported before stay.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportFileError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    File(#[from] std::io::Error),
    /// The file does not begin like an export.
    #[error("the file is not an export: its first line must be {{\"gazette_export\":{FORMAT}}}")]
    NotAnExport,
    /// The end of the file is missing.
    #[error("the file is cut off after {0} items; export it again")]
    CutOff(usize),
    /// The table failed.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Imports the items of an export file.
///
/// `progress` receives the number of bytes read so far and the size of the file.
pub(crate) async fn import_file(
    table: &dyn Table,
    desk: &OperatorDesk,
    path: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<Outcome, ImportFileError> {
    let file = File::open(path)?;
    let total = file.metadata()?.len();
    let mut lines = LineReader::new(file);
    match lines.next()?.map(|line| serde_json::from_slice(&line)) {
        Some(Ok(Line::Head { gazette_export: FORMAT })) => {}
        Some(_) | None => return Err(ImportFileError::NotAnExport),
    }
    let bodies = Arc::new(CheckedBodies::default());
    let mut import = Import {
        table,
        bodies: Arc::clone(&bodies),
        news: desk.begin_import(Arc::new(move |body| bodies.check(body))),
        items: Vec::new(),
        records: Vec::new(),
        record_bytes: 0,
        outcome: Outcome::default(),
    };
    let mut items = 0;
    while let Some(line) = lines.next()? {
        match serde_json::from_slice(&line) {
            Ok(Line::Item(item)) => import.item(lines.number, item.into()).await?,
            Ok(Line::Foot { items: expected }) if expected == items => {
                return Ok(import.finish().await?);
            }
            Ok(Line::Foot { .. } | Line::Head { .. }) => break,
            Err(_) => import.refuse(lines.number, "not an item of an export"),
        }
        items += 1;
        progress(lines.bytes, total);
    }
    import.flush().await?;
    Err(ImportFileError::CutOff(items))
}

struct Import<'a> {
    table: &'a dyn Table,
    bodies: Arc<CheckedBodies>,
    news: NewsImport<'a>,
    /// Items that are checked together next, with the numbers of their lines.
    items: Vec<(usize, Item)>,
    /// Records of the next batch, with the numbers of their lines.
    records: Vec<(usize, Item)>,
    record_bytes: usize,
    outcome: Outcome,
}

impl Import<'_> {
    fn refuse(&mut self, line: usize, reason: impl std::fmt::Display) {
        self.outcome.refused.push(format!("line {line}: {reason}"));
    }

    async fn item(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        self.items.push((line, item));
        if self.items.len() >= CHUNK { self.items_of_chunk().await } else { Ok(()) }
    }

    async fn items_of_chunk(&mut self) -> Result<(), TableError> {
        let items = std::mem::take(&mut self.items);
        self.bodies.prepare(items.iter().filter_map(|(_, item)| item.body.get("body")?.as_str()));
        for (line, item) in items {
            self.checked_item(line, item).await?;
        }
        Ok(())
    }

    async fn checked_item(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        match export_of(&item.key) {
            Some(Export::ByOwner) => {
                self.news.add(line, item).await?;
                self.count();
            }
            Some(Export::Record) => {
                if let Err(error) = self.news.check_record(&item) {
                    self.refuse(line, error);
                    return Ok(());
                }
                let text = item.body.get("body").and_then(serde_json::Value::as_str);
                self.record_bytes += text.map_or(0, str::len);
                self.records.push((line, item));
                if self.records.len() >= RECORDS_PER_BATCH || self.record_bytes > MAX_TEXT_BYTES {
                    self.flush_records().await?;
                }
            }
            Some(Export::Derived | Export::Transient) | None => {
                self.refuse(line, format_args!("exports have no {}", item.key.partition));
            }
        }
        Ok(())
    }

    /// Adds to the outcome what became of stories.
    fn count(&mut self) {
        for (line, outcome) in self.news.take_outcomes() {
            match outcome {
                Ok(Imported::Created) => self.outcome.created += 1,
                Ok(Imported::Updated) => self.outcome.updated += 1,
                Ok(Imported::Unchanged) => self.outcome.unchanged += 1,
                Ok(Imported::Kept) => self.outcome.kept += 1,
                Err(error) => self.refuse(line, error),
            }
        }
    }

    /// Writes what was collected.
    async fn flush(&mut self) -> Result<(), TableError> {
        self.items_of_chunk().await?;
        self.flush_records().await
    }

    /// Writes what is left. The audit log comes last, after the stories that it is about.
    async fn finish(mut self) -> Result<Outcome, TableError> {
        self.flush().await?;
        let audit = self.news.finish().await?;
        let mut outcome = self.outcome;
        outcome.created += audit.created;
        outcome.updated += audit.updated;
        outcome.unchanged += audit.unchanged;
        outcome.refused.extend(audit.refused.into_iter().map(|(day, records)| {
            format!("{records} audit records of {day}: the log here differs and is kept")
        }));
        Ok(outcome)
    }

    /// Writes the collected records: in one batch if all of them are new, else one by one.
    async fn flush_records(&mut self) -> Result<(), TableError> {
        // A story brings its slug along; a record of the slug that came first would be in its way.
        self.news.flush().await?;
        self.count();
        let records = std::mem::take(&mut self.records);
        self.record_bytes = 0;
        if records.is_empty() {
            return Ok(());
        }
        let batch = records.iter().map(|(_, item)| Write::create(item.clone())).collect();
        match self.table.write(batch).await {
            Ok(()) => {
                self.outcome.created += records.len();
                return Ok(());
            }
            Err(TableError::Conflict { .. } | TableError::Invalid { .. }) => {}
            Err(error) => return Err(error),
        }
        for (line, item) in records {
            self.record(line, item).await?;
        }
        Ok(())
    }

    /// Writes a record unless the table has another one. The site may write at the same time.
    async fn record(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        for _ in 1..MAX_ATTEMPTS {
            match self.try_record(line, item.clone()).await {
                Err(TableError::Conflict { .. }) => {}
                done => return done,
            }
        }
        self.try_record(line, item).await
    }

    async fn try_record(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        let existing = match self.table.get(&item.key).await {
            Err(error @ TableError::Invalid { .. }) => {
                self.refuse(line, error);
                return Ok(());
            }
            existing => existing?,
        };
        let write = match existing {
            None => Write::create(item),
            Some(existing) if existing == item => {
                self.outcome.unchanged += 1;
                return Ok(());
            }
            Some(existing) if existing.version > item.version => {
                self.outcome.kept += 1;
                return Ok(());
            }
            Some(existing) if existing.version == item.version => {
                let Item { key, .. } = item;
                let key = format!("{}/{}", key.partition, key.sort);
                self.refuse(line, format_args!("{key} has other content here, which is kept"));
                return Ok(());
            }
            Some(existing) => Write::replace(item, existing.version),
        };
        let is_new = matches!(write.condition(), Condition::Absent);
        match self.table.write(vec![write]).await {
            Ok(()) if is_new => self.outcome.created += 1,
            Ok(()) => self.outcome.updated += 1,
            Err(error @ TableError::Invalid { .. }) => self.refuse(line, error),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
