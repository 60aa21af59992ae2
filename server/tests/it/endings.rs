//! Stories and pins that end at a time, as browsers and programs see them.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use gazette_table::{FaultyTable, MemoryTable, Table};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::browser::Browser;
use crate::world::{TestResponse, World};
use crate::writer::{Writer, id, json_of, story};

const HOUR: i64 = 3_600;

fn in_seconds(world: &World, seconds: i64) -> Value {
    let time = world.now() + SignedDuration::from_secs(seconds);
    json!(Timestamp::from_second(time.as_second()).expect("in range").to_string())
}

fn ending(world: &World, headline: &str, seconds: i64) -> Value {
    let mut ending = story(headline);
    ending["unpublish_at"] = in_seconds(world, seconds);
    ending["section"] = json!("Project Zeus");
    ending["tags"] = json!(["Olympus"]);
    ending
}

/// Reads the ended story as the newsroom does.
async fn preview(ed: &Writer<'_>) -> Value {
    let json = [("accept", "application/json")];
    ed.send(Method::GET, "/news/ends", &json, &json!(null)).await.json()
}

const PAGES: [&str; 7] = [
    "/news/ends",
    "/section/project-zeus",
    "/tag/olympus",
    "/author/ed",
    "/section/project-zeus/feed.atom",
    "/tag/olympus/feed.rss",
    "/author/ed/feed.json",
];
const LISTS: [&str; 6] = ["/", "/news", "/feed.atom", "/feed.rss", "/feed.json", "/corrections"];

#[tokio::test]
async fn a_story_is_nowhere_from_the_second_of_its_end_on_before_and_after_the_job() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let created = ed.post(&ending(&world, "Ends", HOUR)).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    assert_eq!(created.json()["status"], "published");
    let correction = json!({ "text": "Ends, not starts." });
    let path = format!("/news/{}/corrections", id(&created));
    ed.send(Method::POST, &path, &[], &correction).await;
    for path in PAGES {
        assert_eq!(world.page(path).await.status, StatusCode::OK, "{path}");
    }
    for path in LISTS {
        assert!(world.page(path).await.body.contains("Ends"), "{path}");
        assert!(world.page(path).await.header("cache-control").starts_with("public"));
    }
    assert_eq!(world.get("/news").await.json()["items"][0]["slug"], "ends");
    assert!(world.get("/news").await.json()["items"][0].get("unpublish_at").is_none());
    let tag = world.page("/news").await.header("etag").to_owned();
    // No sync in between: the very next request after the end must know.
    world.pass(HOUR + 1);
    let hidden = async |when: &str| {
        for path in PAGES {
            assert_eq!(world.page(path).await.status, StatusCode::NOT_FOUND, "{path} {when}");
        }
        for path in LISTS {
            let page = world.page(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {when}");
            assert!(!page.body.contains("Ends") && !page.body.contains("Zeus"), "{path} {when}");
        }
        assert_eq!(world.get("/news").await.json()["items"], json!([]), "{when}");
    };
    hidden("before the job").await;
    assert_eq!(preview(&ed).await["status"], "draft");
    let again = Request::get("/news").header("accept", "text/html").header("if-none-match", tag);
    let again = world.send(again.body(Body::empty()).expect("a request")).await;
    assert_eq!(again.status, StatusCode::OK, "a browser's copy is no longer valid");
    assert_eq!(world.operator.unpublish_ended().await.expect("unpublished"), 1);
    hidden("after the job").await;
    let draft = preview(&ed).await;
    assert_eq!((&draft["status"], &draft["unpublish_at"]), (&json!("draft"), &json!(null)));
    let mut ada = Browser::signed_in(&world, "ada").await;
    assert!(ada.get("/desk/audit").await.body.contains("System (schedule)"));
}

