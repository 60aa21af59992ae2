//! Tests with events as API Gateway documents them.

use axum::body::to_bytes;
use serde_json::json;

use super::*;

fn parse(event: &Value) -> Result<Event, EventError> {
    Event::parse(event.to_string().as_bytes())
}

fn request_of(event: &Value) -> (Format, Request<Body>) {
    match parse(event) {
        Ok(Event::Request(format, request)) => (format, *request),
        _ => panic!("no request: {event}"),
    }
}

fn event_1() -> Value {
    json!({
        "resource": "/{proxy+}",
        "path": "/news/橋",
        "httpMethod": "POST",
        "headers": { "Host": "abc.execute-api.eu-west-1.amazonaws.com", "Accept": "text/html" },
        "multiValueHeaders": {
            "Host": ["abc.execute-api.eu-west-1.amazonaws.com"],
            "Accept": ["application/json", "text/html"],
            "Cookie": ["a=1", "b=2"],
            "Connection": ["close"],
        },
        "queryStringParameters": { "tag": "b" },
        "multiValueQueryStringParameters": { "tag": ["a&", "b"], "limit": ["2"] },
        "pathParameters": { "proxy": "news/橋" },
        "stageVariables": null,
        "requestContext": { "path": "/prod/news/橋", "stage": "prod" },
        "body": "aGVsbG8A/w==",
        "isBase64Encoded": true,
    })
}

fn event_2(stage: &str, path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "limit=2&tag=a%26",
        "cookies": ["a=1", "b=2"],
        "headers": { "host": "abc.execute-api.eu-west-1.amazonaws.com", "accept": "a/b,c/d" },
        "requestContext": { "stage": stage, "http": { "method": "DELETE", "path": path } },
        "isBase64Encoded": false,
    })
}

#[tokio::test]
async fn format_1_has_every_value_of_headers_and_parameters() {
    let (format, request) = request_of(&event_1());
    assert_eq!(format, Format::V1);
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.uri(), "/news/%E6%A9%8B?limit=2&tag=a%26&tag=b");
    let values = |name: &str| request.headers().get_all(name).iter().cloned().collect::<Vec<_>>();
    assert_eq!(values("accept"), ["application/json", "text/html"]);
    assert_eq!(values("cookie"), ["a=1", "b=2"]);
    assert!(values("connection").is_empty());
    assert_eq!(to_bytes(request.into_body(), 100).await.unwrap(), &b"hello\0\xff"[..]);
    let mut only_single = event_1();
    only_single["multiValueHeaders"] = Value::Null;
    only_single["multiValueQueryStringParameters"] = Value::Null;
    let (_, request) = request_of(&only_single);
    assert_eq!(request.uri(), "/news/%E6%A9%8B?tag=b");
    assert_eq!(request.headers()["accept"], "text/html");
}

#[test]
fn format_2_has_cookies_apart_and_the_stage_in_its_path() {
    for (stage, path) in [("$default", "/news"), ("prod", "/prod/news")] {
        let (format, request) = request_of(&event_2(stage, path));
        assert_eq!((format, request.method()), (Format::V2, &Method::DELETE));
        assert_eq!(request.uri(), "/news?limit=2&tag=a%26");
        assert_eq!(request.headers()["cookie"], "a=1; b=2");
        assert_eq!(request.headers().get_all("cookie").iter().count(), 1);
    }
}

#[test]
fn a_schedule_is_no_request() {
    let event = json!({
        "version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {},
    });
    assert!(matches!(parse(&event), Ok(Event::Schedule)));
}

#[test]
fn what_is_not_http_is_refused() {
    let mut bad_body = event_1();
    bad_body["body"] = json!("not base64!");
    let mut bad_header = event_1();
    bad_header["multiValueHeaders"]["X-A"] = json!(["a\r\nX-B: c"]);
    let mut bad_method = event_2("$default", "/");
    bad_method["requestContext"]["http"]["method"] = json!("GET /");
    for event in [bad_body, bad_header, bad_method] {
        assert!(matches!(parse(&event), Ok(Event::BadRequest(..))), "{event}");
    }
    for event in [json!({}), json!([]), json!("x"), json!({ "version": "2.0" })] {
        assert!(matches!(parse(&event), Err(EventError::Unknown)), "{event}");
    }
    assert!(matches!(Event::parse(b"{"), Err(EventError::Unknown)));
}
