//! Spans in the JSON form of the protocol.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::span::EndedSpan;
use crate::build_info::BuildInfo;

/// Number of the kind of spans that answer requests.
const SERVER: u8 = 2;
/// Number of the status of spans that failed.
const ERROR: u8 = 2;

/// Returns the body of a request that exports spans of a service.
pub(super) fn payload(service: &str, spans: &[EndedSpan]) -> Value {
    let resource = [text("service.name", service), text("service.version", BuildInfo::version())];
    let spans: Vec<Value> = spans.iter().map(span).collect();
    json!({
        "resourceSpans": [{
            "resource": { "attributes": resource },
            "scopeSpans": [{ "scope": { "name": "gazette" }, "spans": spans }],
        }],
    })
}

fn span(ended: &EndedSpan) -> Value {
    let EndedSpan { span, route, status, end } = ended;
    let mut attributes = vec![
        text("http.request.method", span.method),
        json!({
            "key": "http.response.status_code",
            "value": { "intValue": status.to_string() },
        }),
    ];
    let method = if span.method == "_OTHER" { "HTTP" } else { span.method };
    let mut name = method.to_owned();
    // Files and requests that reach no route have no template.
    if route.starts_with('/') {
        attributes.push(text("http.route", route));
        name = format!("{method} {route}");
    }
    let mut span = json!({
        "traceId": span.context.id().to_string(),
        "spanId": format!("{:016x}", span.context.parent),
        "parentSpanId": span.parent.map(|parent| format!("{parent:016x}")).unwrap_or_default(),
        "traceState": span.context.state.as_ref().and_then(|state| state.to_str().ok()),
        "flags": span.context.flags,
        "name": name,
        "kind": SERVER,
        "startTimeUnixNano": nanoseconds(span.start),
        "endTimeUnixNano": nanoseconds(*end),
        "attributes": attributes,
    });
    if *status >= 500
        && let Some(fields) = span.as_object_mut()
    {
        fields.insert("status".to_owned(), json!({ "code": ERROR }));
    }
    span
}

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

/// Returns the time as text: 64-bit numbers are texts in JSON.
fn nanoseconds(time: SystemTime) -> String {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string()
}
