//! Requests as events of API Gateway, and the responses that it makes of a function's answers.
//!
//! Source: API Gateway developer guide, "Input format of a Lambda function for proxy integration"
//! and "Working with AWS Lambda proxy integrations for HTTP APIs".

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::wire::{Answer, Sent};

const HOST: &str = "abcdef1234.execute-api.eu-west-1.amazonaws.com";

/// Payload format of an integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// A REST API with the stage `prod`.
    V1,
    /// An HTTP API with this stage.
    V2(&'static str),
}

/// Returns the event of a request.
pub(super) fn event_of(payload: Payload, sent: &Sent) -> Value {
    match payload {
        Payload::V1 => event_1(sent),
        Payload::V2(stage) => event_2(sent, stage),
    }
}

fn event_1(sent: &Sent) -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("events/rest-api.json")).expect("JSON");
    let (path, query) = sent.target.split_once('?').unwrap_or((&sent.target, ""));
    let mut headers: BTreeMap<String, Vec<String>> =
        BTreeMap::from([("Host".to_owned(), vec![HOST.to_owned()])]);
    for (name, value) in &sent.headers {
        headers.entry(name.clone()).or_default().push(value.clone());
    }
    let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs(query) {
        parameters.entry(name).or_default().push(value);
    }
    event["httpMethod"] = json!(sent.method);
    event["path"] = json!(path);
    event["pathParameters"] = json!({ "proxy": path.trim_start_matches('/') });
    event["requestContext"]["path"] = json!(format!("/prod{path}"));
    event["requestContext"]["httpMethod"] = json!(sent.method);
    event["headers"] = json!(last_of_each(&headers));
    event["multiValueHeaders"] = json!(headers);
    if !parameters.is_empty() {
        event["queryStringParameters"] = json!(last_of_each(&parameters));
        event["multiValueQueryStringParameters"] = json!(parameters);
    }
    // With the binary media type `*/*`.
    if !sent.body.is_empty() {
        event["body"] = json!(STANDARD.encode(&sent.body));
        event["isBase64Encoded"] = json!(true);
    }
    event
}

fn event_2(sent: &Sent, stage: &str) -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("events/http-api.json")).expect("JSON");
    let (path, query) = sent.target.split_once('?').unwrap_or((&sent.target, ""));
    let prefix = if stage == "$default" { String::new() } else { format!("/{stage}") };
    let mut headers: BTreeMap<String, String> =
        BTreeMap::from([("host".to_owned(), HOST.to_owned())]);
    let mut cookies = Vec::new();
    for (name, value) in &sent.headers {
        if name == "cookie" {
            cookies.extend(value.split("; ").map(str::to_owned));
            continue;
        }
        let joined = headers.entry(name.to_ascii_lowercase());
        joined.and_modify(|all| *all = format!("{all},{value}")).or_insert_with(|| value.clone());
    }
    event["rawPath"] = json!(format!("{prefix}{path}"));
    event["rawQueryString"] = json!(query);
    event["headers"] = json!(headers);
    event["requestContext"]["stage"] = json!(stage);
    event["requestContext"]["http"]["method"] = json!(sent.method);
    event["requestContext"]["http"]["path"] = json!(format!("{prefix}{path}"));
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !sent.body.is_empty() {
        let text = std::str::from_utf8(&sent.body).map(str::to_owned);
        event["isBase64Encoded"] = json!(text.is_err());
        event["body"] = json!(text.unwrap_or_else(|_| STANDARD.encode(&sent.body)));
    }
    event
}

fn last_of_each(all: &BTreeMap<String, Vec<String>>) -> BTreeMap<&str, Option<&String>> {
    all.iter().map(|(name, values)| (name.as_str(), values.last())).collect()
}

/// Decodes a query, as API Gateway does for format 1.0.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let decoded =
        |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    query.split('&').filter(|part| !part.is_empty()).map(move |part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value))
    })
}

/// Returns what a client gets of the answer of a function.
pub(super) fn answer_of(payload: Payload, answer: &Value) -> Answer {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let mut headers = Vec::new();
    match payload {
        Payload::V1 => {
            for (name, values) in answer["multiValueHeaders"].as_object().expect("headers") {
                for value in values.as_array().expect("values") {
                    headers.push((name.clone(), text(value)));
                }
            }
        }
        Payload::V2(_) => {
            for (name, value) in answer["headers"].as_object().expect("headers") {
                headers.push((name.clone(), text(value)));
            }
            for cookie in answer["cookies"].as_array().expect("cookies") {
                headers.push(("set-cookie".to_owned(), text(cookie)));
            }
        }
    }
    let body = text(&answer["body"]);
    let body = match answer["isBase64Encoded"].as_bool() {
        Some(true) => STANDARD.decode(body).expect("base64"),
        _ => body.into_bytes(),
    };
    let status = answer["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok());
    Answer { status: status.expect("a status"), headers, body }
}
