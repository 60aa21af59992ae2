//! Sessions of the account page, and how users and admins end them.

use axum::http::{Method, StatusCode};
use gazette_table::Table as _;

use crate::browser::Browser;
use crate::records::{Template, names, record};
use crate::world::{SITE, World};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// Returns the sessions that an account page can end.
fn endable(page: &str) -> Vec<String> {
    let fields = page.split("name=\"session\" value=\"").skip(1);
    fields.map(|rest| rest.split('"').next().expect("a value").to_owned()).collect()
}

async fn me(browser: &mut Browser<'_>) -> StatusCode {
    browser.get("/auth/me").await.status
}

#[tokio::test]
async fn ses_06_a_user_sees_their_sessions_and_ends_one() {
    let world = World::peopled().await;
    let mut here = Browser::signed_in(&world, "ada").await;
    let mut there = Browser::new(&world);
    let callback = there.sign_in_at_pool("ada", "/").await;
    there.send(Method::GET, &callback, &[("user-agent", FIREFOX)], "").await;
    let mut other = Browser::signed_in(&world, "rhea").await;
    let page = here.get("/account").await.body;
    assert!(page.contains("Firefox on Linux") && page.contains("An unknown browser"), "{page}");
    assert!(page.contains("This device") && page.contains("(ID token)"), "{page}");
    let names = endable(&page);
    assert_eq!(names.len(), 1, "only the other session of the same user");

    let form = format!("session={}", names[0]);
    assert_eq!(other.post("/account/sessions/end", &form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(me(&mut there).await, StatusCode::OK, "another user cannot end it");
    assert_eq!(
        here.post("/account/sessions/end", "session=x").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(here.post("/account/sessions/end", &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(me(&mut there).await, StatusCode::UNAUTHORIZED);
    assert_eq!((me(&mut here).await, me(&mut other).await), (StatusCode::OK, StatusCode::OK));
    assert!(here.get("/account").await.body.contains("1 session ended."));
    assert_eq!(world.gate.revocations(), 1, "its refresh token is revoked");
}

#[tokio::test]
async fn ses_06_signing_out_everywhere_ends_all_sessions() {
    let world = World::peopled().await;
    let mut first = Browser::signed_in(&world, "ada").await;
    let mut second = Browser::signed_in(&world, "ada").await;
    let mut other = Browser::signed_in(&world, "rhea").await;
    let answer = first.post("/account/sessions/end-all", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").contains("/logout?client_id="));
    assert!(!first.cookies.contains_key("gazette-3000"));
    assert_eq!(me(&mut second).await, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&mut other).await, StatusCode::OK);
    assert_eq!(world.gate.revocations(), 2);
}

#[tokio::test]
async fn ses_06_signing_out_everywhere_ends_more_sessions_than_the_page_shows() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let session = Template::of(&world, &ada.cookies["gazette-3000"]).await;
    let mut copies = Vec::new();
    for _ in 0..120 {
        copies.push(session.copy(&world, Some("a-token")).await);
    }
    let page = ada.get("/account").await.body;
    let shown = endable(&page).len();
    assert!((99..=100).contains(&shown) && page.contains("This device"), "{shown}");
    assert!(page.contains(&format!("Showing the first {} sessions", shown + 1)), "{page}");
    assert!(page.contains("Refresh permissions"), "{page}");
    assert!(ada.get("/desk/people").await.body.contains("100 or more"));
    assert_eq!(ada.post("/account/sessions/end-all", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(names(&world, session.sub()).await, Vec::<String>::new());
    for copy in copies {
        assert!(world.table.get(&record(&copy)).await.expect("readable").is_none());
    }
}

#[tokio::test]
async fn oau_13_signing_out_revokes_the_token_and_ends_the_session_of_the_hosted_ui() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let answer = ada.post("/auth/logout", "").await;
    assert_eq!(world.gate.revocations(), 1);
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert!(cookies.iter().any(|cookie| {
        cookie
            .to_str()
            .is_ok_and(|text| text.starts_with("gazette-3000=;") && text.contains("Max-Age=0"))
    }));
    ada.follow_to_pool(answer.header("location")).await;
    let login = ada.get("/auth/login").await;
    assert!(ada.pool_asks_for_password(login.header("location")).await);
}

#[tokio::test]
async fn oau_13_signing_out_works_while_the_pool_is_unavailable() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let cookies = ada.cookies.clone();
    world.gate.set_unavailable(true);
    assert_eq!(ada.post("/auth/logout", "").await.status, StatusCode::SEE_OTHER);
    let mut thief = Browser::new(&world);
    thief.cookies = cookies;
    assert_eq!(me(&mut thief).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ada.send(Method::DELETE, "/news", &[("origin", SITE)], "").await.status, 401);
}
