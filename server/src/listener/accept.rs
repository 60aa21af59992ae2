//! Accepts connections until the drain.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
#[cfg(target_os = "linux")]
use socket2::{SockFilter, SockRef};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::connection::Connection;
use super::limits::Limits;
use super::slots::ConnectionSlots;
use super::stop::{Phase, reached};
use crate::cached_router::CachedRouter;

/// Pause after a failed accept, such as for lack of file descriptors.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

/// Binds an address; an error names the setting of the address.
pub async fn bind(addr: SocketAddr, variable: &str) -> Result<TcpListener> {
    TcpListener::bind(addr).await.with_context(|| format!("{variable}: cannot listen on {addr}"))
}

/// Serves until [`Phase::Draining`], then gives open requests some time to finish.
pub async fn serve(
    listener: TcpListener,
    router: CachedRouter,
    limits: Limits,
    phases: watch::Receiver<Phase>,
) {
    let limits = Arc::new(limits);
    let slots = ConnectionSlots::new(Arc::clone(&limits));
    let mut acceptor = Acceptor { router, limits, slots, phases, tasks: JoinSet::new() };
    acceptor.accept_until_drain(&listener).await;
    for (socket, addr) in close(listener) {
        acceptor.spawn(socket, addr);
    }
    acceptor.drain().await;
}

/// Closes a listener and returns the connections that the system had accepted for it, which would
/// be reset otherwise.
fn close(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let mut accepted = Vec::new();
    refuse_silently(&listener);
    // Asks the system itself: the runtime may not have heard of the last connections yet. Nothing
    // else is done in between, because a connection that arrives after the last `accept` is lost.
    match listener.into_std() {
        Ok(listener) => loop {
            match listener.accept() {
                Ok(connection) => accepted.push(connection),
                Err(error) if is_of_one_connection(&error) => {}
                Err(_) => break,
            }
        },
        Err(error) => tracing::warn!(%error, "cannot empty the queue of connections"),
    }
    let streams = accepted.into_iter().map(|(socket, addr)| {
        socket.set_nonblocking(true)?;
        Ok((TcpStream::from_std(socket)?, addr))
    });
    let failed = |error: &io::Error| tracing::warn!(%error, "cannot serve a connection");
    streams.filter_map(|stream| stream.inspect_err(failed).ok()).collect()
}

/// Returns whether an error of `accept` belongs to one connection, so that the next call can
/// succeed at once.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Makes the system ignore new connections; a client that tries again finds the listener closed.
#[cfg(target_os = "linux")]
fn refuse_silently(listener: &TcpListener) {
    /// Drops every packet: `BPF_RET | BPF_K`, with 0 bytes to keep.
    const DROP_ALL: [SockFilter; 1] = [SockFilter::new(0x06, 0, 0, 0)];
    if let Err(error) = SockRef::from(listener).attach_filter(&DROP_ALL) {
        tracing::debug!(%error, "cannot ignore new connections");
    }
}

/// Does nothing: other systems have no such filter.
#[cfg(not(target_os = "linux"))]
fn refuse_silently(_: &TcpListener) {}

struct Acceptor {
    router: CachedRouter,
    limits: Arc<Limits>,
    slots: Arc<ConnectionSlots>,
    phases: watch::Receiver<Phase>,
    tasks: JoinSet<()>,
}

impl Acceptor {
    async fn accept_until_drain(&mut self, listener: &TcpListener) {
        let mut phases = self.phases.clone();
        let mut drain = std::pin::pin!(reached(&mut phases, Phase::Draining));
        loop {
            tokio::select! {
                () = &mut drain => return,
                Some(_) = self.tasks.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((socket, addr)) => self.spawn(socket, addr),
                    Err(error) if is_of_one_connection(&error) => {
                        tracing::debug!(%error, "a connection failed before it was accepted");
                    }
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        self.slots.evict_oldest();
                        tokio::time::sleep(ACCEPT_BACKOFF).await;
                    }
                }
            }
        }
    }

    fn spawn(&mut self, socket: TcpStream, addr: SocketAddr) {
        let connection = Connection {
            socket,
            peer: addr.ip(),
            slot: self.slots.take(addr.ip()),
            router: self.router.clone(),
            limits: Arc::clone(&self.limits),
            phases: self.phases.clone(),
        };
        self.tasks.spawn(connection.run());
    }

    async fn drain(&mut self) {
        let drained = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(self.limits.drain_timeout, drained).await.is_err() {
            tracing::warn!(
                open = self.tasks.len(),
                "connections were cut off at the drain timeout"
            );
            self.tasks.shutdown().await;
        }
    }
}
