//! Signals to stop: SIGTERM from a supervisor, SIGINT from a keyboard.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Receiver of stop signals. From its creation on, they no longer end the process by themselves.
pub(crate) struct StopSignal {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignal {
    /// Listens for a process that serves. SIGHUP, which a closed terminal sends, has no effect.
    pub(crate) fn of_server() -> io::Result<Self> {
        // The handler stays installed for the life of the process.
        drop(signal(SignalKind::hangup())?);
        Self::of_command()
    }

    /// Listens for a command. SIGHUP ends it, unless `nohup` started it.
    pub(crate) fn of_command() -> io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
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
