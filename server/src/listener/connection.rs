//! One connection, from its first byte to its end.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::limits::Limits;
use super::protocol::{Protocol, detect};
use super::service::ConnectionService;
use super::slots::Slot;
use super::stop::{Phase, reached};
use super::stream::{ClientStream, discard_rest};
use super::watch::{End, Watch};
use crate::cached_router::CachedRouter;

/// Bytes of responses that the system keeps for a client. It would keep megabytes, and a client
/// that does not read would look like one that is idle.
const SEND_BUFFER_BYTES: usize = 128 * 1024;
/// Buffer of a connection on HTTP/1; the largest head fits.
const MAX_BUFFER_BYTES: usize = 32 * 1024;
/// Bytes of a body that an HTTP/2 client may send before the handler reads them.
const HTTP2_WINDOW_BYTES: u32 = 64 * 1024;
const MAX_HTTP2_STREAMS: u32 = 100;
/// Interval of pings, which find clients that have disappeared.
const HTTP2_PING_INTERVAL: Duration = Duration::from_secs(20);
const HTTP2_PING_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_HTTP2_HEADER_BYTES: u32 = 32 * 1024;

/// One accepted connection.
pub(super) struct Connection {
    pub(super) socket: TcpStream,
    pub(super) peer: IpAddr,
    pub(super) slot: Slot,
    pub(super) router: CachedRouter,
    pub(super) limits: Arc<Limits>,
    pub(super) phases: watch::Receiver<Phase>,
}

impl Connection {
    /// Serves the connection until its end.
    pub(super) async fn run(self) {
        let Self { socket, peer, slot, router, limits, phases } = self;
        // With Nagle's algorithm a small response would wait for an acknowledgement.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        if let Err(error) = SockRef::from(&socket).set_send_buffer_size(SEND_BUFFER_BYTES) {
            tracing::debug!(%error, "cannot limit the send buffer");
        }
        let socket = Arc::new(socket);
        let activity = &slot.activity;
        let service = ConnectionService {
            router,
            peer,
            activity: Arc::clone(activity),
            limits: Arc::clone(&limits),
            is_reserve: slot.is_reserve,
            phases: phases.clone(),
        };
        let work = async {
            if let Err(error) = serve_protocol(&socket, service).await {
                tracing::debug!(%error, "connection failed");
            }
            if activity.has_unread_body() {
                discard_rest(&socket).await;
            }
        };
        let watch = Watch { limits: &limits, activity, socket: &socket, phases };
        let end = watch.run(work).await;
        if end != End::Finished
            && activity.has_unread_response()
            && let Err(error) = socket.set_zero_linger()
        {
            // Without it, the system would keep what the client does not read.
            tracing::debug!(%error, "cannot reset the connection");
        }
        tracing::debug!(?end, "connection closed");
    }
}

async fn serve_protocol(
    socket: &Arc<TcpStream>,
    service: ConnectionService,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let Some((protocol, prefix)) = detect(socket, &service.activity).await? else { return Ok(()) };
    match protocol {
        Protocol::Http1 => serve_http1(socket, prefix, service).await?,
        // In a box, since otherwise each connection on HTTP/1 would have room for one on HTTP/2.
        Protocol::Http2 => Box::pin(serve_http2(socket, prefix, service)).await?,
    }
    Ok(())
}

async fn serve_http1(
    socket: &Arc<TcpStream>,
    prefix: Bytes,
    service: ConnectionService,
) -> hyper::Result<()> {
    let stream = ClientStream::new(Arc::clone(socket), prefix, Arc::clone(&service.activity));
    let mut builder = http1::Builder::new();
    // The watch limits the time of heads; a timer here would also end idle connections.
    builder.header_read_timeout(None).max_buf_size(MAX_BUFFER_BYTES);
    builder.serve_connection(TokioIo::new(stream), service).await
}

async fn serve_http2(
    socket: &Arc<TcpStream>,
    prefix: Bytes,
    service: ConnectionService,
) -> hyper::Result<()> {
    let mut phases = service.phases.clone();
    let stream = ClientStream::new(Arc::clone(socket), prefix, Arc::clone(&service.activity));
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING_INTERVAL)
        .keep_alive_timeout(HTTP2_PING_TIMEOUT)
        .initial_stream_window_size(HTTP2_WINDOW_BYTES)
        .initial_connection_window_size(HTTP2_WINDOW_BYTES)
        .max_concurrent_streams(MAX_HTTP2_STREAMS)
        .max_header_list_size(MAX_HTTP2_HEADER_BYTES);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = reached(&mut phases, Phase::Draining) => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}
