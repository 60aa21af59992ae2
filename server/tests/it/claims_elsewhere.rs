//! Claims about the caller outside of token and session are ignored.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, Method, StatusCode};

use crate::world::{World, request};

const PREFIXES: [&str; 23] = [
    "",
    "x-",
    "x-user-",
    "x-auth-",
    "x-auth-request-",
    "x-forwarded-",
    "x-original-",
    "x-real-",
    "x-remote-",
    "x-client-",
    "x-amzn-",
    "x-amzn-oidc-",
    "x-amz-",
    "x-amz-security-",
    "x-apigateway-",
    "x-cognito-",
    "x-goog-",
    "x-ms-client-",
    "x-envoy-",
    "x-consumer-",
    "x-jwt-",
    "x-middleware-",
    "cf-access-",
];
const WORDS: [&str; 37] = [
    "user",
    "username",
    "user-id",
    "uid",
    "id",
    "sub",
    "subject",
    "principal",
    "principal-id",
    "account",
    "name",
    "email",
    "group",
    "groups",
    "role",
    "roles",
    "scope",
    "scopes",
    "admin",
    "is-admin",
    "claims",
    "identity",
    "identity-id",
    "token",
    "access-token",
    "id-token",
    "assertion",
    "api-key",
    "key",
    "secret",
    "session",
    "for",
    "host",
    "uri",
    "url",
    "method",
    "override",
];
const SUFFIXES: [&str; 6] = ["", "-id", "-name", "-override", "-rewrite", "-data"];
const VALUES: [&str; 5] = ["admin", "true", "1", r#"["admin"]"#, "[admin editor]"];

/// Returns more than 5,000 header names, none of which HTTP defines for authentication here.
fn header_names() -> Vec<HeaderName> {
    let mut names = Vec::new();
    for prefix in PREFIXES {
        for word in WORDS {
            names.extend(SUFFIXES.map(|suffix| format!("{prefix}{word}{suffix}")));
        }
    }
    let others = [
        "islands-router",
        "forwarded",
        "via",
        "from",
        "referer",
        "x-api-key",
        "x-csrf-token",
        "x-http-method",
        "x-middleware-subrequest",
        "x-requested-with",
        "x-ghost-preview",
        "x_forwarded_user",
        "proxy-authorization",
        "www-authenticate",
        "authentication-info",
        "x-authorization",
        "x-accel-redirect",
        "x-sendfile",
        "ssl-client-s-dn",
    ];
    names.extend(others.map(str::to_owned));
    // `Host` has a meaning of its own, and a rule.
    names.retain(|name| name != "host");
    names.iter().map(|name| HeaderName::try_from(name).expect("a name")).collect()
}

#[tokio::test]
async fn az_09_five_thousand_header_names_change_nothing() {
    let world = World::peopled().await;
    world.publish(1).await;
    let reader = world.access_token("rhea").await;
    let names = header_names();
    assert!(names.len() >= 5_000, "{}", names.len());
    for (name, value) in names.iter().zip(VALUES.iter().cycle()) {
        let anonymous = request(Method::DELETE, "/news").header(name, *value);
        let answer = world.send(anonymous.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}: {value}");
    }
    // Fifteen at a time: an effect of one header shows in its group.
    for group in names.chunks(15) {
        for value in VALUES {
            let mut claiming = request(Method::DELETE, "/news");
            for name in group {
                claiming = claiming.header(name, value);
            }
            let claiming = claiming.header(AUTHORIZATION, format!("Bearer {reader}"));
            let answer = world.send(claiming.body(Body::empty()).expect("a request")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{group:?}: {value}");
        }
    }
    let left = world.get("/news").await.json();
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_api_key_is_never_authentication() {
    let world = World::peopled().await;
    let admin = world.access_token("ada").await;
    // A valid access token in the header of an API key is ignored, too.
    for key in ["0123456789abcdefghijABCDEFGHIJ0123456789", "admin", admin.as_str()] {
        for name in ["x-api-key", "x-apigateway-api-key-id", "api-key", "apikey"] {
            for (method, path) in [
                (Method::DELETE, "/news"),
                (Method::GET, "/auth/me"),
                (Method::GET, "/auth/verify?action=news:delete"),
                (Method::GET, "/auth/verify"),
            ] {
                let keyed = request(method.clone(), path).header(name, key);
                let answer = world.send(keyed.body(Body::empty()).expect("a request")).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name} {method} {path}");
            }
        }
        for path in ["/auth/me?api_key=", "/auth/me?apikey=", "/auth/me?access_token="] {
            let answer = world.get(&format!("{path}{key}")).await;
            assert_ne!(answer.status, StatusCode::OK, "{path}");
        }
    }
}

#[tokio::test]
async fn az_02_ids_in_the_query_and_the_body_are_ignored() {
    let world = World::peopled().await;
    world.publish(1).await;
    let reader = world.access_token("rhea").await;
    let sub = world.bearer(Method::GET, "/auth/me", &reader).await.json()["sub"].clone();
    let ask = async |method: Method, path: &str, content_type: &str, body: &str| {
        let request = request(method, path)
            .header(AUTHORIZATION, format!("Bearer {reader}"))
            .header(CONTENT_TYPE, content_type)
            .body(Body::from(body.to_owned()));
        world.send(request.expect("a request")).await
    };
    for query in [
        "",
        "?sub=ada",
        "?username=ada",
        "?user_id=ada&user_id=rhea",
        "?groups=admin",
        "?cognito%3Agroups=admin",
        "?role=admin",
        "?token_use=id",
    ] {
        for (content_type, body) in [
            ("application/json", r#"{"sub":"ada","username":"ada","groups":["admin"]}"#),
            ("application/x-www-form-urlencoded", "username=ada&groups=admin"),
            ("text/plain", "ada"),
        ] {
            let me = ask(Method::GET, &format!("/auth/me{query}"), content_type, body).await;
            assert_eq!((me.status, &me.json()["sub"]), (StatusCode::OK, &sub), "{query}");
            assert_eq!(me.json()["roles"].as_array().map(Vec::len), Some(0), "{query}");
            let refused = ask(Method::DELETE, &format!("/news{query}"), content_type, body).await;
            let is_refused =
                [StatusCode::FORBIDDEN, StatusCode::BAD_REQUEST].contains(&refused.status);
            assert!(is_refused, "{query}: {}", refused.status);
        }
    }
    let left = world.get("/news").await.json();
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1));
}
