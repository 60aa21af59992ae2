//! Each shape of event, and what comes back.

use gazette_lambda_authorizer::{Failure, LambdaAuthorizer};
use lambda_runtime::{Context, Diagnostic, LambdaEvent, Service as _, service_fn};
use serde_json::{Value, json};

use crate::pool::{NOW, Pool};

const TOKEN: &str = include_str!("../events/token.json");
const REQUEST_1: &str = include_str!("../events/request-1.0.json");
const REQUEST_2: &str = include_str!("../events/request-2.0.json");
const POLICY_SHAPES: [&str; 3] = [TOKEN, REQUEST_1, REQUEST_2];

pub(crate) fn event(shape: &str, authorization: &str) -> Value {
    serde_json::from_str(&shape.replace("TOKEN_GOES_HERE", authorization)).expect("an event")
}

/// Asks through the service that the runtime would call.
async fn ask(face: &LambdaAuthorizer, event: Value) -> Result<Value, Failure> {
    let mut service = service_fn(|event: LambdaEvent<Value>| face.answer(event.payload));
    service.call(LambdaEvent::new(event, Context::default())).await
}

fn resources(answer: &Value, effect: &str) -> Vec<String> {
    let statements = answer["policyDocument"]["Statement"].as_array().expect("statements");
    let of_effect = statements
        .iter()
        .filter(|statement| statement["Effect"] == effect && statement.get("Condition").is_none());
    let names = of_effect.flat_map(|statement| statement["Resource"].as_array().expect("a list"));
    let route = |name: &Value| {
        let name = name.as_str().expect("text");
        name.splitn(3, '/').nth(2).expect("a route").to_owned()
    };
    names.map(route).collect()
}

#[tokio::test]
async fn the_policy_is_a_format() {
    let pool = Pool::start().await;
    let answer = ask(&pool.face(&[]), event(TOKEN, &pool.token(&["editor"], NOW))).await;
    let api = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod";
    let name = |route: &str| format!("{api}/{route}");
    let names = |routes: &[&str]| routes.iter().map(|route| name(route)).collect::<Vec<_>>();
    let expected = json!({
        "principalId": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": ["execute-api:Invoke"],
                    "Effect": "Allow",
                    "Resource": names(&[
                        "GET/", "HEAD/", "GET/news", "HEAD/news", "GET/news/*", "HEAD/news/*",
                        "GET/section/*", "HEAD/section/*", "GET/tag/*", "HEAD/tag/*",
                        "GET/author/*", "HEAD/author/*", "GET/account", "HEAD/account",
                        "POST/account/refresh", "POST/account/sessions/end",
                        "POST/account/sessions/end-all", "GET/saved-form", "HEAD/saved-form",
                        "POST/saved-form/discard", "GET/auth/me", "HEAD/auth/me", "GET/saved",
                        "HEAD/saved", "POST/saved", "POST/saved/remove", "GET/desk", "HEAD/desk",
                        "POST/news", "PUT/news/*",
                    ]),
                },
                {
                    "Action": ["execute-api:Invoke"],
                    "Effect": "Deny",
                    "Resource": names(&[
                        "DELETE/news", "DELETE/news/*", "GET/desk/delete", "HEAD/desk/delete",
                        "POST/desk/delete", "GET/desk/trash", "HEAD/desk/trash",
                        "POST/desk/restore", "POST/desk/trash/empty", "GET/desk/audit",
                        "HEAD/desk/audit", "GET/account/people", "HEAD/account/people",
                        "POST/account/people/end",
                    ]),
                },
                {
                    "Action": ["execute-api:Invoke"],
                    "Effect": "Deny",
                    "Resource": [name("*")],
                    "Condition": {
                        "NumericGreaterThanEquals": { "aws:EpochTime": ["1790003600"] },
                    },
                },
            ],
        },
        "context": {
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "username": "ada",
            "groups": "editor",
            "scope": "openid gazette/delete",
            "token_use": "access",
            "expires_at": NOW + 3_600,
        },
    });
    // API Gateway refuses a larger policy, and a longer name.
    assert!(expected["policyDocument"].to_string().len() < 8_192);
    assert!(names(&["POST/account/sessions/end-all"]).iter().all(|name| name.len() < 512));
    assert_eq!(answer, Ok(expected));
}

