//! Language, direction and time zone: in JSON, on pages and in the newsroom.

use axum::http::StatusCode;
use gazette_domain::{StoryInput, SystemTask};
use jiff::Timestamp;
use serde_json::json;

use crate::browser::Browser;
use crate::world::World;
use crate::writer::{Writer, id, json_of};

async fn site(settings: &'static [(&'static str, &'static str)]) -> World {
    let world = World::with(|variables| {
        for (name, value) in settings {
            variables.set(*name, *value);
        }
    })
    .await;
    world.people().await;
    world
}

/// Publishes a story at a time.
async fn publish(world: &World, slug: &str, headline: &str, language: Option<&str>, at: &str) {
    let at: Timestamp = at.parse().expect("a time");
    let input = StoryInput {
        summary: format!("{headline}."),
        slug: Some(slug.parse().expect("a slug")),
        language: language.map(|tag| tag.parse().expect("a language")),
        ..StoryInput::new(headline, "Other words.", at)
    };
    world.operator.publish(SystemTask::Import, input).await.expect("published");
}

fn assert_contains(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn a_document_has_the_language_and_direction_of_the_site() {
    for (settings, html) in [
        (&[("GAZETTE_LANGUAGE", "en")], r#"<html lang="en" dir="ltr">"#),
        (&[("GAZETTE_LANGUAGE", "AR-eg")], r#"<html lang="ar-EG" dir="rtl">"#),
        (&[("GAZETTE_LANGUAGE", "ja")], r#"<html lang="ja" dir="ltr">"#),
        (&[("GAZETTE_LANGUAGE", "cs")], r#"<html lang="cs" dir="ltr">"#),
    ] {
        let world = site(settings).await;
        world.publish(1).await;
        for path in ["/", "/news", "/news/story-0", "/section/world", "/nowhere"] {
            assert_contains(&world.page(path).await.body, &[html]);
        }
    }
}

#[tokio::test]
async fn english_words_of_the_interface_say_so_on_other_sites() {
    let world = site(&[("GAZETTE_LANGUAGE", "ar")]).await;
    world.publish(1).await;
    assert_contains(
        &world.page("/news/story-0").await.body,
        &[
            r##"<a href="#main" lang="en" class="skip">"##,
            r#"<footer lang="en" class="site">"#,
            r#"<address lang="en" dir="ltr">"#,
            r#"<main id="main" tabindex="-1"><div"#,
        ],
    );
    let error = world.page("/nowhere").await.body;
    assert_contains(&error, &[r#"<main id="main" tabindex="-1" lang="en" dir="ltr">"#]);
    let mut ed = Browser::signed_in(&world, "ed").await;
    let newsroom = r#"<div lang="en" dir="ltr" class="newsroom">"#;
    assert_contains(&ed.get("/desk").await.body, &[newsroom]);
    let english = site(&[]).await;
    assert!(
        !english.page("/nowhere").await.body.contains("<main id=\"main\" tabindex=\"-1\" lang")
    );
}

#[tokio::test]
async fn a_story_in_another_language_is_marked_wherever_it_is_shown() {
    let world = site(&[("GAZETTE_LANGUAGE", "en")]).await;
    publish(&world, "jisr", "فُتح الجسر", Some("ar"), "2024-03-05T09:30:00Z").await;
    for path in ["/", "/news", "/section/news", "/author/staff"] {
        let page = world.page(path).await.body;
        assert_contains(&page, &[r#" lang="ar" dir="rtl"><a href="/news/jisr">"#]);
        assert_contains(&page, &[r#"<p lang="ar" dir="rtl">فُتح الجسر.</p>"#]);
    }
    let page = world.page("/news/jisr").await.body;
    assert_contains(
        &page,
        &[
            r#"<article lang="ar" dir="rtl" class="story">"#,
            "<h1>",
            r#"<address lang="en" dir="ltr">"#,
            r#"lang="en" dir="ltr">5 March 2024, 09:30 UTC</time>"#,
            r#""inLanguage":"ar""#,
        ],
    );
    assert!(!page.contains("og:locale"), "Open Graph needs a region");
    let mut ada = Browser::signed_in(&world, "ada").await;
    let desk = ada.get("/desk").await.body;
    assert_contains(&desk, &[r#" lang="ar" dir="rtl">فُتح الجسر</a>"#]);
    assert_eq!(json_of(&world, "/news/jisr").await.json()["language"], "ar");
    publish(&world, "ponte", "A ponte", Some("pt-BR"), "2024-03-06T09:30:00Z").await;
    assert_contains(&world.page("/news/ponte").await.body, &["og:locale", "pt_BR"]);
}

#[tokio::test]
async fn a_story_of_an_unknown_language_has_the_direction_of_its_letters() {
    let world = site(&[("GAZETTE_LANGUAGE", "cs")]).await;
    publish(&world, "gesher", "הגשר נפתח: Phase 2", None, "2024-03-05T09:30:00Z").await;
    let list = world.page("/news").await.body;
    assert_contains(&list, &[r#"<h2 dir="auto"><a href="/news/gesher">"#, r#"<p dir="auto">"#]);
    assert_contains(&list, &[r#"<span dir="auto" class="kicker">"#]);
    let page = world.page("/news/gesher").await.body;
    assert_contains(
        &page,
        &[
            r#"<article class="story">"#,
            r#"<h1 dir="auto">"#,
            r#"<p dir="auto" class="standfirst">"#,
            r#"<div dir="auto" class="body">"#,
            r#"<a rel="author" dir="auto""#,
            r#""inLanguage":"cs""#,
        ],
    );
    assert_eq!(world.get("/news").await.json()["items"][0]["language"], "cs");
}

#[tokio::test]
async fn an_editor_sets_and_removes_the_language() {
    let world = site(&[("GAZETTE_LANGUAGE", "cs")]).await;
    let ed = Writer::new(&world, "ed").await;
    let story = json!({ "headline": "Bridge", "body": "Open.", "language": "ZH-hant" });
    let created = ed.post(&story).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    assert_eq!(created.json()["language"], "zh-Hant");
    let id = id(&created);
    let same = ed.put(&id, "*", &json!({ "headline": "The bridge" })).await.json();
    assert_eq!((&same["language"], &same["version"]), (&json!("zh-Hant"), &json!(2)));
    for bad in [json!("en_US"), json!("english, probably"), json!(7), json!("e")] {
        let refused = ed.put(&id, "*", &json!({ "language": bad })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        let rule = refused.json()["fields"]["language"].to_string();
        assert!(rule.contains("pt-BR"), "{rule}");
    }
    let kept = ed.put(&id, "*", &json!({ "language": null })).await.json();
    assert_eq!(kept["language"], "zh-Hant");
    let removed = ed.put(&id, "*", &json!({ "language": "" })).await.json();
    assert_eq!((&removed["language"], &removed["version"]), (&json!("cs"), &json!(3)));
}

#[tokio::test]
async fn times_are_those_of_the_site_and_machines_get_utc() {
    let world = site(&[("GAZETTE_TIME_ZONE", "America/New_York")]).await;
    publish(&world, "early", "Early", None, "2024-01-01T03:30:00Z").await;
    publish(&world, "dated", "Dated", None, "2024-03-05T05:00:00Z").await;
    let page = world.page("/news/early").await.body;
    assert_contains(&page, &[r#"<time datetime="2024-01-01T03:30:00Z">"#]);
    assert_contains(&page, &["31 December 2023, 22:30 EST"]);
    let list = world.page("/news").await.body;
    assert_contains(&list, &[">31 December 2023</time>", ">5 March 2024</time>"]);
    assert_contains(&world.page("/news/dated").await.body, &[">5 March 2024</time>"]);
    let mut ada = Browser::signed_in(&world, "ada").await;
    let activity = ada.get("/desk/audit").await.body;
    assert_contains(&activity, &["Times are those of America/New_York"]);
    let utc = site(&[]).await;
    utc.publish(1).await;
    let mut ada = Browser::signed_in(&utc, "ada").await;
    let activity = ada.get("/desk/audit").await.body;
    assert!(activity.contains("Times are UTC.") && !activity.contains("Times are those"));
}
