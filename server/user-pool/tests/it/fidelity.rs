//! Answers that clients of Cognito depend on to the letter.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Response;
use crate::json_api::call;
use crate::sign_up::{administer, exception, newest_code, sign_up_confirmed};
use crate::test_pool::{CLI, PASSWORD, TestPool};

async fn send(pool: &TestPool, client: &str, operation: &str, mut body: Value) -> Response {
    body["ClientId"] = json!(client);
    call(pool, operation, &body.to_string()).await
}

fn assert_refused(response: &Response, name: &str, message: &str) {
    assert_eq!(exception(response), name, "{response:?}");
    assert_eq!(response.json()["message"], message);
    assert_eq!(response.header("x-amzn-errortype"), name);
    assert_eq!(response.header("x-amzn-requestid").len(), 36);
}

/// Creates a client and returns its id.
async fn create_client(pool: &TestPool, mut body: Value) -> String {
    body["ClientName"] = json!("App");
    body["ExplicitAuthFlows"] = json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]);
    let created = administer(pool, "CreateUserPoolClient", body).await.json();
    created["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned()
}

/// Returns the operations that name a user who need not be signed in.
fn attempts() -> Vec<(&'static str, Value)> {
    let parameters = json!({ "USERNAME": "nobody", "PASSWORD": PASSWORD, "SRP_A": "ab" });
    let initiate = |flow: &str| json!({ "AuthFlow": flow, "AuthParameters": parameters });
    let user = json!({
        "Username": "nobody", "ConfirmationCode": "123456", "Password": PASSWORD,
    });
    vec![
        ("InitiateAuth", initiate("USER_PASSWORD_AUTH")),
        ("InitiateAuth", initiate("USER_SRP_AUTH")),
        ("ForgotPassword", json!({ "Username": "nobody" })),
        ("ConfirmForgotPassword", user),
        ("ResendConfirmationCode", json!({ "Username": "nobody" })),
        ("ConfirmSignUp", json!({ "Username": "nobody", "ConfirmationCode": "123456" })),
    ]
}

#[tokio::test]
async fn a_client_chooses_whether_answers_tell_who_exists() {
    let pool = TestPool::new().await;
    for setting in [json!({}), json!({ "PreventUserExistenceErrors": "LEGACY" })] {
        let client = create_client(&pool, setting).await;
        for (operation, body) in attempts() {
            let message = if operation == "InitiateAuth" {
                "User does not exist."
            } else {
                "Username/client id combination not found."
            };
            let response = send(&pool, &client, operation, body).await;
            assert_refused(&response, "UserNotFoundException", message);
        }
    }
    let hiding = json!({ "PreventUserExistenceErrors": "ENABLED" });
    let client = create_client(&pool, hiding).await;
    for (operation, body) in attempts() {
        let response = send(&pool, &client, operation, body).await;
        assert!(!response.body.contains("UserNotFound"), "{operation}: {}", response.body);
    }
    // Clients of the configuration hide it.
    let forgotten = send(&pool, CLI, "ForgotPassword", json!({ "Username": "nobody" })).await;
    assert_eq!(forgotten.status, StatusCode::OK);
    let described = administer(&pool, "DescribeUserPoolClient", json!({ "ClientId": client }));
    let described = described.await.json();
    assert_eq!(described["UserPoolClient"]["PreventUserExistenceErrors"], "ENABLED");
    let invalid = json!({ "ClientName": "App", "PreventUserExistenceErrors": "MAYBE" });
    let refused = administer(&pool, "CreateUserPoolClient", invalid).await;
    assert_eq!(exception(&refused), "InvalidParameterException");
}

