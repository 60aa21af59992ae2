//! Backs the site up to a file, and restores it.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::arguments::STANDARD;
use super::operator::Operator;
use super::output::{note_line, print_line};
use crate::backup::{Backup, Restored, discard_unfinished, restore};
use crate::config::{Config, Engine, StoreConfig};
use crate::stop_signal::StopSignal;
use crate::unfinished::UnfinishedFile;

/// Parts that wait to be written.
const WAITING_PARTS: usize = 4;
/// The longest time that a stopped restore has to remove what it wrote. It may wait for its input.
const MAX_STOP_WAIT: Duration = Duration::from_secs(2);

/// Writes a backup, which the running process makes if there is one.
pub(super) async fn backup(mut operator: Operator<'_>, path: &Path) -> Result<()> {
    if let Engine::DynamoDb = operator.config.store.engine {
        bail!(
            "GAZETTE_STORE is dynamodb: use the backups of DynamoDB (point-in-time recovery), or \
             `gazette export`"
        );
    }
    if path.as_os_str() == STANDARD {
        // Not as a list: a pipe that is closed early has no backup.
        let written = write(&mut operator, &mut std::io::stdout().lock()).await;
        let bytes = written.context("the backup on stdout is not complete")?;
        note_line(format_args!("backed up {bytes} bytes"));
        return Ok(());
    }
    let mut file = UnfinishedFile::create(path)?;
    let written = write(&mut operator, file.file()).await;
    let bytes = written.with_context(|| format!("nothing was written to {}", path.display()))?;
    file.finish()?;
    print_line(format_args!("backed up {bytes} bytes to {}", path.display()));
    if operator.config.images.bucket.is_some() {
        print_line("the pictures are in their bucket, and not in this file");
    }
    Ok(())
}

/// Writes the parts of a backup, and returns their size.
async fn write(operator: &mut Operator<'_>, out: &mut (impl Write + ?Sized)) -> Result<u64> {
    let table = operator.open_present().await?;
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {bytes}")?);
    let mut bytes = 0;
    let mut take = |part: &[u8]| {
        out.write_all(part)?;
        bytes += part.len() as u64;
        bar.set_position(bytes);
        Ok(())
    };
    let outcome = if let Some(client) = operator.client() {
        client.backup(take).await
    } else {
        let images = operator.images().await?;
        let saved = operator.config.images.bucket.is_none().then_some(images);
        let backup = Backup::new(table, saved, &operator.config.store.data_dir);
        let (parts, mut received) = mpsc::channel::<Bytes>(WAITING_PARTS);
        let writing = tokio::spawn(async move { backup.write(&parts).await });
        let mut taken: std::io::Result<()> = Ok(());
        while let Some(part) = received.recv().await {
            taken = take(&part);
            if taken.is_err() {
                received.close();
            }
        }
        let written = writing.await?;
        taken.map_err(anyhow::Error::from).and(written)
    };
    bar.finish_and_clear();
    outcome?;
    out.flush()?;
    Ok(bytes)
}

/// Restores a backup into the data folder, which must be empty. Stopped, it leaves nothing there.
pub(super) async fn restore_from(config: &Config, path: &Path, stop: StopSignal) -> Result<()> {
    if let Engine::DynamoDb = config.store.engine {
        bail!("GAZETTE_STORE is dynamodb: a backup is restored into the embedded store only");
    }
    let input: Box<dyn Read + Send> = if path.as_os_str() == STANDARD {
        Box::new(std::io::stdin())
    } else {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Box::new(std::io::BufReader::new(file))
    };
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} items")?);
    let show = bar.clone();
    let show = move |items| show.set_position(items as u64);
    let restored = restore_until_stopped(input, &config.store, show, stop).await;
    bar.finish_and_clear();
    let restored =
        restored.with_context(|| format!("nothing was restored from {}", path.display()))?;
    print_line(format_args!(
        "restored {} items and {} files of pictures to {}",
        restored.items,
        restored.pictures,
        config.store.data_dir.display()
    ));
    Ok(())
}

/// Restores on a thread of its own, since the input may keep it waiting.
async fn restore_until_stopped(
    input: impl Read + Send + 'static,
    store: &StoreConfig,
    progress: impl FnMut(usize) + Send + 'static,
    mut stop: StopSignal,
) -> Result<Restored> {
    let [is_stopped, is_waiting] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
    let (stopped, waiting) = (Arc::clone(&is_stopped), Arc::clone(&is_waiting));
    let input = StoppableInput { input, is_stopped: stopped, is_waiting: waiting };
    let (own, runtime) = (store.clone(), Handle::current());
    let mut restoring = spawn_blocking(move || runtime.block_on(restore(input, &own, progress)));
    tokio::select! {
        restored = &mut restoring => return restored?,
        () = stop.received() => is_stopped.store(true, Ordering::SeqCst),
    }
    match timeout(MAX_STOP_WAIT, restoring).await {
        Ok(ended) => ended?.context("stopped"),
        // Whatever comes from the input now, it writes nothing more.
        Err(_) if is_waiting.load(Ordering::SeqCst) => {
            discard_unfinished(store);
            bail!("stopped")
        }
        // Its folders may still be in use. The next start says what to do about them.
        Err(_) => bail!("stopped; empty {} before you restore again", store.data_dir.display()),
    }
}

/// An input that ends with an error once the command was stopped.
struct StoppableInput<R> {
    input: R,
    is_stopped: Arc<AtomicBool>,
    /// The next part is not there yet.
    is_waiting: Arc<AtomicBool>,
}

impl<R: Read> Read for StoppableInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.is_waiting.store(true, Ordering::SeqCst);
        let read = self.input.read(buffer);
        if self.is_stopped.load(Ordering::SeqCst) {
            return Err(std::io::Error::other("stopped"));
        }
        self.is_waiting.store(false, Ordering::SeqCst);
        read
    }
}
