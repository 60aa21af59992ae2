//! Panics of requests: each costs its own request only, and is counted.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

/// Requests that panicked since the start of the process.
static CAUGHT: AtomicU64 = AtomicU64::new(0);

/// Returns the number of requests that panicked since the start of the process.
pub(crate) fn caught_panics() -> u64 {
    CAUGHT.load(Ordering::Relaxed)
}

/// Runs a part of a request to its end; `None` if it panics. The log has the place of the panic.
pub(crate) async fn catch_panic<F: Future>(part: F) -> Option<F::Output> {
    let mut part = pin!(part);
    std::future::poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| part.as_mut().poll(cx)));
        let polled = polled.map(|polled| polled.map(Some));
        polled.unwrap_or_else(|_| {
            CAUGHT.fetch_add(1, Ordering::Relaxed);
            Poll::Ready(None)
        })
    })
    .await
}
