//! From a file back into a table, on any engine. A second time changes nothing.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use gazette_domain::{DeskError, Imported, OperatorDesk, Story};
use gazette_table::{Item, Table, TableError, Write};

use crate::export::kind::{self, Kind};
use crate::export::line::{FORMAT, Line};
use crate::export::log::Log;

/// The longest line, in bytes: an item as JSON with every character escaped.
const MAX_LINE_BYTES: u64 = 4 * 1024 * 1024;
/// How many records go in one batch.
const RECORDS_PER_BATCH: usize = 20;

/// What an import of an export came to, in items.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// They were not here.
    pub created: usize,
    /// An older version of them was here.
    pub updated: usize,
    /// They were here just so.
    pub unchanged: usize,
    /// A newer version of them is here, which stays.
    pub kept: usize,
    /// Lines that did not come in, and why.
    pub refused: Vec<String>,
}

/// Why an import stopped; what came in before stays.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    File(#[from] std::io::Error),
    /// The file is something else.
    #[error("the file is no export: its first line must be {{\"gazette_export\":{FORMAT}}}")]
    NoExport,
    /// The file's end is missing.
    #[error("the file is cut off after {0} items; export it again")]
    CutOff(usize),
    /// The store failed.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Takes in the items of an export. `progress` is told how many bytes of how many are read.
pub(crate) async fn import_file(
    table: &dyn Table,
    desk: &OperatorDesk,
    path: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<Outcome, ReadError> {
    let file = File::open(path)?;
    let total = file.metadata()?.len();
    let mut lines = Lines { reader: BufReader::new(file), number: 0, bytes: 0 };
    match lines.next()?.map(|line| serde_json::from_slice(&line)) {
        Some(Ok(Line::Head { gazette_export: FORMAT })) => {}
        Some(_) | None => return Err(ReadError::NoExport),
    }
    let mut import = Import {
        table,
        desk,
        records: Vec::new(),
        log: Log::default(),
        outcome: Outcome::default(),
    };
    let mut items = 0;
    while let Some(line) = lines.next()? {
        match serde_json::from_slice(&line) {
            Ok(Line::Item(item)) => import.item(lines.number, item.into()).await?,
            Ok(Line::Foot { items: said }) if said == items => {
                import.flush().await?;
                import.write_log().await?;
                return Ok(import.outcome);
            }
            Ok(Line::Foot { .. } | Line::Head { .. }) => break,
            Err(_) => import.refuse(lines.number, "is no item of an export"),
        }
        items += 1;
        progress(lines.bytes, total);
    }
    import.flush().await?;
    Err(ReadError::CutOff(items))
}

struct Import<'a> {
    table: &'a dyn Table,
    desk: &'a OperatorDesk,
    /// Records that wait to be written together, with the numbers of their lines.
    records: Vec<(usize, Item)>,
    /// The audit log, which comes last.
    log: Log,
    outcome: Outcome,
}

impl Import<'_> {
    fn refuse(&mut self, line: usize, reason: impl std::fmt::Display) {
        self.outcome.refused.push(format!("line {line}: {reason}"));
    }

    async fn item(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        match kind::of(&item.key) {
            Some(Kind::Story) => self.story(line, &item).await,
            Some(Kind::Record) => {
                self.records.push((line, item));
                if self.records.len() >= RECORDS_PER_BATCH { self.flush().await } else { Ok(()) }
            }
            Some(Kind::Log) => {
                self.log.add(item);
                Ok(())
            }
            Some(Kind::Derived | Kind::Passing) | None => {
                self.refuse(line, format_args!("{} is no part of an export", item.key.partition));
                Ok(())
            }
        }
    }

    async fn write_log(&mut self) -> Result<(), TableError> {
        let outcome = std::mem::take(&mut self.log).write(self.table).await?;
        self.outcome.created += outcome.created;
        self.outcome.updated += outcome.updated;
        self.outcome.unchanged += outcome.unchanged;
        self.outcome.refused.extend(outcome.refused);
        Ok(())
    }

    async fn story(&mut self, line: usize, item: &Item) -> Result<(), TableError> {
        let story: Story = match item.parse() {
            Ok(story) => story,
            Err(error) => {
                self.refuse(line, error);
                return Ok(());
            }
        };
        match self.desk.import_story(&story).await {
            Ok(Imported::Created) => self.outcome.created += 1,
            Ok(Imported::Updated) => self.outcome.updated += 1,
            Ok(Imported::Unchanged) => self.outcome.unchanged += 1,
            Ok(Imported::Kept) => self.outcome.kept += 1,
            Err(DeskError::Table(error)) if !matches!(error, TableError::Invalid { .. }) => {
                return Err(error);
            }
            Err(error) => self.refuse(line, error),
        }
        Ok(())
    }

    /// Writes the records that wait: in one batch when all of them are new, else one by one.
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

    async fn record(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        let here = match self.table.get(&item.key).await {
            Err(error @ TableError::Invalid { .. }) => {
                self.refuse(line, error);
                return Ok(());
            }
            here => here?,
        };
        let write = match here {
            None => Write::create(item),
            Some(here) if here == item => {
                self.outcome.unchanged += 1;
                return Ok(());
            }
            Some(here) if here.version > item.version => {
                self.outcome.kept += 1;
                return Ok(());
            }
            Some(here) if here.version == item.version => {
                let Item { key, .. } = item;
                let key = format!("{}/{}", key.partition, key.sort);
                self.refuse(line, format_args!("{key} says something else here, which stays"));
                return Ok(());
            }
            Some(here) => Write::replace(item, here.version),
        };
        let is_new = matches!(write.condition(), gazette_table::Condition::Absent);
        match self.table.write(vec![write]).await {
            Ok(()) if is_new => self.outcome.created += 1,
            Ok(()) => self.outcome.updated += 1,
            Err(error @ TableError::Invalid { .. }) => self.refuse(line, error),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// The lines of a file, none of them longer than it may be.
struct Lines {
    reader: BufReader<File>,
    number: usize,
    bytes: u64,
}

impl Lines {
    fn next(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        self.reader.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += line.len() as u64;
        Ok(Some(line))
    }
}
