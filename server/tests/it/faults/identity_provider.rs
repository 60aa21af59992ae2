//! A user pool that cannot be reached safely: its name, its network or its certificate fails. Nobody
//! is signed in, nothing is sent in plain text, and the news is read as ever.

use std::net::{SocketAddr, TcpStream as StdStream};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::json;
use socket2::{Domain, Socket, Type};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::server_process::{serving, start, terminate};

const CA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/faults/certificates/ca.pem");
const KEY: &[u8] = include_bytes!("certificates/server-key.pem");
const VALID: &[u8] = include_bytes!("certificates/valid.pem");
const EXPIRED: &[u8] = include_bytes!("certificates/expired.pem");
const OTHER_HOST: &[u8] = include_bytes!("certificates/other-host.pem");
/// First byte of a TLS connection: a handshake record.
const HANDSHAKE: u8 = 0x16;
const MAX_TIME: Duration = Duration::from_secs(5);
/// `{"alg":"RS256","kid":"a2V5"}`, `{}` and a signature of the right length.
const TOKEN: (&str, usize) = ("eyJhbGciOiJSUzI1NiIsImtpZCI6ImEyVjUifQ.e30.", 342);

/// A server of discovery documents with a certificate.
struct Provider {
    port: u16,
    /// Requests that came through TLS.
    requests: Arc<AtomicUsize>,
    /// First byte of each connection.
    first_bytes: Arc<Mutex<Vec<u8>>>,
}

impl Provider {
    async fn start(certificate: &[u8]) -> Self {
        let certificate = CertificateDer::from_pem_slice(certificate).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![certificate], key).expect("they match");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let provider = Self { port, requests: Arc::default(), first_bytes: Arc::default() };
        let (requests, bytes) = (Arc::clone(&provider.requests), Arc::clone(&provider.first_bytes));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut first = [0];
                let count = stream.peek(&mut first).await.unwrap_or(0);
                bytes.lock().expect("free").extend(&first[..count]);
                tokio::spawn(answer(acceptor.clone(), stream, port, Arc::clone(&requests)));
            }
        });
        provider
    }

    fn issuer(&self) -> String {
        format!("https://localhost:{}/local_pool", self.port)
    }
}

