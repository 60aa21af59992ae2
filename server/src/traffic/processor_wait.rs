//! How long requests wait for a processor.
//!
//! Rendering a page takes a processor for as long as it needs, so that an overload does not show in
//! the number of requests in progress, but in a queue before them. A turn measures that queue: it
//! begins with a request, and ends when the runtime has come to everything that was ready before.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::config::TrafficClass;

/// Time for which turns must be long before requests are refused. A burst ends before.
const PATIENCE: Duration = Duration::from_millis(100);

/// The time that requests wait for a processor.
pub(crate) struct ProcessorWait {
    turns: Option<Arc<Turns>>,
    task: Option<AbortHandle>,
}

/// Turns, one after another.
struct Turns {
    limit_nanos: u64,
    start: Instant,
    /// When the turn began, in nanoseconds since the start; 0 between two turns.
    begun: AtomicU64,
    /// When the first of the long turns without a short one between them began; 0 if the turn before
    /// was short.
    long_since: AtomicU64,
    begin: Notify,
}

impl ProcessorWait {
    /// Starts to measure; without a limit nothing is measured.
    pub(crate) fn new(limit: Option<Duration>) -> Self {
        let turns = limit.map(|limit| Arc::new(Turns::new(limit)));
        let task = turns.clone().map(|turns| tokio::spawn(turns.run()).abort_handle());
        Self { turns, task }
    }

    /// Returns whether requests wait for longer than those of this class may, and have waited for
    /// longer than the limit for some time.
    pub(crate) fn is_too_long(&self, class: TrafficClass) -> bool {
        self.turns.as_ref().is_some_and(|turns| turns.are_too_long(class))
    }
}

impl Drop for ProcessorWait {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl Turns {
    fn new(limit: Duration) -> Self {
        Self {
            limit_nanos: nanos(limit),
            start: Instant::now(),
            begun: AtomicU64::new(0),
            long_since: AtomicU64::new(0),
            begin: Notify::new(),
        }
    }

    fn are_too_long(&self, class: TrafficClass) -> bool {
        let factor = match class {
            TrafficClass::Read | TrafficClass::Machine => 1,
            // Somebody typed it. While readers are refused, it does not wait for long.
            TrafficClass::Write | TrafficClass::SignIn => 10,
        };
        let now = nanos(self.start.elapsed()).max(1);
        match self.begun.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => {
                self.begin.notify_one();
                false
            }
            Err(begun) => {
                let since = self.long_since.load(Ordering::Relaxed);
                let is_overload = since > 0 && now.saturating_sub(since) > nanos(PATIENCE);
                is_overload && now.saturating_sub(begun) > self.limit_nanos.saturating_mul(factor)
            }
        }
    }

    async fn run(self: Arc<Self>) {
        loop {
            self.begin.notified().await;
            back_of_the_queue().await;
            let begun = self.begun.swap(0, Ordering::Relaxed);
            let length = nanos(self.start.elapsed()).saturating_sub(begun);
            let since = match self.long_since.load(Ordering::Relaxed) {
                _ if length <= self.limit_nanos => 0,
                0 => begun,
                since => since,
            };
            self.long_since.store(since, Ordering::Relaxed);
        }
    }
}

/// Waits until the runtime has come to every task that is ready now.
///
/// The runtime puts a task that wakes itself behind the others. `yield_now` waits for something else:
/// until the runtime asks the system for events, which it does before the end of a long queue.
async fn back_of_the_queue() {
    let mut was_polled = false;
    poll_fn(|context| {
        if was_polled {
            return Poll::Ready(());
        }
        was_polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;

    use super::*;

    const LIMIT: Duration = Duration::from_millis(20);

    /// Keeps the only thread busy for longer than the limit, as a page does that is rendered.
    fn keep_busy() {
        let start = Instant::now();
        while start.elapsed() < 2 * LIMIT {
            std::hint::spin_loop();
        }
    }

    fn turns(wait: &ProcessorWait) -> &Turns {
        wait.turns.as_ref().expect("a limit")
    }

    async fn turn_ends(wait: &ProcessorWait) {
        while turns(wait).begun.load(Ordering::Relaxed) != 0 {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn long_turns_are_an_overload_after_a_while_and_a_short_one_ends_it() {
        let wait = ProcessorWait::new(Some(LIMIT));
        let is_too_long = || wait.is_too_long(TrafficClass::Read);
        let before = Instant::now();
        assert!(!is_too_long());
        let start = Instant::now();
        while start.elapsed() <= PATIENCE {
            keep_busy();
            let refused = is_too_long();
            assert!(!refused || before.elapsed() > PATIENCE, "a burst");
            turn_ends(&wait).await;
            assert!(!is_too_long(), "there may be no queue any more");
        }
        keep_busy();
        assert!(is_too_long(), "there is still one");
        assert!(!wait.is_too_long(TrafficClass::Write), "a change may wait");
        // Something else may stop this thread in the middle of a short turn.
        while turns(&wait).long_since.load(Ordering::Relaxed) > 0 {
            turn_ends(&wait).await;
            assert!(!is_too_long());
        }
        keep_busy();
        assert!(!is_too_long(), "the turn before was short");
    }

    #[tokio::test]
    async fn without_a_limit_nothing_is_too_long() {
        let wait = ProcessorWait::new(None);
        for _ in 0..3 {
            assert!(!wait.is_too_long(TrafficClass::Read));
            keep_busy();
        }
    }
}
