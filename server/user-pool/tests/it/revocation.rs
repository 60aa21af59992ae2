//! `/oauth2/revoke` and `/oauth2/userInfo`, which tells whether something was revoked.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Answer;
use crate::world::{CONFIDENTIAL, ROTATING, WEB, World};

async fn revoke(world: &World, client: &str, token: &str) -> Answer {
    let fields = [("client_id", client), ("token", token)];
    world.browser().post_form("/oauth2/revoke", &fields).await
}

async fn user_info(world: &World, authorization: &str) -> Answer {
    let headers = [("authorization", authorization)];
    world.browser().send(Method::GET, "/oauth2/userInfo", &headers, String::new()).await
}

#[tokio::test]
async fn oau_13_a_revoked_token_and_all_that_came_of_it_are_over() {
    let world = World::new().await;
    let tokens = world.tokens_for(ROTATING).await;
    let first = tokens["refresh_token"].as_str().unwrap();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let told = user_info(&world, &bearer).await;
    assert_eq!(told.status, StatusCode::OK, "{told:?}");
    assert_eq!(told.json()["email_verified"], json!("true"), "a text, as at Cognito");
    assert_eq!(told.json()["username"], json!("admin"));
    let second = world.refresh(ROTATING, first).await.json();
    let second = second["refresh_token"].as_str().unwrap();

    assert_eq!(revoke(&world, WEB, second).await.status, StatusCode::OK, "another client's");
    assert_eq!(user_info(&world, &bearer).await.status, StatusCode::OK, "so nothing happens");
    let answer = revoke(&world, ROTATING, second).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    for token in [first, second] {
        assert_eq!(world.refresh(ROTATING, token).await.json()["error"], "invalid_grant");
    }
    let answer = user_info(&world, &bearer).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("www-authenticate").contains("invalid_token"));
    assert_eq!(revoke(&world, ROTATING, second).await.status, StatusCode::OK, "again is no fault");
}

#[tokio::test]
async fn revoking_nonsense_is_answered_as_cognito_does() {
    let world = World::new().await;
    let access = world.tokens().await["access_token"].as_str().unwrap().to_owned();
    for (client, token, status, error) in [
        (WEB, access.as_str(), 400, "unsupported_token_type"),
        (WEB, "", 400, "invalid_request"),
        ("nobody", "x", 401, "invalid_client"),
        (CONFIDENTIAL, "x", 401, "invalid_client"),
    ] {
        let answer = revoke(&world, client, token).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (status, &json!(error)));
    }
    assert_eq!(revoke(&world, WEB, "unknown").await.status, StatusCode::OK);
}

#[tokio::test]
async fn user_info_takes_good_access_tokens_of_openid_alone() {
    let world = World::new().await;
    let tokens = world.tokens_for(WEB).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let access = text("access_token");
    let forged = format!("{access}AAAA");
    for bad in
        [text("id_token"), text("refresh_token"), forged, "..".to_owned(), "x".repeat(40_000)]
    {
        let answer = user_info(&world, &format!("Bearer {bad}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(user_info(&world, "Basic eDp5").await.status, StatusCode::BAD_REQUEST);
    let api = crate::json_api::by_password(&world, "gazettecli", "admin", crate::world::PASSWORD);
    let api = api.await.json()["AuthenticationResult"]["AccessToken"].as_str().unwrap().to_owned();
    let answer = user_info(&world, &format!("Bearer {api}")).await;
    assert!(answer.header("www-authenticate").contains("openid scope"), "{answer:?}");
    world.pool.directory().end_sign_ins("admin").await.unwrap();
    let answer = user_info(&world, &format!("Bearer {access}")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "signed out everywhere");
    let again = world.tokens().await["access_token"].as_str().unwrap().to_owned();
    world.pass(3600);
    assert_eq!(
        user_info(&world, &format!("Bearer {again}")).await.status,
        StatusCode::UNAUTHORIZED
    );
}
