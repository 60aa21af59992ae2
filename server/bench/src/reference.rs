//! Bare axum, as a process of its own: fixed answers, one after a verification, and a page that
//! maud writes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};
use axum::Router;
use axum::body::Bytes;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::client::Answer;
use crate::page::FrontPage;

/// Line that the process prints before its address.
pub(crate) const READY: &str = "reference ready on ";

/// The answers of the process, in a file.
#[derive(Serialize, Deserialize)]
pub(crate) struct Answers {
    pub(crate) fixed: Vec<Fixed>,
    /// Data of `/maud`, and the headers of the page that it is compared with.
    pub(crate) page: FrontPage,
    pub(crate) page_headers: Vec<(String, String)>,
}

/// An answer that is the same each time.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Fixed {
    pub(crate) path: String,
    pub(crate) kind: Kind,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// The work before a fixed answer is sent.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// Nothing.
    Bytes,
    /// `If-None-Match` is compared.
    Conditional,
    /// One RSA signature is verified.
    Verification,
}

impl Fixed {
    /// Copies an answer of another server.
    pub(crate) fn copy(path: String, kind: Kind, answer: &Answer) -> Self {
        let headers = headers_to_copy(answer);
        Self { path, kind, status: answer.status, headers, body: answer.body.clone() }
    }
}

/// Returns the headers that the server itself does not write.
pub(crate) fn headers_to_copy(answer: &Answer) -> Vec<(String, String)> {
    let of_server = ["date", "content-length", "connection"];
    let others = answer.headers.iter().filter(|(name, _)| !of_server.contains(&name.as_str()));
    others.cloned().collect()
}

/// Serves the answers of a file.
#[tokio::main]
pub(crate) async fn serve(file: &Path) {
    let text = fs::read(file).expect("the file of the answers");
    let answers: Answers = serde_json::from_slice(&text).expect("answers");
    let signature = Arc::new(Signature::new());
    let mut router = Router::new();
    for fixed in answers.fixed {
        router = add(router, fixed, Arc::clone(&signature));
    }
    let page = Arc::new(answers.page);
    let headers = header_map(&answers.page_headers);
    let maud = move || async move { (headers.clone(), page.render()) };
    router = router.route("/maud", any(maud));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("{READY}{}", listener.local_addr().expect("bound"));
    axum::serve(listener, router).await.expect("it serves");
}

fn add(router: Router, fixed: Fixed, signature: Arc<Signature>) -> Router {
    let status = StatusCode::from_u16(fixed.status).expect("a status");
    let headers = header_map(&fixed.headers);
    let body = Bytes::from(fixed.body);
    match fixed.kind {
        Kind::Bytes => {
            let answer = move || async move { (status, headers.clone(), body.clone()) };
            router.route(&fixed.path, any(answer))
        }
        Kind::Conditional => {
            let answer = move |asked: HeaderMap| async move {
                let is_current = asked.get(IF_NONE_MATCH) == headers.get(ETAG);
                if is_current { not_modified(headers) } else { (headers, body).into_response() }
            };
            router.route(&fixed.path, any(answer))
        }
        Kind::Verification => {
            let answer = move || async move {
                signature.verify();
                (status, headers.clone(), body.clone())
            };
            router.route(&fixed.path, any(answer))
        }
    }
}

fn not_modified(mut headers: HeaderMap) -> Response {
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
    (StatusCode::NOT_MODIFIED, headers).into_response()
}

fn header_map(headers: &[(String, String)]) -> HeaderMap {
    let pair = |(name, value): &(String, String)| {
        let name: HeaderName = name.parse().expect("a name");
        (name, HeaderValue::from_str(value).expect("a value"))
    };
    headers.iter().map(pair).collect()
}

/// A signature to verify, by a key that is parsed once.
struct Signature {
    key: ParsedPublicKey,
    signature: Vec<u8>,
}

impl Signature {
    /// As long as what is signed of a token.
    const MESSAGE: [u8; 700] = [b'x'; 700];

    fn new() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
        let mut signature = vec![0; pair.public_modulus_len()];
        let random = SystemRandom::new();
        pair.sign(&RSA_PKCS1_SHA256, &random, &Self::MESSAGE, &mut signature).expect("signed");
        Self { key: key.expect("a public key"), signature }
    }

    fn verify(&self) {
        self.key.verify_sig(&Self::MESSAGE, &self.signature).expect("a valid signature");
    }
}