#[tokio::test]
async fn a_new_password_may_come_with_attributes() {
    let pool = TestPool::new().await;
    let invited = json!({
        "Username": "rhea", "TemporaryPassword": "temporary-1", "MessageAction": "SUPPRESS",
        "UserAttributes": [{ "Name": "email", "Value": "rhea@example.com" }],
    });
    assert_eq!(administer(&pool, "AdminCreateUser", invited).await.status, 200);
    let parameters = json!({ "USERNAME": "rhea", "PASSWORD": "temporary-1" });
    let initiate = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    let challenge = send(&pool, CLI, "InitiateAuth", initiate).await.json();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    assert_eq!(challenge["ChallengeParameters"]["requiredAttributes"], "[]");
    let known = challenge["ChallengeParameters"]["userAttributes"].as_str().unwrap();
    let known: Value = serde_json::from_str(known).unwrap();
    assert_eq!(known, json!({ "email": "rhea@example.com", "email_verified": "false" }));
    let respond = async |changes: Value| {
        let mut responses = json!({ "USERNAME": "rhea", "NEW_PASSWORD": PASSWORD });
        responses.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let body = json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
            "ChallengeResponses": responses,
        });
        send(&pool, CLI, "RespondToAuthChallenge", body).await
    };
    let taken = respond(json!({ "userAttributes.email": "other@example.com" })).await;
    assert_refused(&taken, "NotAuthorizedException", "Cannot modify an already provided email");
    let unknown = respond(json!({ "userAttributes.shoe_size": "42" })).await;
    assert_eq!(exception(&unknown), "InvalidParameterException");
    let verified = respond(json!({ "userAttributes.email_verified": "true" })).await;
    assert_eq!(exception(&verified), "NotAuthorizedException");
    let attributes =
        json!({ "userAttributes.given_name": "Rhea", "userAttributes.custom:plan": "gold" });
    let complete = respond(attributes.clone()).await.json();
    assert!(complete["AuthenticationResult"]["IdToken"].is_string(), "{complete}");
    let user = administer(&pool, "AdminGetUser", json!({ "Username": "rhea" })).await.json();
    assert_eq!(user["UserStatus"], "CONFIRMED");
    let listed = user["UserAttributes"].to_string();
    assert!(listed.contains("Rhea") && listed.contains("custom:plan"), "{listed}");
    let again = respond(attributes).await;
    assert_eq!(exception(&again), "NotAuthorizedException");
}

#[tokio::test]
async fn lists_of_users_show_custom_attributes() {
    let pool = TestPool::new().await;
    sign_up_confirmed(&pool, "rhea", "rhea@example.com").await;
    let list = async |names: Value| {
        let body = json!({ "AttributesToGet": names, "Filter": "username = \"rhea\"" });
        administer(&pool, "ListUsers", body).await
    };
    let all = administer(&pool, "ListUsers", json!({})).await.json()["Users"].to_string();
    assert!(all.contains(r#"{"Name":"custom:plan","Value":"gold"}"#), "{all}");
    let some = list(json!(["custom:plan", "sub"])).await.json();
    let some = some["Users"][0]["Attributes"].as_array().unwrap().clone();
    assert_eq!(some.len(), 2);
    assert_eq!(some[0], json!({ "Name": "custom:plan", "Value": "gold" }));
    let unknown = list(json!(["shoe_size"])).await;
    let message = "One or more requested attributes do not exist in user pool.";
    assert_refused(&unknown, "InvalidParameterException", message);
    let filtered = json!({ "Filter": "custom:plan = \"gold\"" });
    let filtered = administer(&pool, "ListUsers", filtered).await;
    assert_eq!(exception(&filtered), "InvalidParameterException");
}

#[tokio::test]
async fn a_revoked_refresh_token_is_refused_in_the_words_of_each_api() {
    let pool = TestPool::new().await;
    let parameters = json!({ "USERNAME": "admin", "PASSWORD": PASSWORD });
    let initiate = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    for by_sign_out in [false, true] {
        let tokens = send(&pool, CLI, "InitiateAuth", initiate.clone()).await.json();
        let tokens = tokens["AuthenticationResult"].clone();
        let refresh = tokens["RefreshToken"].clone();
        if by_sign_out {
            let body = json!({ "AccessToken": tokens["AccessToken"] }).to_string();
            assert_eq!(call(&pool, "GlobalSignOut", &body).await.status, StatusCode::OK);
        } else {
            let revoked = send(&pool, CLI, "RevokeToken", json!({ "Token": refresh })).await;
            assert_eq!(revoked.status, StatusCode::OK);
        }
        let message = "Refresh Token has been revoked";
        let parameters = json!({ "REFRESH_TOKEN": refresh });
        let body = json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters });
        let refused = send(&pool, CLI, "InitiateAuth", body).await;
        assert_refused(&refused, "NotAuthorizedException", message);
        let body = json!({ "RefreshToken": refresh });
        let refused = send(&pool, CLI, "GetTokensFromRefreshToken", body).await;
        assert_refused(&refused, "NotAuthorizedException", message);
        let oauth = pool.refresh(CLI, refresh.as_str().unwrap()).await;
        assert_eq!(oauth.status, StatusCode::BAD_REQUEST);
        assert_eq!(oauth.json()["error"], "invalid_grant");
        let body = json!({ "AccessToken": tokens["AccessToken"] }).to_string();
        let refused = call(&pool, "GetUser", &body).await;
        assert_refused(&refused, "NotAuthorizedException", "Access Token has been revoked");
    }
}

