//! Pictures in a bucket of Amazon S3, or of a server that speaks its protocol.
//!
//! Four simple requests need no SDK of their own.

mod response;

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_config::SdkConfig;
use bytes::Bytes;
use gazette_domain::ImageName;
use reqwest::{Client, Method, StatusCode, Url, redirect};

use self::response::{error_code, names};
use super::{IMMUTABLE, ImageStore, ImageStoreError, MAX_LISTED};
use crate::aws::{CachedCredentials, Service, Signer};
use crate::config::{Bucket, SettingError, s3_endpoint};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Time limit of one attempt.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Maximum size of an answer: no file of a picture is larger.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// Pictures in a bucket.
pub(crate) struct S3Store {
    client: Client,
    /// URL of the bucket, with a slash at the end.
    base: Url,
    prefix: String,
    signer: Signer,
}

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    body: Bytes,
}

impl S3Store {
    /// Opens a bucket with the region and the credentials of the AWS SDK's configuration.
    ///
    /// # Errors
    /// Names the setting that is missing or cannot be used.
    pub(crate) async fn open(bucket: &Bucket) -> Result<Self, SettingError> {
        let config = aws_config::from_env().load().await;
        Self::with(bucket, &config, s3_endpoint().as_deref())
    }

    /// Opens a bucket; an endpoint replaces the address of Amazon's.
    pub(crate) fn with(
        bucket: &Bucket,
        config: &SdkConfig,
        endpoint: Option<&str>,
    ) -> Result<Self, SettingError> {
        let needed = |variable: &str, message: &str| SettingError {
            variable: variable.to_owned(),
            message: format!("{message} when GAZETTE_IMAGES is {bucket}"),
        };
        let region = config.region().map(ToString::to_string);
        let region = region.ok_or_else(|| needed("AWS_REGION", "must be set"))?;
        let provider = config.credentials_provider();
        let provider = provider.ok_or_else(|| needed("AWS_ACCESS_KEY_ID", "must be set"))?;
        let base = base_url(&bucket.name, &region, endpoint)
            .ok_or_else(|| needed("AWS_ENDPOINT_URL_S3", "must be an http or https URL"))?;
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ATTEMPT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|_| needed("SSL_CERT_FILE", "must name CA certificates"))?;
        let credentials = CachedCredentials::new(provider);
        let signer = Signer { service: Service::S3, region, credentials };
        Ok(Self { client, base, prefix: bucket.prefix.clone(), signer })
    }

    /// Checks that the bucket can be listed.
    pub(crate) async fn check(&self) -> Result<(), ImageStoreError> {
        self.list(None).await.map(drop)
    }

    fn key(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) }
    }

    fn url(&self, name: ImageName) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path(), self.key(&name.to_string())));
        url
    }

    /// Sends a request, and again after a short pause if the server was busy: every request may be
    /// repeated.
    async fn send(
        &self,
        method: Method,
        url: Url,
        headers: &[(&'static str, &'static str)],
        body: Bytes,
    ) -> Result<Answer, ImageStoreError> {
        let mut pause = FIRST_PAUSE;
        let mut attempt = 1;
        loop {
            let answer = self.attempt(&method, &url, headers, body.clone()).await;
            let is_busy = match &answer {
                Ok(answer) => {
                    answer.status.is_server_error()
                        || answer.status == StatusCode::TOO_MANY_REQUESTS
                }
                Err(error) => matches!(error, ImageStoreError::Unreachable(_)),
            };
            if !is_busy || attempt == ATTEMPTS {
                return answer;
            }
            tokio::time::sleep(pause + pause.mul_f64(fastrand::f64())).await;
            pause *= 4;
            attempt += 1;
        }
    }

    async fn attempt(
        &self,
        method: &Method,
        url: &Url,
        headers: &[(&'static str, &'static str)],
        body: Bytes,
    ) -> Result<Answer, ImageStoreError> {
        let request = self.signer.signed(method, url, headers, body, SystemTime::now()).await?;
        let mut response = self.client.execute(request).await?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await? {
            if body.len() + part.len() > MAX_ANSWER_BYTES {
                return Err(ImageStoreError::Refused { status: status.as_u16(), code: None });
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status, body: body.into() })
    }
}

impl Answer {
    fn into_success(self) -> Result<Bytes, ImageStoreError> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        let code = error_code(&self.body);
        Err(ImageStoreError::Refused { status: self.status.as_u16(), code })
    }
}

/// Returns the URL of a bucket. Other servers, and names with dots, which no certificate covers,
/// have the bucket in the path.
fn base_url(bucket: &str, region: &str, endpoint: Option<&str>) -> Option<Url> {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    let url = match endpoint {
        Some(endpoint) => format!("{}/{bucket}/", endpoint.trim_end_matches('/')),
        None if bucket.contains('.') => format!("https://s3.{region}.{domain}/{bucket}/"),
        None => format!("https://{bucket}.s3.{region}.{domain}/"),
    };
    Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

#[async_trait]
impl ImageStore for S3Store {
    async fn put(&self, name: ImageName, bytes: Bytes) -> Result<(), ImageStoreError> {
        // CDNs read pictures from the bucket itself.
        let headers = [("content-type", name.format.media_type()), ("cache-control", IMMUTABLE)];
        let answer = self.send(Method::PUT, self.url(name), &headers, bytes).await?;
        answer.into_success().map(drop)
    }

    async fn get(&self, name: ImageName) -> Result<Option<Bytes>, ImageStoreError> {
        let answer = self.send(Method::GET, self.url(name), &[], Bytes::new()).await?;
        if answer.status == StatusCode::NOT_FOUND
            && error_code(&answer.body).is_none_or(|code| code == "NoSuchKey")
        {
            return Ok(None);
        }
        answer.into_success().map(Some)
    }

    async fn delete(&self, name: ImageName) -> Result<(), ImageStoreError> {
        let answer = self.send(Method::DELETE, self.url(name), &[], Bytes::new()).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        answer.into_success().map(drop)
    }

    async fn list(&self, after: Option<ImageName>) -> Result<Vec<ImageName>, ImageStoreError> {
        let mut url = self.base.clone();
        let prefix = self.key("");
        let limit = MAX_LISTED.to_string();
        url.query_pairs_mut()
            .append_pair("list-type", "2")
            .append_pair("max-keys", &limit)
            .append_pair("prefix", &prefix);
        if let Some(after) = after {
            url.query_pairs_mut().append_pair("start-after", &self.key(&after.to_string()));
        }
        let body = self.send(Method::GET, url, &[], Bytes::new()).await?.into_success()?;
        names(&body, &prefix)
    }
}
