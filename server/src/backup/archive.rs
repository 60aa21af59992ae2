//! An archive that is being written.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use tokio::sync::mpsc;

use super::entry::Entry;
use super::tar::{BLOCK, Header, padding};

/// Sends an archive in parts, and computes its checksum.
pub(super) struct Archive<'a> {
    out: &'a mpsc::Sender<Bytes>,
    sum: Context,
    /// Time of its files, in seconds.
    at: i64,
}

impl<'a> Archive<'a> {
    pub(super) fn new(out: &'a mpsc::Sender<Bytes>, at: i64) -> Self {
        Self { out, sum: Context::new(&SHA256), at }
    }

    /// Adds a file.
    pub(super) async fn add(&mut self, entry: &Entry, content: Bytes) -> Result<()> {
        let size = content.len() as u64;
        if size > entry.max_bytes() {
            bail!("{} is too large for a backup", entry.path());
        }
        let header = Header { name: entry.path(), size };
        let header = header.to_block(self.at).context("a name is too long for a backup")?;
        self.send(header.into()).await?;
        self.send(content).await?;
        self.send(vec![0; padding(size)].into()).await
    }

    /// Adds the checksum and the end.
    pub(super) async fn finish(mut self) -> Result<()> {
        let sum = format!("{}\n", hex(self.sum.clone().finish().as_ref()));
        self.add(&Entry::Last, sum.into()).await?;
        self.send(vec![0; 2 * BLOCK].into()).await
    }

    async fn send(&mut self, part: Bytes) -> Result<()> {
        self.sum.update(&part);
        if !part.is_empty() {
            self.out.send(part).await.context("the backup is no longer wanted")?;
        }
        Ok(())
    }
}

/// Returns bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
