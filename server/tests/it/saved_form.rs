//! What was written while a session ended is offered again.

use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::records::drawn;
use crate::world::World;

const FORM: &str = "all=yes&word=delete&id=a+%3Cb%3E+%22c%22%0D%0Ad";

#[tokio::test]
async fn a_form_is_kept_offered_after_signing_in_and_sent_once() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    let answer = ada.post("/desk/delete", FORM).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("You've been signed out"), "{}", answer.body);
    assert!(answer.body.contains("return_to=/saved-form"), "{}", answer.body);
    assert!(ada.cookies.contains_key("gazette-form"));
    assert_eq!(
        ada.get("/saved-form").await.status,
        StatusCode::UNAUTHORIZED,
        "not before signing in"
    );

    let callback = ada.until_callback("ada", "/saved-form").await;
    assert_eq!(ada.get(&callback).await.header("location"), "/saved-form");
    let mut other = Browser::signed_in(&world, "ada").await;
    assert_eq!(other.get("/saved-form").await.status, StatusCode::NOT_FOUND, "another browser");
    let page = ada.get("/saved-form").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(r#"action="/desk/delete""#), "{}", page.body);
    assert!(page.body.contains("a &lt;b&gt; ") && !page.body.contains("<b>"), "{}", page.body);
    assert_eq!(ada.get("/saved-form").await.status, StatusCode::OK, "looking does not use it up");

    assert_eq!(ada.post("/desk/delete", FORM).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::GONE);
    assert_eq!(ada.get("/saved-form").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_kept_form_is_gone_after_an_hour_or_when_it_is_thrown_away() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for hours in [0, 1] {
        world.pass(31 * 60);
        ada.post("/desk/delete", FORM).await;
        world.pass(hours * 3600);
        let callback = ada.until_callback("ada", "/saved-form").await;
        ada.get(&callback).await;
        let expected = if hours == 0 { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(ada.get("/saved-form").await.status, expected);
        assert_eq!(ada.post("/saved-form/discard", "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(ada.get("/saved-form").await.status, StatusCode::NOT_FOUND);
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
        assert!(!ada.cookies.contains_key("gazette-form"), "{headers:?}");
    }
    for cookie in [None, Some(drawn::<16>())] {
        let mut stranger = Browser::new(&world);
        stranger.cookies.extend(cookie.map(|cookie| ("gazette".to_owned(), cookie)));
        let answer = stranger.post("/desk/delete", FORM).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(!answer.body.contains("You've been signed out"), "{}", answer.body);
        assert!(!stranger.cookies.contains_key("gazette-form"), "nobody was signed in there");
    }
    assert!(!world.table.everything().await.contains("kept#"), "nor was anything stored");
}

#[tokio::test]
async fn a_form_is_offered_to_nobody_but_who_wrote_it() {
    let world = World::peopled().await;
    let mut shared = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    shared.post("/desk/delete", "note=between+ourselves").await;
    // Somebody else signs in on this browser, and has a form kept there, too.
    let callback = shared.until_callback_anew("ed", "/saved-form").await;
    shared.get(&callback).await;
    assert_eq!(shared.get("/auth/me").await.json()["username"], "ed");
    let page = shared.get("/saved-form").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.body.contains("ourselves"), "{}", page.body);
    world.pass(31 * 60);
    assert!(
        shared.post("/desk/restore", "note=mine").await.body.contains("You've been signed out")
    );
    let callback = shared.until_callback_anew("ada", "/saved-form").await;
    shared.get(&callback).await;
    let page = shared.get("/saved-form").await.body;
    assert!(!page.contains("mine"), "{page}");
    let callback = shared.until_callback_anew("ed", "/saved-form").await;
    shared.get(&callback).await;
    assert!(shared.get("/saved-form").await.body.contains("mine"), "and his own is offered to him");
}

#[tokio::test]
async fn a_form_is_kept_however_the_session_ended() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let sub = ada.get("/auth/me").await.json()["sub"].as_str().expect("a sub").to_owned();
    let mut elsewhere = Browser::signed_in(&world, "ada").await;
    assert_eq!(elsewhere.post("/account/people/end", &format!("sub={sub}")).await.status, 303);
    let answer = ada.post("/desk/delete", FORM).await;
    assert!(answer.body.contains("You've been signed out"), "{}", answer.body);

    // Twelve hours in use and left open for another ten: its cookie still comes along.
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
async fn a_form_of_up_to_512_kib_is_kept_and_nobody_takes_up_the_room_of_others() {
    let world = World::peopled().await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    let mut kept = 0;
    for _ in 0..25 {
        rhea.cookies.remove("gazette-form");
        rhea.post("/desk/delete", "x=y").await;
        kept += usize::from(rhea.cookies.contains_key("gazette-form"));
    }
    // A minute may have ended meanwhile.
    assert!((10..=20).contains(&kept), "{kept}");

    let large = format!("body={}", "a".repeat(512 * 1024 - 5));
    ada.post("/desk/delete", &large).await;
    assert!(ada.cookies.contains_key("gazette-form"), "whatever others send");
    let answer = ada.post("/desk/delete", &format!("{large}a")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "too large to be kept, but told");
    assert!(!answer.body.contains("You've been signed out"));
    let callback = ada.until_callback("ada", "/saved-form").await;
    ada.get(&callback).await;
    assert!(ada.get("/saved-form").await.body.contains(&"a".repeat(512 * 1024 - 5)));
}
