//! What stands between the site and its pool in tests: it counts what is asked, takes the
//! pool away, and puts faults into its tokens that an honest pool never makes.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::serve::Listener;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::replay::Replay;

/// Where redirects lead.
const ELSEWHERE: &str = "/elsewhere";

/// What is wrong with every answer of the token endpoint.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The ID token says something else.
    Claim(&'static str, Value),
    /// The ID token does not say something.
    NoClaim(&'static str),
    /// The header of the ID token says something else; it is signed all the same.
    Header(Value),
    /// The signature is another token's.
    BadSignature,
    /// There is no signature, and the header admits it.
    Unsigned,
    /// Signed by a key that the pool never published.
    UnknownKey,
    /// Signed by a key that the pool published just now.
    RotatedJustBefore,
    /// There is no ID token.
    NoIdToken,
    /// Another answer altogether.
    Answer(u16, &'static str),
    /// It is elsewhere, where a good answer waits for who goes there.
    Redirect(u16),
    /// More than anybody should read.
    Huge,
    /// The connection stays open and nothing comes.
    Slow,
    /// An error of OAuth, once.
    ErrorOnce(&'static str),
}

/// The gate, which is wide open at first.
pub(crate) struct Gate {
    away: AtomicBool,
    fault: Mutex<Option<Fault>>,
    refreshes: AtomicUsize,
    revocations: AtomicUsize,
    strayed: AtomicUsize,
    key_file: PathBuf,
    new_key: Mutex<Option<Arc<RsaKeyPair>>>,
    noted: Mutex<Option<Vec<String>>>,
    last_answer: Mutex<Value>,
    replay: Mutex<Option<Replay>>,
}

impl Gate {
    pub(crate) fn new(data: &std::path::Path) -> Arc<Self> {
        Arc::new(Self {
            away: AtomicBool::new(false),
            fault: Mutex::default(),
            refreshes: AtomicUsize::new(0),
            revocations: AtomicUsize::new(0),
            strayed: AtomicUsize::new(0),
            key_file: data.join("pool-keys/id-token-key.pk8"),
            new_key: Mutex::default(),
            noted: Mutex::default(),
            last_answer: Mutex::default(),
            replay: Mutex::default(),
        })
    }

    /// Serves a pool through the gate.
    pub(crate) fn serve(self: &Arc<Self>, listener: TcpListener, pool: Router) {
        let router = pool.layer(from_fn_with_state(Arc::clone(self), pass));
        let door = Door { listener, gate: Arc::clone(self) };
        tokio::spawn(axum::serve(door, router).into_future());
    }

    /// Whether connections to the pool are closed at once.
    pub(crate) fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    pub(crate) fn misbehave(&self, fault: Option<Fault>) {
        *self.fault.lock().expect("no panic before") = fault;
    }

    /// From now on everybody gets the tokens that were given out last, for anything.
    pub(crate) fn replay(&self) {
        let answer = self.last_answer.lock().expect("no panic before").clone();
        *self.replay.lock().expect("no panic before") = Some(Replay::of(answer));
    }

    /// How many refresh tokens were given out since then.
    pub(crate) fn given(&self) -> usize {
        self.replayed(Replay::given)
    }

    /// Waits until there were more than so many.
    pub(crate) async fn gives_more_than(&self, given: usize) {
        let mut watch = self.replayed(Replay::watch);
        let more = watch.wait_for(|now| *now > given);
        let more = tokio::time::timeout(Duration::from_secs(20), more).await;
        drop(more.expect("it is asked in time").expect("a replay"));
    }

    /// Those that the pool was not asked to forget.
    pub(crate) fn alive(&self) -> Vec<String> {
        self.replayed(|replay| replay.alive().iter().cloned().collect())
    }

    /// Whether the pool was asked to forget a refresh token.
    pub(crate) fn has_forgotten(&self, token: &str) -> bool {
        self.replayed(|replay| replay.has_forgotten(token))
    }

    fn replayed<T>(&self, of: impl FnOnce(&Replay) -> T) -> T {
        of(self.replay.lock().expect("no panic before").as_ref().expect("a replay"))
    }

    /// Notes every token that the pool gives out from now on.
    pub(crate) fn note_tokens(&self) {
        *self.noted.lock().expect("no panic before") = Some(Vec::new());
    }

    pub(crate) fn noted_tokens(&self) -> Vec<String> {
        self.noted.lock().expect("no panic before").clone().unwrap_or_default()
    }

    fn note(&self, answer: &[u8]) -> Vec<u8> {
        let tokens: Value = serde_json::from_slice(answer).unwrap_or_default();
        if tokens["id_token"].is_string() {
            self.last_answer.lock().expect("no panic before").clone_from(&tokens);
        }
        if let Some(noted) = &mut *self.noted.lock().expect("no panic before") {
            let names = ["id_token", "access_token", "refresh_token"];
            let tokens = names.iter().filter_map(|name| tokens[*name].as_str());
            noted.extend(tokens.map(str::to_owned));
        }
        answer.to_vec()
    }

    /// How often the pool was asked for fresh tokens.
    pub(crate) fn refreshes(&self) -> usize {
        self.refreshes.load(Ordering::SeqCst)
    }

    /// How often the pool was asked to forget a refresh token.
    pub(crate) fn revocations(&self) -> usize {
        self.revocations.load(Ordering::SeqCst)
    }

    /// How often a redirect of the token endpoint was followed.
    pub(crate) fn strayed(&self) -> usize {
        self.strayed.load(Ordering::SeqCst)
    }

    fn fault(&self) -> Option<Fault> {
        let mut fault = self.fault.lock().expect("no panic before");
        match &*fault {
            Some(Fault::ErrorOnce(_)) => fault.take(),
            other => other.clone(),
        }
    }

    fn own_key(&self) -> RsaKeyPair {
        RsaKeyPair::from_pkcs8(&fs::read(&self.key_file).expect("a key")).expect("a key")
    }

    /// The answer with the fault in its ID token.
    fn spoil(&self, fault: &Fault, answer: &[u8]) -> Vec<u8> {
        let mut answer: Value = serde_json::from_slice(answer).expect("JSON");
        let Some(token) = answer["id_token"].as_str() else { return answer.to_string().into() };
        let parts: Vec<&str> = token.split('.').collect();
        let (mut header, mut claims) = (decoded(parts[0]), decoded(parts[1]));
        let mut key = Arc::new(self.own_key());
        match fault {
            Fault::Claim(name, value) => claims[*name] = value.clone(),
            Fault::NoClaim(name) => drop(claims.as_object_mut().expect("claims").remove(*name)),
            Fault::Header(other) => header = other.clone(),
            Fault::BadSignature | Fault::Unsigned => {}
            Fault::UnknownKey | Fault::RotatedJustBefore => {
                key = Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));
                header["kid"] = json!("bmV3LWtleQ==");
                if matches!(fault, Fault::RotatedJustBefore) {
                    *self.new_key.lock().expect("no panic before") = Some(Arc::clone(&key));
                }
            }
            Fault::NoIdToken => {
                answer.as_object_mut().expect("an object").remove("id_token");
                return answer.to_string().into();
            }
            _ => unreachable!("not a fault of the ID token"),
        }
        let token = match fault {
            Fault::Unsigned => {
                format!("{}.{}.", encoded(&json!({ "alg": "none" })), encoded(&claims))
            }
            Fault::BadSignature => {
                claims["email"] = json!("somebody@else.example");
                format!("{}.{}.{}", parts[0], encoded(&claims), parts[2])
            }
            _ => signed(&key, &header, &claims),
        };
        answer["id_token"] = json!(token);
        answer.to_string().into()
    }

    fn with_new_key(&self, keys: &[u8]) -> Vec<u8> {
        let new_key = self.new_key.lock().expect("no panic before");
        let Some(key) = &*new_key else { return keys.to_vec() };
        let mut keys: Value = serde_json::from_slice(keys).expect("JSON");
        let public = key.public_key();
        assert!(!public.as_der().expect("a form").as_ref().is_empty());
        keys["keys"].as_array_mut().expect("keys").push(json!({
            "alg": "RS256", "kty": "RSA", "use": "sig", "kid": "bmV3LWtleQ==",
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
        }));
        keys.to_string().into()
    }
}

async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    let asks_for_tokens = path == "/oauth2/token";
    if asks_for_tokens && contains(&body, "grant_type=refresh_token") {
        gate.refreshes.fetch_add(1, Ordering::SeqCst);
    }
    if path == ELSEWHERE {
        gate.strayed.fetch_add(1, Ordering::SeqCst);
    }
    if path == "/oauth2/revoke" {
        gate.revocations.fetch_add(1, Ordering::SeqCst);
    }
    // Such a pool is never away, so its connections are kept.
    let replay = &gate.replay;
    if let Some(replay) = &mut *replay.lock().expect("no panic before")
        && let Some(answer) = replay.answer(&path, &body)
    {
        return answer;
    }
    let request = Request::from_parts(parts, Body::from(body));
    let fault = if asks_for_tokens { gate.fault() } else { None };
    let answer = match fault.as_ref().map(instead) {
        Some(Some(answer)) => answer.await,
        Some(None) | None => next.run(request).await,
    };
    let mut answer = match fault {
        Some(fault) => with_fault(&gate, &fault, answer).await,
        None if asks_for_tokens => rewritten(answer, |it| gate.note(it)).await,
        None if path.ends_with("jwks.json") => rewritten(answer, |it| gate.with_new_key(it)).await,
        None => answer,
    };
    // A connection that is kept would go on when the pool is away.
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// The answer of a pool that does not even look at the request.
fn instead(fault: &Fault) -> Option<Pin<Box<dyn Future<Output = Response> + Send>>> {
    let answer = match fault {
        Fault::Answer(status, body) => {
            (StatusCode::from_u16(*status).expect("a status"), *body).into_response()
        }
        Fault::ErrorOnce(error) => {
            (StatusCode::BAD_REQUEST, json!({ "error": error }).to_string()).into_response()
        }
        Fault::Redirect(status) => {
            let status = StatusCode::from_u16(*status).expect("a status");
            (status, [(LOCATION, ELSEWHERE)]).into_response()
        }
        Fault::Huge => vec![b' '; 1024 * 1024].into_response(),
        Fault::Slow => return Some(Box::pin(std::future::pending())),
        _ => return None,
    };
    Some(Box::pin(std::future::ready(answer)))
}

async fn with_fault(gate: &Gate, fault: &Fault, answer: Response) -> Response {
    match fault {
        Fault::Answer(..)
        | Fault::Redirect(_)
        | Fault::ErrorOnce(_)
        | Fault::Huge
        | Fault::Slow => answer,
        _ if !answer.status().is_success() => answer,
        _ => rewritten(answer, |body| gate.spoil(fault, body)).await,
    }
}

async fn rewritten(answer: Response, rewrite: impl FnOnce(&[u8]) -> Vec<u8>) -> Response {
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(rewrite(&body)))
}

fn contains(body: &Bytes, text: &str) -> bool {
    String::from_utf8_lossy(body).contains(text)
}

fn decoded(part: &str) -> Value {
    let json = URL_SAFE_NO_PAD.decode(part).expect("base64url");
    serde_json::from_slice(&json).expect("JSON")
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signed(key: &RsaKeyPair, header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).expect("signed");
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Accepts connections, and closes them at once while the pool is away.
struct Door {
    listener: TcpListener,
    gate: Arc<Gate>,
}

impl Listener for Door {
    type Io = TcpStream;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            if let Ok(accepted) = self.listener.accept().await
                && !self.gate.away.load(Ordering::SeqCst)
            {
                return accepted;
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
