//! Proxy between the site and its pool: it counts requests, makes the pool unavailable, and puts
//! faults into its tokens that a correct pool never makes.

mod fault;
pub(crate) mod jwt;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::signature::RsaKeyPair;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, CONTENT_LENGTH};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::serve::Listener;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};

use self::fault::{ELSEWHERE, NEW_KEY_ID};
use self::jwt::{decode, jwk};
use crate::replay::Replay;
use crate::trace_context::trace_of;

pub(crate) use self::fault::Fault;

/// Proxy in front of a pool. At first it changes nothing.
pub(crate) struct Gate {
    unavailable: AtomicBool,
    fault: Mutex<Option<Fault>>,
    api_fault: Mutex<Option<Fault>>,
    refreshes: AtomicUsize,
    revocations: AtomicUsize,
    followed_redirects: AtomicUsize,
    key_file: PathBuf,
    new_key: Mutex<Option<Arc<RsaKeyPair>>>,
    recorded_tokens: Mutex<Option<Vec<String>>>,
    last_tokens: Mutex<Value>,
    replay: Mutex<Option<Replay>>,
    traces: Mutex<Vec<[String; 2]>>,
}

impl Gate {
    pub(crate) fn new(data: &std::path::Path) -> Arc<Self> {
        Arc::new(Self {
            unavailable: AtomicBool::new(false),
            fault: Mutex::default(),
            api_fault: Mutex::default(),
            refreshes: AtomicUsize::new(0),
            revocations: AtomicUsize::new(0),
            followed_redirects: AtomicUsize::new(0),
            key_file: data.join("pool-keys/id-token-key.pk8"),
            new_key: Mutex::default(),
            recorded_tokens: Mutex::default(),
            last_tokens: Mutex::default(),
            replay: Mutex::default(),
            traces: Mutex::default(),
        })
    }

    /// Serves a pool behind the proxy.
    pub(crate) fn serve(self: &Arc<Self>, listener: TcpListener, pool: Router) {
        let router = pool.layer(from_fn_with_state(Arc::clone(self), forward));
        let listener = GateListener { listener, gate: Arc::clone(self) };
        tokio::spawn(axum::serve(listener, router).into_future());
    }

    /// Closes each connection to the pool at once, or accepts connections again.
    pub(crate) fn set_unavailable(&self, unavailable: bool) {
        self.unavailable.store(unavailable, Ordering::SeqCst);
    }

    /// Returns the trace contexts of the requests since the last call.
    pub(crate) fn traces(&self) -> Vec<[String; 2]> {
        std::mem::take(&mut self.traces.lock().expect("no panic before"))
    }

    pub(crate) fn set_fault(&self, fault: Option<Fault>) {
        *self.fault.lock().expect("no panic before") = fault;
    }

    /// Answers each Admin operation with a fault, or passes them on again.
    pub(crate) fn set_api_fault(&self, fault: Option<Fault>) {
        *self.api_fault.lock().expect("no panic before") = fault;
    }

    /// Returns the nonce of the latest ID token.
    pub(crate) fn last_nonce(&self) -> String {
        let tokens = self.last_tokens.lock().expect("no panic before").clone();
        let token = tokens["id_token"].as_str().expect("a token");
        let claims = decode(token.split('.').nth(1).expect("claims"));
        claims["nonce"].as_str().expect("a nonce").to_owned()
    }

    /// Answers each token request with the latest tokens from now on.
    pub(crate) fn start_replay(&self) {
        let tokens = self.last_tokens.lock().expect("no panic before").clone();
        *self.replay.lock().expect("no panic before") = Some(Replay::of(tokens));
    }

    /// Returns the number of refresh tokens issued by the replay.
    pub(crate) fn issued(&self) -> usize {
        self.with_replay(Replay::issued)
    }

    /// Waits until the replay has issued more refresh tokens than `issued`.
    pub(crate) async fn wait_for_more_than(&self, issued: usize) {
        let mut watch = self.with_replay(Replay::watch);
        let more = watch.wait_for(|now| *now > issued);
        let more = tokio::time::timeout(Duration::from_mins(1), more).await;
        drop(more.expect("a request within 60 seconds").expect("a replay"));
    }

    /// Returns the refresh tokens of the replay that were not revoked.
    pub(crate) fn unrevoked_tokens(&self) -> Vec<String> {
        self.with_replay(|replay| replay.unrevoked_tokens().iter().cloned().collect())
    }

    /// Checks whether the site revoked a refresh token.
    pub(crate) fn was_revoked(&self, token: &str) -> bool {
        self.with_replay(|replay| replay.was_revoked(token))
    }

    fn with_replay<T>(&self, read: impl FnOnce(&Replay) -> T) -> T {
        read(self.replay.lock().expect("no panic before").as_ref().expect("a replay"))
    }

