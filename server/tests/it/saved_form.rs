//! Forms submitted after the session ended are saved and offered again.

use axum::http::{Method, StatusCode};
use gazette_table::Write;

use crate::browser::Browser;
use crate::records::drawn;
use crate::world::World;

const FORM: &str = "all=yes&word=delete&id=a+%3Cb%3E+%22c%22%0D%0Ad";

#[tokio::test]
async fn a_form_is_saved_offered_after_signing_in_and_sent_once() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    let answer = ada.post("/desk/delete", FORM).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("You've been signed out"), "{}", answer.body);
    assert!(answer.body.contains("return_to=/saved-form"), "{}", answer.body);
    assert!(ada.cookies.contains_key("gazette-3000-form"));
    assert_eq!(
        ada.get("/saved-form").await.status,
        StatusCode::UNAUTHORIZED,
        "not before signing in"
    );

    let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
    assert_eq!(ada.get(&callback).await.header("location"), "/saved-form");
    let mut other = Browser::signed_in(&world, "ada").await;
    assert_eq!(other.get("/saved-form").await.status, StatusCode::NOT_FOUND, "another browser");
    let page = ada.get("/saved-form").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(r#"action="/desk/delete""#), "{}", page.body);
    assert!(page.body.contains("a &lt;b&gt; ") && !page.body.contains("<b>"), "{}", page.body);
    assert_eq!(ada.get("/saved-form").await.status, StatusCode::OK, "viewing does not delete it");

    assert_eq!(ada.post("/desk/delete", FORM).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::GONE);
    assert_eq!(ada.get("/saved-form").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_of_a_session_without_a_refresh_token_is_saved_too() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let table = world.table.as_table();
    let items = table.scan(None, 100).await.expect("a page").items;
    let tokens = items.into_iter().find(|item| item.key.sort == "tokens").expect("a refresh token");
    table.write(vec![Write::delete(tokens.key)]).await.expect("deleted");
    world.pass(2 * 60);
    let answer = ada.post("/desk/delete", FORM).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
    assert_eq!(ada.get(&callback).await.header("location"), "/saved-form");
    assert_eq!(ada.get("/saved-form").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_saved_form_is_gone_after_an_hour_or_when_it_is_discarded() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for hours in [0, 1] {
        world.pass(31 * 60);
        ada.post("/desk/delete", FORM).await;
        world.pass(hours * 3600);
        let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
        ada.get(&callback).await;
        let expected = if hours == 0 { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(ada.get("/saved-form").await.status, expected);
        assert_eq!(ada.post("/saved-form/discard", "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(ada.get("/saved-form").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn csrf_04_another_site_cannot_save_a_form_in_a_browser() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "none")],
        &[],
    ] {
        ada.send(Method::POST, "/desk/delete", headers, FORM).await;
        assert!(!ada.cookies.contains_key("gazette-3000-form"), "{headers:?}");
    }
    for cookie in [None, Some(drawn::<16>())] {
        let mut stranger = Browser::new(&world);
        stranger.cookies.extend(cookie.map(|cookie| ("gazette-3000".to_owned(), cookie)));
        let answer = stranger.post("/desk/delete", FORM).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(!answer.body.contains("You've been signed out"), "{}", answer.body);
        assert!(!stranger.cookies.contains_key("gazette-3000-form"), "no user was signed in there");
    }
    assert!(!world.table.everything().await.contains("kept#"), "nothing was stored");
}

#[tokio::test]
async fn a_form_is_offered_only_to_the_user_who_submitted_it() {
    let world = World::peopled().await;
    let mut shared = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    shared.post("/desk/delete", "note=between+ourselves").await;
    // Another user signs in on this browser and has a form saved there, too.
    let callback = shared.sign_in_at_pool_again("ed", "/saved-form").await;
    shared.get(&callback).await;
    assert_eq!(shared.get("/auth/me").await.json()["username"], "ed");
    let page = shared.get("/saved-form").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.body.contains("ourselves"), "{}", page.body);
    world.pass(31 * 60);
    assert!(
        shared.post("/desk/restore", "note=mine").await.body.contains("You've been signed out")
    );
    let callback = shared.sign_in_at_pool_again("ada", "/saved-form").await;
    shared.get(&callback).await;
    let page = shared.get("/saved-form").await.body;
    assert!(!page.contains("mine"), "{page}");
    let callback = shared.sign_in_at_pool_again("ed", "/saved-form").await;
    shared.get(&callback).await;
    assert!(shared.get("/saved-form").await.body.contains("mine"), "each user gets their own form");
}

#[tokio::test]
async fn a_form_is_saved_for_each_way_a_session_ends() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let sub = ada.get("/auth/me").await.json()["sub"].as_str().expect("a sub").to_owned();
    let mut elsewhere = Browser::signed_in(&world, "ada").await;
    assert_eq!(elsewhere.post(&format!("/desk/people/{sub}/sign-out"), "").await.status, 303);
    let answer = ada.post("/desk/delete", FORM).await;
    assert!(answer.body.contains("You've been signed out"), "{}", answer.body);

    // The browser still sends the cookie ten hours after the absolute limit of twelve.
    let mut ada = Browser::signed_in(&world, "ada").await;
    for _ in 0..25 {
        world.pass(29 * 60);
        ada.get("/").await;
    }
    world.pass(10 * 3600);
    let answer = ada.post("/desk/delete", FORM).await;
    assert!(answer.body.contains("You've been signed out"), "{}", answer.body);
    world.pass(3 * 3600);
    let answer = ada.post("/desk/delete", FORM).await;
    assert!(answer.body.contains("Please sign in"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_of_up_to_512_kib_is_saved_and_users_have_separate_quotas() {
    let world = World::peopled().await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    let mut saved = 0;
    for _ in 0..25 {
        rhea.cookies.remove("gazette-3000-form");
        rhea.post("/desk/delete", "x=y").await;
        saved += usize::from(rhea.cookies.contains_key("gazette-3000-form"));
    }
    // The quota is per minute, and a minute may end during the test.
    assert!((10..=20).contains(&saved), "{saved}");

    let large = format!("body={}", "a".repeat(512 * 1024 - 5));
    ada.post("/desk/delete", &large).await;
    assert!(
        ada.cookies.contains_key("gazette-3000-form"),
        "the quota of another user does not count"
    );
    let answer = ada.post("/desk/delete", &format!("{large}a")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "too large to be saved");
    assert!(!answer.body.contains("You've been signed out"));
    let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
    ada.get(&callback).await;
    assert!(ada.get("/saved-form").await.body.contains(&"a".repeat(512 * 1024 - 5)));
}
