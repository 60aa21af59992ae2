//! Queueing delay: the time that requests wait for a CPU.
//!
//! A page keeps a CPU busy until it is rendered. An overload therefore does not show in the number of
//! requests in progress, but in the run queue of the runtime. A probe measures that queue: a request
//! starts it, and it ends when the runtime has run every task that was ready before it.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::config::TrafficClass;

/// Time for which the delay must exceed the limit before requests are refused. A burst ends before.
const PATIENCE: Duration = Duration::from_millis(50);
/// Time after a refusal in which no patience is needed. Refusals empty the queue within milliseconds, so an overload that lasts
/// looks like many short ones. Bursts that are further apart are none.
const MEMORY: Duration = Duration::from_millis(200);
/// The least time from the start of a measurement to the next. Each wakes a thread that waits, which takes longer than some
/// requests.
const MIN_INTERVAL: Duration = Duration::from_millis(5);

/// Queueing delay of this process.
pub(crate) struct QueueDelay {
    probe: Option<Arc<Probe>>,
    task: Option<AbortHandle>,
}

/// Measures the run queue, again and again.
struct Probe {
    limit_nanos: u64,
    epoch: Instant,
    /// Start of the current measurement, in nanoseconds since `epoch`; 0 if there is none.
    started: AtomicU64,
    /// Start of the last measurement, or 0.
    last_started: AtomicU64,
    /// Start of the first measurement since which all exceeded the limit; 0 if the last one did not.
    slow_since: AtomicU64,
    /// End of the last measurement that exceeded the limit, or 0.
    last_slow: AtomicU64,
    /// Time of the last refusal, or 0.
    last_refused: AtomicU64,
    start: Notify,
}

impl QueueDelay {
    /// Starts the probe; without a limit nothing is measured.
    pub(crate) fn new(limit: Option<Duration>) -> Self {
        let probe = limit.map(|limit| Arc::new(Probe::new(limit)));
        let task = probe.clone().map(|probe| tokio::spawn(probe.run()).abort_handle());
        Self { probe, task }
    }

    /// Returns whether the delay has exceeded the limit for some time, or did a moment ago, and now exceeds
    /// that of a class.
    pub(crate) fn is_too_long(&self, class: TrafficClass) -> bool {
        self.probe.as_ref().is_some_and(|probe| probe.is_too_long(class))
    }
}

impl Drop for QueueDelay {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl Probe {
    fn new(limit: Duration) -> Self {
        Self {
            limit_nanos: nanos(limit),
            epoch: Instant::now(),
            started: AtomicU64::new(0),
            last_started: AtomicU64::new(0),
            slow_since: AtomicU64::new(0),
            last_slow: AtomicU64::new(0),
            last_refused: AtomicU64::new(0),
            start: Notify::new(),
        }
    }

    fn is_too_long(&self, class: TrafficClass) -> bool {
        let factor = match class {
            TrafficClass::Read | TrafficClass::Machine => 1,
            // Changes contain the work of people, so they are refused last.
            TrafficClass::Write | TrafficClass::SignIn => 10,
        };
        let now = nanos(self.epoch.elapsed()).max(1);
        let started = self.started.load(Ordering::Relaxed);
        if started == 0 {
            self.start_at(now);
            return false;
        }
        let is_refused = self.is_overload(now, started)
            && now.saturating_sub(started) > self.limit_nanos.saturating_mul(factor);
        if is_refused {
            self.last_refused.store(now, Ordering::Relaxed);
        }
        is_refused
    }

    fn is_overload(&self, now: u64, started: u64) -> bool {
        let is_within =
            |start: u64, duration| start > 0 && now.saturating_sub(start) <= nanos(duration);
        let slow_since = self.slow_since.load(Ordering::Relaxed);
        (slow_since > 0 && self.goes_on(started) && !is_within(slow_since, PATIENCE))
            || is_within(self.last_refused.load(Ordering::Relaxed), MEMORY)
    }

    /// Returns whether a measurement began soon after the last slow one. Without requests there is none,
    /// so the slow one before a pause says nothing about the time after it.
    fn goes_on(&self, started: u64) -> bool {
        let last_slow = self.last_slow.load(Ordering::Relaxed);
        started.saturating_sub(last_slow) <= nanos(MEMORY)
    }

    /// Starts a measurement, unless another request did, or the last one began a moment ago.
    fn start_at(&self, now: u64) {
        let last = self.last_started.load(Ordering::Relaxed);
        if last > 0 && now.saturating_sub(last) < nanos(MIN_INTERVAL) {
            return;
        }
        let is_first = self.started.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed);
        if is_first.is_ok() {
            self.last_started.store(now, Ordering::Relaxed);
            self.start.notify_one();
        }
    }

