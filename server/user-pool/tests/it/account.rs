//! Operations of users on their own accounts, and of administrators on others.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::browser::Response;
use crate::json_api::{by_password, call};
use crate::sign_up::{
    administer, exception, newest_code, outbox, send, sign_up, sign_up_confirmed,
};
use crate::test_pool::{CLI, PASSWORD, ROTATING, TestPool};

const OWN: &str = "a password of my own";

async fn sign_in(pool: &TestPool, name: &str, password: &str) -> Value {
    let response = by_password(pool, CLI, name, password).await;
    assert_eq!(response.status, StatusCode::OK, "{response:?}");
    response.json()["AuthenticationResult"].take()
}

async fn with_token(pool: &TestPool, operation: &str, token: &Value, mut body: Value) -> Response {
    body["AccessToken"] = token.clone();
    call(pool, operation, &body.to_string()).await
}

fn message(response: &Response) -> String {
    exception(response);
    response.json()["message"].as_str().unwrap().to_owned()
}

async fn ok(pool: &TestPool, operation: &str, body: Value) -> Value {
    let response = administer(pool, operation, body).await;
    assert_eq!(response.status, StatusCode::OK, "{operation}: {response:?}");
    response.json()
}

#[tokio::test]
async fn a_user_reads_and_changes_attributes() {
    let pool = TestPool::new().await;
    sign_up_confirmed(&pool, "rhea", "rhea@example.com").await;
    let tokens = sign_in(&pool, "rhea", PASSWORD).await;
    let token = &tokens["AccessToken"];
    let payload = tokens["IdToken"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!((&claims["name"], &claims["custom:plan"]), (&json!("Rhea Reader"), &json!("gold")));
    assert_eq!(claims["email_verified"], true);

    let changes = json!({ "UserAttributes": [
        { "Name": "email", "Value": "new@example.com" },
        { "Name": "custom:plan", "Value": "silver" },
    ] });
    let updated = with_token(&pool, "UpdateUserAttributes", token, changes).await.json();
    assert_eq!(updated["CodeDeliveryDetailsList"][0]["Destination"], "n***@e***");
    let user = with_token(&pool, "GetUser", token, json!({})).await.json();
    assert_eq!(user["Username"], "rhea");
    let attributes = user["UserAttributes"].as_array().unwrap();
    for expected in [
        ("email", "new@example.com"),
        ("email_verified", "false"),
        ("custom:plan", "silver"),
        ("name", "Rhea Reader"),
    ] {
        let expected = json!({ "Name": expected.0, "Value": expected.1 });
        assert!(attributes.contains(&expected), "{expected}: {attributes:?}");
    }
    let by_address = by_password(&pool, CLI, "new@example.com", PASSWORD).await;
    assert_eq!(message(&by_address), "Incorrect username or password.", "not verified");
    let verify = json!({ "AttributeName": "email", "Code": newest_code(&pool).await });
    let verified = with_token(&pool, "VerifyUserAttribute", token, verify).await;
    assert_eq!((verified.status, verified.body.as_str()), (StatusCode::OK, "{}"));
    sign_in(&pool, "new@example.com", PASSWORD).await;
    let old = by_password(&pool, CLI, "rhea@example.com", PASSWORD).await;
    assert_eq!(exception(&old), "NotAuthorizedException");

    let names = json!({ "UserAttributeNames": ["custom:plan"] });
    with_token(&pool, "DeleteUserAttributes", token, names).await;
    let user = with_token(&pool, "GetUser", token, json!({})).await;
    assert!(!user.body.contains("custom:plan"));
    for (name, kind) in [
        ("sub", "InvalidParameterException"),
        ("shoe_size", "InvalidParameterException"),
        ("email_verified", "NotAuthorizedException"),
    ] {
        let body = json!({ "UserAttributes": [{ "Name": name, "Value": "true" }] });
        let refused = with_token(&pool, "UpdateUserAttributes", token, body).await;
        assert_eq!(exception(&refused), kind, "{name}");
    }
}

#[tokio::test]
async fn pool_06_a_changed_password_ends_other_sign_ins_only() {
    let pool = TestPool::new().await;
    let (here, there) =
        (sign_in(&pool, "admin", PASSWORD).await, sign_in(&pool, "admin", PASSWORD).await);
    let change =
        |present: &str, new: &str| json!({ "PreviousPassword": present, "ProposedPassword": new });
    let token = &here["AccessToken"];
    let wrong = with_token(&pool, "ChangePassword", token, change("wrong horse", OWN)).await;
    assert_eq!(message(&wrong), "Incorrect username or password.");
    let short = with_token(&pool, "ChangePassword", token, change(PASSWORD, "1234567")).await;
    assert_eq!(exception(&short), "InvalidPasswordException");
    let changed = with_token(&pool, "ChangePassword", token, change(PASSWORD, OWN)).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    assert_eq!(with_token(&pool, "GetUser", token, json!({})).await.status, StatusCode::OK);
    let refresh = |tokens: &Value| json!({ "RefreshToken": tokens["RefreshToken"] });
    let kept = send(&pool, "GetTokensFromRefreshToken", refresh(&here)).await;
    assert_eq!(kept.status, StatusCode::OK, "{kept:?}");
    let ended = send(&pool, "GetTokensFromRefreshToken", refresh(&there)).await;
    assert_eq!(message(&ended), "Refresh Token has been revoked");
    let ended = with_token(&pool, "GetUser", &there["AccessToken"], json!({})).await;
    assert_eq!(message(&ended), "Access Token has been revoked");
    sign_in(&pool, "admin", OWN).await;
}

#[tokio::test]
async fn tokens_are_refused_for_a_reason() {
    let pool = TestPool::new().await;
    let tokens = sign_in(&pool, "admin", PASSWORD).await;
    let token = &tokens["AccessToken"];
    let get = async |token: &Value| with_token(&pool, "GetUser", token, json!({})).await;
    assert_eq!(message(&get(&json!("a.b.c")).await), "Invalid Access Token");
    assert_eq!(message(&get(&tokens["IdToken"]).await), "Invalid Access Token");
    let web = pool.tokens().await;
    let scopes = "Access Token does not have required scopes";
    assert_eq!(message(&get(&web["access_token"]).await), scopes);
    let revoke = |token: &Value| json!({ "Token": token });
    let refused = send(&pool, "RevokeToken", revoke(token)).await;
    assert_eq!(exception(&refused), "UnsupportedTokenTypeException");
    assert_eq!(send(&pool, "RevokeToken", revoke(&tokens["RefreshToken"])).await.body, "{}");
    assert_eq!(message(&get(token).await), "Access Token has been revoked");

    let tokens = sign_in(&pool, "admin", PASSWORD).await;
    pool.advance(60 * 60);
    assert_eq!(message(&get(&tokens["AccessToken"]).await), "Access Token has expired");
    let tokens = sign_in(&pool, "admin", PASSWORD).await;
    with_token(&pool, "GlobalSignOut", &tokens["AccessToken"], json!({})).await;
    assert_eq!(message(&get(&tokens["AccessToken"]).await), "Access Token has been revoked");
    let body = json!({ "RefreshToken": tokens["RefreshToken"] });
    let refused = send(&pool, "GetTokensFromRefreshToken", body).await;
    assert_eq!(message(&refused), "Refresh Token has been revoked");
}

#[tokio::test]
async fn rotation_gives_a_new_refresh_token_and_refuses_the_old_one() {
    let pool = TestPool::new().await;
    let tokens = pool.tokens_for(ROTATING).await;
    let refresh = async |token: &Value| {
        let body = json!({ "ClientId": ROTATING, "RefreshToken": token });
        call(&pool, "GetTokensFromRefreshToken", &body.to_string()).await
    };
    let first = &tokens["refresh_token"];
    let second = refresh(first).await.json()["AuthenticationResult"]["RefreshToken"].take();
    assert!(second.is_string() && second != *first);
    pool.advance(61);
    assert_eq!(exception(&refresh(first).await), "RefreshTokenReuseException");
    assert_eq!(message(&refresh(&second).await), "Refresh Token has been revoked");
}

#[tokio::test]
async fn administrators_create_change_reset_and_delete_users() {
    let pool = TestPool::new().await;
    let name = |name: &str| json!({ "Username": name });
    let created = ok(
        &pool,
        "AdminCreateUser",
        json!({
            "Username": "rhea",
            "UserAttributes": [
                { "Name": "email", "Value": "rhea@example.com" },
                { "Name": "email_verified", "Value": "true" },
            ],
        }),
    )
    .await;
    assert_eq!(created["User"]["UserStatus"], "FORCE_CHANGE_PASSWORD");
    let invitation = outbox(&pool).await.remove(0);
    assert_eq!(
        (&invitation["type"], &invitation["to"]),
        (&json!("invitation"), &json!("rhea@example.com"))
    );
    let temporary = invitation["code"].as_str().unwrap();
    let challenge = by_password(&pool, CLI, "rhea", temporary).await.json();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");

    let set = |permanent: bool| json!({ "Username": "rhea", "Password": PASSWORD, "Permanent": permanent });
    ok(&pool, "AdminSetUserPassword", set(false)).await;
    let user = ok(&pool, "AdminGetUser", name("rhea")).await;
    assert_eq!(user["UserStatus"], "FORCE_CHANGE_PASSWORD");
    ok(&pool, "AdminSetUserPassword", set(true)).await;
    sign_in(&pool, "rhea", PASSWORD).await;
    let initiated = ok(
        &pool,
        "AdminInitiateAuth",
        json!({
            "ClientId": CLI, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": "rhea", "PASSWORD": PASSWORD },
        }),
    )
    .await;
    assert!(initiated["AuthenticationResult"]["AccessToken"].is_string());

    ok(
        &pool,
        "AdminUpdateUserAttributes",
        json!({
            "Username": "rhea", "UserAttributes": [{ "Name": "nickname", "Value": "Rh" }],
        }),
    )
    .await;
    let found = ok(
        &pool,
        "ListUsers",
        json!({
            "Filter": "email = \"rhea@example.com\"", "AttributesToGet": ["nickname"],
        }),
    )
    .await;
    let attributes = json!([{ "Name": "nickname", "Value": "Rh" }]);
    assert_eq!(found["Users"][0]["Attributes"], attributes);

    ok(&pool, "AdminResetUserPassword", name("rhea")).await;
    let refused = by_password(&pool, CLI, "rhea", PASSWORD).await;
    assert_eq!(exception(&refused), "PasswordResetRequiredException");
    let code = newest_code(&pool).await;
    let body = json!({ "Username": "rhea", "ConfirmationCode": code, "Password": OWN });
    assert_eq!(send(&pool, "ConfirmForgotPassword", body).await.status, StatusCode::OK);
    let tokens = sign_in(&pool, "rhea", OWN).await;

    ok(&pool, "AdminDeleteUser", name("rhea")).await;
    let gone = with_token(&pool, "GetUser", &tokens["AccessToken"], json!({})).await;
    assert_eq!(message(&gone), "Access Token has been revoked");
    let gone = administer(&pool, "AdminGetUser", name("rhea")).await;
    assert_eq!(exception(&gone), "UserNotFoundException");
    sign_up_confirmed(&pool, "rhea", "rhea@example.com").await;
    let tokens = sign_in(&pool, "rhea@example.com", PASSWORD).await;
    let deleted = with_token(&pool, "DeleteUser", &tokens["AccessToken"], json!({})).await;
    assert_eq!(deleted.status, StatusCode::OK);
}

#[tokio::test]
async fn groups_have_details_and_members_leave_a_deleted_one() {
    let pool = TestPool::new().await;
    let group = ok(
        &pool,
        "CreateGroup",
        json!({
            "GroupName": "staff", "Description": "Everyone", "Precedence": 3,
        }),
    )
    .await["Group"]
        .take();
    assert_eq!((&group["Precedence"], &group["UserPoolId"]), (&json!(3), &json!("local_gazette")));
    let again = administer(&pool, "CreateGroup", json!({ "GroupName": "staff" })).await;
    assert_eq!(exception(&again), "GroupExistsException");
    ok(&pool, "CreateGroup", json!({ "GroupName": "admin" })).await;
    let again = administer(&pool, "CreateGroup", json!({ "GroupName": "admin" })).await;
    assert_eq!(exception(&again), "GroupExistsException", "that of a user can be created once");
    ok(&pool, "UpdateGroup", json!({ "GroupName": "staff", "Description": "Some" })).await;
    let group = ok(&pool, "GetGroup", json!({ "GroupName": "staff" })).await["Group"].take();
    assert_eq!((&group["Precedence"], &group["Description"]), (&json!(3), &json!("Some")));
    ok(&pool, "AdminAddUserToGroup", json!({ "Username": "admin", "GroupName": "staff" })).await;
    let first = ok(&pool, "ListGroups", json!({ "Limit": 1 })).await;
    assert_eq!(first["Groups"][0]["GroupName"], "admin");
    let next = json!({ "NextToken": first["NextToken"] });
    let second = ok(&pool, "ListGroups", next).await;
    assert_eq!(second["Groups"][0]["GroupName"], "staff");
    assert!(second["NextToken"].is_null());
    let of_user = json!({ "Username": "admin", "Limit": 1 });
    let of_user = ok(&pool, "AdminListGroupsForUser", of_user).await;
    assert_eq!(of_user["Groups"].as_array().unwrap().len(), 1);
    ok(&pool, "DeleteGroup", json!({ "GroupName": "staff" })).await;
    let groups = ok(&pool, "AdminListGroupsForUser", json!({ "Username": "admin" })).await;
    assert_eq!(groups["Groups"].as_array().unwrap().len(), 1);
    for operation in ["GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersInGroup"] {
        let answer = administer(&pool, operation, json!({ "GroupName": "staff" })).await;
        assert_eq!(exception(&answer), "ResourceNotFoundException", "{operation}");
    }
}

#[tokio::test]
async fn the_pool_describes_itself() {
    let pool = TestPool::new().await;
    let described = ok(&pool, "DescribeUserPool", json!({})).await["UserPool"].take();
    assert_eq!(described["Id"], "local_gazette");
    assert_eq!(described["Policies"]["PasswordPolicy"]["MinimumLength"], 8);
    let pools = ok(&pool, "ListUserPools", json!({ "MaxResults": 10 })).await;
    assert_eq!(pools["UserPools"][0]["Id"], "local_gazette");
    let mfa = ok(&pool, "GetUserPoolMfaConfig", json!({})).await;
    assert_eq!(mfa["MfaConfiguration"], "OPTIONAL");
}

#[tokio::test]
async fn pool_01_a_web_page_needs_the_key_of_the_administrator() {
    let pool = TestPool::lenient().await;
    let target = "AWSCognitoIdentityProviderService.AdminAddUserToGroup";
    let anyone = "AWS4-HMAC-SHA256 Credential=anyone/20270115/us-east-1/cognito-idp/aws4_request, \
                  SignedHeaders=host;x-amz-date;x-amz-target, Signature=00";
    let body = json!({
        "UserPoolId": "local_gazette", "Username": "admin", "GroupName": "admin",
    });
    let attempt = async |more: &[(&str, &str)]| {
        let mut headers =
            vec![("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target)];
        headers.extend(more);
        pool.browser().send(Method::POST, "/", &headers, body.to_string()).await
    };
    let signed = ("authorization", anyone);
    assert_eq!(attempt(&[signed]).await.status, StatusCode::OK, "a program");
    let unsigned = attempt(&[]).await;
    assert_eq!(exception(&unsigned), "MissingAuthenticationTokenException");
    for from_page in [("origin", "http://localhost:5173"), ("sec-fetch-site", "same-site")] {
        let refused = attempt(&[signed, from_page]).await;
        assert_eq!(exception(&refused), "UnrecognizedClientException", "{from_page:?}");
    }
    let key = administer(&pool, "AdminGetUser", json!({ "Username": "admin" })).await;
    assert_eq!(key.status, StatusCode::OK, "the real key works, too");
}

#[tokio::test]
async fn a_permanent_password_confirms_a_sign_up_but_a_forgotten_one_does_not() {
    let pool = TestPool::new().await;
    sign_up(&pool, "rhea", "rhea@example.com").await;
    let verified = json!([{ "Name": "email_verified", "Value": "true" }]);
    let body = json!({ "Username": "rhea", "UserAttributes": verified });
    ok(&pool, "AdminUpdateUserAttributes", body).await;
    send(&pool, "ForgotPassword", json!({ "Username": "rhea" })).await;
    let code = newest_code(&pool).await;
    let body = json!({ "Username": "rhea", "ConfirmationCode": code, "Password": OWN });
    assert_eq!(send(&pool, "ConfirmForgotPassword", body).await.status, StatusCode::OK);
    let refused = by_password(&pool, CLI, "rhea", OWN).await;
    assert_eq!(exception(&refused), "UserNotConfirmedException");

    let set = json!({ "Username": "rhea", "Password": PASSWORD, "Permanent": true });
    ok(&pool, "AdminSetUserPassword", set).await;
    let user = ok(&pool, "AdminGetUser", json!({ "Username": "rhea" })).await;
    assert_eq!(user["UserStatus"], "CONFIRMED");
    sign_in(&pool, "rhea", PASSWORD).await;
    sign_in(&pool, "rhea@example.com", PASSWORD).await;
}

#[tokio::test]
async fn pool_07_a_password_is_changed_at_most_five_times_an_hour() {
    let pool = TestPool::new().await;
    let change = async |token: &Value, present: &str| {
        let body = json!({ "PreviousPassword": present, "ProposedPassword": PASSWORD });
        with_token(&pool, "ChangePassword", token, body).await
    };
    let tokens = sign_in(&pool, "admin", PASSWORD).await;
    let token = &tokens["AccessToken"];
    for present in [PASSWORD, "wrong horse battery", PASSWORD, PASSWORD, PASSWORD] {
        let answer = change(token, present).await;
        assert_eq!(answer.status == StatusCode::OK, present == PASSWORD, "{answer:?}");
    }
    let limited = change(token, PASSWORD).await;
    assert_eq!(exception(&limited), "LimitExceededException");
    assert_eq!(message(&limited), "Attempt limit exceeded, please try after some time.");
    pool.advance(60 * 60);
    let tokens = sign_in(&pool, "admin", PASSWORD).await;
    assert_eq!(change(&tokens["AccessToken"], PASSWORD).await.status, StatusCode::OK);
}
