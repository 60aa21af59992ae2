//! The discovery document.

use serde_json::{Value, json};

use super::fixtures::ISSUER;
use super::key_server::{KeyServer, Response};
use crate::discovery::read;
use crate::{DiscoveryError, DocumentError, discover};

fn document(issuer: &str, base: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/oauth2/authorize"),
        "token_endpoint": format!("{base}/oauth2/token"),
        "jwks_uri": format!("{base}/.well-known/jwks.json"),
        "end_session_endpoint": format!("{base}/logout"),
        "revocation_endpoint": format!("{base}/oauth2/revoke"),
        "userinfo_endpoint": format!("{base}/oauth2/userInfo"),
        "response_types_supported": ["code", "token"],
    })
}

fn read_with(name: &str, value: Value) -> Result<(), DiscoveryError> {
    let mut document = document(ISSUER, "https://gazette.auth.example");
    document[name] = value;
    read(document.to_string().as_bytes(), ISSUER).map(|_| ())
}

#[tokio::test]
async fn the_discovery_document_of_an_issuer_on_loopback_is_read() {
    let key_server = KeyServer::start(Response::Silent).await;
    let issuer = key_server.url("/local_gazette").to_string();
    let base = format!("http://{}", key_server.address);
    // The maximum length.
    let mut document = document(&issuer, &base).to_string();
    document.extend(vec![' '; 64 * 1024 - document.len()]);
    key_server.respond_with(Response::Json(document.into()));
    let discovery = discover(&issuer).await.unwrap();
    assert_eq!(discovery.token_endpoint.as_str(), format!("{base}/oauth2/token"));
    assert_eq!(discovery.end_session_endpoint.unwrap().path(), "/logout");
    assert_eq!(discovery.revocation_endpoint.unwrap().path(), "/oauth2/revoke");
}

#[tokio::test]
async fn a_document_of_another_issuer_is_refused() {
    let key_server = KeyServer::start(Response::Silent).await;
    let issuer = key_server.url("/local_gazette").to_string();
    let base = format!("http://{}", key_server.address);
    for other in [format!("{issuer}/"), issuer.to_uppercase(), ISSUER.to_owned()] {
        key_server.respond_with(Response::Json(document(&other, &base).to_string().into()));
        assert!(matches!(discover(&issuer).await, Err(DiscoveryError::OtherIssuer)), "{other}");
    }
}

#[tokio::test]
async fn invalid_responses_are_refused() {
    let key_server = KeyServer::start(Response::Json(b"<html>".to_vec())).await;
    let issuer = key_server.url("/local_gazette").to_string();
    assert!(matches!(discover(&issuer).await, Err(DiscoveryError::Malformed)));
    key_server.respond_with(Response::Json(vec![b' '; 64 * 1024 + 1]));
    let result = discover(&issuer).await;
    assert!(matches!(result, Err(DiscoveryError::Document(DocumentError::TooLarge))));
    key_server.respond_with(Response::Raw("HTTP/1.1 301 Moved\r\nLocation: /a\r\n\r\n".to_owned()));
    let result = discover(&issuer).await;
    assert!(matches!(result, Err(DiscoveryError::Document(DocumentError::Status(301)))));
    let off_loopback = discover("http://example.com/pool").await;
    assert!(matches!(off_loopback, Err(DiscoveryError::Issuer)));
}

#[test]
fn endpoints_are_https() {
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "revocation_endpoint",
    ] {
        for invalid in [
            "http://example.com/",
            "http://localhost/",
            "/path",
            "javascript:alert(1)",
            "",
            "https://user@example.com/",
        ] {
            let result = read_with(name, json!(invalid));
            assert!(matches!(result, Err(DiscoveryError::Endpoint(at)) if at == name), "{invalid}");
        }
        assert!(read_with(name, json!(["https://example.com/"])).is_err());
        assert!(read_with(name, json!("https://example.com/")).is_ok());
    }
}

#[test]
fn oau_05_the_iss_parameter_support_is_a_boolean() {
    let name = "authorization_response_iss_parameter_supported";
    let named = |value: Option<Value>| {
        let mut document = document(ISSUER, "https://gazette.auth.example");
        let members = document.as_object_mut().unwrap();
        members.extend(value.map(|value| (name.to_owned(), value)));
        let read = read(document.to_string().as_bytes(), ISSUER);
        read.map(|discovery| discovery.iss_parameter_supported)
    };
    assert!(matches!(named(Some(json!(true))), Ok(true)));
    assert!(matches!(named(Some(json!(false))), Ok(false)) && matches!(named(None), Ok(false)));
    assert!(named(Some(json!("true"))).is_err() && named(Some(json!(1))).is_err());
}

#[test]
fn sign_out_and_revocation_endpoints_are_optional() {
    let mut document = document(ISSUER, "https://gazette.auth.example");
    for name in ["end_session_endpoint", "revocation_endpoint"] {
        document.as_object_mut().unwrap().remove(name);
    }
    let discovery = read(document.to_string().as_bytes(), ISSUER).unwrap();
    assert_eq!((discovery.end_session_endpoint, discovery.revocation_endpoint), (None, None));
    document.as_object_mut().unwrap().remove("jwks_uri");
    let result = read(document.to_string().as_bytes(), ISSUER);
    assert!(matches!(result, Err(DiscoveryError::Endpoint("jwks_uri"))));
}
