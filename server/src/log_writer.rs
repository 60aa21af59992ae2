//! Writer of the log that never makes its callers wait.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// The most that lines may take in memory while the output accepts none, in bytes.
const MAX_QUEUE_BYTES: usize = 1024 * 1024;
/// The pause before a write to an output that would block is repeated.
const RETRY_PAUSE: Duration = Duration::from_millis(10);

/// Lines that were dropped since the start of the process.
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Returns the number of lines that were dropped since the start of the process.
pub(crate) fn dropped_lines() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// Takes lines without waiting; a thread writes them to the output.
///
/// Lines are dropped while the output is stalled and the queue is full, and if the output is
/// closed. Their number is logged as soon as a line can be written again. The crate
/// `tracing-appender` is not used, because it reports its own errors to stderr, which panics when
/// stderr is closed and waits when it is stalled.
#[derive(Clone)]
pub struct LogWriter(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// Notified when there are lines to write.
    filled: Condvar,
    /// Notified when all lines are written.
    emptied: Condvar,
    writing_thread: OnceLock<ThreadId>,
}

#[derive(Default)]
struct Queue {
    bytes: Vec<u8>,
    /// Lines dropped since the last report.
    dropped: usize,
    is_writing: bool,
}

impl LogWriter {
    /// Starts the thread that writes to `output`.
    pub fn start(output: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        thread::Builder::new().name("log".to_owned()).spawn(move || for_thread.run(output))?;
        Ok(Self(shared))
    }

    /// Adds a line that is not from `tracing`.
    pub fn write_line(&self, line: impl std::fmt::Display) {
        self.0.push(format!("{line}\n").as_bytes());
    }

    /// Waits until all lines are written, but not longer than the timeout.
    pub fn finish(&self, timeout: Duration) {
        let deadline = Instant::now() + timeout;
        let mut queue = self.0.queue();
        while queue.is_writing || !queue.bytes.is_empty() {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { return };
            let waited = self.0.emptied.wait_timeout(queue, left);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, line: &[u8]) {
        let mut queue = self.queue();
        let is_full = queue.bytes.len() + line.len() > MAX_QUEUE_BYTES;
        // The report about dropped lines must not be dropped itself.
        if is_full && self.writing_thread.get() != Some(&thread::current().id()) {
            queue.dropped += 1;
            DROPPED.fetch_add(1, Ordering::Relaxed);
            return;
        }
        queue.bytes.extend_from_slice(line);
        drop(queue);
        self.filled.notify_one();
    }

    fn run(&self, mut output: impl Write) {
        let _ = self.writing_thread.set(thread::current().id());
        let mut batch = Vec::new();
        loop {
            let dropped = self.take(&mut batch);
            if write_all(&mut output, &batch).is_err() {
                let lost = count_lines(&batch);
                self.queue().dropped += dropped + lost;
                DROPPED.fetch_add(lost as u64, Ordering::Relaxed);
            } else if dropped > 0 {
                tracing::warn!(dropped, "lines of the log were dropped, since nothing read them");
            }
        }
    }

    /// Waits for lines, moves them into the batch and returns the number of dropped ones.
    fn take(&self, batch: &mut Vec<u8>) -> usize {
        let mut queue = self.queue();
        queue.is_writing = false;
        while queue.bytes.is_empty() {
            self.emptied.notify_all();
            queue = self.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.is_writing = true;
        batch.clear();
        std::mem::swap(batch, &mut queue.bytes);
        std::mem::take(&mut queue.dropped)
    }
}

fn count_lines(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n').count().saturating_sub(1)
}

fn write_all(output: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match output.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY_PAUSE),
            Err(error) => return Err(error),
        }
    }
    output.flush()
}

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = &'a LogWriter;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

/// Takes one line for each call; `tracing-subscriber` writes a line at once.
impl Write for &LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    use super::*;

    /// Output that accepts a write only when the test receives it.
    struct Stalled(SyncSender<Vec<u8>>);

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(|_| ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn stalled() -> (LogWriter, Receiver<Vec<u8>>) {
        let (sender, receiver) = sync_channel(0);
        (LogWriter::start(Stalled(sender)).expect("a thread"), receiver)
    }

    #[test]
    fn f_32_a_stalled_output_delays_no_caller_and_takes_bounded_memory() {
        let (log, receiver) = stalled();
        let line = "x".repeat(1_023);
        log.write_line(&line);
        while !log.0.queue().is_writing {
            thread::yield_now();
        }
        let start = Instant::now();
        for _ in 0..10_000 {
            log.write_line(&line);
        }
        assert!(start.elapsed() < Duration::from_secs(2));
        let dropped = log.0.queue().dropped;
        assert!(log.0.queue().bytes.len() <= MAX_QUEUE_BYTES);
        log.finish(Duration::from_millis(100));
        let mut written = 0;
        while written + dropped < 10_001 {
            written += receiver.recv().expect("lines").len() / 1_024;
        }
        assert_eq!(written + dropped, 10_001);
        assert!(dropped >= 10_000 - 1_024);
    }

    #[test]
    fn a_closed_output_loses_lines_and_nothing_else() {
        let (log, receiver) = stalled();
        drop(receiver);
        log.write_line("a\nb");
        log.finish(Duration::from_secs(5));
        assert_eq!(log.0.queue().dropped, 2);
    }

    #[test]
    fn finish_waits_for_the_lines() {
        let (log, receiver) = stalled();
        log.write_line("last");
        let reader = thread::spawn(move || receiver.recv().expect("a line"));
        log.finish(Duration::from_secs(5));
        assert_eq!(reader.join().expect("read"), b"last\n");
    }
}
