//! The response to each format of event.

use gazette_domain::{Action, ROUTES, Route};
use gazette_lambda_authorizer::{AuthorizerError, LambdaAuthorizer};
use lambda_runtime::{Context, Diagnostic, LambdaEvent, Service as _, service_fn};
use serde_json::{Value, json};

use crate::test_pool::{NOW, TestPool};

const TOKEN: &str = include_str!("../events/token.json");
const REQUEST_1: &str = include_str!("../events/request-1.0.json");
const REQUEST_2: &str = include_str!("../events/request-2.0.json");
const ALL_FORMATS: [&str; 3] = [TOKEN, REQUEST_1, REQUEST_2];

pub(crate) fn event(format: &str, authorization: &str) -> Value {
    serde_json::from_str(&format.replace("TOKEN_GOES_HERE", authorization)).expect("an event")
}

/// Handles an event through the service that the runtime calls.
async fn handle(authorizer: &LambdaAuthorizer, event: Value) -> Result<Value, AuthorizerError> {
    let mut service = service_fn(|event: LambdaEvent<Value>| authorizer.handle(event.payload));
    service.call(LambdaEvent::new(event, Context::default())).await
}

fn resources(response: &Value, effect: &str) -> Vec<String> {
    let statements = response["policyDocument"]["Statement"].as_array().expect("statements");
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

/// Returns whether the wildcard of another route with the same action matches the route, as the
/// one of a section's page matches its feeds.
fn is_covered(route: &Route) -> bool {
    let mut others = ROUTES.iter().filter(|other| other.endpoint != route.endpoint);
    others.any(|other| {
        let start = other.path.split_once('{').filter(|_| other.path.ends_with('}'));
        let covers = start.is_some_and(|(start, _)| route.path.starts_with(start));
        covers && (other.method, other.action) == (route.method, route.action)
    })
}

/// Returns the routes of the table with these actions, as API Gateway names them.
fn routes_of(is_wanted: impl Fn(Action) -> bool) -> Vec<String> {
    let mut routes = Vec::new();
    for action in Action::ALL.into_iter().filter(|action| is_wanted(*action)) {
        for route in ROUTES.iter().filter(|route| route.action == Some(action)) {
            if is_covered(route) {
                continue;
            }
            let (before, rest) = route.path.split_once('{').unwrap_or((route.path, ""));
            let path = match rest.rsplit_once('}') {
                Some((_, after)) => format!("{before}*{after}"),
                None => before.to_owned(),
            };
            routes.extend(route.method.names().iter().map(|method| format!("{method}{path}")));
        }
    }
    routes
}

/// Leaves out what the wildcard of another route of the list matches.
fn without_covered(routes: &[String]) -> Vec<String> {
    let is_covered = |route: &String| {
        routes.iter().filter(|other| *other != route).any(|other| {
            let fixed = other.split_once('*');
            fixed.is_some_and(|(start, end)| route.starts_with(start) && route.ends_with(end))
        })
    };
    routes.iter().filter(|route| !is_covered(route)).cloned().collect()
}

#[tokio::test]
async fn the_policy_has_a_fixed_format() {
    let pool = TestPool::start().await;
    let response = handle(&pool.authorizer(&[]), event(TOKEN, &pool.token(&["editor"], NOW))).await;
    let api = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod";
    let name = |route: &str| format!("{api}/{route}");
    let names = |routes: &[String]| routes.iter().map(|route| name(route)).collect::<Vec<_>>();
    let allowed = [
        Action::ReadNews,
        Action::ReadAccount,
        Action::SaveNews,
        Action::OpenDesk,
        Action::DraftNews,
        Action::WriteNews,
        Action::ManageLabels,
        Action::ManageRedirects,
        Action::AddImages,
        Action::DeleteImages,
    ];
    let listed = routes_of(|_| true);
    for route in ["GET/", "HEAD/news/*", "DELETE/news/*", "POST/desk/people/*/sign-out"] {
        assert!(listed.contains(&route.to_owned()), "{route}");
    }
    let expected = json!({
        "principalId": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": ["execute-api:Invoke"],
                    "Effect": "Allow",
                    "Resource": names(&without_covered(&routes_of(|action| allowed.contains(&action)))),
                },
                {
                    "Action": ["execute-api:Invoke"],
                    "Effect": "Deny",
                    "Resource": names(&routes_of(|action| !allowed.contains(&action))),
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
    assert!(names(&listed).iter().all(|name| name.len() < 512));
    assert_eq!(response, Ok(expected));
}

#[tokio::test]
async fn every_format_of_event_gets_a_policy_for_the_whole_api() {
    let pool = TestPool::start().await;
    let authorizer = pool.authorizer(&[]);
    for format in ALL_FORMATS {
        for (groups, deletes, writes) in
            [(&[][..], false, false), (&["editor"], false, true), (&["admin"], true, true)]
        {
            let token = pool.token(groups, NOW);
            for authorization in [token.clone(), format!("Bearer {token}")] {
                let response =
                    handle(&authorizer, event(format, &authorization)).await.expect("a policy");
                let (allowed, denied) =
                    (resources(&response, "Allow"), resources(&response, "Deny"));
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
async fn c_12_a_cached_policy_is_right_for_every_route() {
    let pool = TestPool::start().await;
    let token = pool.token(&[], NOW);
    let of = |route: &str| event(&TOKEN.replace("GET/news", route), &token);
    let authorizer = pool.authorizer(&[]);
    let first = handle(&authorizer, of("GET/news")).await;
    for route in ["DELETE/news", "GET/desk", "PUT/news/a", "GET/"] {
        assert_eq!(handle(&authorizer, of(route)).await, first, "{route}");
    }
}

#[tokio::test]
async fn an_invalid_token_gets_exactly_the_error_unauthorized() {
    let pool = TestPool::start().await;
    let authorizer = pool.authorizer(&[]);
    let valid = pool.token(&["admin"], NOW);
    let expired = pool.token(&["admin"], NOW - 7_200);
    let forged = with_signature_of(&expired, &valid);
    for format in ALL_FORMATS {
        for authorization in ["", "garbled", "Bearer ", "allow", &forged, &expired] {
            let error =
                handle(&authorizer, event(format, authorization)).await.expect_err(authorization);
            let diagnostic = Diagnostic::from(error);
            assert_eq!(diagnostic.error_message, "Unauthorized", "{authorization}");
        }
    }
    let mut none = event(REQUEST_2, &valid);
    none["headers"].as_object_mut().expect("headers").remove("authorization");
    assert_eq!(handle(&authorizer, none).await, Err(AuthorizerError::Unauthorized));
}

/// Returns `token` with the signature of `other`, which is never its own.
///
/// A signature with new characters at its end is now and then the one that it had.
fn with_signature_of(other: &str, token: &str) -> String {
    let parts = |token: &str| {
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        (signed.to_owned(), signature.to_owned())
    };
    format!("{}.{}", parts(token).0, parts(other).1)
}

#[tokio::test]
async fn two_authorization_headers_are_unauthorized() {
    let pool = TestPool::start().await;
    let (authorizer, token) = (pool.authorizer(&[]), pool.token(&["admin"], NOW));
    let mut repeated = event(REQUEST_1, &token);
    repeated["multiValueHeaders"]["Authorization"] = json!([token, token]);
    assert_eq!(handle(&authorizer, repeated).await, Err(AuthorizerError::Unauthorized));
    // HTTP APIs join repeated headers with a comma.
    let joined = event(REQUEST_2, &format!("{token},{token}"));
    assert_eq!(handle(&authorizer, joined).await, Err(AuthorizerError::Unauthorized));
}

#[tokio::test]
async fn an_api_key_does_not_authenticate() {
    let pool = TestPool::start().await;
    let authorizer = pool.authorizer(&[]);
    let mut request = event(REQUEST_1, "");
    for headers in ["headers", "multiValueHeaders"] {
        let headers = request[headers].as_object_mut().expect("headers");
        headers.remove("Authorization");
        headers.insert("x-api-key".to_owned(), json!("key-of-the-usage-plan"));
    }
    assert_eq!(handle(&authorizer, request).await, Err(AuthorizerError::Unauthorized));
}

#[tokio::test]
async fn a_simple_response_decides_on_one_route() {
    let pool = TestPool::start().await;
    let authorizer = pool.authorizer(&[("GAZETTE_AUTHORIZER_RESPONSE", "simple")]);
    for (groups, is_authorized) in [(&["admin"][..], true), (&["editor"], false), (&[], false)] {
        let response = handle(&authorizer, event(REQUEST_2, &pool.token(groups, NOW))).await;
        let response = response.expect("a response");
        assert_eq!(response["isAuthorized"], is_authorized, "{groups:?}");
        assert_eq!(response["context"]["username"], "ada");
        assert!(response.get("policyDocument").is_none());
    }
    let response = handle(&authorizer, event(REQUEST_2, "garbled")).await;
    assert_eq!(response, Err(AuthorizerError::Unauthorized));
}

#[tokio::test]
async fn a_simple_response_that_would_be_cached_for_other_routes_denies() {
    let pool = TestPool::start().await;
    let authorizer = pool.authorizer(&[("GAZETTE_AUTHORIZER_RESPONSE", "simple")]);
    let admin = pool.token(&["admin"], NOW);
    let mut without = event(REQUEST_2, &admin);
    without["identitySource"] = json!([admin]);
    let wide = event(&REQUEST_2.replace("DELETE /news", "ANY /news"), &admin);
    let all = event(&REQUEST_2.replace("DELETE /news", "$default"), &admin);
    for event in [without, wide, all, event(TOKEN, &admin), event(REQUEST_1, &admin)] {
        let response = handle(&authorizer, event).await.expect("a response");
        assert_eq!(response["isAuthorized"], false, "{response}");
    }
}

#[tokio::test]
async fn the_route_key_counts_only_in_its_own_place_among_the_identity_sources() {
    let pool = TestPool::start().await;
    let authorizer = pool.authorizer(&[("GAZETTE_AUTHORIZER_RESPONSE", "simple")]);
    let admin = pool.token(&["admin"], NOW);
    let key = "DELETE /news";
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut event = event(REQUEST_2, &admin);
        change(&mut event);
        event
    };
    for event in [
        with(&|event| event["identitySource"] = json!([key, admin])),
        with(&|event| event["identitySource"] = json!([key])),
        with(&|event| event["identitySource"] = json!([admin, "x", key])),
        with(&|event| event["identitySource"] = json!([admin, key, key])),
        with(&|event| event["identitySource"] = json!(["x", key])),
        // A client could send these to be cached under the key of another route.
        with(&|event| event["headers"]["x-cache"] = json!(key)),
        with(&|event| event["queryStringParameters"]["ids"] = json!(key)),
        with(&|event| event["cookies"] = json!([format!("a={key}")])),
    ] {
        let response = handle(&authorizer, event).await.expect("a response");
        assert_eq!(response["isAuthorized"], false, "{response}");
    }
}

#[tokio::test]
async fn required_scopes_apply() {
    let pool = TestPool::start().await;
    let admin = pool.token(&["admin"], NOW);
    for (scope, may) in [("gazette/delete", true), ("gazette/all", false)] {
        let required = format!("news:delete={scope}");
        let authorizer = pool.authorizer(&[("GAZETTE_REQUIRED_SCOPES", &required)]);
        let response = handle(&authorizer, event(TOKEN, &admin)).await.expect("a policy");
        let allowed = resources(&response, "Allow");
        assert_eq!(allowed.contains(&"DELETE/news".to_owned()), may, "{scope}");
    }
}

#[tokio::test]
async fn f_15_missing_keys_are_not_reported_as_unauthorized() {
    let pool = TestPool { issuer: "http://127.0.0.1:9/pool".to_owned() };
    let response = handle(&pool.authorizer(&[]), event(TOKEN, &pool.token(&["admin"], NOW))).await;
    assert_eq!(response, Err(AuthorizerError::KeysUnavailable));
    assert_ne!(Diagnostic::from(AuthorizerError::KeysUnavailable).error_message, "Unauthorized");
}

#[tokio::test]
async fn unknown_events_are_errors() {
    let pool = TestPool::start().await;
    let (authorizer, token) = (pool.authorizer(&[]), pool.token(&["admin"], NOW));
    let without_arn = json!({ "type": "TOKEN", "authorizationToken": token });
    let wide = event(&TOKEN.replace("/prod/", "/*/"), &token);
    let newer = event(&REQUEST_2.replace(r#""version": "2.0""#, r#""version": "3.0""#), &token);
    for event in [json!(null), json!({}), json!([token]), without_arn, wide, newer] {
        assert_eq!(
            handle(&authorizer, event.clone()).await,
            Err(AuthorizerError::InvalidEvent),
            "{event}"
        );
    }
}
