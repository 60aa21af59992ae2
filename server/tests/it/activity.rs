//! The activity page and its downloads.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use gazette_domain::ROUTES;
use gazette_table::{Key, Write};
use jiff::Timestamp;
use serde_json::Value;

use crate::browser::Browser;
use crate::world::World;

/// Deletes every story as Ada.
async fn delete_all(ada: &mut Browser<'_>) {
    let answer = ada.post("/desk/delete", "all=yes&word=delete").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

/// Returns the text of the page, without tags.
fn text(page: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for character in page.chars() {
        match character {
            '<' => is_tag = true,
            '>' => is_tag = false,
            other if !is_tag => text.push(other),
            _ => {}
        }
    }
    text
}

#[tokio::test]
async fn an_act_is_one_sentence_however_many_stories_it_changed() {
    let world = World::peopled().await;
    world.publish(23).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    delete_all(&mut ada).await;
    let page = ada.get("/desk/audit").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = text(&page.body);
    assert!(text.contains("ada moved 23 stories to Trash"), "{text}");
    assert!(text.contains("System (setup) published 23 stories"), "{text}");
    assert!(text.contains("Story 7") && text.contains("allow.role.admin"), "{text}");
    assert!(text.contains("Log verified: no entries altered or missing."), "{text}");
    assert!(text.contains("all 46 entries"), "{text}");
    assert_eq!(page.body.matches(r#"class="act""#).count(), 2);
}

#[tokio::test]
async fn filters_combine_and_are_kept_in_the_form_and_in_the_links() {
    let world = World::peopled().await;
    world.publish(3).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    delete_all(&mut ada).await;
    let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
    for (query, lines) in [
        ("person=ADA", 1),
        ("person=system", 1),
        ("person=nobody", 0),
        ("act=trashed", 1),
        ("act=restored", 0),
        ("story=story+2", 2),
        ("story=story+9", 0),
        ("person=ada&act=trashed&story=2", 1),
        ("from=2020-01-01&to=2020-01-02", 0),
        (&format!("from={today}"), 2),
    ] {
        let page = ada.get(&format!("/desk/audit?{query}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body.matches(r#"class="act""#).count(), lines, "{query}");
        if lines == 0 {
            assert!(page.body.contains("No activity matches."), "{query}");
        }
    }
    let page = ada.get("/desk/audit?person=%22%3Ex&act=trashed").await.body;
    assert!(
        page.contains("value=\"&quot;&gt;x\"") || page.contains("value=\"&quot;>x\""),
        "{page}"
    );
    let page = ada.get("/desk/audit?story=story+2").await.body;
    assert!(page.contains("/desk/audit.csv?story=story%202"), "{page}");
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_explained_and_kept() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for (query, message) in [
        ("from=yesterday&person=typed", "Write the day as in 2026-11-26."),
        ("to=9999-12-31&person=typed", "Write the day as in 2026-11-26."),
        ("from=2026-11-02&to=2026-11-01&person=typed", "This day is before the first one."),
        ("act=invented&person=typed", "There is no such act."),
        (&format!("story={}&person=typed", "x".repeat(301)), "Use at most 300 characters."),
    ] {
        let page = ada.get(&format!("/desk/audit?{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.body.contains(message), "{query}: {}", page.body);
        assert!(page.body.contains(r#"value="typed""#), "{query}");
        let download = ada.get(&format!("/desk/audit.csv?{query}")).await;
        assert_eq!(download.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let page = ada.get("/desk/audit?before=x").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let page = ada.get("/desk/audit").await;
    assert!(page.body.contains("No activity yet."), "{}", page.body);
}

#[tokio::test]
async fn an_altered_entry_is_reported_also_when_the_filter_hides_it() {
    let world = World::peopled().await;
    world.publish(3).await;
    let day = Timestamp::now().strftime("%Y-%m-%d").to_string();
    let key = Key::new(format!("audit#{day}"), "0000000002");
    let table = world.table.as_table();
    let mut item = table.get(&key).await.expect("read").expect("a record");
    Arc::make_mut(&mut item.body)["headline"] = "Another".into();
    table.write(vec![Write::put(item)]).await.expect("written");
    let mut ada = Browser::signed_in(&world, "ada").await;
    for path in ["/desk/audit", "/desk/audit?person=nobody"] {
        let page = ada.get(path).await.body;
        assert!(page.contains("Warning: this log was tampered with"), "{page}");
        assert!(!page.contains("Log verified"), "{page}");
    }
}

#[tokio::test]
async fn a_download_has_every_record_of_the_filter() {
    let world = World::peopled().await;
    world.publish(3).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    delete_all(&mut ada).await;
    let csv = ada.get("/desk/audit.csv?person=ada").await;
    assert_eq!(csv.status, StatusCode::OK);
    assert_eq!(csv.header("content-disposition"), r#"attachment; filename="activity.csv""#);
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert_eq!(csv.header("cache-control"), "private, no-store");
    let rows: Vec<&str> = csv.body.split_terminator("\r\n").collect();
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert!(rows[0].starts_with("time,person,person_id,act,story,headline,"), "{}", rows[0]);
    assert!(rows[1].contains(r#","ada","#) && rows[1].contains(r#","trashed","#), "{}", rows[1]);
    let lines = ada.get("/desk/audit.ndjson").await;
    assert_eq!(lines.header("content-type"), "application/x-ndjson; charset=utf-8");
    let records: Vec<Value> =
        lines.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let numbers: Vec<_> = records.iter().map(|record| record["number"].as_u64()).collect();
    assert_eq!(numbers, [6, 5, 4, 3, 2, 1].map(Some));
    assert_eq!(records[0]["hash"].as_str().map(str::len), Some(64));
    for path in ["/desk/audit", "/desk/audit.csv", "/desk/audit.ndjson"] {
        let head = ada.send(Method::HEAD, path, &[], "").await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""), "{path}");
    }
}

#[tokio::test]
async fn the_log_is_for_admins() {
    let world = World::peopled().await;
    let paths = ROUTES.iter().map(|route| route.path).filter(|path| path.contains("/audit"));
    let paths: Vec<_> = paths.collect();
    assert_eq!(paths.len(), 3);
    for path in paths {
        assert_eq!(world.page(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        for name in ["rhea", "ed"] {
            let mut browser = Browser::signed_in(&world, name).await;
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{name} {path}");
        }
    }
}
