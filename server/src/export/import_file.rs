//! Import of an export file into a table. Importing the same file again changes nothing.

use std::fs::File;
use std::path::Path;

use gazette_domain::{ImportError, Imported, NewsImport, OperatorDesk};
use gazette_table::{Condition, Export, Item, Table, TableError, Write};

use crate::export::line::{FORMAT, Line, LineReader};
use crate::export::partitions::export_of;
use crate::markdown;

/// The number of records that one batch writes.
const RECORDS_PER_BATCH: usize = 20;
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
    let mut import = Import {
        table,
        news: desk.begin_import(body_rule),
        records: Vec::new(),
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

/// Checks that a body can be rendered, as the write API does.
fn body_rule(body: &str) -> Result<(), String> {
    markdown::check(body).map_err(|error| error.to_string())
}

struct Import<'a> {
    table: &'a dyn Table,
    news: NewsImport<'a>,
    /// Records of the next batch, with the numbers of their lines.
    records: Vec<(usize, Item)>,
    outcome: Outcome,
}

impl Import<'_> {
    fn refuse(&mut self, line: usize, reason: impl std::fmt::Display) {
        self.outcome.refused.push(format!("line {line}: {reason}"));
    }

    async fn item(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        match export_of(&item.key) {
            Some(Export::ByOwner) => self.owned_item(line, item).await,
            Some(Export::Record) => {
                if let Err(error) = self.news.check_record(&item) {
                    self.refuse(line, error);
                    return Ok(());
                }
                self.records.push((line, item));
                if self.records.len() >= RECORDS_PER_BATCH { self.flush().await } else { Ok(()) }
            }
            Some(Export::Derived | Export::Transient) | None => {
                self.refuse(line, format_args!("exports have no {}", item.key.partition));
                Ok(())
            }
        }
    }

    async fn owned_item(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        match self.news.add(item).await {
            Ok(None) => {}
            Ok(Some(Imported::Created)) => self.outcome.created += 1,
            Ok(Some(Imported::Updated)) => self.outcome.updated += 1,
            Ok(Some(Imported::Unchanged)) => self.outcome.unchanged += 1,
            Ok(Some(Imported::Kept)) => self.outcome.kept += 1,
            Err(ImportError::Refused(error)) => self.refuse(line, error),
            Err(ImportError::Table(error)) => return Err(error),
        }
        Ok(())
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
    async fn flush(&mut self) -> Result<(), TableError> {
        let records = std::mem::take(&mut self.records);
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
