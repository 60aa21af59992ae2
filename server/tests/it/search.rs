//! Search, as browsers and programs see it.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use gazette_domain::{Selection, StoryInput, SystemTask};
use gazette_table::{MemoryTable, Table};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::endpoint::Endpoint;
use crate::world::{World, admin};
use crate::writer::{Writer, id, json_of, story};

const HOUR: i64 = 3_600;

/// Percent-encodes every byte of a text, as no browser would.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

async fn found(world: &World, query: &str) -> Vec<String> {
    let answer = json_of(world, &format!("/search?q={}", encoded(query))).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
    let items = answer.json()["items"].clone();
    let items = items.as_array().expect("a list").clone();
    items.iter().map(|item| item["headline"].as_str().expect("text").to_owned()).collect()
}

/// Publishes a story that is `days` old.
async fn publish(world: &World, headline: &str, body: &str, days: i64) {
    let published_at = Timestamp::now() - SignedDuration::from_hours(24 * days + 1);
    let input = StoryInput {
        summary: "All about it.".to_owned(),
        section: "City Hall".to_owned(),
        tags: vec!["Rivers".to_owned()],
        authors: vec!["Zoë Reed".to_owned()],
        ..StoryInput::new(headline.to_owned(), body, published_at)
    };
    world.operator.publish(SystemTask::Setup, input).await.expect("published");
}

#[tokio::test]
async fn stories_are_found_by_words_of_every_field_in_any_form() {
    let world = World::new().await;
    publish(&world, "The bridge is open", "Thousands were *walking* across it.", 1).await;
    publish(&world, "Schule am Fluß", "Die Häuser wurden verkauft.", 2).await;
    publish(&world, "東京の春", "桜が咲いた。", 3).await;
    for (query, headline) in [
        ("bridge", "The bridge is open"),
        ("BRIDGES", "The bridge is open"),
        ("brid", "The bridge is open"),
        ("walk across", "The bridge is open"),
        ("\"were walking across\"", "The bridge is open"),
        ("bridg reed", "The bridge is open"),
        ("brigde", "The bridge is open"),
        ("fluss", "Schule am Fluß"),
        ("hauser", "Schule am Fluß"),
        ("東京", "東京の春"),
        ("咲いた", "東京の春"),
        ("春", "東京の春"),
    ] {
        assert_eq!(
            found(&world, query).await.first().map(String::as_str),
            Some(headline),
            "{query}"
        );
    }
    for query in ["rivers", "zoe", "city hall", "all about it"] {
        assert_eq!(found(&world, query).await.len(), 3, "{query}");
    }
    for query in ["zebra", "\"bridge were\"", "!!!", "\u{1}bridg"] {
        assert_eq!(
            found(&world, query).await.len(),
            usize::from(query.starts_with('\u{1}')),
            "{query}"
        );
    }
}

