//! Every operation, form and endpoint with generated values: never a panic and never a server error.

use std::fs;
use std::path::Path;

use axum::http::Method;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::test_pool::{CLI, CONFIDENTIAL, PASSWORD, SECRET, SRP, TestPool, WEB, authorize};

/// An operation of the table, with its members and the names of their rules.
#[derive(Clone, Debug)]
struct Operation {
    name: String,
    members: Vec<(String, String)>,
}

/// Reads the tables of operations in the source, so that none is forgotten.
fn operations() -> Vec<Operation> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        for table in source.split("operation!(").skip(1) {
            let Some((_, rest)) = table.split_once('"') else { continue };
            let (name, rest) = rest.split_once('"').unwrap();
            let members = rest.split_once("\n];").map_or(rest, |(members, _)| members);
            let members = members.split("required(").flat_map(|it| it.split("optional("));
            let member = |text: &str| {
                let (name, rest) = text.strip_prefix('"')?.split_once("\", ")?;
                Some((name.to_owned(), rest.split_once(')')?.0.to_owned()))
            };
            let mut members: Vec<_> = members.filter_map(member).collect();
            // Constants stand for these in some tables.
            for (name, rule) in [("UserPoolId", "POOL_ID"), ("Username", "USERNAME")] {
                members.push((name.to_owned(), rule.to_owned()));
            }
            members.push(("GroupName".to_owned(), "GROUP_NAME".to_owned()));
            found.push(Operation { name: name.to_owned(), members });
        }
    }
    found
}

fn text() -> BoxedStrategy<String> {
    let known = [
        "local_gazette",
        CLI,
        WEB,
        SRP,
        CONFIDENTIAL,
        SECRET,
        "admin",
        "admin@example.com",
        PASSWORD,
        "123456",
        "email",
        "sub",
        "custom:plan",
        "true",
        "editor",
        "openid",
        "api/read",
        "code",
        "email = \"a\"",
        "email ^= \"",
        "status = \"Enabled\"",
        "http://localhost:1/",
        "x://",
        "%ff%fe",
        "ENABLED",
        "RESEND",
        "SUPPRESS",
        "minutes",
        "ALLOW_USER_SRP_AUTH",
        "AAAA",
        "e30.e30.e30",
        "",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ];
    prop_oneof![
        6 => select(known.map(str::to_owned).to_vec()),
        3 => ".{0,40}",
        1 => "[0-9a-fA-F]{1,900}",
        1 => "[a-z_=.]{20,60}",
        1 => (1_usize..9_000).prop_map(|length| "x".repeat(length)),
    ]
    .boxed()
}

fn any_value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(text(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}

fn parameters() -> BoxedStrategy<Value> {
    let names = [
        "USERNAME",
        "PASSWORD",
        "SECRET_HASH",
        "SRP_A",
        "REFRESH_TOKEN",
        "NEW_PASSWORD",
        "SOFTWARE_TOKEN_MFA_CODE",
        "PASSWORD_CLAIM_SECRET_BLOCK",
        "PASSWORD_CLAIM_SIGNATURE",
        "TIMESTAMP",
        "Feature",
        "RetryGracePeriodSeconds",
        "AccessToken",
        "Enabled",
        "PreferredMfa",
        "userAttributes.name",
        "userAttributes.email",
    ];
    let value = prop_oneof![4 => text().prop_map(Value::from), 1 => any_value()];
    let map = btree_map(select(names.map(str::to_owned).to_vec()), value, 0..8);
    map.prop_map(|map| Value::Object(map.into_iter().collect())).boxed()
}

/// Generates a value that a rule may allow.
fn value(name: &str, rule: &str) -> BoxedStrategy<Value> {
    let flows =
        ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "REFRESH_TOKEN_AUTH", "ADMIN_USER_PASSWORD_AUTH"];
    let challenges = ["PASSWORD_VERIFIER", "NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"];
    let one_of = |values: &[&'static str]| select(values.to_vec()).prop_map(Value::from).boxed();
    match (name, rule) {
        ("UserPoolId", _) => one_of(&["local_gazette", "local_gazette", "local_other"]),
        ("ClientId", _) => one_of(&[CLI, SRP, WEB, CONFIDENTIAL, "unknown"]),
        (_, "AUTH_FLOW") => one_of(&flows),
        (_, "CHALLENGE_NAME") => one_of(&challenges),
        (_, "Rule::List") => prop_oneof![
            vec((text(), text()), 0..4).prop_map(|pairs| {
                let object = |(name, value)| {
                    json!({ "Name": name, "Value": value, "ScopeName": value, "ScopeDescription": name })
                };
                Value::from(pairs.into_iter().map(object).collect::<Vec<_>>())
            }),
            vec(text(), 0..4).prop_map(Value::from),
            vec(any_value(), 0..3).prop_map(Value::from),
        ]
        .boxed(),
        (_, "Rule::Map") => parameters(),
        (_, "LIMIT" | "MAX_RESULTS" | "PRECEDENCE" | "LIFETIME_AMOUNT") => {
            prop_oneof![(-1_i64..70).prop_map(Value::from), any::<i64>().prop_map(Value::from)].boxed()
        }
        _ => text().prop_map(Value::from).boxed(),
    }
}

fn api_call() -> BoxedStrategy<(String, Value)> {
    let call = |operation: Operation| {
        let members: Vec<_> = operation
            .members
            .iter()
            .map(|(name, rule)| {
                let value = prop_oneof![
                    8 => value(name, rule).prop_map(Some),
                    1 => any_value().prop_map(Some),
                    1 => Just(None),
                ];
                (Just(name.clone()), value)
            })
            .collect();
        let extra = any::<bool>();
        (Just(operation.name), members, extra).prop_map(|(name, members, extra)| {
            let members = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
            let mut body: Map<String, Value> = members.collect();
            for flag in ["Permanent", "GenerateSecret", "AllowedOAuthFlowsUserPoolClient"] {
                body.insert(flag.to_owned(), extra.into());
            }
            (name, Value::Object(body))
        })
    };
    select(operations()).prop_flat_map(call).boxed()
}

/// Number of cases; `PROPTEST_CASES` sets another one.
#[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").map_or(cases, |number| number.parse().unwrap());
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn pool_10_the_table_of_operations_is_found() {
    let operations = operations();
    assert!(operations.len() >= 49, "{}", operations.len());
    let sign_up = operations.iter().find(|operation| operation.name == "SignUp").unwrap();
    let has = |name: &str| sign_up.members.iter().any(|(member, _)| member == name);
    assert!(has("ClientId") && has("Password") && has("UserAttributes"), "{sign_up:?}");
}

#[test]
fn pool_10_no_call_of_the_json_api_is_a_server_error() {
    let runtime = runtime();
    let pool = runtime.block_on(TestPool::lenient());
    let tokens =
        runtime.block_on(crate::json_api::by_password(&pool, CLI, "admin", PASSWORD)).json();
    let token = tokens["AuthenticationResult"]["AccessToken"].as_str().unwrap().to_owned();
    proptest!(config(600), |((name, mut body) in api_call(), is_signed_in in any::<bool>())| {
        if is_signed_in && body.get("AccessToken").is_some() {
            body["AccessToken"] = token.clone().into();
        }
        let target = format!("AWSCognitoIdentityProviderService.{name}");
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target.as_str()),
            ("authorization", "AWS4-HMAC-SHA256 Credential=x/20270115/local/cognito-idp/aws4_request"),
        ];
        let response =
            runtime.block_on(pool.browser().send(Method::POST, "/", &headers, body.to_string()));
        prop_assert!(!response.status.is_server_error(), "{name}: {response:?}");
        prop_assert!(response.json()["__type"] != "UnknownOperationException", "{name}");
    });
}

