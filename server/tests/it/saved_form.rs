//! Forms submitted after the session ended are saved and offered again.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_domain::ROUTES;
use gazette_table::Write;

use crate::browser::Browser;
use crate::records::drawn;
use crate::world::{SITE, World, request};

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
    assert!(page.body.contains("<h1>Delete all 2 published stories?</h1>"), "{}", page.body);
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
    for headers in [&[("origin", "https://evil.example")][..], &[("sec-fetch-site", "none")], &[]] {
        let mut stranger = Browser::new(&world);
        stranger.send(Method::POST, "/desk/delete", headers, FORM).await;
        assert!(!stranger.cookies.contains_key("gazette-3000-form"), "{headers:?}");
    }
    assert!(!world.table.everything().await.contains("kept#"), "nothing was stored");
}

#[tokio::test]
async fn ses_08_a_form_without_its_session_cookie_is_kept_for_the_person_of_the_browser() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut shared = Browser::signed_in(&world, "ada").await;
    shared.cookies.remove("gazette-3000").expect("a session");
    let answer = shared.post("/desk/delete", FORM).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("You've been signed out"), "{}", answer.body);
    let callback = shared.sign_in_at_pool_again("ed", "/saved-form").await;
    shared.get(&callback).await;
    assert_eq!(shared.get("/saved-form").await.status, StatusCode::NOT_FOUND, "ed is another");
    let callback = shared.sign_in_at_pool_again("ada", "/saved-form").await;
    shared.get(&callback).await;
    let page = shared.get("/saved-form").await;
    assert!(page.body.contains("Delete all 2 published stories?"), "{}", page.body);
    // A forged cookie names nobody.
    let mut forger = Browser::new(&world);
    forger.cookies.insert("gazette-3000-person".to_owned(), drawn::<16>());
    forger.post("/desk/delete", FORM).await;
    let callback = forger.sign_in_at_pool("ed", "/saved-form").await;
    forger.get(&callback).await;
    assert_eq!(forger.get("/saved-form").await.status, StatusCode::FORBIDDEN, "it is Ed's own");
}

