//! Users that an administrator lists and invites, and their temporary passwords.

use aws_lc_rs::hmac;
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gazette_user_pool::NewUser;
use serde_json::{Value, json};

use crate::admin_api::call_with;
use crate::browser::Response;
use crate::hosted_ui::submit;
use crate::json_api::{by_password, call};
use crate::sign_up::outbox;
use crate::test_pool::{CLI, CONFIDENTIAL, PASSWORD, SECRET, TestPool, WEB, admin, authorize};
use crate::token_shapes::claims;

const TEMPORARY: &str = "temporary-1";
const OWN: &str = "a password of my own";
const WEEK: i64 = 7 * 24 * 60 * 60;

async fn send(pool: &TestPool, operation: &str, mut body: Value) -> Response {
    body["UserPoolId"] = json!("local_gazette");
    call_with(operation, &body).at(pool.clock.clock()()).send(pool).await
}

async fn invite(pool: &TestPool, name: &str, changes: Value) -> Response {
    let mut body = json!({
        "Username": name,
        "TemporaryPassword": TEMPORARY,
        "UserAttributes": [{ "Name": "email", "Value": "rhea@example.com" }],
        "MessageAction": "SUPPRESS",
    });
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    send(pool, "AdminCreateUser", body).await
}

fn names(response: &Response) -> Vec<String> {
    let users = response.json()["Users"].as_array().unwrap().clone();
    users.iter().map(|user| user["Username"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_invited_user_chooses_a_password_at_the_first_sign_in() {
    let pool = TestPool::new().await;
    let invited = invite(&pool, "Rhea", json!({})).await.json();
    assert_eq!(invited["User"]["UserStatus"], "FORCE_CHANGE_PASSWORD");
    assert_eq!(invited["User"]["Enabled"], true);
    let mut browser = pool.browser();
    let login = browser.get(&authorize(&[])).await.location();
    let form = browser.sign_in(login.as_str(), "rhea", TEMPORARY).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.body.contains("Choose a password") && !form.body.contains(TEMPORARY));
    let (action, session) = (form.form_action(), form.field("session"));
    let csrf = form.field("_csrf");
    let mut answers = Vec::new();
    for (new, again) in [(OWN, "another"), ("short", "short"), (OWN, OWN), (OWN, OWN)] {
        let fields = [
            ("_csrf", csrf.as_str()),
            ("session", session.as_str()),
            ("username", "Rhea"),
            ("new_password", new),
            ("confirm_password", again),
        ];
        answers.push(browser.post_form(&action, &fields).await);
    }
    assert!(answers[0].body.contains("The two passwords differ."), "{:?}", answers[0]);
    assert!(answers[1].body.contains("8 to 256 characters"), "{:?}", answers[1]);
    assert!(answers[2].redirect_parameter("code").is_some());
    assert!(answers[3].body.contains("This took too long"), "used once: {:?}", answers[3]);
    assert_eq!(by_password(&pool, CLI, "rhea", TEMPORARY).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(by_password(&pool, CLI, "rhea", OWN).await.status, StatusCode::OK);
    let user = send(&pool, "AdminGetUser", json!({ "Username": "RHEA" })).await.json();
    assert_eq!((&user["UserStatus"], &user["Username"]), (&json!("CONFIRMED"), &json!("Rhea")));
    assert_eq!(user["UserAttributes"][0], json!({ "Name": "email", "Value": "rhea@example.com" }));
}

#[tokio::test]
async fn a_temporary_password_gives_programs_a_challenge_and_no_token() {
    let pool = TestPool::new().await;
    invite(&pool, "rhea", json!({})).await;
    let challenge = by_password(&pool, CLI, "rhea", TEMPORARY).await.json();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    assert!(challenge["AuthenticationResult"].is_null());
    let respond = |session: Value, client: &str| {
        let body = json!({
            "ClientId": client,
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": session,
            "ChallengeResponses": { "USERNAME": "rhea", "NEW_PASSWORD": OWN },
        });
        body.to_string()
    };
    let session = challenge["Session"].clone();
    for (session, client) in [(json!("x"), CLI), (session.clone(), WEB)] {
        let body = respond(session, client);
        let answer = call(&pool, "RespondToAuthChallenge", &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    }
    let body = respond(session, CLI);
    let tokens = call(&pool, "RespondToAuthChallenge", &body).await.json();
    assert!(tokens["AuthenticationResult"]["AccessToken"].is_string(), "{tokens}");
    let again = call(&pool, "RespondToAuthChallenge", &body).await.json();
    assert_eq!(again["message"], "Invalid session for the user, session can only be used once.");
}

#[tokio::test]
async fn a_used_an_expired_an_unknown_and_a_missing_session_are_told_apart() {
    let pool = TestPool::new().await;
    invite(&pool, "rhea", json!({})).await;
    let respond = async |challenge: &str, session: &Value| {
        let body = json!({
            "ClientId": CLI, "ChallengeName": challenge, "Session": session,
            "ChallengeResponses": { "USERNAME": "rhea", "NEW_PASSWORD": OWN,
                "SOFTWARE_TOKEN_MFA_CODE": "123456" },
        });
        let answer = send(&pool, "RespondToAuthChallenge", body).await.json();
        answer["message"].as_str().unwrap_or_default().to_owned()
    };
    let unknown = json!("A".repeat(43));
    let begin = async || by_password(&pool, CLI, "rhea", TEMPORARY).await.json()["Session"].take();
    let (expired, live) = (begin().await, begin().await);
    let name = "NEW_PASSWORD_REQUIRED";
    assert_eq!(respond(name, &unknown).await, "Invalid session for the user.");
    assert_eq!(respond("SOFTWARE_TOKEN_MFA", &live).await, "Invalid session for the user.");
    assert_eq!(respond(name, &Value::Null).await, "Missing required parameter Session");
    pool.advance(15 * 60);
    let message = "Invalid session for the user, session is expired.";
    assert_eq!(respond(name, &expired).await, message);
    let used = begin().await;
    assert_eq!(respond(name, &used).await, "", "signed in");
    let message = "Invalid session for the user, session can only be used once.";
    assert_eq!(respond(name, &used).await, message);
    pool.advance(15 * 60);
    assert_eq!(respond(name, &used).await, message);
}

#[tokio::test]
async fn a_temporary_password_expires_and_can_be_replaced_until_it_is_used() {
    let pool = TestPool::new().await;
    invite(&pool, "rhea", json!({})).await;
    pool.advance(WEEK);
    let expired = by_password(&pool, CLI, "rhea", TEMPORARY).await.json();
    let message = "Temporary password has expired and must be reset by an administrator.";
    assert_eq!(expired["message"], message);
    let resend = json!({ "Username": "rhea", "TemporaryPassword": "temporary-2",
        "MessageAction": "RESEND" });
    assert_eq!(send(&pool, "AdminCreateUser", resend.clone()).await.status, StatusCode::OK);
    let challenge = by_password(&pool, CLI, "rhea", "temporary-2").await.json();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    pool.directory().set_password("rhea", OWN).await.unwrap();
    let refused = send(&pool, "AdminCreateUser", resend).await.json();
    assert_eq!(refused["__type"], "UnsupportedUserStateException");
}

#[tokio::test]
async fn an_invitation_is_checked() {
    let pool = TestPool::new().await;
    for (name, changes, kind) in [
        ("Admin", json!({}), "UsernameExistsException"),
        ("a b", json!({}), "InvalidParameterException"),
        ("rhea", json!({ "TemporaryPassword": "short" }), "InvalidPasswordException"),
        ("rhea", json!({ "MessageAction": "RESEND" }), "UserNotFoundException"),
        (
            "rhea",
            json!({ "UserAttributes": [{ "Name": "shoe_size", "Value": "1" }] }),
            "InvalidParameterException",
        ),
        ("rhea", json!({ "UserPoolId": "local_other" }), "ok"),
    ] {
        let answer = invite(&pool, name, changes).await.json();
        let kind_seen = answer["__type"].as_str().unwrap_or("ok");
        assert_eq!(kind_seen, kind, "{answer}");
    }
}

#[tokio::test]
async fn users_are_listed_in_pages_and_by_filter_and_group() {
    let pool = TestPool::new().await;
    for name in ["Ben", "carl", "\u{4e2d}"] {
        let groups = if name == "carl" { vec!["admin".to_owned()] } else { Vec::new() };
        let new = NewUser { username: name.to_owned(), groups, ..admin() };
        pool.directory().add_user(new).await.unwrap();
    }
    let first = send(&pool, "ListUsers", json!({ "Limit": 2 })).await;
    assert_eq!(names(&first), ["admin", "Ben"]);
    let token = first.json()["PaginationToken"].clone();
    let body = json!({ "Limit": 2, "PaginationToken": token });
    let second = send(&pool, "ListUsers", body).await;
    assert_eq!(names(&second), ["carl", "\u{4e2d}"]);
    assert!(second.json()["PaginationToken"].is_null(), "{second:?}");

    let found = send(&pool, "ListUsers", json!({ "Filter": "username ^= \"b\"" })).await;
    assert_eq!(names(&found), ["Ben"]);
    let sub = &found.json()["Users"][0]["Attributes"][2];
    assert_eq!(sub["Name"], "sub");
    let filter = format!("sub = {}", sub["Value"]);
    assert_eq!(names(&send(&pool, "ListUsers", json!({ "Filter": filter })).await), ["Ben"]);
    let admins = send(&pool, "ListUsersInGroup", json!({ "GroupName": "admin" })).await;
    assert_eq!(names(&admins), ["admin", "carl"]);
    let groups = send(&pool, "ListGroups", json!({})).await.json();
    assert_eq!(groups["Groups"][0]["GroupName"], "admin");
    assert_eq!(groups["Groups"].as_array().unwrap().len(), 1);
    for bad in [
        json!({ "Limit": 61 }),
        json!({ "Limit": -1 }),
        json!({ "PaginationToken": "?" }),
        json!({ "Filter": "x" }),
    ] {
        let answer = send(&pool, "ListUsers", bad).await.json();
        assert_eq!(answer["__type"], "InvalidParameterException", "{answer}");
    }
    assert_eq!(by_password(&pool, CLI, "ben", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_user_without_an_address_brings_one_with_the_new_password() {
    let pool = TestPool::new().await;
    let changes = json!({
        "UserAttributes": [
            { "Name": "email_verified", "Value": "true" }, { "Name": "name", "Value": "Rhea" },
        ],
        "MessageAction": null,
    });
    let invited = invite(&pool, "rhea", changes.clone()).await.json();
    let names = |attributes: &Value| -> Vec<String> {
        let attributes = attributes.as_array().unwrap().iter();
        attributes.map(|it| it["Name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&invited["User"]["Attributes"]), ["name", "sub"]);
    let again = invite(&pool, "Rhea", changes).await.json();
    assert_eq!(again["__type"], "UsernameExistsException");
    let message = &outbox(&pool).await[0];
    assert_eq!((&message["to"], &message["code"]), (&json!(""), &json!(TEMPORARY)));

    let challenge = by_password(&pool, CLI, "rhea", TEMPORARY).await.json();
    let parameters = &challenge["ChallengeParameters"];
    assert_eq!(parameters["requiredAttributes"], r#"["userAttributes.email"]"#);
    assert_eq!(parameters["userAttributes"], r#"{"name":"Rhea"}"#);
    let respond = async |email: Value| {
        let body = json!({
            "ClientId": CLI, "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": challenge["Session"],
            "ChallengeResponses": {
                "USERNAME": "rhea", "NEW_PASSWORD": OWN, "userAttributes.email": email,
            },
        });
        let mut body = body.to_string();
        if email.is_null() {
            body = body.replace(",\"userAttributes.email\":null", "");
        }
        call(&pool, "RespondToAuthChallenge", &body).await
    };
    let missing = respond(Value::Null).await.json();
    assert_eq!(missing["__type"], "InvalidParameterException");
    assert_eq!(missing["message"], "Invalid attributes given, email is missing");
    let invalid = respond(json!("")).await.json();
    assert_eq!(invalid["__type"], "InvalidParameterException");
    let tokens = respond(json!("rhea@example.com")).await.json();
    let id = claims(&tokens["AuthenticationResult"]["IdToken"]);
    assert_eq!((&id["email"], &id["email_verified"]), (&json!("rhea@example.com"), &json!(false)));
    let user = send(&pool, "AdminGetUser", json!({ "Username": "rhea" })).await.json();
    assert_eq!(names(&user["UserAttributes"]), ["email", "email_verified", "name", "sub"]);
}

#[tokio::test]
async fn pool_08_tokens_and_lists_omit_the_address_of_a_user_without_one() {
    let pool = TestPool::new().await;
    invite(&pool, "rhea", json!({ "UserAttributes": [] })).await;
    let mut browser = pool.browser();
    let login = browser.get(&authorize(&[])).await.location();
    let form = browser.sign_in(login.as_str(), "rhea", TEMPORARY).await;
    let fields = [("new_password", OWN), ("confirm_password", OWN)];
    let signed_in = submit(&mut browser, &form, &fields).await;
    let code = signed_in.redirect_parameter("code").unwrap();
    let tokens = pool.redeem(&code).await.json();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let info = browser.send(Method::GET, "/oauth2/userInfo", &headers, String::new()).await.json();
    for claims in [claims(&tokens["id_token"]), info] {
        assert!(claims.get("email").is_none(), "{claims}");
        assert!(claims.get("email_verified").is_none(), "{claims}");
        assert!(claims["sub"].is_string(), "{claims}");
    }
    let found = send(&pool, "ListUsers", json!({ "Filter": "email ^= \"\"" })).await;
    assert_eq!(names(&found), ["admin"]);

    let verified = json!([{ "Name": "email_verified", "Value": "true" }]);
    let body = json!({ "Username": "rhea", "UserAttributes": verified });
    assert_eq!(send(&pool, "AdminUpdateUserAttributes", body).await.status, StatusCode::OK);
    let user = send(&pool, "AdminGetUser", json!({ "Username": "rhea" })).await.json();
    assert_eq!(user["UserAttributes"].as_array().unwrap().len(), 1, "never verified: {user}");
    let no_address = "Cannot reset password for the user as there is no registered/verified email \
                      or phone_number";
    let reset = send(&pool, "AdminResetUserPassword", json!({ "Username": "rhea" })).await.json();
    assert_eq!(reset["message"], no_address);
    let tokens = by_password(&pool, CLI, "rhea", OWN).await.json()["AuthenticationResult"].take();
    let verify = json!({ "AccessToken": tokens["AccessToken"], "AttributeName": "email" });
    let verify = call(&pool, "GetUserAttributeVerificationCode", &verify.to_string()).await.json();
    assert_eq!(verify["message"], no_address);
}

#[tokio::test]
async fn pool_07_a_secret_hash_is_not_checked_against_a_missing_address() {
    let pool = TestPool::new().await;
    invite(&pool, "rhea", json!({ "UserAttributes": [] })).await;
    pool.directory().set_password("rhea", OWN).await.unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let hash =
        |name: &str| STANDARD.encode(hmac::sign(&key, format!("{name}{CONFIDENTIAL}").as_bytes()));
    let initiate = async |flow: &str, parameters: Value| {
        let body =
            json!({ "AuthFlow": flow, "ClientId": CONFIDENTIAL, "AuthParameters": parameters });
        call(&pool, "InitiateAuth", &body.to_string()).await
    };
    let parameters = json!({ "USERNAME": "rhea", "PASSWORD": OWN, "SECRET_HASH": hash("rhea") });
    let tokens = initiate("USER_PASSWORD_AUTH", parameters).await.json();
    let token = &tokens["AuthenticationResult"]["RefreshToken"];
    for (name, status) in [("", StatusCode::BAD_REQUEST), ("rhea", StatusCode::OK)] {
        let parameters = json!({ "REFRESH_TOKEN": token, "SECRET_HASH": hash(name) });
        let answer = initiate("REFRESH_TOKEN_AUTH", parameters).await;
        assert_eq!(answer.status, status, "{name:?}: {answer:?}");
    }
}
