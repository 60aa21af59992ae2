//! The client: one signed request for each operation, bounded in time and size.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use aws_config::Region;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use bytes::Bytes;
use gazette_authorizer::is_loopback;
use gazette_user_pool::AccessKey;
use reqwest::{Client, Method, Response, Url, redirect};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::PoolAdminError;
use super::operation::Operation;
use crate::aws::{CachedCredentials, Service, Signer};
use crate::clock::Clock;
use crate::metrics::PoolRequests;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Time limit of an operation, with the credentials that it needs.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum size of an answer: 60 users with all attributes that Cognito allows would be larger,
/// but no real ones are.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
/// Maximum length of a message of the pool that a page shows.
const MAX_MESSAGE_CHARS: usize = 300;
const MEDIA_TYPE: &str = "application/x-amz-json-1.1";

/// Administers the users of a pool.
pub(crate) struct PoolAdmin {
    client: Client,
    url: Url,
    pub(super) pool_id: String,
    signer: Signer,
    clock: Clock,
    requests: Arc<PoolRequests>,
    /// The pool sends no mail, so that invitations have a password to hand over.
    pub(super) is_embedded: bool,
}

/// Body of an error.
#[derive(Default, Deserialize)]
struct ErrorBody {
    #[serde(rename = "__type", default)]
    exception: String,
    #[serde(alias = "Message", default)]
    message: String,
}

impl PoolAdmin {
    /// Administers the embedded pool of an issuer.
    pub(crate) fn embedded(
        issuer: &str,
        key: &AccessKey,
        clock: Clock,
        requests: Arc<PoolRequests>,
    ) -> Result<Self> {
        let (origin, pool_id) = parts(issuer)?;
        let credentials = Credentials::new(&key.id, &key.secret, None, None, "gazette");
        let credentials = SharedCredentialsProvider::new(credentials);
        let region = region(pool_id).to_owned();
        let (url, pool_id) = (Url::parse(origin)?, pool_id.to_owned());
        let admin = Self::new(url, pool_id, region, credentials, clock, true)?;
        Ok(Self { requests, ..admin })
    }

    /// Administers the Cognito pool of an issuer, with the credentials of the AWS SDK's
    /// configuration. An endpoint replaces the address of Amazon's.
    pub(crate) async fn cognito(
        issuer: &str,
        endpoint: Option<&str>,
        clock: Clock,
        requests: Arc<PoolRequests>,
    ) -> Result<Self> {
        let (origin, pool_id) = parts(issuer)?;
        let region = region(pool_id).to_owned();
        let url = url_of_service(origin, &region, endpoint)?;
        let config = aws_config::from_env().region(Region::new(region.clone())).load().await;
        let credentials = config.credentials_provider();
        let credentials = credentials.context("the AWS SDK has no source of credentials")?;
        let admin = Self::new(url, pool_id.to_owned(), region, credentials, clock, false)?;
        Ok(Self { requests, ..admin })
    }

