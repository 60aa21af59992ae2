//! Requests signed with version 4 of Amazon's signatures.

use std::time::SystemTime;

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use bytes::Bytes;
use reqwest::{Method, Request, Url};

use super::credentials::CachedCredentials;
use super::error::SigningError;
use crate::trace;

/// A service of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    S3,
    CognitoIdp,
}

/// Signs requests to a service.
#[derive(Debug)]
pub(crate) struct Signer {
    pub(crate) service: Service,
    pub(crate) region: String,
    pub(crate) credentials: CachedCredentials,
}

impl Signer {
    /// Makes a request that is signed at `now`.
    pub(crate) async fn signed(
        &self,
        method: &Method,
        url: &Url,
        headers: &[(&'static str, &'static str)],
        body: Bytes,
        now: SystemTime,
    ) -> Result<Request, SigningError> {
        let identity = self.credentials.get(now).await?.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.service.name())
            .time(now)
            .settings(self.service.settings())
            .build()
            .map_err(|error| SigningError::Signature(error.into()))?
            .into();
        let signable = SignableBody::Bytes(&body);
        let signable =
            SignableRequest::new(method.as_str(), url.as_str(), headers.iter().copied(), signable);
        let signable = signable.map_err(|error| SigningError::Signature(error.into()))?;
        let output = sign(signable, &params);
        let output = output.map_err(|error| SigningError::Signature(error.into()))?;
        let mut request = http::Request::new(body);
        *request.method_mut() = method.clone();
        *request.uri_mut() = url
            .as_str()
            .parse()
            .map_err(|error: http::uri::InvalidUri| SigningError::Signature(error.into()))?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, http::HeaderValue::from_static(value));
        }
        let (instructions, _) = output.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        trace::add_headers(request.headers_mut());
        Ok(Request::try_from(request)?)
    }
}

impl Service {
    fn name(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::CognitoIdp => "cognito-idp",
        }
    }

    fn settings(self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self == Self::S3 {
            // S3 differs from other services in these.
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        settings
    }
}
