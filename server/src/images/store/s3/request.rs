//! Requests to S3, signed with version 4 of Amazon's signatures.

use std::time::SystemTime;

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use bytes::Bytes;
use reqwest::{Method, Request, Url};

use super::super::ImageStoreError;
use super::credentials::CachedCredentials;

/// Credentials and region that sign requests.
#[derive(Debug)]
pub(super) struct Signer {
    pub(super) region: String,
    pub(super) credentials: CachedCredentials,
}

/// Makes a signed request.
pub(super) async fn signed(
    signer: &Signer,
    method: &Method,
    url: &Url,
    headers: &[(&'static str, &'static str)],
    body: Bytes,
) -> Result<Request, ImageStoreError> {
    let now = SystemTime::now();
    let identity = signer.credentials.get(now).await?.into();
    let mut settings = SigningSettings::default();
    // S3 differs from other services in these.
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let params = SigningParams::builder()
        .identity(&identity)
        .region(&signer.region)
        .name("s3")
        .time(now)
        .settings(settings)
        .build()
        .map_err(|error| ImageStoreError::Signature(error.into()))?
        .into();
    let signable = SignableBody::Bytes(&body);
    let signable =
        SignableRequest::new(method.as_str(), url.as_str(), headers.iter().copied(), signable);
    let signable = signable.map_err(|error| ImageStoreError::Signature(error.into()))?;
    let output = sign(signable, &params);
    let output = output.map_err(|error| ImageStoreError::Signature(error.into()))?;
    let mut request = http::Request::new(body);
    *request.method_mut() = method.clone();
    *request.uri_mut() = url
        .as_str()
        .parse()
        .map_err(|error: http::uri::InvalidUri| ImageStoreError::Signature(error.into()))?;
    for (name, value) in headers {
        request.headers_mut().insert(*name, http::HeaderValue::from_static(value));
    }
    let (instructions, _) = output.into_parts();
    instructions.apply_to_request_http1x(&mut request);
    Ok(Request::try_from(request)?)
}