    fn new(
        url: Url,
        pool_id: String,
        region: String,
        credentials: SharedCredentialsProvider,
        clock: Clock,
        is_embedded: bool,
    ) -> Result<Self> {
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT);
        // Plain http needs no CA certificates, which a minimal container lacks.
        let builder = if url.scheme() == "https" { builder } else { builder.tls_certs_only([]) };
        // A request to loopback must not go through a proxy, which could answer it.
        let builder = if is_loopback(&url) { builder.no_proxy() } else { builder };
        let credentials = CachedCredentials::new(credentials);
        let signer = Signer { service: Service::CognitoIdp, region, credentials };
        let (client, requests) = (builder.build()?, Arc::default());
        Ok(Self { client, url, pool_id, signer, clock, requests, is_embedded })
    }

    /// Calls an operation.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        operation: Operation,
        input: &impl Serialize,
    ) -> Result<T, PoolAdminError> {
        let body = serde_json::to_vec(input).map_err(|_| PoolAdminError::Unreadable)?;
        let answer = tokio::time::timeout(TIMEOUT, self.send(operation, body.into())).await;
        let answer = answer.unwrap_or_else(|_| {
            let reason = format!("no answer within {} seconds", TIMEOUT.as_secs());
            Err(PoolAdminError::Unavailable(reason))
        });
        answer.inspect_err(|error| {
            tracing::warn!(operation = operation.iam_action(), %error, "the user pool refused");
        })
    }

    async fn send<T: DeserializeOwned>(
        &self,
        operation: Operation,
        body: Bytes,
    ) -> Result<T, PoolAdminError> {
        let headers = [("content-type", MEDIA_TYPE), ("x-amz-target", operation.target())];
        let now = SystemTime::from(self.clock.now());
        let request = self.signer.signed(&Method::POST, &self.url, &headers, body, now).await;
        let request = request.map_err(|error| PoolAdminError::of_signing(operation, &error))?;
        let answer = self.client.execute(request);
        let response = self.requests.measured(answer, |it| it.status().is_server_error()).await?;
        let status = response.status();
        let header = response.headers().get("x-amzn-errortype").cloned();
        let body = read(response).await?;
        if status.is_success() {
            // Cognito answers operations that return nothing with nothing.
            let body = if body.is_empty() { b"{}".as_slice() } else { &body };
            return serde_json::from_slice(body).map_err(|_| PoolAdminError::Unreadable);
        }
        let error: ErrorBody = serde_json::from_slice(&body).unwrap_or_default();
        let header = header.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        let exception = if error.exception.is_empty() { header } else { &error.exception };
        // Such as `com.amazonaws.cognito#UserNotFoundException:http://…`.
        let exception = exception.rsplit('#').next().unwrap_or_default();
        let exception = exception.split(':').next().unwrap_or_default();
        if exception.is_empty() {
            return Err(PoolAdminError::Unavailable(format!("the answer has status {status}")));
        }
        let message = error.message.chars().filter(|c| !c.is_control());
        let message = message.take(MAX_MESSAGE_CHARS).collect();
        Err(PoolAdminError::of_exception(operation, exception, message))
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, PoolAdminError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(PoolAdminError::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Splits an issuer into its origin and the id of the pool.
fn parts(issuer: &str) -> Result<(&str, &str)> {
    issuer.rsplit_once('/').context("the issuer does not end with the id of a pool")
}

/// Returns the region, with which the id of every pool begins.
fn region(pool_id: &str) -> &str {
    pool_id.rsplit_once('_').map_or(pool_id, |(region, _)| region)
}

/// Returns the URL of the service. An emulator serves it where it issues tokens.
fn url_of_service(origin: &str, region: &str, endpoint: Option<&str>) -> Result<Url> {
    let issuer = Url::parse(origin)?;
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    Ok(match endpoint {
        Some(endpoint) => Url::parse(endpoint)?,
        None if is_loopback(&issuer) => issuer,
        None => Url::parse(&format!("https://cognito-idp.{region}.{domain}/"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn region_and_address_come_from_the_issuer() {
        let url = |issuer: &str, endpoint: Option<&str>| {
            let (origin, pool_id) = parts(issuer).expect("an issuer");
            url_of_service(origin, region(pool_id), endpoint).expect("a URL").to_string()
        };
        let amazon = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC123xyz";
        assert_eq!(url(amazon, None), "https://cognito-idp.eu-central-1.amazonaws.com/");
        let other = "https://issuer.cognito-idp.eu-west-3.amazonaws.com/eu-west-3_AbC123xyz";
        assert_eq!(url(other, None), "https://cognito-idp.eu-west-3.amazonaws.com/");
        let china = "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC";
        assert_eq!(url(china, None), "https://cognito-idp.cn-north-1.amazonaws.com.cn/");
        assert_eq!(url("http://localhost:9229/local_abc", None), "http://localhost:9229/");
        assert_eq!(url(amazon, Some("http://localhost:4566")), "http://localhost:4566/");
    }
}