#[test]
fn pool_10_no_form_and_no_endpoint_is_a_server_error() {
    let runtime = runtime();
    let pool = runtime.block_on(TestPool::lenient());
    let paths = [
        "/login",
        "/signup",
        "/confirmUser",
        "/forgotPassword",
        "/confirmforgotPassword",
        "/oauth2/token",
        "/oauth2/revoke",
        "/oauth2/userInfo",
        "/oauth2/authorize",
        "/logout",
        "/_pool/clock",
        "/_pool/outbox",
        "/",
    ];
    let names = [
        "username",
        "password",
        "code",
        "session",
        "continue",
        "sample",
        "resend",
        "grant_type",
        "client_id",
        "client_secret",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "token",
        "scope",
        "requiredAttributes[email]",
        "logout_uri",
        "response_type",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "resource",
        "login_hint",
        "code_challenge",
        "forward_seconds",
        "form_state",
        "_csrf",
    ];
    let form = vec((select(names.to_vec()), text()), 0..6);
    let changes = vec((select(names.to_vec()), text()), 0..2);
    let cases = (select(paths.to_vec()), form, changes, text(), any::<bool>());
    proptest!(config(500), |((path, form, changes, noise, is_post) in cases)| {
        let mut changes: Vec<_> = changes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        changes.dedup_by_key(|(name, _)| *name);
        let query = authorize(&changes).replace("/oauth2/authorize?", "");
        let response = runtime.block_on(async {
            let mut browser = pool.browser();
            let login = browser.get(&authorize(&[])).await.location();
            let csrf = browser.get(login.as_str()).await.field("_csrf");
            let mut fields: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            fields.push(("_csrf", &csrf));
            let address = format!("{path}?{query}");
            let bearer = noise.replace(|c: char| !c.is_ascii_graphic(), "");
            let bearer = format!("Bearer {bearer}");
            let cookie = noise.chars().filter(char::is_ascii_alphanumeric).collect();
            browser.cookies.insert("cognito-4000".to_owned(), cookie);
            if is_post {
                browser.post_form_as(&address, &bearer, &fields).await
            } else {
                browser.send(Method::GET, &address, &[("authorization", &bearer)], noise.clone()).await
            }
        });
        prop_assert!(!response.status.is_server_error(), "{path}: {response:?}");
    });
}

#[tokio::test]
async fn pool_10_large_and_deep_requests_are_refused() {
    let pool = TestPool::lenient().await;
    let large = json!({ "ClientId": "x".repeat(70_000) }).to_string();
    let deep = format!("{{\"AuthParameters\":{}", "[".repeat(60_000));
    for operation in operations() {
        let response = crate::json_api::call(&pool, &operation.name, &large).await;
        assert_eq!(response.status.as_u16(), 413, "{}", operation.name);
        let response = crate::json_api::call(&pool, &operation.name, &deep).await;
        assert_eq!(response.status.as_u16(), 400, "{}", operation.name);
    }
}