#[tokio::test]
async fn f_09_an_ended_story_is_not_shown_while_the_store_is_unavailable() {
    let table = MemoryTable::new(Arc::new(|| Timestamp::now().as_second()));
    let table = Arc::new(FaultyTable::new(Arc::new(table)));
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.people().await;
    let ed = Writer::new(&world, "ed").await;
    ed.post(&ending(&world, "Ends", HOUR)).await;
    for path in ["/", "/news/ends"] {
        assert_eq!(world.page(path).await.status, StatusCode::OK);
    }
    table.fail("unavailable", |_| true);
    world.pass(HOUR - 60);
    assert!(world.page("/").await.body.contains("Ends"));
    world.pass(61);
    for path in ["/", "/news/ends"] {
        let page = world.page(path).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(!page.body.contains("Ends"), "{path}");
    }
}

#[tokio::test]
async fn a_feed_reader_that_asks_by_date_learns_of_the_end() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    ed.post(&ending(&world, "Ends", HOUR)).await;
    world.pass(HOUR - 60);
    let since = world.get("/feed.atom").await.header("last-modified").to_owned();
    let get = async || {
        let request = Request::get("/feed.atom").header("if-modified-since", &since);
        world.send(request.body(Body::empty()).expect("a request")).await
    };
    assert_eq!(get().await.status, StatusCode::NOT_MODIFIED);
    world.pass(61);
    let after = get().await;
    assert_eq!(after.status, StatusCode::OK);
    assert!(!after.body.contains("Ends"));
}

#[tokio::test]
async fn the_end_is_after_the_publication_and_can_be_removed() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let mut wrong = ending(&world, "Wrong", HOUR);
    wrong["publish_at"] = in_seconds(&world, 2 * HOUR);
    for (end, message) in [
        (in_seconds(&world, HOUR), "later than the time of publication"),
        (json!("soon"), "must be a time"),
    ] {
        wrong["unpublish_at"] = end;
        let answer = ed.post(&wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        let field = answer.json()["fields"]["unpublish_at"].as_str().expect("text").to_owned();
        assert!(field.contains(message), "{field}");
    }
    let past = ed.post(&ending(&world, "Past", -60)).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", past.body);
    let ends = ending(&world, "Ends", HOUR);
    let created = ed.post(&ends).await;
    let id = id(&created);
    assert_eq!(created.json()["unpublish_at"], ends["unpublish_at"]);
    let kept = ed.put(&id, "*", &json!({ "summary": "Short." })).await;
    assert_eq!(kept.json()["unpublish_at"], created.json()["unpublish_at"]);
    let stays = ed.put(&id, "*", &json!({ "unpublish_at": null })).await;
    assert_eq!(stays.json()["unpublish_at"], json!(null));
    world.pass(2 * HOUR);
    assert_eq!(world.page("/news/ends").await.status, StatusCode::OK);
}

/// Returns the first headline of the front page.
fn first(page: &TestResponse) -> String {
    let link = page.body.split("<h3").nth(1).expect("a teaser");
    let link = link.split("<a ").nth(1).expect("a link");
    let text = link.split("\">").nth(1).expect("its text");
    text.split('<').next().expect("its end").to_owned()
}

#[tokio::test]
async fn a_pinned_story_leads_the_front_page_until_its_time_and_stands_there_once() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let mut pinned = story("Pinned");
    pinned["publish_at"] = in_seconds(&world, -HOUR);
    let until = in_seconds(&world, HOUR);
    pinned["pin_until"] = until.clone();
    let pinned = ed.post(&pinned).await;
    assert_eq!(pinned.json()["pin_until"], until);
    ed.post(&story("Newest")).await;
    let front = world.page("/").await;
    assert_eq!(first(&front), "Pinned", "{}", front.body);
    assert_eq!(front.body.matches(">Pinned</a>").count(), 1);
    assert_eq!(world.get("/news").await.json()["items"][0]["slug"], "newest");
    world.pass(HOUR + 1);
    assert_eq!(first(&world.page("/").await), "Newest");
    let unpinned = ed.put(&id(&pinned), "*", &json!({ "pin_until": null })).await;
    assert_eq!(unpinned.json()["pin_until"], json!(null));
    assert!(json_of(&world, "/news/pinned").await.json().get("pin_until").is_none());
}
