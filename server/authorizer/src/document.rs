//! Fetches a small JSON document from the issuer: bounded in time and size, and from
//! nowhere else than where it was asked to.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::address::{is_loopback, is_trustworthy};

/// Why a document could not be had.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Not https, nor http on this machine, or with a user name in it.
    #[error("the address must be https (http only on loopback), without a user name")]
    Address,
    /// The client could not be made, for example for want of root certificates.
    #[error("the client could not be made")]
    Client(#[source] reqwest::Error),
    /// No whole answer in time.
    #[error("no whole answer in time")]
    Unreachable(#[source] reqwest::Error),
    /// Another status than 200; redirects are not followed.
    #[error("the answer's status is {0}")]
    Status(u16),
    /// The answer says that it is not JSON.
    #[error("the answer is not JSON")]
    ContentType,
    /// The answer is larger than such a document ever is.
    #[error("the answer is too large")]
    TooLarge,
}

/// A document at a fixed address.
#[derive(Debug)]
pub(crate) struct Document {
    client: Client,
    url: Url,
    max_bytes: usize,
}

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) connect: Duration,
    pub(crate) total: Duration,
}

impl Document {
    pub(crate) fn new(
        url: Url,
        max_bytes: usize,
        patience: Patience,
    ) -> Result<Self, DocumentError> {
        if !is_trustworthy(&url) {
            return Err(DocumentError::Address);
        }
        let client = client(&url, patience).map_err(DocumentError::Client)?;
        Ok(Self { client, url, max_bytes })
    }

    pub(crate) async fn fetch(&self) -> Result<Vec<u8>, DocumentError> {
        let request = self.client.get(self.url.clone());
        let response = request.send().await.map_err(DocumentError::Unreachable)?;
        if response.status() != StatusCode::OK {
            return Err(DocumentError::Status(response.status().as_u16()));
        }
        if !may_be_json(response.headers()) {
            return Err(DocumentError::ContentType);
        }
        self.body(response).await
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, DocumentError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(DocumentError::Unreachable)? {
            if body.len() + chunk.len() > self.max_bytes {
                return Err(DocumentError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn client(url: &Url, patience: Patience) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .redirect(Policy::none())
        .connect_timeout(patience.connect)
        .timeout(patience.total)
        .default_headers(
            [(ACCEPT, HeaderValue::from_static("application/json"))].into_iter().collect(),
        )
        // A compressed answer could be small on the wire and huge in memory.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    // What is asked of this machine must not pass through a proxy, which could answer it.
    if is_loopback(url) { builder.no_proxy().build() } else { builder.build() }
}

/// Whether the answer's type is JSON or not given.
fn may_be_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let subtype = essence.strip_prefix("application/");
    subtype.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}
