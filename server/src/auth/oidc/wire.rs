//! HTTP to the user pool, bounded in time and size (OAU-08).

use std::pin::Pin;
use std::time::Duration;

use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::Url;

/// The largest answer of the token endpoint that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The HTTP client as the `oauth2` crate takes it.
pub(super) struct Wire(reqwest::Client);

impl Wire {
    /// Makes one: impatient, and following nothing.
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(5))
            .no_proxy()
            .build()?;
        Ok(Self(http))
    }

    /// Posts a form; the status is all that is wanted to know.
    pub(super) async fn post_form(
        &self,
        url: Url,
        fields: &[(&str, &str)],
    ) -> Result<reqwest::StatusCode, reqwest::Error> {
        let answer = self.0.post(url).form(fields).send().await;
        Ok(answer.map_err(reqwest::Error::without_url)?.status())
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = WireFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WireFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(send(&self.0, request))
    }
}

/// What can go wrong on the wire.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireFault {
    #[error("{0}")]
    Request(#[from] reqwest::Error),
    #[error("the answer has more than {MAX_ANSWER_BYTES} bytes")]
    TooLarge,
    #[error("{0}")]
    Http(#[from] http::Error),
}

/// Sends one request and reads a bounded answer; no redirects, no second attempt.
async fn send(http: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, WireFault> {
    let request = reqwest::Request::try_from(request)?;
    let mut answer = http.execute(request).await?;
    let mut builder = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        builder = builder.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(WireFault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(builder.body(body)?)
}
