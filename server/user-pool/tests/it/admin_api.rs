//! The Admin operations, with requests signed by AWS's own library.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Response;
use crate::test_pool::{ISSUER, NOW, ORIGIN, PASSWORD, TestPool, WEB, administrator, authorize};

pub(crate) struct Call<'a> {
    operation: &'a str,
    body: String,
    key: (&'a str, &'a str),
    signed_at: i64,
    service: &'a str,
}

fn call<'a>(operation: &'a str, username: &str) -> Call<'a> {
    let body =
        json!({ "UserPoolId": "local_gazette", "Username": username, "GroupName": "editor" });
    call_with(operation, &body)
}

/// A call that the administrator signs now.
pub(crate) fn call_with<'a>(operation: &'a str, body: &Value) -> Call<'a> {
    let key = ("AKIDEXAMPLE", "an-example-of-a-secret");
    Call { operation, body: body.to_string(), key, signed_at: NOW, service: "cognito-idp" }
}

impl Call<'_> {
    /// Signs at another time.
    pub(crate) fn at(self, signed_at: i64) -> Self {
        Self { signed_at, ..self }
    }

    fn headers(&self) -> Vec<(String, String)> {
        let target = format!("AWSCognitoIdentityProviderService.{}", self.operation);
        let mut headers = vec![
            ("content-type".to_owned(), "application/x-amz-json-1.1".to_owned()),
            ("host".to_owned(), ORIGIN.trim_start_matches("http://").to_owned()),
            ("x-amz-target".to_owned(), target),
        ];
        let identity = Credentials::new(self.key.0, self.key.1, None, None, "test").into();
        let seconds = Duration::from_secs(self.signed_at.unsigned_abs());
        let params = SigningParams::builder()
            .identity(&identity)
            .region("eu-central-1")
            .name(self.service)
            .time(SystemTime::UNIX_EPOCH + seconds)
            .settings(SigningSettings::default())
            .build()
            .unwrap();
        let named = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let body = SignableBody::Bytes(self.body.as_bytes());
        let request = SignableRequest::new("POST", format!("{ORIGIN}/"), named, body).unwrap();
        let (instructions, _) = sign(request, &params.into()).unwrap().into_parts();
        let added = instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
        headers.extend(added.collect::<Vec<_>>());
        headers
    }

    pub(crate) async fn send(&self, pool: &TestPool) -> Response {
        send(pool, &self.headers(), &self.body).await
    }
}

async fn send(pool: &TestPool, headers: &[(String, String)], body: &str) -> Response {
    let headers: Vec<_> = headers.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    pool.browser().send(Method::POST, "/", &headers, body.to_owned()).await
}

async fn groups(pool: &TestPool) -> Vec<String> {
    pool.directory().find_user("admin").await.unwrap().unwrap().groups
}

#[tokio::test]
async fn an_administrator_changes_groups_and_disables_users() {
    let pool = TestPool::new().await;
    assert_eq!(ISSUER, pool.user_pool.issuer());
    let tokens = pool.tokens().await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let (mut browser, _) = pool.sign_in_admin().await;
    let missing = call("AdminAddUserToGroup", "Admin").send(&pool).await.json();
    assert_eq!(missing["__type"], "ResourceNotFoundException");
    call("CreateGroup", "").send(&pool).await;
    let add = call("AdminAddUserToGroup", "Admin").send(&pool).await;
    assert_eq!((add.status, add.body.as_str()), (StatusCode::OK, "{}"));
    assert_eq!(groups(&pool).await, ["admin", "editor"]);
    let listed = call("AdminListGroupsForUser", "admin").send(&pool).await.json();
    assert_eq!(listed["Groups"][1]["GroupName"], "editor");
    call("AdminRemoveUserFromGroup", "admin").send(&pool).await;
    assert_eq!(groups(&pool).await, ["admin"]);

    call("AdminDisableUser", "admin").send(&pool).await;
    assert_eq!(pool.refresh(WEB, refresh).await.json()["error"], "invalid_grant");
    let response = crate::json_api::by_password(&pool, "gazettecli", "admin", PASSWORD).await;
    assert_eq!(response.json()["message"], "User is disabled.");
    call("AdminEnableUser", "admin").send(&pool).await;
    // What was revoked stays so.
    assert_eq!(pool.refresh(WEB, refresh).await.json()["error"], "invalid_grant");
    let info = [("authorization", bearer.as_str())];
    let info = browser.send(Method::GET, "/oauth2/userInfo", &info, String::new()).await;
    assert_eq!(info.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get(&authorize(&[])).await.location().path(), "/login");
    let tokens = pool.tokens().await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(pool.refresh(WEB, refresh).await.status, StatusCode::OK);
    call("AdminUserGlobalSignOut", "admin").send(&pool).await;
    assert_eq!(pool.refresh(WEB, refresh).await.json()["error"], "invalid_grant");
    let unknown = call("AdminEnableUser", "unknown").send(&pool).await;
    assert_eq!(unknown.json()["__type"], "UserNotFoundException");
}

#[tokio::test]
async fn a_request_without_a_recent_valid_signature_changes_nothing() {
    let pool = TestPool::new().await;
    let good = || call("AdminAddUserToGroup", "admin");
    let secret = administrator().secret;
    for (bad, kind) in [
        (Call { key: ("AKIDOTHER", &secret), ..good() }, "UnrecognizedClientException"),
        (Call { key: ("AKIDEXAMPLE", "another secret"), ..good() }, "InvalidSignatureException"),
        (Call { signed_at: NOW - 301, ..good() }, "InvalidSignatureException"),
        (Call { signed_at: NOW + 301, ..good() }, "InvalidSignatureException"),
        (Call { service: "dynamodb", ..good() }, "InvalidSignatureException"),
    ] {
        let response = bad.send(&pool).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert_eq!(response.json()["__type"], kind);
    }
    let unsigned = [
        ("content-type".to_owned(), "application/x-amz-json-1.1".to_owned()),
        ("x-amz-target".to_owned(), good().headers()[2].1.clone()),
    ];
    let response = send(&pool, &unsigned, &good().body).await;
    assert_eq!(response.json()["__type"], "MissingAuthenticationTokenException");
    let other = send(&pool, &good().headers(), &good().body.replace("editor", "owner")).await;
    assert_eq!(other.json()["__type"], "InvalidSignatureException", "another body");
    let mut other = good().headers();
    other[2].1 = "AWSCognitoIdentityProviderService.AdminDisableUser".to_owned();
    let other = send(&pool, &other, &good().body).await;
    assert_eq!(other.json()["__type"], "InvalidSignatureException", "another operation");
    assert_eq!(groups(&pool).await, ["admin"]);
}
