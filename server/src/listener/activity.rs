//! Record of what a connection waits for.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::limits::Limits;

/// Record of what a connection waits for.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    close: Notify,
}

#[derive(Debug)]
struct State {
    is_http2: bool,
    has_had_request: bool,
    /// Start of the present pause between requests.
    idle_since: Instant,
    /// Arrival of the first byte of an unfinished head on HTTP/1.
    head_since: Option<Instant>,
    /// Start of a write that the client does not take.
    blocked_since: Option<Instant>,
    /// `true` if a request was answered before its body had arrived.
    has_unread_body: bool,
    exchanges: Vec<Exchange>,
    next_id: u64,
}

#[derive(Debug)]
struct Exchange {
    id: u64,
    stage: Stage,
    /// Time of the last progress.
    at: Instant,
}

/// Stage of an exchange of request and response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The client must send more of the body.
    Body,
    /// The server works.
    Handler,
    /// The client must take the response.
    Response,
}

/// Reason to close a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    /// The head of a request did not arrive in time.
    Head,
    /// No request arrived in time.
    Idle,
    /// The client did not read the response.
    Unread,
    /// The connection may have failed to report a change; look again.
    Recheck,
}

/// Rank of a connection that may be closed to make room; the least goes first.
pub(super) type Rank = (Waiting, Instant);

/// Kind of wait; idle connections go before stalled requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Waiting {
    /// No request is under way.
    Idle,
    /// The client neither sends the body nor reads the response.
    Stalled,
}

impl Activity {
    pub(super) fn new() -> Self {
        let state = State {
            is_http2: false,
            has_had_request: false,
            idle_since: Instant::now(),
            head_since: None,
            blocked_since: None,
            has_unread_body: false,
            exchanges: Vec::new(),
            next_id: 0,
        };
        Self { state: Mutex::new(state), close: Notify::new() }
    }

    /// Asks the connection to close.
    pub(super) fn close(&self) {
        self.close.notify_one();
    }

    /// Resolves when the connection must close.
    pub(super) async fn closed(&self) {
        self.close.notified().await;
    }

    /// Notes that the protocol is HTTP/2.
    pub(super) fn set_http2(&self) {
        self.state().is_http2 = true;
    }

    /// Notes that bytes arrived.
    pub(super) fn received(&self) {
        let mut state = self.state();
        // The bytes after a body that is not read may still be of that body.
        let is_head = state.exchanges.is_empty() && !state.is_http2 && !state.has_unread_body;
        if is_head && state.head_since.is_none() {
            let now = Instant::now();
            // The time of the first head counts from the connection.
            state.head_since = Some(if state.has_had_request { now } else { state.idle_since });
        }
    }

    /// Notes that bytes arrived which the connection has not read yet.
    pub(super) fn restart_idle_timer(&self) {
        self.state().idle_since = Instant::now();
    }

    /// Notes that the client took some bytes.
    pub(super) fn sent(&self) {
        let mut state = self.state();
        state.blocked_since = None;
        // On HTTP/2 they may be answers to pings, which must not keep a connection open.
        if !state.is_http2 {
            state.idle_since = Instant::now();
        }
    }

    /// Notes that the client takes no bytes.
    pub(super) fn blocked(&self) {
        self.state().blocked_since.get_or_insert_with(Instant::now);
    }

    /// Notes the head of a request and returns the id of its exchange.
    pub(super) fn begin(&self) -> u64 {
        let mut state = self.state();
        state.has_had_request = true;
        state.head_since = None;
        // On HTTP/1 a head comes after the whole body before it.
        state.has_unread_body &= state.is_http2;
        let id = state.next_id;
        state.next_id += 1;
        state.exchanges.push(Exchange { id, stage: Stage::Handler, at: Instant::now() });
        id
    }

    /// Notes progress of an exchange into a stage.
    pub(super) fn enter(&self, id: u64, next: Stage) {
        let mut state = self.state();
        if let Some(exchange) = state.exchanges.iter_mut().find(|exchange| exchange.id == id) {
            exchange.stage = next;
            exchange.at = Instant::now();
        }
    }

    /// Notes the end of an exchange.
    pub(super) fn end(&self, id: u64) {
        let mut state = self.state();
        state.exchanges.retain(|exchange| exchange.id != id);
        state.idle_since = Instant::now();
    }

    /// Notes that the rest of a body is not read.
    pub(super) fn leave_body(&self) {
        self.state().has_unread_body = true;
    }

    /// Returns whether the protocol is HTTP/2.
    pub(super) fn is_http2(&self) -> bool {
        self.state().is_http2
    }

    /// Returns whether a request was answered before its body had arrived.
    pub(super) fn has_unread_body(&self) -> bool {
        self.state().has_unread_body
    }

    /// Returns whether the client still has a response to read.
    pub(super) fn has_unread_response(&self) -> bool {
        let state = self.state();
        let is_response = |exchange: &Exchange| exchange.stage == Stage::Response;
        state.blocked_since.is_some() || state.exchanges.iter().any(is_response)
    }

    /// Returns the rank of the connection if it may be closed to make room.
    pub(super) fn rank(&self, limits: &Limits) -> Option<Rank> {
        let state = self.state();
        if state.exchanges.is_empty() {
            return Some((Waiting::Idle, state.idle_since));
        }
        if state.exchanges.iter().any(|exchange| exchange.stage == Stage::Handler) {
            return None;
        }
        let progress = state.exchanges.iter().map(|exchange| exchange.at).max()?;
        let is_stalled = progress.elapsed() >= limits.stall_timeout;
        is_stalled.then_some((Waiting::Stalled, progress))
    }

    /// Returns the time at which the connection expires unless something happens before.
    pub(super) fn deadline(&self, limits: &Limits, is_draining: bool) -> (Instant, Expiry) {
        let state = self.state();
        if let Some(since) = state.blocked_since {
            return (since + limits.write_timeout, Expiry::Unread);
        }
        if !state.exchanges.is_empty() {
            let responses =
                state.exchanges.iter().filter(|exchange| exchange.stage == Stage::Response);
            return match responses.map(|exchange| exchange.at).min() {
                Some(since) => (since + limits.write_timeout, Expiry::Unread),
                None => (Instant::now() + limits.write_timeout, Expiry::Recheck),
            };
        }
        if let Some(since) = state.head_since {
            return (since + limits.head_timeout, Expiry::Head);
        }
        if is_draining {
            return (state.idle_since + limits.settle_timeout, Expiry::Idle);
        }
        if state.has_had_request {
            return (state.idle_since + limits.idle_timeout, Expiry::Idle);
        }
        (state.idle_since + limits.head_timeout, Expiry::Head)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
