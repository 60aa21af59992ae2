//! Events of API Gateway, in payload formats 1.0 and 2.0, and of a schedule.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONNECTION, COOKIE, TRANSFER_ENCODING};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use serde::Deserialize;
use serde_json::Value;

use super::answer::Format;
use super::error::EventError;
use super::target::{query, target, without_stage};

/// Stage of an HTTP API whose name is not in its paths.
const UNNAMED_STAGE: &str = "$default";

/// An event of the function.
pub(crate) enum Event {
    /// A request, and the format of its answer.
    Request(Format, Box<Request<Body>>),
    /// A request that is not valid HTTP, and the format of its answer.
    BadRequest(Format, EventError),
    /// The schedule: what other servers do in the background is due.
    Schedule,
}

/// Request of a REST API, and of an HTTP API with payload format 1.0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request1 {
    http_method: String,
    path: String,
    headers: Option<BTreeMap<String, String>>,
    multi_value_headers: Option<BTreeMap<String, Vec<String>>>,
    query_string_parameters: Option<BTreeMap<String, String>>,
    multi_value_query_string_parameters: Option<BTreeMap<String, Vec<String>>>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// Request of an HTTP API with payload format 2.0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request2 {
    raw_path: String,
    #[serde(default)]
    raw_query_string: String,
    cookies: Option<Vec<String>>,
    headers: Option<BTreeMap<String, String>>,
    request_context: Context2,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Deserialize)]
struct Context2 {
    stage: String,
    http: Http2,
}

#[derive(Deserialize)]
struct Http2 {
    method: String,
}

impl Event {
    /// Parses an event.
    pub(crate) fn parse(event: &[u8]) -> Result<Self, EventError> {
        let event: Value = serde_json::from_slice(event).map_err(|_| EventError::Unknown)?;
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let is_schedule = matches!(text("source"), Some("aws.events" | "aws.scheduler"));
        let (format, request) = if text("version") == Some("2.0") {
            let request = Request2::deserialize(&event).map_err(|_| EventError::Unknown)?;
            (Format::V2, request.into_http())
        } else if text("httpMethod").is_some() {
            let request = Request1::deserialize(&event).map_err(|_| EventError::Unknown)?;
            (Format::V1, request.into_http())
        } else if is_schedule {
            return Ok(Self::Schedule);
        } else {
            return Err(EventError::Unknown);
        };
        Ok(match request {
            Ok(request) => Self::Request(format, Box::new(request)),
            Err(error) => Self::BadRequest(format, error),
        })
    }
}

impl Request1 {
    fn into_http(self) -> Result<Request<Body>, EventError> {
        // Only the maps with several values have all of them.
        let query = match &self.multi_value_query_string_parameters {
            Some(all) => query(all.iter().flat_map(|(name, values)| {
                values.iter().map(|value| (name.as_str(), value.as_str()))
            })),
            None => query(
                self.query_string_parameters
                    .iter()
                    .flatten()
                    .map(|(name, value)| (name.as_str(), value.as_str())),
            ),
        };
        let mut headers = HeaderMap::new();
        match self.multi_value_headers {
            Some(all) if !all.is_empty() => {
                for (name, values) in all {
                    values.iter().try_for_each(|value| append(&mut headers, &name, value))?;
                }
            }
            _ => self
                .headers
                .iter()
                .flatten()
                .try_for_each(|(name, value)| append(&mut headers, name, value))?,
        }
        let target = target(&self.path, &query)?;
        let body = body(self.body, self.is_base64_encoded)?;
        request(&self.http_method, target, headers, body)
    }
}

impl Request2 {
    fn into_http(self) -> Result<Request<Body>, EventError> {
        let stage = self.request_context.stage.as_str();
        let path = match stage {
            UNNAMED_STAGE => &self.raw_path,
            stage => without_stage(&self.raw_path, stage),
        };
        let target = target(path, &self.raw_query_string)?;
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers.iter().flatten() {
            append(&mut headers, name, value)?;
        }
        if let Some(cookies) = self.cookies.filter(|cookies| !cookies.is_empty()) {
            headers.remove(COOKIE);
            append(&mut headers, COOKIE.as_str(), &cookies.join("; "))?;
        }
        let body = body(self.body, self.is_base64_encoded)?;
        request(&self.request_context.http.method, target, headers, body)
    }
}

fn append(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), EventError> {
    let name = HeaderName::from_bytes(name.as_bytes());
    let value = HeaderValue::from_bytes(value.as_bytes());
    let (Ok(name), Ok(value)) = (name, value) else {
        return Err(EventError::Invalid("header"));
    };
    // They are of the connection to API Gateway.
    if name != CONNECTION && name != TRANSFER_ENCODING {
        headers.append(name, value);
    }
    Ok(())
}

fn body(body: Option<String>, is_base64: bool) -> Result<Body, EventError> {
    Ok(match body {
        None => Body::empty(),
        Some(text) if is_base64 => {
            Body::from(STANDARD.decode(text).map_err(|_| EventError::Invalid("body"))?)
        }
        Some(text) => Body::from(text),
    })
}

fn request(
    method: &str,
    target: PathAndQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Request<Body>, EventError> {
    let mut request = Request::new(body);
    *request.method_mut() =
        Method::from_bytes(method.as_bytes()).map_err(|_| EventError::Invalid("method"))?;
    *request.uri_mut() = target.into();
    *request.version_mut() = Version::HTTP_11;
    *request.headers_mut() = headers;
    Ok(request)
}

#[cfg(test)]
mod tests;
