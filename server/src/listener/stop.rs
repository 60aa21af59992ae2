//! Phases of a stop.

use tokio::sync::watch;

/// Phase of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Serves.
    Serving,
    /// Serves, but asks clients and load balancers to leave.
    Leaving,
    /// Accepts no connections and finishes the requests of those that are open.
    Draining,
}

/// Marks a request that arrived after the stop began; the readiness check reports it.
#[derive(Clone, Copy, Debug)]
pub struct Stopping;

/// Moves listeners from phase to phase.
#[derive(Debug)]
pub struct Stop(watch::Sender<Phase>);

impl Stop {
    /// Starts in [`Phase::Serving`].
    pub fn new() -> Self {
        Self(watch::channel(Phase::Serving).0)
    }

    /// Returns a receiver of the phase.
    pub fn phases(&self) -> watch::Receiver<Phase> {
        self.0.subscribe()
    }

    /// Enters a phase.
    pub fn enter(&self, phase: Phase) {
        self.0.send_replace(phase);
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

/// Resolves when a phase has been reached, or when nothing can move the phase any more.
pub(super) async fn reached(phases: &mut watch::Receiver<Phase>, phase: Phase) {
    let _ = phases.wait_for(|current| *current >= phase).await;
}