/// Answers one request with the discovery document.
async fn answer(acceptor: TlsAcceptor, stream: TcpStream, port: u16, requests: Arc<AtomicUsize>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let _ = stream.read(&mut [0; 4096]).await;
    requests.fetch_add(1, Ordering::SeqCst);
    let origin = format!("https://localhost:{port}");
    let document = json!({
        "issuer": format!("{origin}/local_pool"),
        "authorization_endpoint": format!("{origin}/oauth2/authorize"),
        "token_endpoint": format!("{origin}/oauth2/token"),
        "jwks_uri": format!("{origin}/keys"),
    })
    .to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let response = format!("{head}content-length: {}\r\n\r\n{document}", document.len());
    let _ = stream.write_all(response.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Requests to a site of one issuer.
struct Answers {
    login: StatusCode,
    location: String,
    page: String,
    bearer: StatusCode,
    /// The longest time that one of them took.
    time: Duration,
}

async fn ask_site_of(issuer: &str) -> Answers {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = serving(folder.path());
    command.env("GAZETTE_POOL", "cognito").env("COGNITO_ISSUER", issuer);
    command.env("COGNITO_CLIENT_ID", "1example23456789").env("SSL_CERT_FILE", CA);
    command.stderr(Stdio::null());
    let started = tokio::task::spawn_blocking(move || start(&mut command));
    let (mut site, url) = started.await.expect("it starts");
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    for path in ["/", "/healthz"] {
        let answer = client.get(format!("{url}{path}")).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{issuer}: {path}");
    }
    let begun = Instant::now();
    let login = client.get(format!("{url}/auth/login")).header("accept", "text/html");
    let login = login.header("sec-fetch-dest", "document").send().await.expect("an answer");
    let token = format!("{}{}", TOKEN.0, "A".repeat(TOKEN.1));
    let mut time = begun.elapsed();
    let begun = Instant::now();
    let bearer = client.get(format!("{url}/auth/me")).bearer_auth(token).send().await;
    time = time.max(begun.elapsed());
    let location = login.headers().get("location").map(|it| it.to_str().expect("text").to_owned());
    let answers = Answers {
        login: login.status(),
        location: location.unwrap_or_default(),
        page: login.text().await.expect("a page"),
        bearer: bearer.expect("an answer").status(),
        time,
    };
    terminate(&site);
    assert!(site.wait().expect("it ends").success());
    answers
}

/// A login fails soon and is no success, and a token is not called invalid.
fn assert_closed(issuer: &str, answers: &Answers) {
    assert!(answers.login.is_server_error(), "{issuer}: {}", answers.login);
    assert_eq!(answers.location, "", "{issuer}");
    assert!(answers.page.contains("sign-in service"), "{issuer}: {}", answers.page);
    assert_eq!(answers.bearer, StatusCode::SERVICE_UNAVAILABLE, "{issuer}");
    assert!(answers.time < MAX_TIME, "{issuer}: {:?}", answers.time);
}

#[tokio::test]
async fn f_42_a_certificate_that_is_expired_or_of_another_host_signs_nobody_in() {
    let valid = Provider::start(VALID).await;
    let answers = ask_site_of(&valid.issuer()).await;
    assert_eq!(answers.login, StatusCode::SEE_OTHER, "{}", answers.page);
    let endpoint = format!("https://localhost:{}/oauth2/authorize?", valid.port);
    assert!(answers.location.starts_with(&endpoint), "{}", answers.location);
    for certificate in [EXPIRED, OTHER_HOST] {
        let provider = Provider::start(certificate).await;
        let answers = ask_site_of(&provider.issuer()).await;
        assert_closed(&provider.issuer(), &answers);
        assert_eq!(provider.requests.load(Ordering::SeqCst), 0, "nothing was asked");
        let first_bytes = provider.first_bytes.lock().expect("free").clone();
        assert!(!first_bytes.is_empty());
        assert!(first_bytes.iter().all(|byte| *byte == HANDSHAKE), "{first_bytes:?}");
    }
}

#[tokio::test]
async fn f_42_a_name_that_does_not_resolve_is_no_reason_to_wait() {
    let issuer = "https://pool.invalid/local_pool";
    assert_closed(issuer, &ask_site_of(issuer).await);
}

/// Returns a listener whose queue is full, so that the system drops what arrives, as a black hole
/// does; and the connections that fill it.
fn black_hole(address: SocketAddr) -> Option<(SocketAddr, Socket, Vec<Socket>)> {
    let domain = if address.is_ipv6() { Domain::IPV6 } else { Domain::IPV4 };
    let listener = Socket::new(domain, Type::STREAM, None).ok()?;
    listener.bind(&address.into()).ok()?;
    listener.listen(0).ok()?;
    let address = listener.local_addr().ok()?.as_socket()?;
    let fill = || {
        let socket = Socket::new(domain, Type::STREAM, None).ok()?;
        socket.set_nonblocking(true).ok()?;
        // It is under way.
        let _ = socket.connect(&address.into());
        Some(socket)
    };
    let filling = (0..4).map(|_| fill()).collect::<Option<Vec<_>>>()?;
    let connected = StdStream::connect_timeout(&address, Duration::from_millis(300));
    assert!(connected.is_err(), "the hole is not black");
    Some((address, listener, filling))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn f_42_a_network_that_swallows_everything_is_given_up_in_time() {
    for address in ["[::1]:0", "127.0.0.1:0"] {
        let Some((address, _listener, _filling)) = black_hole(address.parse().expect("one")) else {
            eprintln!("skipped: there is no {address}");
            continue;
        };
        let issuer = format!("https://{address}/local_pool");
        assert_closed(&issuer, &ask_site_of(&issuer).await);
    }
}