#[tokio::test]
async fn a_form_of_a_browser_without_cookies_is_kept_for_that_browser() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut cleared = Browser::signed_in(&world, "ada").await;
    cleared.cookies.clear();
    cleared.post("/desk/delete", FORM).await;
    let mut other = Browser::signed_in(&world, "ada").await;
    assert_eq!(other.get("/saved-form").await.status, StatusCode::NOT_FOUND);
    let callback = cleared.sign_in_at_pool("ada", "/saved-form").await;
    cleared.get(&callback).await;
    let page = cleared.get("/saved-form").await;
    assert!(page.body.contains("Delete all 2 published stories?"), "{}", page.body);
    assert_eq!(cleared.post("/desk/delete", FORM).await.status, StatusCode::SEE_OTHER);
    assert_eq!(cleared.get("/saved-form").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_is_offered_as_the_page_of_its_act() {
    let world = World::peopled().await;
    world.publish(3).await;
    let news = world.get("/news").await.json();
    let ids: Vec<&str> = news["items"]
        .as_array()
        .expect("items")
        .iter()
        .take(2)
        .filter_map(|it| it["id"].as_str())
        .collect();
    let form = format!("id={}&id={}&reason=Two+%3Cb%3Ereasons", ids[0], ids[1]);
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    ada.post("/desk/delete", &form).await;
    let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
    ada.get(&callback).await;
    let page = ada.get("/saved-form").await.body;
    assert!(page.contains("<h1>Delete 2 stories?</h1>"), "{page}");
    for shown in ["Story 0", "Story 1", "Two &lt;b&gt;reasons"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for id in ids {
        assert_eq!(page.matches(id).count(), 1, "only in its hidden field: {page}");
    }
}

#[tokio::test]
async fn every_form_of_the_newsroom_is_offered_in_its_own_words() {
    let world = World::peopled().await;
    world.publish(1).await;
    let news = world.get("/news").await.json();
    let id = news["items"][0]["id"].as_str().expect("an id");
    let mut titles = BTreeSet::new();
    for route in ROUTES.iter().filter(|route| route.is_newsroom_form()) {
        let segments = route.path.split('/');
        let segments = segments.map(|name| if name.starts_with('{') { id } else { name });
        let path = segments.collect::<Vec<_>>().join("/");
        // The quota of unknown people is per minute.
        world.pass(60);
        let mut ada = Browser::new(&world);
        let form = format!("id={id}&headline=Typed&action=publish&version=1");
        let answer = ada.post(&path, &form).await;
        assert!(answer.body.contains("You've been signed out"), "{path}: {}", answer.body);
        let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
        ada.get(&callback).await;
        let mut page = ada.get("/saved-form").await;
        if page.status == StatusCode::SEE_OTHER {
            let target = page.header("location").to_owned();
            page = ada.get(&target).await;
        }
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        let title = page.body.split("<title").nth(1).and_then(|rest| rest.split_once("</title>"));
        let title = title.expect("a title").0.to_owned();
        assert!(!title.contains(id), "{path}: {title}");
        titles.insert(title);
    }
    assert!(titles.len() >= 9, "{titles:?}");
}

#[tokio::test]
async fn a_demoted_person_is_refused_and_keeps_what_they_typed() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    ada.post("/desk/delete", "all=yes&word=delete&reason=A+long+text").await;
    world.pool.directory().set_groups("ada", Vec::new()).await.expect("demoted");
    let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
    ada.get(&callback).await;
    for _ in 0..2 {
        let page = ada.get("/saved-form").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("You can't do this any more"), "{}", page.body);
        assert!(page.body.contains("A long text"), "{}", page.body);
        assert!(!page.body.contains(r#"action="/desk/delete""#), "{}", page.body);
    }
    assert_eq!(ada.post("/desk/delete", FORM).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK);
    assert_eq!(ada.post("/saved-form/discard", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(ada.get("/saved-form").await.status, StatusCode::NOT_FOUND);
}

/// Creates a draft of the headline as this person and returns its id.
async fn draft(browser: &mut Browser<'_>, headline: &str) -> String {
    let answer = browser.post("/desk/new", &format!("headline={headline}&body=Text.")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").trim_start_matches("/desk/").to_owned()
}

#[tokio::test]
async fn the_text_of_the_editor_comes_back_in_the_editor_unsaved_and_is_saved_once() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let id = draft(&mut ed, "Rivers").await;
    let form = "headline=Rivers+rise&summary=A+standfirst&body=One%0D%0A%0D%0Atwo+%3Cb%3E&tags=a%2C+b\
        &section=World&image_alt=Alt&publish_at=2030-01-02T03%3A04&version=1&action=publish";
    for path in [format!("/desk/{id}"), "/desk/new".to_owned()] {
        ed.cookies.remove("gazette-3000").expect("a session");
        let answer = ed.post(&path, form).await;
        assert!(answer.body.contains("You've been signed out"), "{path}: {}", answer.body);
        // Another person on the same browser does not see it.
        let callback = ed.sign_in_at_pool_again("ada", "/saved-form").await;
        ed.get(&callback).await;
        let page = ed.get("/saved-form").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(!page.body.contains("standfirst"), "{}", page.body);
        let callback = ed.sign_in_at_pool_again("ed", "/saved-form").await;
        ed.get(&callback).await;
        for _ in 0..2 {
            let page = ed.get("/saved-form").await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
            for typed in [
                "Rivers rise",
                "A standfirst",
                "two &lt;b&gt;",
                "a, b",
                "World",
                "Alt",
                "2030-01-02T03:04",
                "You were signed out before this was published.",
            ] {
                assert!(page.body.contains(typed), "{path} {typed}: {}", page.body);
            }
            assert!(page.body.contains(&format!(r#"action="{path}""#)), "{}", page.body);
        }
        let saved =
            ed.post(&path, &form.replace("publish&", "").replace("=publish", "=save")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{path}: {}", saved.body);
        assert_eq!(ed.get("/saved-form").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_megabyte_of_text_survives_the_end_of_the_session() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let id = draft(&mut ed, "Long").await;
    world.pass(31 * 60);
    let body = "a".repeat(1024 * 1024 - 100);
    ed.post(&format!("/desk/{id}"), &format!("headline=Long&version=1&body={body}")).await;
    let callback = ed.sign_in_at_pool("ed", "/saved-form").await;
    ed.get(&callback).await;
    let page = ed.get("/saved-form").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&body), "the whole text");
}

#[tokio::test]
async fn the_text_of_an_editor_who_lost_the_role_can_be_copied() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let id = draft(&mut ada, "Hers").await;
    // A writer is not told of the story of another person, and may save the text as a new one.
    for (groups, status) in [(vec![], 403), (vec!["writer".to_owned()], 404)] {
        let mut ed = Browser::signed_in(&world, "ed").await;
        ed.cookies.remove("gazette-3000").expect("a session");
        let form = "headline=Typed+headline&body=Typed+text.&version=1&action=publish";
        ed.post(&format!("/desk/{id}"), form).await;
        world.pool.directory().set_groups("ed", groups.clone()).await.expect("demoted");
        let callback = ed.sign_in_at_pool("ed", "/saved-form").await;
        ed.get(&callback).await;
        let page = ed.get("/saved-form").await;
        assert_eq!(page.status.as_u16(), status, "{groups:?}");
        for typed in ["Typed headline", "Typed text."] {
            assert!(page.body.contains(typed), "{groups:?}: {}", page.body);
        }
    }
    let stored = ada.get(&format!("/desk/{id}")).await.body;
    assert!(stored.contains("Hers") && !stored.contains("Typed"), "{stored}");
}

#[tokio::test]
async fn programs_get_their_answer_and_save_nothing() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    ada.cookies.remove("gazette-3000").expect("a session");
    let headers = [("origin", SITE), ("accept", "application/json")];
    let mut request = request(Method::POST, "/desk/delete")
        .header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let answer = world.send(request.body(Body::from(FORM)).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json()["message"], "Unauthorized");
    assert!(!world.table.everything().await.contains("kept#"), "nothing was stored");
}

#[tokio::test]
async fn the_texts_of_a_form_with_a_file_are_kept() {
    let world = World::peopled().await;
    let mut ada = Browser::new(&world);
    let form = "--x\r\ncontent-disposition: form-data; name=\"alt\"\r\n\r\nA typed description\r\n\
        --x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n\u{1}\u{2}\r\n--x--\r\n";
    let headers = [("origin", SITE), ("content-type", "multipart/form-data; boundary=x")];
    let answer = ada.send(Method::POST, "/desk/images", &headers, form).await;
    assert!(answer.body.contains("but not the file"), "{}", answer.body);
    let callback = ada.sign_in_at_pool("ed", "/saved-form").await;
    ada.get(&callback).await;
    let page = ada.get("/saved-form").await.body;
    assert!(page.contains("A typed description") && page.contains("Choose the picture"), "{page}");
}

#[tokio::test]
async fn a_form_is_offered_only_to_the_user_who_submitted_it() {
    let world = World::peopled().await;
    let mut shared = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    shared.post("/desk/delete", "all=yes&reason=between+ourselves").await;
    // Another user signs in on this browser and has a form saved there, too.
    let callback = shared.sign_in_at_pool_again("ed", "/saved-form").await;
    shared.get(&callback).await;
    assert_eq!(shared.get("/auth/me").await.json()["username"], "ed");
    let page = shared.get("/saved-form").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.body.contains("ourselves"), "{}", page.body);
    world.pass(31 * 60);
    assert!(
        shared.post("/desk/redirects", "from=/mine").await.body.contains("You've been signed out")
    );
    let callback = shared.sign_in_at_pool_again("ada", "/saved-form").await;
    shared.get(&callback).await;
    let page = shared.get("/saved-form").await.body;
    assert!(!page.contains("/mine"), "{page}");
    let callback = shared.sign_in_at_pool_again("ed", "/saved-form").await;
    shared.get(&callback).await;
    assert!(
        shared.get("/saved-form").await.body.contains("/mine"),
        "each user gets their own form"
    );
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
    assert!(answer.body.contains("You've been signed out"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_of_up_to_1_mib_is_saved_and_users_have_separate_quotas() {
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

    let large = format!("reason={}", "a".repeat(1024 * 1024 - 7));
    ada.post("/desk/delete", &large).await;
    assert!(
        ada.cookies.contains_key("gazette-3000-form"),
        "the quota of another user does not count"
    );
    let answer = ada.post("/desk/delete", &format!("{large}a")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Each line break is two characters of the form and of JSON, each quotation mark three.
    let quotes = format!("reason={}", "%22".repeat(340 * 1024));
    let mut ed = Browser::new(&world);
    ed.post("/desk/delete", &quotes).await;
    assert!(ed.cookies.contains_key("gazette-3000-form"));
    let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
    ada.get(&callback).await;
    assert!(ada.get("/saved-form").await.body.contains(&"a".repeat(1024 * 1024 - 7)));
}

#[tokio::test]
async fn a_form_that_cannot_be_saved_says_so() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(31 * 60);
    let mut refused = 0;
    for _ in 0..25 {
        let answer = ada.post("/desk/delete", FORM).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        refused += usize::from(answer.body.contains("Go back in your browser"));
    }
    // The quota is per minute, and a minute may end during the test.
    assert!((5..=15).contains(&refused), "{refused}");
}
