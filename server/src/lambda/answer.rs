//! Answers to API Gateway, in payload formats 1.0 and 2.0.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::http::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
    TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use super::error::EventError;

/// Largest answer: Lambda refuses one of more than 6 MB.
const MAX_ANSWER_BYTES: usize = 6_000_000;
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Payload format of a request and of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// REST APIs, and HTTP APIs with payload format 1.0.
    V1,
    /// HTTP APIs with payload format 2.0.
    V2,
}

impl Format {
    /// Returns the answer for a response, as JSON.
    pub(crate) async fn answer(self, response: Response<Body>) -> Vec<u8> {
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, MAX_ANSWER_BYTES).await else {
            return self.text(&parts.headers, &too_large());
        };
        let (body, is_base64) = match std::str::from_utf8(&body) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (STANDARD.encode(&body), true),
        };
        let mut answer = self.head(parts.status, &parts.headers);
        answer.insert("body".to_owned(), body.into());
        answer.insert("isBase64Encoded".to_owned(), is_base64.into());
        let answer = Value::Object(answer).to_string().into_bytes();
        if answer.len() > MAX_ANSWER_BYTES {
            return self.text(&parts.headers, &too_large());
        }
        answer
    }

    /// Returns an answer of this process itself. `known` are the headers of the site, of which those
    /// that protect a page apply to it too.
    fn text(self, known: &HeaderMap, (status, message): &(StatusCode, String)) -> Vec<u8> {
        let mut headers = HeaderMap::new();
        for name in [X_REQUEST_ID, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS] {
            if let Some(value) = known.get(&name) {
                headers.insert(name, value.clone());
            }
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let mut answer = self.head(*status, &headers);
        answer.insert("body".to_owned(), json!({ "message": message }).to_string().into());
        answer.insert("isBase64Encoded".to_owned(), false.into());
        Value::Object(answer).to_string().into_bytes()
    }

    fn head(self, status: StatusCode, headers: &HeaderMap) -> Map<String, Value> {
        let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        // API Gateway sets what is of its own connection.
        let kept = headers
            .iter()
            .filter(|(name, _)| ![CONNECTION, TRANSFER_ENCODING, CONTENT_LENGTH].contains(name));
        for (name, value) in kept {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            all.entry(name.as_str()).or_default().push(value);
        }
        let mut answer = Map::new();
        answer.insert("statusCode".to_owned(), status.as_u16().into());
        match self {
            Self::V1 => {
                answer.insert("multiValueHeaders".to_owned(), json!(all));
            }
            Self::V2 => {
                // A comma may be in a cookie, so they are apart.
                let cookies = all.remove(SET_COOKIE.as_str()).unwrap_or_default();
                let headers: BTreeMap<_, _> =
                    all.into_iter().map(|(name, values)| (name, values.join(", "))).collect();
                answer.insert("headers".to_owned(), json!(headers));
                answer.insert("cookies".to_owned(), json!(cookies));
            }
        }
        answer
    }
}

/// Returns the answer to an event that is not valid HTTP.
pub(crate) fn bad_request(format: Format, error: &EventError) -> Vec<u8> {
    format.text(&HeaderMap::new(), &(StatusCode::BAD_REQUEST, format!("Cannot be read: {error}.")))
}

/// Returns the answer to a request that took too long.
pub(crate) fn out_of_time(format: Format) -> Vec<u8> {
    let message = "This took too long. Please try again in a moment.".to_owned();
    format.text(&HeaderMap::new(), &(StatusCode::SERVICE_UNAVAILABLE, message))
}

fn too_large() -> (StatusCode, String) {
    let message = "The answer is larger than the 6 MB that AWS Lambda sends. Ask for less of it.";
    (StatusCode::INTERNAL_SERVER_ERROR, message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: impl Into<Body>) -> Response<Body> {
        let response = Response::builder().status(201).header("content-length", "5");
        let response = response.header("vary", "Accept").header("vary", "Cookie");
        let response = response.header("set-cookie", "a=1, 2").header("set-cookie", "b=3");
        response.body(body.into()).unwrap()
    }

    async fn answer(format: Format, response: Response<Body>) -> Value {
        serde_json::from_slice(&format.answer(response).await).unwrap()
    }

    #[tokio::test]
    async fn every_value_of_a_header_is_answered_in_both_formats() {
        let expected = json!({
            "statusCode": 201,
            "multiValueHeaders": {
                "vary": ["Accept", "Cookie"], "set-cookie": ["a=1, 2", "b=3"],
            },
            "body": "hello", "isBase64Encoded": false,
        });
        assert_eq!(answer(Format::V1, response("hello")).await, expected);
        let expected = json!({
            "statusCode": 201,
            "headers": { "vary": "Accept, Cookie" },
            "cookies": ["a=1, 2", "b=3"],
            "body": "hello", "isBase64Encoded": false,
        });
        assert_eq!(answer(Format::V2, response("hello")).await, expected);
    }

    #[tokio::test]
    async fn binary_bodies_are_base64() {
        let answer = answer(Format::V2, response(&b"\x89PNG"[..])).await;
        assert_eq!(answer["isBase64Encoded"], true);
        assert_eq!(answer["body"], STANDARD.encode(b"\x89PNG"));
    }

    #[tokio::test]
    async fn an_answer_that_lambda_would_refuse_is_an_error() {
        for (size, status) in [(5_000_000, 500), (7_000_000, 500), (4_000_000, 201)] {
            let answer = answer(Format::V1, response(vec![0xff; size])).await;
            assert_eq!(answer["statusCode"], status, "{size}");
        }
    }
}
