//! What was written while a session ended is offered again.

use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::world::{SITE, World};

const FORM: &str = "all=yes&word=delete&note=a+%3Cb%3E+%22c%22%0D%0Ad";

#[tokio::test]
async fn a_form_is_kept_offered_after_signing_in_and_sent_once() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    let answer = ada.post("/desk/delete", FORM).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("You were signed out meanwhile"), "{}", answer.body);
    assert!(answer.body.contains("return_to=/kept"), "{}", answer.body);
    assert!(ada.cookies.contains_key("gazette-kept"));
    assert_eq!(ada.get("/kept").await.status, StatusCode::UNAUTHORIZED, "not before signing in");

    let callback = ada.until_callback("ada", "/kept").await;
    assert_eq!(ada.get(&callback).await.header("location"), "/kept");
    let mut other = Browser::signed_in(&world, "ada").await;
    assert_eq!(other.get("/kept").await.status, StatusCode::NOT_FOUND, "another browser");
    let page = ada.get("/kept").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(r#"action="/desk/delete""#), "{}", page.body);
    assert!(page.body.contains("a &lt;b&gt; ") && !page.body.contains("<b>"), "{}", page.body);
    assert_eq!(ada.get("/kept").await.status, StatusCode::OK, "looking does not use it up");

    assert_eq!(ada.post("/desk/delete", FORM).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::GONE);
    assert_eq!(ada.get("/kept").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_kept_form_is_gone_after_an_hour_or_when_it_is_thrown_away() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for hours in [0, 1] {
        world.pass(31 * 60);
        ada.post("/desk/delete", FORM).await;
        world.pass(hours * 3600);
        let callback = ada.until_callback("ada", "/kept").await;
        ada.get(&callback).await;
        let expected = if hours == 0 { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(ada.get("/kept").await.status, expected);
        assert_eq!(ada.post("/kept/discard", "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(ada.get("/kept").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn csrf_04_no_other_site_puts_words_into_a_browser() {
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
        assert!(!ada.cookies.contains_key("gazette-kept"), "{headers:?}");
    }
    let mut stranger = Browser::new(&world);
    stranger.post("/desk/delete", FORM).await;
    assert!(!stranger.cookies.contains_key("gazette-kept"), "nobody was signed in there");
}

#[tokio::test]
async fn a_form_of_up_to_512_kib_is_kept_and_not_more_than_sixty_a_minute() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    let large = format!("body={}", "a".repeat(512 * 1024 - 5));
    ada.post("/desk/delete", &large).await;
    assert!(ada.cookies.contains_key("gazette-kept"));
    let answer = ada.post("/desk/delete", &format!("{large}a")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "too large to be kept, but told");
    assert!(!answer.body.contains("signed out meanwhile"));
    let dead = ada.cookies["gazette"].clone();
    let callback = ada.until_callback("ada", "/kept").await;
    ada.get(&callback).await;
    assert!(ada.get("/kept").await.body.contains(&"a".repeat(512 * 1024 - 5)));
    let mut kept = 0;
    for _ in 0..70 {
        let mut browser = Browser::new(&world);
        browser.cookies.insert("gazette".to_owned(), dead.clone());
        let headers = [("origin", SITE)];
        browser.send(Method::POST, "/desk/delete", &headers, "x=y").await;
        kept += usize::from(browser.cookies.contains_key("gazette-kept"));
    }
    // A minute may have ended meanwhile.
    assert!((59..70).contains(&kept), "{kept}");
}