    /// Records each token that the pool issues from now on.
    pub(crate) fn record_tokens(&self) {
        *self.recorded_tokens.lock().expect("no panic before") = Some(Vec::new());
    }

    pub(crate) fn recorded_tokens(&self) -> Vec<String> {
        self.recorded_tokens.lock().expect("no panic before").clone().unwrap_or_default()
    }

    /// Returns the number of refresh requests to the pool.
    pub(crate) fn refreshes(&self) -> usize {
        self.refreshes.load(Ordering::SeqCst)
    }

    /// Returns the number of revocation requests to the pool.
    pub(crate) fn revocations(&self) -> usize {
        self.revocations.load(Ordering::SeqCst)
    }

    /// Returns how many redirects of the token endpoint were followed.
    pub(crate) fn followed_redirects(&self) -> usize {
        self.followed_redirects.load(Ordering::SeqCst)
    }

    fn take_fault(&self) -> Option<Fault> {
        let mut fault = self.fault.lock().expect("no panic before");
        match &*fault {
            Some(Fault::ErrorOnce(_)) => fault.take(),
            other => other.clone(),
        }
    }

    fn count(&self, path: &str, body: &Bytes) {
        let is_refresh = || String::from_utf8_lossy(body).contains("grant_type=refresh_token");
        let counter = match path {
            "/oauth2/token" if is_refresh() => &self.refreshes,
            "/oauth2/revoke" => &self.revocations,
            ELSEWHERE => &self.followed_redirects,
            _ => return,
        };
        counter.fetch_add(1, Ordering::SeqCst);
    }

    fn record(&self, body: &[u8]) -> Vec<u8> {
        let tokens: Value = serde_json::from_slice(body).unwrap_or_default();
        if tokens["id_token"].is_string() {
            self.last_tokens.lock().expect("no panic before").clone_from(&tokens);
        }
        if let Some(recorded) = &mut *self.recorded_tokens.lock().expect("no panic before") {
            let names = ["id_token", "access_token", "refresh_token"];
            let tokens = names.iter().filter_map(|name| tokens[*name].as_str());
            recorded.extend(tokens.map(str::to_owned));
        }
        body.to_vec()
    }

    fn apply(&self, fault: &Fault, body: &[u8]) -> Vec<u8> {
        let (body, new_key) = fault.apply(body, &self.key_file);
        if new_key.is_some() {
            *self.new_key.lock().expect("no panic before") = new_key;
        }
        body
    }

    fn add_new_key(&self, key_set: &[u8]) -> Vec<u8> {
        let new_key = self.new_key.lock().expect("no panic before");
        let Some(key) = &*new_key else { return key_set.to_vec() };
        let mut key_set: Value = serde_json::from_slice(key_set).expect("JSON");
        key_set["keys"].as_array_mut().expect("keys").push(jwk(key, NEW_KEY_ID));
        key_set.to_string().into()
    }
}

async fn forward(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    gate.count(&path, &body);
    gate.traces.lock().expect("no panic before").extend(trace_of(&parts.headers));
    let is_token_request = path == "/oauth2/token";
    // Keeps the connection, because a pool in replay is never unavailable.
    let replay = &gate.replay;
    if let Some(replay) = &mut *replay.lock().expect("no panic before")
        && let Some(response) = replay.respond(&path, &body)
    {
        return response;
    }
    let request = Request::from_parts(parts, Body::from(body));
    let fault = match path.as_str() {
        "/oauth2/token" => gate.take_fault(),
        "/" => gate.api_fault.lock().expect("no panic before").clone(),
        _ => None,
    };
    let mut response = match fault {
        Some(fault) => respond_with_fault(&gate, &fault, request, next).await,
        None if is_token_request => rewrite(next.run(request).await, |it| gate.record(it)).await,
        None if path.ends_with("jwks.json") => {
            rewrite(next.run(request).await, |it| gate.add_new_key(it)).await
        }
        None => next.run(request).await,
    };
    // A kept connection would survive when the pool becomes unavailable.
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

async fn respond_with_fault(gate: &Gate, fault: &Fault, request: Request, next: Next) -> Response {
    if let Some(response) = fault.response() {
        return response.await;
    }
    let response = next.run(request).await;
    if !response.status().is_success() {
        return response;
    }
    rewrite(response, |body| gate.apply(fault, body)).await
}

async fn rewrite(response: Response, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(change(&body)))
}

/// Listener that closes connections at once while the pool is unavailable.
struct GateListener {
    listener: TcpListener,
    gate: Arc<Gate>,
}

impl Listener for GateListener {
    type Io = TcpStream;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            if let Ok(accepted) = self.listener.accept().await
                && !self.gate.unavailable.load(Ordering::SeqCst)
            {
                return accepted;
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