    async fn run(self: Arc<Self>) {
        loop {
            self.start.notified().await;
            back_of_the_queue().await;
            let started = self.started.swap(0, Ordering::Relaxed);
            let ended = nanos(self.epoch.elapsed());
            let is_slow = ended.saturating_sub(started) > self.limit_nanos;
            let since = match self.slow_since.load(Ordering::Relaxed) {
                _ if !is_slow => 0,
                since if since > 0 && self.goes_on(started) => since,
                _ => started,
            };
            self.slow_since.store(since, Ordering::Relaxed);
            if is_slow {
                self.last_slow.store(ended, Ordering::Relaxed);
            }
        }
    }
}

/// Waits until the runtime has run every task that is ready now.
///
/// The runtime puts a task that wakes itself at the back of its queue. `yield_now` would return when
/// the runtime next polls for events, which it does before the end of a long queue.
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

    fn probe(delay: &QueueDelay) -> &Probe {
        delay.probe.as_ref().expect("a limit")
    }

    fn now(delay: &QueueDelay) -> u64 {
        nanos(probe(delay).epoch.elapsed())
    }

    fn start_of_probe(delay: &QueueDelay) {
        while probe(delay).started.load(Ordering::Relaxed) == 0 {
            assert!(!delay.is_too_long(TrafficClass::Read));
        }
    }

    async fn end_of_probe(delay: &QueueDelay) {
        while probe(delay).started.load(Ordering::Relaxed) != 0 {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn slow_probes_are_an_overload_after_a_while_and_a_fast_one_ends_it() {
        let delay = QueueDelay::new(Some(LIMIT));
        let is_too_long = || delay.is_too_long(TrafficClass::Read);
        let before = Instant::now();
        assert!(!is_too_long());
        let start = Instant::now();
        while start.elapsed() <= PATIENCE {
            keep_busy();
            let refused = is_too_long();
            assert!(!refused || before.elapsed() > PATIENCE, "a burst");
            end_of_probe(&delay).await;
            assert!(!is_too_long(), "there may be no queue any more");
        }
        keep_busy();
        assert!(is_too_long(), "there is still one");
        assert!(!delay.is_too_long(TrafficClass::Write), "a change may wait");
        // Something else may stop this thread in the middle of a fast probe.
        while probe(&delay).slow_since.load(Ordering::Relaxed) > 0 {
            end_of_probe(&delay).await;
            assert!(!is_too_long());
        }
        start_of_probe(&delay);
        keep_busy();
        assert!(is_too_long(), "an overload that comes back at once needs no patience");
        end_of_probe(&delay).await;
        while now(&delay) - probe(&delay).last_refused.load(Ordering::Relaxed) <= nanos(MEMORY) {
            assert!(!is_too_long());
            end_of_probe(&delay).await;
        }
        while probe(&delay).slow_since.load(Ordering::Relaxed) > 0 {
            assert!(!is_too_long());
            end_of_probe(&delay).await;
        }
        start_of_probe(&delay);
        keep_busy();
        assert!(!is_too_long(), "the last probe was fast, and the overload is long ago");
    }

    #[tokio::test]
    async fn a_slow_probe_before_a_pause_is_no_overload_after_it() {
        let delay = QueueDelay::new(Some(LIMIT));
        start_of_probe(&delay);
        keep_busy();
        end_of_probe(&delay).await;
        let slow_since = probe(&delay).slow_since.load(Ordering::Relaxed);
        assert!(slow_since > 0);
        tokio::time::sleep(MEMORY + PATIENCE).await;
        start_of_probe(&delay);
        keep_busy();
        assert!(!delay.is_too_long(TrafficClass::Read), "it is the first one for a while");
        end_of_probe(&delay).await;
        assert!(probe(&delay).slow_since.load(Ordering::Relaxed) > slow_since);
    }

    #[tokio::test]
    async fn requests_that_follow_closely_start_one_measurement() {
        let delay = QueueDelay::new(Some(LIMIT));
        let mut starts = 0;
        let start = Instant::now();
        while start.elapsed() < 4 * MIN_INTERVAL {
            let is_idle = probe(&delay).started.load(Ordering::Relaxed) == 0;
            assert!(!delay.is_too_long(TrafficClass::Read));
            if is_idle && probe(&delay).started.load(Ordering::Relaxed) != 0 {
                starts += 1;
            }
            end_of_probe(&delay).await;
        }
        assert!((1..=5).contains(&starts), "{starts}");
    }

    #[tokio::test]
    async fn without_a_limit_nothing_is_too_long() {
        let delay = QueueDelay::new(None);
        for _ in 0..3 {
            assert!(!delay.is_too_long(TrafficClass::Read));
            keep_busy();
        }
    }
}
