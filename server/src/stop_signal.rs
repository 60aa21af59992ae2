//! Signals to stop: SIGTERM from a supervisor, SIGINT from a keyboard.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Receiver of stop signals. From its creation on, they no longer end the process by themselves,
/// and SIGHUP, which a closed terminal sends, has no effect.
pub(crate) struct StopSignal {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignal {
    pub(crate) fn listen() -> io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        // The handler stays installed for the life of the process.
        drop(signal(SignalKind::hangup())?);
        Ok(Self { terminate, interrupt })
    }

    /// Resolves at the next signal.
    pub(crate) async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
