//! Fetches a small JSON document from the issuer, with limits for time and size and without
//! following redirects.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::address::{is_loopback, is_trustworthy};

/// Error from fetching a document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The URL is neither https nor http on loopback, or contains a username.
    #[error("the address must be https (http only on loopback), without a user name")]
    Address,
    /// The HTTP client could not be created, for example without root certificates.
    #[error("the HTTP client could not be created")]
    Client(#[source] reqwest::Error),
    /// No complete response arrived: the connection failed, or it took too long.
    #[error("the request failed")]
    Unreachable(#[source] reqwest::Error),
    /// The status is not 200; redirects are not followed.
    #[error("the response has status {0}")]
    Status(u16),
    /// The content type is not JSON.
    #[error("the response is not JSON")]
    ContentType,
    /// The document is larger than any of its kind.
    #[error("the document is too large")]
    TooLarge,
    /// The file cannot be read.
    #[error("the file cannot be read")]
    File(#[source] std::io::Error),
}

/// A document at a fixed URL.
#[derive(Debug)]
pub(crate) struct Document {
    client: Client,
    url: Url,
    max_bytes: usize,
}

/// Timeouts of a fetch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(2), total: Duration::from_secs(3) }
    }
}

impl Document {
    pub(crate) fn new(
        url: Url,
        max_bytes: usize,
        timeouts: Timeouts,
    ) -> Result<Self, DocumentError> {
        if !is_trustworthy(&url) {
            return Err(DocumentError::Address);
        }
        let client = client(&url, timeouts).map_err(DocumentError::Client)?;
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

fn client(url: &Url, timeouts: Timeouts) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .redirect(Policy::none())
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .default_headers(
            [(ACCEPT, HeaderValue::from_static("application/json"))].into_iter().collect(),
        )
        // A compressed response could be small on the wire and huge in memory.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    // Plain http needs no CA certificates, which a minimal container lacks.
    let is_https = url.scheme() == "https";
    let builder = if is_https { builder } else { builder.tls_certs_only([]) };
    // A request to loopback must not go through a proxy, which could answer it.
    if is_loopback(url) { builder.no_proxy().build() } else { builder.build() }
}

/// Checks that the content type is JSON or missing.
fn may_be_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let subtype = essence.strip_prefix("application/");
    subtype.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}
