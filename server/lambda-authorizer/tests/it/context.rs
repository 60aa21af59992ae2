//! The groups in the context, which API Gateway passes to the integration as one string. Only
//! this test parses them back: no decision depends on them.

use serde_json::json;

use crate::responses::event;
use crate::test_pool::{NOW, TestPool};

/// Parses `a,b`, the form of the context, or `[a b]`, the form of a JWT authorizer.
fn groups(flat: &str) -> Vec<&str> {
    match flat.strip_prefix('[').and_then(|flat| flat.strip_suffix(']')) {
        Some(listed) => listed.split_whitespace().collect(),
        None => flat.split(',').filter(|group| !group.is_empty()).collect(),
    }
}

#[test]
fn both_string_forms_of_groups_can_be_parsed() {
    assert_eq!(groups("admin,editor"), ["admin", "editor"]);
    assert_eq!(groups("[admin editor]"), ["admin", "editor"]);
    assert_eq!(groups("admin"), groups("[admin]"));
    assert!(groups("").is_empty() && groups("[]").is_empty());
}

#[tokio::test]
async fn the_context_has_the_groups_of_the_token_as_one_string() {
    let pool = TestPool::start().await;
    let authorizer = pool.authorizer(&[]);
    for (in_token, in_context) in [
        (&["admin", "editor"][..], &["admin", "editor"][..]),
        (&[], &[]),
        (&["reader,admin", "reader"], &["reader"]),
    ] {
        let token = pool.token(in_token, NOW);
        let event = event(include_str!("../events/token.json"), &token);
        let response = authorizer.handle(event).await.expect("a policy");
        let flat = response["context"]["groups"].as_str().expect("a text");
        assert_eq!(groups(flat), in_context);
        let values = response["context"].as_object().expect("an object").values();
        assert!(values.into_iter().all(|value| value.is_string() || value.is_i64()));
    }
}

#[tokio::test]
async fn groups_outside_the_token_are_ignored() {
    let pool = TestPool::start().await;
    let authorizer = pool.authorizer(&[]);
    let format = include_str!("../events/request-2.0.json");
    let mut event = event(format, &pool.token(&[], NOW));
    event["headers"]["x-cognito-groups"] = json!("[admin]");
    event["headers"]["x-auth-request-groups"] = json!("admin,editor");
    event["queryStringParameters"]["groups"] = json!("admin");
    event["requestContext"]["authorizer"] =
        json!({ "jwt": { "claims": { "cognito:groups": "[admin]" }, "scopes": null } });
    let response = authorizer.handle(event).await.expect("a policy");
    assert_eq!(response["context"]["groups"], "");
    let text = response["policyDocument"].to_string();
    let (allowed, denied) = text.split_once(r#""Effect":"Deny""#).expect("a Deny statement");
    assert!(!allowed.contains("DELETE/news") && denied.contains("DELETE/news"), "{text}");
}
