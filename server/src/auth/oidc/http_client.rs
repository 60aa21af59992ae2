//! HTTP to the user pool, bounded in time and size (OAU-08).

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use gazette_authorizer::is_loopback;
use http::StatusCode;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::Url;

use crate::metrics::PoolRequests;
use crate::trace;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest response of the token endpoint that is read.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// HTTP client for the `oauth2` crate. Follows no redirects and retries nothing.
pub(super) struct PoolHttpClient {
    client: reqwest::Client,
    requests: Arc<PoolRequests>,
}

/// Errors of one HTTP request.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("{0}")]
    Request(#[from] reqwest::Error),
    /// The pool failed or is too busy.
    #[error("the response has status {0}")]
    Status(StatusCode),
    #[error("the response has more than {MAX_RESPONSE_BYTES} bytes")]
    TooLarge,
    #[error("{0}")]
    Http(#[from] http::Error),
}

impl PoolHttpClient {
    /// Creates a client for the pool at these URLs, which counts its requests.
    pub(super) fn new(pool: &[Url], requests: Arc<PoolRequests>) -> Result<Self, reqwest::Error> {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT);
        // Plain http needs no CA certificates, which a minimal container lacks.
        let is_https = pool.iter().any(|url| url.scheme() == "https");
        let builder = if is_https { builder } else { builder.tls_certs_only([]) };
        // A request to loopback must not go through a proxy, which could answer it.
        let builder = if pool.iter().all(is_loopback) { builder.no_proxy() } else { builder };
        Ok(Self { client: builder.build()?, requests })
    }

    /// Posts a form, with these HTTP Basic credentials if there are any, and returns the status of
    /// the response.
    pub(super) async fn post_form(
        &self,
        url: Url,
        fields: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Result<StatusCode, reqwest::Error> {
        let request = self.client.post(url).form(fields);
        let request = match basic {
            Some((user, password)) => request.basic_auth(user, Some(password)),
            None => request,
        };
        Ok(self.execute(request.build()?).await?.status())
    }

    async fn execute(
        &self,
        mut request: reqwest::Request,
    ) -> Result<reqwest::Response, reqwest::Error> {
        trace::add_headers(request.headers_mut());
        let answer = self.client.execute(request);
        self.requests.measured(answer, |response| response.status().is_server_error()).await
    }
}

impl<'c> AsyncHttpClient<'c> for PoolHttpClient {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(send(self, request))
    }
}

/// Sends a request and reads a response of bounded size. A server error is not read, because it
/// says nothing about the request.
async fn send(client: &PoolHttpClient, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let request = reqwest::Request::try_from(request)?;
    let mut response = client.execute(request).await?;
    let status = response.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(HttpError::Status(status));
    }
    let mut builder = http::Response::builder().status(status);
    for (name, value) in response.headers() {
        builder = builder.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(builder.body(body)?)
}
