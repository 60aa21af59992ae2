//! Forgotten passwords of users who cannot get a code: a client that hides who exists must answer
//! as for the others.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::browser::Response;
use crate::hosted_ui::{page_of, submit};
use crate::json_api::call;
use crate::sign_up::{administer, exception};
use crate::test_pool::{CLI, PASSWORD, TestPool};

const HOUR: i64 = 60 * 60;
/// Names of users who cannot get a code. The last ones are unknown.
const OTHERS: [&str; 6] =
    ["disabled", "unverified", "temporary", "no-address", "nobody", "nobody@example.com"];

/// Returns a pool with a user of each kind.
async fn pool_of_all_kinds() -> TestPool {
    let pool = TestPool::new().await;
    for name in ["disabled", "unverified", "temporary", "no-address"] {
        let verified = if name == "unverified" { "false" } else { "true" };
        let attributes = match name {
            "no-address" => json!([]),
            name => json!([
                { "Name": "email", "Value": format!("{name}@example.com") },
                { "Name": "email_verified", "Value": verified },
            ]),
        };
        let body = json!({ "Username": name, "UserAttributes": attributes });
        assert_eq!(administer(&pool, "AdminCreateUser", body).await.status, StatusCode::OK);
        if name != "temporary" {
            pool.directory().set_password(name, PASSWORD).await.unwrap();
        }
    }
    pool.directory().set_enabled("disabled", false).await.unwrap();
    pool
}

async fn forget(pool: &TestPool, client: &str, name: &str) -> Response {
    let body = json!({ "ClientId": client, "Username": name });
    call(pool, "ForgotPassword", &body.to_string()).await
}

async fn confirm(pool: &TestPool, client: &str, name: &str, code: &str, new: &str) -> Response {
    let body = json!({
        "ClientId": client, "Username": name, "ConfirmationCode": code, "Password": new,
    });
    call(pool, "ConfirmForgotPassword", &body.to_string()).await
}

/// Returns the delivery, or the error.
fn outcome(response: &Response) -> String {
    if response.status == StatusCode::OK {
        let mut delivery = response.json()["CodeDeliveryDetails"].take();
        let to = delivery["Destination"].take();
        let (local, host) = to.as_str().unwrap().split_once('@').unwrap();
        for part in [local, host] {
            assert!(part.len() == 4 && part.ends_with("***"), "{to}");
        }
        return delivery.to_string();
    }
    format!("{} {}", exception(response), response.json()["message"])
}

/// Runs through the limits of a forgotten password; returns what the answers were.
async fn outcomes(pool: &TestPool, name: &str) -> Vec<String> {
    let wrong = "00000x";
    let mut answers = vec![confirm(pool, CLI, name, wrong, PASSWORD).await];
    for _ in 0..7 {
        answers.push(forget(pool, CLI, name).await);
    }
    answers.push(confirm(pool, CLI, name, wrong, "1234567").await);
    for _ in 0..10 {
        answers.push(confirm(pool, CLI, name, wrong, PASSWORD).await);
    }
    pool.advance(HOUR);
    answers.push(confirm(pool, CLI, name, wrong, PASSWORD).await);
    answers.push(forget(pool, CLI, &name.to_uppercase()).await);
    answers.push(confirm(pool, CLI, name, wrong, PASSWORD).await);
    answers.iter().map(outcome).collect()
}

#[tokio::test]
async fn pool_07_a_forgotten_password_does_not_tell_who_can_get_a_code() {
    let pool = pool_of_all_kinds().await;
    let normal = outcomes(&pool, "admin").await;
    for (position, exception) in [
        (0, "ExpiredCodeException"),
        (7, "LimitExceededException"),
        (8, "InvalidPasswordException"),
        (9, "CodeMismatchException"),
        (18, "LimitExceededException"),
        (19, "ExpiredCodeException"),
        (21, "CodeMismatchException"),
    ] {
        assert!(normal[position].starts_with(exception), "{position}: {normal:?}");
    }
    for name in OTHERS {
        assert_eq!(outcomes(&pool, name).await, normal, "{name}");
    }
}

#[tokio::test]
async fn pool_07_the_shown_address_is_the_same_each_time() {
    let pool = pool_of_all_kinds().await;
    let to = async |name: &str| {
        let answer = forget(&pool, CLI, name).await.json();
        answer["CodeDeliveryDetails"]["Destination"].as_str().unwrap().to_owned()
    };
    assert_eq!(to("nobody").await, to("NoBody").await);
    assert_eq!(to("Nobody@Example.com").await, "n***@e***", "as for a user with the address");
    assert_eq!(to("disabled").await, "d***@e***", "as before");
    let mut shown: Vec<String> = Vec::new();
    for number in 0..8 {
        shown.push(to(&format!("nobody{number}")).await);
    }
    shown.dedup();
    assert!(shown.len() > 1, "{shown:?}");
}

#[tokio::test]
async fn pool_07_the_hosted_pages_do_not_tell_who_can_get_a_code() {
    let pool = pool_of_all_kinds().await;
    for name in OTHERS.into_iter().chain(["admin"]) {
        let mut browser = pool.browser();
        let page = browser.get(&page_of("/confirmforgotPassword")).await;
        let fields = [("username", name), ("code", "1"), ("password", PASSWORD)];
        let early = submit(&mut browser, &page, &fields).await;
        assert!(early.body.contains("That code has expired."), "{name}: {early:?}");
        let page = browser.get(&page_of("/forgotPassword")).await;
        let page = submit(&mut browser, &page, &[("username", name)]).await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        assert!(page.body.contains("<h1>Choose a new password</h1>"), "{name}: {page:?}");
        assert!(page.body.contains("A code for <bdi>"), "{name}: {page:?}");
        let wrong = submit(&mut browser, &page, &fields).await;
        assert!(wrong.body.contains("That code is wrong."), "{name}: {wrong:?}");
    }
}

#[tokio::test]
async fn a_client_that_tells_who_exists_says_why_there_is_no_code() {
    let pool = pool_of_all_kinds().await;
    let client = json!({ "ClientName": "Shop", "PreventUserExistenceErrors": "LEGACY" });
    let client = administer(&pool, "CreateUserPoolClient", client).await.json();
    let client = client["UserPoolClient"]["ClientId"].as_str().unwrap();
    let no_address = "Cannot reset password for the user as there is no registered/verified email \
                      or phone_number";
    for (name, exception, message) in [
        ("disabled", "NotAuthorizedException", "User is disabled."),
        ("unverified", "InvalidParameterException", no_address),
        ("no-address", "InvalidParameterException", no_address),
        (
            "temporary",
            "NotAuthorizedException",
            "User password cannot be reset in the current state.",
        ),
        ("nobody", "UserNotFoundException", "Username/client id combination not found."),
    ] {
        let refused = forget(&pool, client, name).await.json();
        let expected = json!({ "__type": exception, "message": message });
        assert_eq!(refused, expected, "{name}");
    }
    let unknown: Value = confirm(&pool, client, "nobody", "1", PASSWORD).await.json();
    assert_eq!(unknown["__type"], "UserNotFoundException");
}
