//! Replacing the signing keys.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::test_pool::TestPool;

const PATH: &str = "/_pool/rotate-keys";
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

/// Returns a pool whose keys are its own.
async fn pool() -> (TestPool, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (TestPool::with_keys(folder.path().to_owned()).await, folder)
}

async fn published(pool: &TestPool) -> BTreeSet<String> {
    let jwks = pool.browser().get("/local_gazette/.well-known/jwks.json").await.json();
    let keys = jwks["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn rotate(pool: &TestPool) -> Value {
    let response = pool.browser().send(Method::POST, PATH, &JSON, "{}".to_owned()).await;
    assert_eq!(response.status, StatusCode::OK, "{response:?}");
    response.json()
}

fn kid(token: &Value) -> String {
    let header = token.as_str().unwrap().split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn pool_08_old_keys_stay_published_while_their_tokens_live() {
    let (pool, _folder) = pool().await;
    let (before, old) = (pool.tokens().await, published(&pool).await);
    let jwks = rotate(&pool).await;
    assert_eq!(jwks["keys"].as_array().unwrap().len(), 4);
    let (after, both) = (pool.tokens().await, published(&pool).await);
    assert!(both.is_superset(&old) && both.len() == 4, "{both:?}");
    for token in ["id_token", "access_token"] {
        assert!(old.contains(&kid(&before[token])), "{token}");
        assert!(!old.contains(&kid(&after[token])) && both.contains(&kid(&after[token])));
        assert_ne!(kid(&after["id_token"]), kid(&after["access_token"]));
    }
    // The pool itself accepts both.
    for tokens in [&before, &after] {
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str())];
        let mut browser = pool.browser();
        let response = browser.send(Method::GET, "/oauth2/userInfo", &headers, String::new()).await;
        assert_eq!(response.status, StatusCode::OK);
    }
    pool.advance(24 * 60 * 60 - 1);
    assert_eq!(published(&pool).await, both);
    pool.advance(1);
    let left = published(&pool).await;
    assert_eq!(left, both.difference(&old).cloned().collect());
}

#[tokio::test]
async fn pool_08_replaced_keys_survive_a_restart() {
    let (pool, folder) = pool().await;
    let token = pool.tokens().await["access_token"].clone();
    rotate(&pool).await;
    rotate(&pool).await;
    let keys = published(&pool).await;
    assert_eq!(keys.len(), 6);
    let again = TestPool::with_keys(folder.path().to_owned()).await;
    assert_eq!(published(&again).await, keys);
    assert!(keys.contains(&kid(&token)));
    for file in std::fs::read_dir(folder.path()).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
        if file.file_name() == "retired-keys.json" {
            let content = std::fs::read_to_string(file.path()).unwrap();
            for member in ["\"d\"", "\"p\"", "\"q\"", "PRIVATE"] {
                assert!(!content.contains(member), "no private part: {member}");
            }
        }
    }
}

#[tokio::test]
async fn pool_08_another_site_cannot_replace_the_keys() {
    let (pool, _folder) = pool().await;
    let keys = published(&pool).await;
    let mut browser = pool.browser();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for (headers, body, status) in [
        (&[][..], "{}", 415),
        (&[("origin", "https://evil.example")][..], "", 415),
        (&[("sec-fetch-site", "cross-site")][..], "", 415),
        (&[("content-type", "text/plain")][..], "{}", 415),
        (&[("content-type", "multipart/form-data; boundary=x")][..], "", 415),
        (&form[..], "", 400),
        (&form[..], "_csrf=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 400),
    ] {
        let response = browser.send(Method::POST, PATH, headers, body.to_owned()).await;
        assert_eq!(response.status.as_u16(), status, "{headers:?} {body}");
    }
    assert_eq!(browser.get(PATH).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let headers = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
    let preflight = browser.send(Method::OPTIONS, PATH, &headers, String::new()).await;
    assert!(!preflight.headers.contains_key("access-control-allow-origin"));
    let foreign = [("content-type", "application/json"), ("host", "evil.example")];
    let response = browser.send(Method::POST, PATH, &foreign, "{}".to_owned()).await;
    assert_eq!(response.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(published(&pool).await, keys);
    // A program needs no body.
    let bare = browser.send(Method::POST, PATH, &[], String::new()).await;
    assert_eq!(bare.status, StatusCode::OK);
    assert_eq!(published(&pool).await.len(), 4);
}

#[tokio::test]
async fn the_home_page_has_a_button() {
    let (pool, _folder) = pool().await;
    let mut browser = pool.browser();
    let page = browser.get("/_pool/").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["http://localhost:4000/local_gazette", "gazetteweb", "admin@example.com"] {
        assert!(page.body.contains(part), "{part}");
    }
    let csrf = page.body.split("name=\"_csrf\" value=\"").nth(1).unwrap();
    let csrf = csrf.split('"').next().unwrap().to_owned();
    let response = browser.post_form(PATH, &[("_csrf", &csrf)]).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    let page = browser.get(response.header("location")).await;
    assert!(page.body.contains("New keys sign all tokens"), "{}", page.body);
    assert_eq!(published(&pool).await.len(), 4);
}

#[tokio::test]
async fn pool_08_rotations_have_a_limit() {
    let (pool, folder) = pool().await;
    rotate(&pool).await;
    let file = folder.path().join("retired-keys.json");
    let mut stored: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let keys = vec![stored["keys"].as_array().unwrap().clone(); 20].concat();
    assert_eq!(keys.len(), 40);
    stored["keys"] = Value::Array(keys);
    std::fs::write(&file, stored.to_string()).unwrap();
    let pool = TestPool::with_keys(folder.path().to_owned()).await;
    let response = pool.browser().send(Method::POST, PATH, &JSON, String::new()).await;
    assert_eq!(response.status, StatusCode::TOO_MANY_REQUESTS);
    let message = response.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("try again later"), "{message}");
    pool.advance(24 * 60 * 60);
    assert_eq!(rotate(&pool).await["keys"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn pool_07_the_salt_of_an_unknown_user_outlives_a_rotation() {
    let (pool, folder) = pool().await;
    let salt = async |pool: &TestPool| {
        let input = json!({
            "AuthFlow": "USER_SRP_AUTH", "ClientId": crate::test_pool::SRP,
            "AuthParameters": { "USERNAME": "nobody", "SRP_A": "ab".repeat(100) },
        });
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth"),
        ];
        let mut browser = pool.browser();
        let response = browser.send(Method::POST, "/", &headers, input.to_string()).await.json();
        response["ChallengeParameters"]["SALT"].as_str().unwrap().to_owned()
    };
    // Asked elsewhere, so that the rotation is the first in this process to need the secret behind it.
    let before = salt(&TestPool::with_keys(folder.path().to_owned()).await).await;
    rotate(&pool).await;
    assert_eq!(salt(&pool).await, before);
    rotate(&pool).await;
    assert_eq!(salt(&pool).await, before);
    let again = TestPool::with_keys(folder.path().to_owned()).await;
    assert_eq!(salt(&again).await, before);
}
