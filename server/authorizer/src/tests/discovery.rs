use serde_json::{Value, json};

use super::forge::ISSUER;
use super::stub::{Behaviour, Stub};
use crate::discovery::read;
use crate::{DiscoveryError, DocumentError, discover};

fn description(issuer: &str, base: &str) -> Value {
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
    let mut description = description(ISSUER, "https://gazette.auth.example");
    description[name] = value;
    read(description.to_string().as_bytes(), ISSUER).map(|_| ())
}

#[tokio::test]
async fn an_issuer_on_this_machine_describes_itself() {
    let stub = Stub::start(Behaviour::Silent).await;
    let issuer = stub.url("/local_gazette").to_string();
    let base = format!("http://{}", stub.address);
    // As long as it may be.
    let mut description = description(&issuer, &base).to_string();
    description.extend(vec![' '; 64 * 1024 - description.len()]);
    stub.behave(Behaviour::Json(description.into()));
    let discovery = discover(&issuer).await.unwrap();
    assert_eq!(discovery.issuer, issuer);
    assert_eq!(discovery.token_endpoint.as_str(), format!("{base}/oauth2/token"));
    assert_eq!(discovery.end_session_endpoint.unwrap().path(), "/logout");
    assert_eq!(discovery.revocation_endpoint.unwrap().path(), "/oauth2/revoke");
}

#[tokio::test]
async fn another_issuers_description_is_refused() {
    let stub = Stub::start(Behaviour::Silent).await;
    let issuer = stub.url("/local_gazette").to_string();
    let base = format!("http://{}", stub.address);
    for other in [format!("{issuer}/"), issuer.to_uppercase(), ISSUER.to_owned()] {
        stub.behave(Behaviour::Json(description(&other, &base).to_string().into()));
        assert!(matches!(discover(&issuer).await, Err(DiscoveryError::OtherIssuer)), "{other}");
    }
}

#[tokio::test]
async fn bad_answers_are_refused() {
    let stub = Stub::start(Behaviour::Json(b"<html>".to_vec())).await;
    let issuer = stub.url("/local_gazette").to_string();
    assert!(matches!(discover(&issuer).await, Err(DiscoveryError::Malformed)));
    stub.behave(Behaviour::Json(vec![b' '; 64 * 1024 + 1]));
    let refused = discover(&issuer).await;
    assert!(matches!(refused, Err(DiscoveryError::Document(DocumentError::TooLarge))));
    stub.behave(Behaviour::Raw("HTTP/1.1 301 Moved\r\nLocation: /a\r\n\r\n".to_owned()));
    let refused = discover(&issuer).await;
    assert!(matches!(refused, Err(DiscoveryError::Document(DocumentError::Status(301)))));
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
        for bad in [
            "http://example.com/",
            "http://localhost/",
            "/path",
            "javascript:alert(1)",
            "",
            "https://user@example.com/",
        ] {
            let refused = read_with(name, json!(bad));
            assert!(matches!(refused, Err(DiscoveryError::Endpoint(at)) if at == name), "{bad}");
        }
        assert!(read_with(name, json!(["https://example.com/"])).is_err());
        assert!(read_with(name, json!("https://example.com/")).is_ok());
    }
}

#[test]
fn oau_05_whether_answers_name_the_issuer_is_said_by_true_or_false() {
    let name = "authorization_response_iss_parameter_supported";
    let named = |value: Option<Value>| {
        let mut description = description(ISSUER, "https://gazette.auth.example");
        let members = description.as_object_mut().unwrap();
        members.extend(value.map(|value| (name.to_owned(), value)));
        let read = read(description.to_string().as_bytes(), ISSUER);
        read.map(|discovery| discovery.names_issuer_in_answers)
    };
    assert!(matches!(named(Some(json!(true))), Ok(true)));
    assert!(matches!(named(Some(json!(false))), Ok(false)) && matches!(named(None), Ok(false)));
    assert!(named(Some(json!("true"))).is_err() && named(Some(json!(1))).is_err());
}

#[test]
fn sign_out_and_revocation_may_be_missing() {
    let mut description = description(ISSUER, "https://gazette.auth.example");
    for name in ["end_session_endpoint", "revocation_endpoint"] {
        description.as_object_mut().unwrap().remove(name);
    }
    let discovery = read(description.to_string().as_bytes(), ISSUER).unwrap();
    assert_eq!((discovery.end_session_endpoint, discovery.revocation_endpoint), (None, None));
    description.as_object_mut().unwrap().remove("jwks_uri");
    let refused = read(description.to_string().as_bytes(), ISSUER);
    assert!(matches!(refused, Err(DiscoveryError::Endpoint("jwks_uri"))));
}