#[tokio::test]
async fn the_json_has_items_with_snippets_and_the_page_marks_matches() {
    let world = World::new().await;
    publish(&world, "Bridge <b> & co", "A text before. The **bridge** <i>opens</i> at noon.", 1)
        .await;
    let answer = json_of(&world, "/search?q=bridge").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let json = answer.json();
    assert_eq!((&json["total"], &json["page"]), (&json!(1), &json!(1)));
    let item = &json["items"][0];
    assert_eq!(item["snippet"], "A text before. The bridge opens at noon.");
    for field in ["id", "slug", "url", "summary", "section", "tags", "authors", "published_at"] {
        assert!(!item[field].is_null(), "{field}");
    }
    let page = world.page("/search?q=bridge").await;
    assert!(page.body.contains("<mark>Bridge</mark> &lt;b&gt; &amp; co"), "{}", page.body);
    assert!(page.body.contains("The <mark>bridge</mark> opens"));
    assert!(page.body.contains(r#"<meta name="robots" content="noindex">"#));
    // A program without a preference gets the page, as for a story.
    assert!(world.get("/search?q=bridge").await.header("content-type").starts_with("text/html"));
    let empty = json!({ "items": [], "total": 0, "page": 1 });
    assert_eq!(json_of(&world, "/search").await.json(), empty);
    assert_eq!(json_of(&world, "/search?q=&section=&from=&to=").await.json(), empty);
    assert!(world.page("/search").await.body.contains("Latest news"));
    let nothing = world.page("/search?q=zebra").await;
    assert!(nothing.body.contains("No stories for") && nothing.body.contains("Latest news"));
}

#[tokio::test]
async fn results_are_filtered_by_section_and_by_days_of_the_site() {
    let world = World::with(|settings| settings.set("GAZETTE_TIME_ZONE", "Asia/Tokyo")).await;
    let at = |time: &str| time.parse::<Timestamp>().expect("a time");
    for (headline, section, time) in [
        ("One", "World", "2026-11-01T14:59:59Z"),
        ("Two", "World", "2026-11-01T15:00:00Z"),
        ("Three", "Sport", "2026-11-02T14:59:59Z"),
        ("Four", "Sport", "2026-11-02T15:00:00Z"),
    ] {
        let mut input = StoryInput::new(headline.to_owned(), "A river.", at(time));
        section.clone_into(&mut input.section);
        world.operator.publish(SystemTask::Setup, input).await.expect("published");
    }
    let headlines = async |query: &str| {
        let answer = json_of(&world, &format!("/search?{query}")).await;
        let items = answer.json()["items"].as_array().cloned().unwrap_or_default();
        let mut headlines: Vec<String> =
            items.iter().map(|item| item["headline"].as_str().unwrap_or("").to_owned()).collect();
        headlines.sort();
        headlines.join(" ")
    };
    assert_eq!(headlines("q=river&from=2026-11-02&to=2026-11-02").await, "Three Two");
    assert_eq!(headlines("q=river&to=2026-11-01").await, "One");
    assert_eq!(headlines("q=river&from=2026-11-03").await, "Four");
    assert_eq!(headlines("q=river&section=sport").await, "Four Three");
    assert_eq!(headlines("section=sport&to=2026-11-02").await, "Three");
    assert_eq!(headlines("q=river&section=nowhere").await, "");
    for (query, message) in [
        ("from=2026-13-01", "must be a day such as 2026-11-01"),
        ("to=yesterday", "must be a day such as 2026-11-01"),
        ("from=2026-11-02&to=2026-11-01", "The last day is before the first"),
        ("page=0", "must be a whole number from 1 to 25"),
        ("page=26", "must be a whole number from 1 to 25"),
        ("limit=5", "Unknown parameter"),
    ] {
        let answer = json_of(&world, &format!("/search?q=river&{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.body.contains(message), "{query}: {}", answer.body);
    }
    let page = world.page("/search?q=river&from=yesterday").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("must be a day such as") && page.body.contains(r#"value="river""#));
}

#[tokio::test]
async fn results_have_pages_and_the_newer_story_comes_first_of_two_alike() {
    let world = World::new().await;
    world.publish(45).await;
    let first = json_of(&world, "/search?q=bold").await.json();
    assert_eq!((&first["total"], &first["items"][0]["headline"]), (&json!(45), &json!("Story 0")));
    assert_eq!(first["items"].as_array().map(Vec::len), Some(20));
    let third = json_of(&world, "/search?q=bold&page=3").await.json();
    assert_eq!(third["items"].as_array().map(Vec::len), Some(5));
    let page = world.page("/search?q=bold&page=2").await.body;
    assert!(page.contains("45 stories, page 2."));
    assert!(page.contains("/search?q=bold\"") && page.contains("/search?q=bold&amp;page=3"));
    assert_eq!(json_of(&world, "/search?q=bold&page=25").await.json()["items"], json!([]));
    let beyond = world.page("/search?q=bold&page=25").await.body;
    assert!(beyond.contains("There are no stories on this page."), "{beyond}");
    assert!(beyond.contains("/search?q=bold\"") && !beyond.contains("page=24"));
}

#[tokio::test]
async fn changes_are_found_at_once_and_those_of_another_process_after_a_sync() {
    let world = World::peopled().await;
    let other = world.beside().await;
    let ed = Writer::new(&world, "ed").await;
    let created = ed.post(&json!({ "headline": "Alpha", "body": "An elephant." })).await;
    assert_eq!(found(&world, "elephant").await, ["Alpha"]);
    assert_eq!(found(&other, "elephant").await, ["Alpha"]);
    let tag = created.header("etag").to_owned();
    let changed = ed.put(&id(&created), &tag, &json!({ "body": "A giraffe." })).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(found(&world, "giraffe").await, ["Alpha"]);
    assert_eq!(found(&world, "elephant").await, [""; 0]);
    other.operator.sync_with_log().await.expect("synced");
    assert_eq!(found(&other, "giraffe").await, ["Alpha"]);
    assert_eq!(found(&other, "elephant").await, [""; 0]);
}

/// Changes a story and searches after each change: in the process that made it, in another one on
/// the same table, and in one that starts afterwards with an empty folder.
async fn search_follows_the_newsroom_on(table: Arc<dyn Table>) {
    let world = World::on(table).await;
    world.people().await;
    let other = world.beside().await;
    let (ed, ada) = (Writer::new(&world, "ed").await, Writer::new(&world, "ada").await);
    let are_found = async |expected: &[&str]| {
        other.operator.sync_with_log().await.expect("synced");
        let fresh = world.beside().await;
        for (place, world) in [("here", &world), ("elsewhere", &other), ("at start", &fresh)] {
            let mut headlines = found(world, "zebras").await;
            headlines.sort();
            assert_eq!(headlines, expected, "{place}");
        }
    };
    are_found(&[]).await;
    let zebras = |headline: &str, status: &str| json!({ "headline": headline, "body": "Zebras.", "status": status });
    let public = ed.post(&zebras("Public", "published")).await;
    let draft = ed.post(&zebras("Draft", "draft")).await;
    assert_eq!((public.status, draft.status), (StatusCode::CREATED, StatusCode::CREATED));
    are_found(&["Public"]).await;
    let published =
        ed.put(&id(&draft), draft.header("etag"), &json!({ "status": "published" })).await;
    assert_eq!(published.status, StatusCode::OK, "{}", published.body);
    are_found(&["Draft", "Public"]).await;
    let withdrawn =
        ed.put(&id(&draft), published.header("etag"), &json!({ "status": "draft" })).await;
    assert_eq!(withdrawn.status, StatusCode::OK, "{}", withdrawn.body);
    are_found(&["Public"]).await;
    let path = format!("/news/{}", id(&public));
    ada.send(Method::DELETE, &path, &[], &json!(null)).await;
    are_found(&[]).await;
}

#[tokio::test]
async fn search_follows_the_newsroom_on_both_engines() {
    let seconds: gazette_table::Clock = Arc::new(|| Timestamp::now().as_second());
    search_follows_the_newsroom_on(Arc::new(MemoryTable::new(Arc::clone(&seconds)))).await;
    let endpoint = Endpoint::new().await;
    search_follows_the_newsroom_on(Arc::new(endpoint.table(seconds))).await;
}

#[tokio::test]
async fn az_03_what_readers_do_not_see_is_in_no_result_count_or_snippet() {
    let world = World::peopled().await;
    let (ed, ada) = (Writer::new(&world, "ed").await, Writer::new(&world, "ada").await);
    let in_time = |seconds: i64| {
        let time = Timestamp::now() + SignedDuration::from_secs(seconds);
        json!(Timestamp::from_second(time.as_second()).expect("in range").to_string())
    };
    let with = |headline: &str, field: &str, value: Value| {
        let mut story = story(headline);
        story["body"] = json!(format!("Zebras are {headline}."));
        story[field] = value;
        story
    };
    let mut ids = Vec::new();
    for new in [
        with("public", "tags", json!(["Zoo"])),
        with("drafted", "status", json!("draft")),
        with("scheduled", "publish_at", in_time(HOUR)),
        with("ended", "unpublish_at", in_time(HOUR)),
        with("trashed", "tags", json!(["Zoo"])),
    ] {
        let created = ed.post(&new).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
        ids.push(id(&created));
    }
    let mut before = found(&world, "zebras").await;
    before.sort();
    assert_eq!(before, ["ended", "public", "trashed"]);
    let path = format!("/news/{}", ids[4]);
    ada.send(Method::DELETE, &path, &[], &json!(null)).await;
    let secrets = async |absent: &[&str]| {
        for query in absent.iter().copied().chain(["zebras", "zebra+are", "zebars", "zeb", "are"]) {
            let answer = json_of(&world, &format!("/search?q={query}")).await;
            let page = world.page(&format!("/search?q={query}")).await;
            // For the newsroom too, readers' search is that of readers.
            let signed_in = ada.get(&format!("/search?q={query}")).await;
            for body in [&answer.body, &page.body, &signed_in.body] {
                for word in absent.iter().filter(|word| **word != query) {
                    assert!(!body.contains(&format!("are {word}")), "{query}: {word}\n{body}");
                }
            }
            if absent.contains(&query) {
                assert_eq!(answer.json()["total"], 0, "{query}");
            }
        }
    };
    secrets(&["drafted", "scheduled", "trashed"]).await;
    assert_eq!(json_of(&world, "/search?q=zebras").await.json()["total"], 2);
    // The scheduled story appears and the other one ends without any change.
    world.pass(HOUR + 1);
    secrets(&["drafted", "ended", "trashed"]).await;
    assert_eq!(found(&world, "scheduled").await, ["scheduled"]);
    world.desk.delete(&admin(), &Selection::All).await.expect("deleted");
    secrets(&["public", "scheduled"]).await;
    assert_eq!(json_of(&world, "/search?q=zebras").await.json()["total"], 0);
}

#[tokio::test]
async fn anything_that_is_typed_is_a_query() {
    let world = World::new().await;
    publish(&world, "The bridge is open", "Thousands walk across.", 1).await;
    let odd = [
        "\"",
        "\"\"",
        "+ - && || ! ( ) { } [ ] ^ ~ * ? : \\ /",
        "headline:bridge",
        "a AND",
        "NOT",
        "bridge~2",
        "*",
        "[1 TO 2]",
        "\0",
        "\u{202e}",
        "%",
        "<script>",
        "' OR 1=1 --",
        "..",
        "\u{1f600}",
        "é\u{301}",
        "\u{feff}",
        "\u{e000}",
    ];
    for query in odd {
        for accept in ["application/json", "text/html"] {
            let request =
                crate::world::request(Method::GET, &format!("/search?q={}", encoded(query)));
            let request = request.header("accept", accept).body(axum::body::Body::empty());
            let answer = world.send(request.expect("a request")).await;
            assert_eq!(answer.status, StatusCode::OK, "{query:?}: {}", answer.body);
        }
    }
    let page = world.page(&format!("/search?q={}", encoded(&"zebra ".repeat(200)))).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.len() < 60_000, "a long query does not fill the page");
    let long = "bridge ".repeat(100);
    assert_eq!(found(&world, &long).await, ["The bridge is open"]);
    let page = world.page(&format!("/search?q={}", encoded(&long))).await;
    assert!(page.body.contains("Only the first 200 characters"));
}

#[test]
fn no_query_fails() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let world = runtime.block_on(async {
        let world = World::new().await;
        publish(&world, "The bridge is open", "Thousands walk across.", 1).await;
        world
    });
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let outcome = runner.run(&"\\PC{0,80}", |query| {
        let path = format!("/search?q={}", encoded(&query));
        let status = runtime.block_on(world.page(&path)).status;
        prop_assert_eq!(status, StatusCode::OK);
        Ok(())
    });
    outcome.expect("every query has a page");
}
