//! Body with a deadline and a share of the memory for bodies.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::limits::BodyLimits;
use super::memory::{BodyError, BodyMemory};

/// Body with a deadline and a share of the memory for bodies.
pub(super) struct LimitedBody {
    body: Body,
    limits: BodyLimits,
    memory: Arc<BodyMemory>,
    received: u64,
    deadline: Option<Deadline>,
}

/// Deadline of a body that is being read.
struct Deadline {
    start: Instant,
    sleep: Pin<Box<Sleep>>,
}

impl LimitedBody {
    pub(super) fn new(body: Body, limits: BodyLimits, memory: Arc<BodyMemory>) -> Self {
        Self { body, limits, memory, received: 0, deadline: None }
    }

    /// Returns the time until which the next bytes must arrive, from the start.
    fn allowed_time(&self) -> Duration {
        let earned = self.received / self.limits.bytes_per_second.max(1);
        (self.limits.grace + Duration::from_secs(earned)).min(self.limits.total)
    }

    fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let time = self.allowed_time();
        let deadline = self.deadline.get_or_insert_with(|| {
            // The time counts from the first read, since the handler may not read at once.
            let start = Instant::now();
            Deadline { start, sleep: Box::pin(sleep_until(start + time)) }
        });
        let end = deadline.start + time;
        if deadline.sleep.deadline() != end {
            deadline.sleep.as_mut().reset(end);
        }
        deadline.sleep.as_mut().poll(cx)
    }

    fn count(&mut self, data: &Bytes) -> Result<(), BodyError> {
        let before = usize::try_from(self.received).unwrap_or(usize::MAX);
        let room = self.limits.held.saturating_sub(before);
        self.received = self.received.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        self.memory.reserve(data.len().min(room))
    }
}

impl HttpBody for LimitedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
            && let Err(error) = self.count(data)
        {
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        // A finished body is never late.
        let is_over = matches!(polled, Poll::Ready(None | Some(Err(_))));
        if !is_over && self.poll_expired(cx).is_ready() {
            let error = self.memory.fail(BodyError::TooSlow);
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
