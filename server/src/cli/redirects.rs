//! Lists, imports and exports the redirects from old addresses.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use gazette_domain::{
    AddedRedirect, ListedRedirect, OperatorDesk, Redirect, RedirectError, RedirectOrigin,
    RedirectTarget,
};

use super::arguments::{RedirectCommand, STANDARD};
use super::import::dry_run_table;
use super::operator::Operator;
use super::output::{print_line, stdout};
use crate::application::operator_desk;
use crate::redirect_file::{RedirectFile, Row, write_header, write_row};
use crate::unfinished::UnfinishedFile;

/// The number of rows that are added at once.
const ROWS_PER_BATCH: usize = 90;

pub(super) async fn run(mut operator: Operator<'_>, command: &RedirectCommand) -> Result<()> {
    match command {
        RedirectCommand::List => {
            let table = operator.open_present().await?;
            list(&operator_desk(table, &operator.clock)).await
        }
        RedirectCommand::Import { file, dry_run } => {
            let rows = RedirectFile::open(file, operator.public_url())?;
            let table = if *dry_run {
                dry_run_table(&mut operator).await?
            } else {
                operator.open().await?
            };
            import(&operator_desk(table, &operator.clock), rows).await
        }
        RedirectCommand::Export { file } => {
            let table = operator.open_present().await?;
            export(&operator_desk(table, &operator.clock), file.as_deref()).await
        }
    }
}

async fn list(desk: &OperatorDesk) -> Result<()> {
    let mut out = BufWriter::new(stdout());
    let mut count = 0;
    let mut after = None;
    loop {
        let page = desk.redirects(after.as_deref()).await?;
        for item in &page.items {
            count += 1;
            writeln!(out, "{}", line(item))?;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    writeln!(out, "{count} redirects")?;
    Ok(out.flush()?)
}

fn line(item: &ListedRedirect) -> String {
    let origin = match item.redirect.origin {
        RedirectOrigin::ByHand => "by hand".to_owned(),
        RedirectOrigin::Import(number) => format!("import {number}"),
    };
    let from = &item.redirect.from;
    match (&item.redirect.target, &item.to) {
        (RedirectTarget::Gone, _) => format!("410 {from} ({origin})"),
        (_, Some(to)) => format!("301 {from} -> {to} ({origin})"),
        (_, None) => format!("404 {from} -> a story that was deleted ({origin})"),
    }
}

/// Counts of an import.
#[derive(Default)]
struct Outcome {
    created: usize,
    unchanged: usize,
    conflicts: usize,
    refused: usize,
}

impl Outcome {
    fn add(&mut self, line: u64, outcome: Result<AddedRedirect, RedirectError>) {
        match outcome {
            Ok(AddedRedirect::Created) => self.created += 1,
            Ok(AddedRedirect::Unchanged) => self.unchanged += 1,
            Err(error @ RedirectError::Taken { .. }) => {
                self.conflicts += 1;
                print_line(format_args!("line {line}: {error}"));
            }
            Err(error @ RedirectError::Rule { .. }) => self.refuse(line, error),
        }
    }

    fn refuse(&mut self, line: u64, reason: impl std::fmt::Display) {
        self.refused += 1;
        print_line(format_args!("line {line}: {reason}"));
    }
}

/// Adds the good rows, and names every other one.
async fn import(desk: &OperatorDesk, mut rows: RedirectFile) -> Result<()> {
    let mut outcome = Outcome::default();
    let mut batch: Vec<(u64, Redirect)> = Vec::with_capacity(ROWS_PER_BATCH);
    while let Some(row) = rows.next_row()? {
        match row {
            Row::Redirect(line, redirect) => batch.push((line, redirect)),
            Row::Refused(line, reason) => outcome.refuse(line, reason),
        }
        if batch.len() == ROWS_PER_BATCH {
            add(desk, &mut batch, &mut outcome).await?;
        }
    }
    add(desk, &mut batch, &mut outcome).await?;
    let Outcome { created, unchanged, conflicts, refused } = outcome;
    print_line(format_args!(
        "{created} created, {unchanged} unchanged, {conflicts} with another target here, {refused} refused"
    ));
    if conflicts + refused > 0 {
        bail!("{} lines were not imported", conflicts + refused);
    }
    Ok(())
}

async fn add(
    desk: &OperatorDesk,
    batch: &mut Vec<(u64, Redirect)>,
    outcome: &mut Outcome,
) -> Result<()> {
    let (lines, redirects): (Vec<u64>, Vec<Redirect>) = batch.drain(..).unzip();
    let added = desk.add_redirects(&redirects).await?;
    lines.into_iter().zip(added).for_each(|(line, added)| outcome.add(line, added));
    Ok(())
}

async fn export(desk: &OperatorDesk, file: Option<&Path>) -> Result<()> {
    let Some(path) = file.filter(|file| file.as_os_str() != STANDARD) else {
        write_all(desk, stdout()).await?;
        return Ok(());
    };
    let mut out = UnfinishedFile::create(path)?;
    let count = write_all(desk, out.file())
        .await
        .with_context(|| format!("nothing was exported to {}", path.display()))?;
    out.finish()?;
    print_line(format_args!("exported {count} redirects to {}", path.display()));
    Ok(())
}

async fn write_all(desk: &OperatorDesk, out: impl Write) -> Result<usize> {
    let mut out = csv::Writer::from_writer(out);
    write_header(&mut out).map_err(io_error)?;
    let (mut count, mut after) = (0, None);
    loop {
        let page = desk.redirects(after.as_deref()).await?;
        for item in &page.items {
            if write_row(&mut out, item).map_err(io_error)? {
                count += 1;
            } else {
                let from = &item.redirect.from;
                tracing::warn!(%from, "left out: it leads to a story that was deleted for good");
            }
        }
        after = page.next;
        if after.is_none() {
            out.flush()?;
            return Ok(count);
        }
    }
}

/// Returns the error of the output, which says by itself where it comes from.
fn io_error(error: csv::Error) -> anyhow::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        kind => anyhow!("a redirect cannot be written: {kind:?}"),
    }
}
