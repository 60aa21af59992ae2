//! The groups as API Gateway flattens them for the integration behind it. They are read
//! back here and nowhere else: no decision is made by them.

use serde_json::json;

use crate::answers::event;
use crate::pool::{NOW, Pool};

/// `a,b`, as the context has it, or `[a b]`, as a JWT authorizer writes a list.
fn groups(flat: &str) -> Vec<&str> {
    match flat.strip_prefix('[').and_then(|flat| flat.strip_suffix(']')) {
        Some(listed) => listed.split_whitespace().collect(),
        None => flat.split(',').filter(|group| !group.is_empty()).collect(),
    }
}

#[test]
fn both_forms_of_flat_groups_can_be_read_back() {
    assert_eq!(groups("admin,editor"), ["admin", "editor"]);
    assert_eq!(groups("[admin editor]"), ["admin", "editor"]);
    assert_eq!(groups("admin"), groups("[admin]"));
    assert!(groups("").is_empty() && groups("[]").is_empty());
}

#[tokio::test]
async fn the_context_tells_the_groups_in_a_line_and_invents_none() {
    let pool = Pool::start().await;
    let face = pool.face(&[]);
    for (listed, told) in [
        (&["admin", "editor"][..], &["admin", "editor"][..]),
        (&[], &[]),
        (&["reader,admin", "reader"], &["reader"]),
    ] {
        let token = pool.token(listed, NOW);
        let event = event(include_str!("../events/token.json"), &token);
        let answer = face.answer(event).await.expect("a policy");
        let flat = answer["context"]["groups"].as_str().expect("a text");
        assert_eq!(groups(flat), told);
        let values = answer["context"].as_object().expect("an object").values();
        assert!(values.into_iter().all(|value| value.is_string() || value.is_i64()));
    }
}

#[tokio::test]
async fn groups_that_a_caller_claims_elsewhere_count_for_nothing() {
    let pool = Pool::start().await;
    let face = pool.face(&[]);
    let shape = include_str!("../events/request-2.0.json");
    let mut event = event(shape, &pool.token(&[], NOW));
    event["headers"]["x-cognito-groups"] = json!("[admin]");
    event["headers"]["x-auth-request-groups"] = json!("admin,editor");
    event["queryStringParameters"]["groups"] = json!("admin");
    event["requestContext"]["authorizer"] =
        json!({ "jwt": { "claims": { "cognito:groups": "[admin]" }, "scopes": null } });
    let answer = face.answer(event).await.expect("a policy");
    assert_eq!(answer["context"]["groups"], "");
    let text = answer["policyDocument"].to_string();
    let (allowed, denied) = text.split_once(r#""Effect":"Deny""#).expect("a denial");
    assert!(!allowed.contains("DELETE/news") && denied.contains("DELETE/news"), "{text}");
}