#[tokio::test]
async fn every_shape_of_event_gets_the_policy_of_the_whole_api() {
    let pool = Pool::start().await;
    let face = pool.face(&[]);
    for shape in POLICY_SHAPES {
        for (groups, deletes, writes) in
            [(&[][..], false, false), (&["editor"], false, true), (&["admin"], true, true)]
        {
            let token = pool.token(groups, NOW);
            for authorization in [token.clone(), format!("Bearer {token}")] {
                let answer = ask(&face, event(shape, &authorization)).await.expect("a policy");
                let (allowed, denied) = (resources(&answer, "Allow"), resources(&answer, "Deny"));
                for (route, may) in
                    [("GET/news", true), ("DELETE/news", deletes), ("POST/news", writes)]
                {
                    assert_eq!(allowed.contains(&route.to_owned()), may, "{route} {groups:?}");
                    assert_eq!(denied.contains(&route.to_owned()), !may, "{route} {groups:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn c_12_what_is_kept_for_a_token_is_right_for_every_route() {
    let pool = Pool::start().await;
    let token = pool.token(&[], NOW);
    let of = |route: &str| event(&TOKEN.replace("GET/news", route), &token);
    let face = pool.face(&[]);
    let first = ask(&face, of("GET/news")).await;
    for route in ["DELETE/news", "GET/desk", "PUT/news/a", "GET/"] {
        assert_eq!(ask(&face, of(route)).await, first, "{route}");
    }
}

#[tokio::test]
async fn whatever_is_no_good_token_is_unauthorized_to_the_letter() {
    let pool = Pool::start().await;
    let face = pool.face(&[]);
    let good = pool.token(&["admin"], NOW);
    let forged = format!("{}AA", &good[..good.len() - 2]);
    let expired = pool.token(&["admin"], NOW - 7_200);
    for shape in POLICY_SHAPES {
        for authorization in ["", "garbled", "Bearer ", "allow", &forged, &expired] {
            let refused = ask(&face, event(shape, authorization)).await.expect_err(authorization);
            let diagnostic = Diagnostic::from(refused);
            assert_eq!(diagnostic.error_message, "Unauthorized", "{authorization}");
        }
    }
    let mut none = event(REQUEST_2, &good);
    none["headers"].as_object_mut().expect("headers").remove("authorization");
    assert_eq!(ask(&face, none).await, Err(Failure::Unauthorized));
}

#[tokio::test]
async fn two_authorization_headers_are_unauthorized() {
    let pool = Pool::start().await;
    let (face, token) = (pool.face(&[]), pool.token(&["admin"], NOW));
    let mut twice = event(REQUEST_1, &token);
    twice["multiValueHeaders"]["Authorization"] = json!([token, token]);
    assert_eq!(ask(&face, twice).await, Err(Failure::Unauthorized));
    // HTTP APIs join what came twice with a comma.
    let joined = event(REQUEST_2, &format!("{token},{token}"));
    assert_eq!(ask(&face, joined).await, Err(Failure::Unauthorized));
}

#[tokio::test]
async fn an_api_key_is_never_authentication() {
    let pool = Pool::start().await;
    let face = pool.face(&[]);
    let mut request = event(REQUEST_1, "");
    for headers in ["headers", "multiValueHeaders"] {
        let headers = request[headers].as_object_mut().expect("headers");
        headers.remove("Authorization");
        headers.insert("x-api-key".to_owned(), json!("key-of-the-usage-plan"));
    }
    assert_eq!(ask(&face, request).await, Err(Failure::Unauthorized));
}

#[tokio::test]
async fn a_simple_answer_is_for_one_route() {
    let pool = Pool::start().await;
    let face = pool.face(&[("GAZETTE_AUTHORIZER_ANSWER", "simple")]);
    for (groups, is_authorized) in [(&["admin"][..], true), (&["editor"], false), (&[], false)] {
        let answer = ask(&face, event(REQUEST_2, &pool.token(groups, NOW))).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer["isAuthorized"], is_authorized, "{groups:?}");
        assert_eq!(answer["context"]["username"], "ada");
        assert!(answer.get("policyDocument").is_none());
    }
    let refused = ask(&face, event(REQUEST_2, "garbled")).await;
    assert_eq!(refused, Err(Failure::Unauthorized));
}

#[tokio::test]
async fn a_simple_answer_that_would_be_kept_for_other_routes_is_no() {
    let pool = Pool::start().await;
    let face = pool.face(&[("GAZETTE_AUTHORIZER_ANSWER", "simple")]);
    let admin = pool.token(&["admin"], NOW);
    let mut without = event(REQUEST_2, &admin);
    without["identitySource"] = json!([admin]);
    let wide = event(&REQUEST_2.replace("DELETE /news", "ANY /news"), &admin);
    let all = event(&REQUEST_2.replace("DELETE /news", "$default"), &admin);
    for event in [without, wide, all, event(TOKEN, &admin), event(REQUEST_1, &admin)] {
        let answer = ask(&face, event).await.expect("an answer");
        assert_eq!(answer["isAuthorized"], false, "{answer}");
    }
}

#[tokio::test]
async fn required_scopes_count_here_too() {
    let pool = Pool::start().await;
    let admin = pool.token(&["admin"], NOW);
    for (scope, may) in [("gazette/delete", true), ("gazette/all", false)] {
        let required = format!("news:delete={scope}");
        let face = pool.face(&[("GAZETTE_REQUIRED_SCOPES", &required)]);
        let answer = ask(&face, event(TOKEN, &admin)).await.expect("a policy");
        let allowed = resources(&answer, "Allow");
        assert_eq!(allowed.contains(&"DELETE/news".to_owned()), may, "{scope}");
    }
}

#[tokio::test]
async fn f_15_without_keys_nobody_is_called_unauthorized() {
    let pool = Pool { issuer: "http://127.0.0.1:9/pool".to_owned() };
    let asked = ask(&pool.face(&[]), event(TOKEN, &pool.token(&["admin"], NOW))).await;
    assert_eq!(asked, Err(Failure::KeysUnavailable));
    assert_ne!(Diagnostic::from(Failure::KeysUnavailable).error_message, "Unauthorized");
}

#[tokio::test]
async fn what_is_no_question_gets_no_answer() {
    let pool = Pool::start().await;
    let (face, token) = (pool.face(&[]), pool.token(&["admin"], NOW));
    let without_name = json!({ "type": "TOKEN", "authorizationToken": token });
    let wide = event(&TOKEN.replace("/prod/", "/*/"), &token);
    let newer = event(&REQUEST_2.replace(r#""version": "2.0""#, r#""version": "3.0""#), &token);
    for event in [json!(null), json!({}), json!([token]), without_name, wide, newer] {
        assert_eq!(ask(&face, event.clone()).await, Err(Failure::NoQuestion), "{event}");
    }
}