#[tokio::test]
async fn errors_of_the_protocol_are_those_of_aws() {
    let pool = TestPool::new().await;
    let unknown = call(&pool, "MakeCoffee", "{}").await;
    assert_eq!(exception(&unknown), "UnknownOperationException");
    assert!(unknown.json()["message"].as_str().unwrap().contains("MakeCoffee"));
    let missing = call(&pool, "InitiateAuth", "{}").await;
    let message = "2 validation errors detected: Value null at 'authFlow' failed to satisfy \
                   constraint: Member must not be null; Value null at 'clientId' failed to \
                   satisfy constraint: Member must not be null";
    assert_refused(&missing, "InvalidParameterException", message);
    let token = json!({ "Token": "a.b.c", "ClientId": CLI }).to_string();
    let access = call(&pool, "RevokeToken", &token).await;
    assert_eq!(exception(&access), "UnsupportedTokenTypeException");
    let get = pool.browser().send(Method::GET, "/oauth2/token", &[], String::new()).await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_confirmation_is_refused_in_cognitos_words() {
    let pool = TestPool::new().await;
    sign_up_confirmed(&pool, "rhea", "rhea@example.com").await;
    let user = json!({ "Username": "rhea", "ConfirmationCode": "123456" });
    let again = send(&pool, CLI, "ConfirmSignUp", user).await;
    let message = "User cannot be confirmed. Current status is CONFIRMED";
    assert_refused(&again, "NotAuthorizedException", message);
    let answer = send(&pool, CLI, "ResendConfirmationCode", json!({ "Username": "rhea" })).await;
    assert_refused(&answer, "InvalidParameterException", "User is already confirmed.");
    send(&pool, CLI, "ForgotPassword", json!({ "Username": "rhea" })).await;
    let code = newest_code(&pool).await;
    let wrong = if code.starts_with('1') { "222222" } else { "111111" };
    let reset =
        |code: &str| json!({ "Username": "rhea", "ConfirmationCode": code, "Password": PASSWORD });
    let refused = send(&pool, CLI, "ConfirmForgotPassword", reset(wrong)).await;
    let message = "Invalid verification code provided, please try again.";
    assert_refused(&refused, "CodeMismatchException", message);
    assert_eq!(send(&pool, CLI, "ConfirmForgotPassword", reset(&code)).await.status, 200);
    let refused = send(&pool, CLI, "ConfirmForgotPassword", reset(&code)).await;
    let message = "Invalid code provided, please request a code again.";
    assert_refused(&refused, "ExpiredCodeException", message);
}
