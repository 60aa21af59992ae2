//! Listeners of a command, and their common stop.

use std::time::Duration;

use anyhow::{Result, bail};
use gazette_domain::Endpoint;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cached_router::CachedRouter;
use crate::config::Config;
use crate::detached;
use crate::listener::{Limits, Phase, Stop, raise_open_files, serve};
use crate::stop_signal::StopSignal;

const HEALTH_CHECKS: &[&str] = &[Endpoint::Health.path(), Endpoint::Readiness.path()];

/// Listeners of a command.
pub(super) struct Listeners {
    limits: Limits,
    grace: Duration,
    stop: Stop,
    tasks: JoinSet<()>,
}

impl Listeners {
    /// Prepares `count` listeners for readers, which share the open files of the process.
    pub(super) fn new(config: &Config, count: usize) -> Self {
        let limits = Limits {
            max_connections: config.connections.max_connections,
            max_connections_per_address: config.connections.max_connections_per_address,
            trusted_proxies: config.network.trusted_proxies.clone(),
            health_checks: HEALTH_CHECKS,
            ..Limits::default()
        };
        Self {
            limits: limits.within(raise_open_files(), count),
            grace: Duration::from_secs(config.connections.shutdown_grace_seconds),
            stop: Stop::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Serves a router on an address.
    pub(super) fn serve(&mut self, listener: TcpListener, router: impl Into<CachedRouter>) {
        self.tasks.spawn(serve(listener, router.into(), self.limits.clone(), self.stop.phases()));
    }

    /// Runs something that ends by itself when the process drains.
    pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        task: impl FnOnce(watch::Receiver<Phase>) -> F,
    ) {
        self.tasks.spawn(task(self.stop.phases()));
    }

    /// Serves until a stop signal, asks clients to leave for the grace period, and drains.
    ///
    /// # Errors
    /// Fails at a second stop signal, which cuts open requests off.
    pub(super) async fn run_until(mut self, stop: &mut StopSignal) -> Result<()> {
        stop.received().await;
        tracing::info!("stopping");
        let stopped = async {
            self.stop.enter(Phase::Leaving);
            tokio::time::sleep(self.grace).await;
            self.stop.enter(Phase::Draining);
            while let Some(ended) = self.tasks.join_next().await {
                ended?;
            }
            detached::finish(self.limits.drain_timeout).await;
            Ok(())
        };
        tokio::select! {
            stopped = stopped => stopped,
            () = stop.received() => bail!("second stop signal; open requests were cut off"),
        }
    }
}
