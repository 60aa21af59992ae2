//! The HTML pages that browsers receive.

use axum::http::StatusCode;

use crate::browser::Browser;
use crate::world::{TestResponse, World};

fn assert_page(answer: &TestResponse, status: StatusCode, text: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.body.starts_with("<!DOCTYPE html><html lang=\"en\" dir=\"ltr\">"));
    assert!(answer.body.contains(text), "{text:?} in {}", answer.body);
}

#[tokio::test]
async fn every_public_page_exists() {
    let world = World::new().await;
    world.publish(30).await;
    for (path, text) in [
        ("/", "Top stories"),
        ("/news", "Latest news"),
        ("/news?limit=5", ">Older<"),
        ("/news/story-0", "By "),
        ("/section/world", "World"),
        ("/tag/rivers", "Rivers"),
        ("/author/ada-reed", "Ada Reed"),
    ] {
        assert_page(&world.page(path).await, StatusCode::OK, text);
    }
    let first = world.page("/news").await;
    let older = first.body.split("rel=\"next\" href=\"").nth(1);
    let older =
        older.or(first.body.split("href=\"/news?cursor=").nth(1)).expect("a link to older stories");
    let cursor = older.split('"').next().expect("a closing quote").replace("/news?cursor=", "");
    assert_page(&world.page(&format!("/news?cursor={cursor}")).await, StatusCode::OK, "Story 29");
}

#[tokio::test]
async fn errors_are_pages_with_their_status() {
    let world = World::peopled().await;
    world.publish(1).await;
    assert_page(&world.page("/nowhere").await, StatusCode::NOT_FOUND, "Page not found");
    assert_page(&world.page("/tag/none").await, StatusCode::NOT_FOUND, "Page not found");
    assert_page(&world.page("/section/none").await, StatusCode::NOT_FOUND, "Page not found");
    let not_signed_in = world.page("/account?x=1").await;
    assert_page(&not_signed_in, StatusCode::UNAUTHORIZED, "/auth/login?return_to=/account%3Fx%3D1");
    let bad = world.page("/news?limit=0").await;
    assert_page(&bad, StatusCode::BAD_REQUEST, "limit must be a whole number from 1 to 100");
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    assert_page(&rhea.get("/desk").await, StatusCode::FORBIDDEN, "You don't have access");
    world.desk.delete(&crate::world::admin(), &gazette_domain::Selection::All).await.unwrap();
    assert_page(&world.page("/news/story-0").await, StatusCode::GONE, "This story was removed");
    assert_page(&world.page("/").await, StatusCode::OK, "No stories yet.");
}

#[tokio::test]
async fn each_role_sees_only_the_actions_it_may_perform() {
    let world = World::peopled().await;
    world.publish(1).await;
    for (name, desk, delete) in [("rhea", false, false), ("ed", true, false), ("ada", true, true)] {
        let mut browser = Browser::signed_in(&world, name).await;
        let story = browser.get("/news/story-0").await.body;
        assert_eq!(story.contains("href=\"/desk\""), desk, "{name}");
        assert_eq!(story.contains("Delete this story"), delete, "{name}");
        let list = browser.get("/desk").await.body;
        assert_eq!(list.contains("type=\"checkbox\""), desk, "{name}");
        assert_eq!(list.contains("Move to trash"), delete, "{name}");
        assert_page(&browser.get("/account").await, StatusCode::OK, name);
    }
}

#[tokio::test]
async fn web_02_no_page_has_inline_scripts_or_styles() {
    let world = World::peopled().await;
    world.publish(3).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for path in
        ["/", "/news", "/news/story-0", "/account", "/desk", "/desk/delete?all=yes", "/nowhere"]
    {
        let page = ada.get(path).await;
        assert!(!page.body.contains(" style="), "{path}");
        for script in page.body.split("<script").skip(1) {
            let tag = script.split('>').next().expect("a tag");
            let data = tag.contains("application/ld+json");
            assert!(data || (tag.contains("src=") && tag.contains("integrity=")), "{path}: {tag}");
        }
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert!(!page.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn markup_in_story_fields_is_escaped_on_every_page() {
    let world = World::peopled().await;
    let markup = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    // Every field is named, so that a new one gets its markup here too.
    let input = gazette_domain::StoryInput {
        headline: format!("Evil {markup}"),
        summary: markup.to_owned(),
        is_summary_made: false,
        body: format!("{markup}\n\n[x](javascript:alert(1))"),
        section: "World <script>alert(1)</script>".to_owned(),
        tags: vec!["Tag <script>alert(1)</script>".to_owned()],
        authors: vec![format!("Ada {markup}")],
        language: None,
        image: Some(gazette_domain::Image {
            url: "/pictures/evil.svg?\"><script>alert(1)</script>".replace(' ', ""),
            alt: format!("Alt {markup}"),
            width: 1,
            height: 1,
            caption: None,
            credit: Some(format!("Credit {markup}")),
        }),
        published_at: jiff::Timestamp::now(),
        unpublish_at: None,
        pin_until: None,
        status: gazette_domain::Status::Published,
        slug: Some("evil".parse().unwrap()),
        source: None,
    };
    world.operator.publish(gazette_domain::SystemTask::Import, input).await.unwrap();
    let mut ada = Browser::signed_in(&world, "ada").await;
    let teaser = world.get("/news").await.json()["items"][0].clone();
    let id = teaser["id"].as_str().unwrap();
    for path in ["/", "/news", "/news/evil", "/desk", &format!("/desk/delete?id={id}")] {
        let page = ada.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for forbidden in ["<script>", "<img src=x", "javascript:"] {
            assert!(!page.body.contains(forbidden), "{forbidden} in {path}");
        }
    }
}
