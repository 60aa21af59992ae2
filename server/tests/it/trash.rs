//! Deletions as people and programs see them: the reason, the progress, the trash and what readers
//! find in place of a removed story.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_table::{Clock, Item, Key, MemoryTable, Order, Page, Range, Table, TableError, Write};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::browser::Browser;
use crate::world::{TestResponse, World, request};

/// A table that writes the progress of a job only as often as it is allowed to.
pub(crate) struct SlowJobs {
    inner: MemoryTable,
    partition: &'static str,
    pub(crate) allowed: Semaphore,
}

impl SlowJobs {
    /// Makes a table that allows two writes to the partition.
    pub(crate) fn new(partition: &'static str) -> Self {
        let clock: Clock = Arc::new(|| jiff::Timestamp::now().as_second());
        Self { inner: MemoryTable::new(clock), partition, allowed: Semaphore::new(2) }
    }
}

#[async_trait]
impl Table for SlowJobs {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.inner.get(key).await
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.inner.get_many(keys).await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        self.inner.query(partition, range, order, limit).await
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        if batch.iter().any(|write| write.key().partition == self.partition) {
            self.allowed.acquire().await.expect("open").forget();
        }
        self.inner.write(batch).await
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        self.inner.scan(after, limit).await
    }
}

async fn bearer_page(world: &World, method: Method, path: &str, token: &str) -> TestResponse {
    bearer_form(world, method, path, token, "all=yes&word=delete").await
}

pub(crate) async fn bearer_form(
    world: &World,
    method: Method,
    path: &str,
    token: &str,
    form: &'static str,
) -> TestResponse {
    let request = request(method, path)
        .header("authorization", format!("Bearer {token}"))
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded");
    world.send(request.body(Body::from(form)).expect("a request")).await
}

pub(crate) async fn ids(world: &World) -> Vec<String> {
    let listing = world.get("/news?limit=100").await.json();
    let items = listing["items"].as_array().expect("items").clone();
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// Loads the page of a deletion until it has ended.
pub(crate) async fn finished(browser: &mut Browser<'_>, path: &str) -> TestResponse {
    let done = async {
        loop {
            let page = browser.get(path).await;
            if page.header("refresh").is_empty() {
                return page;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), done).await.expect("done in time")
}

fn removed_on(day: &str) -> String {
    format!("The newsroom took it down on <time datetime=\"{day}")
}

#[tokio::test]
async fn readers_are_told_when_and_why_a_story_was_removed() {
    let world = World::peopled().await;
    world.publish(2).await;
    let ids = ids(&world).await;
    let token = world.access_token("ada").await;
    let path = format!("/news/{}?reason=It%20named%20%3Cb%3Ea%20child%3C%2Fb%3E.", ids[0]);
    assert_eq!(world.bearer(Method::DELETE, &path, &token).await.status, StatusCode::NO_CONTENT);
    let path = format!("/news?ids={}", ids[1]);
    assert_eq!(world.bearer(Method::DELETE, &path, &token).await.body, r#"{"deleted":1}"#);
    let mut ada = Browser::signed_in(&world, "ada").await;
    for emptied in [false, true] {
        if emptied {
            let done = ada.post("/desk/trash/empty", "word=erase").await;
            assert_eq!(done.header("location"), "/desk/trash");
            assert!(ada.get("/desk/trash").await.body.contains("Permanently deleted 2 stories."));
        }
        let json = world.get("/news/story-0").await;
        assert_eq!(json.status, StatusCode::GONE);
        let json = json.json();
        let at = json["removed_at"].as_str().expect("a time").to_owned();
        assert!(at.ends_with('Z') && !at.contains('.'), "whole seconds: {at}");
        let reason = "It named <b>a child</b>.";
        assert_eq!(json, json!({ "message": "Gone", "removed_at": at, "reason": reason }));
        let page = world.page("/news/story-0").await;
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.body.contains(&removed_on(&at[..10])), "{}", page.body);
        assert!(page.body.contains("It named &lt;b&gt;a child&lt;/b&gt;."), "{}", page.body);
        assert!(!page.body.contains("Restore this story"));
        assert!(world.get("/news/story-1").await.json().get("reason").is_none());
        for name in ["rhea", "ed", "ada"] {
            let page = Browser::signed_in(&world, name).await.get("/news/story-0").await;
            assert_eq!(page.status, StatusCode::GONE);
            let offers = page.body.contains("Restore this story");
            assert_eq!(offers, name == "ada" && !emptied, "{name}");
            assert!(page.header("cache-control").contains("no-store"), "{name}");
        }
    }
    let again = world.page("/news/story-0").await;
    assert_eq!(again.body, world.page("/news/story-0").await.body, "the same for all readers");
}

#[tokio::test]
async fn an_admin_restores_a_story_from_its_page() {
    let world = World::peopled().await;
    world.publish(1).await;
    let id = ids(&world).await.remove(0);
    let mut ada = Browser::signed_in(&world, "ada").await;
    ada.post("/desk/delete", &format!("id={id}")).await;
    let form = format!("id={id}&then=story");
    for name in ["rhea", "ed"] {
        let refused = Browser::signed_in(&world, name).await.post("/desk/restore", &form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name}");
    }
    let done = ada.post("/desk/restore", &form).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/news/story-0"));
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_bad_reason_deletes_nothing_and_is_not_lost() {
    let world = World::peopled().await;
    world.publish(1).await;
    let id = ids(&world).await.remove(0);
    let token = world.access_token("ada").await;
    let long = "x".repeat(301);
    for (reason, message) in [
        (long.as_str(), "The reason has 301 characters; at most 300 are allowed."),
        ("a%E2%80%AEb", "The reason has the invisible character U+202E; remove it."),
        ("a%00b", "The reason has the invisible character U+0000; remove it."),
    ] {
        for path in ["/news?".to_owned(), format!("/news?ids={id}&"), format!("/news/{id}?")] {
            let path = format!("{path}reason={reason}");
            let answer = world.bearer(Method::DELETE, &path, &token).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert_eq!(answer.json()["message"], message);
            assert!(answer.json()["fields"]["reason"].is_string());
        }
        let mut ada = Browser::signed_in(&world, "ada").await;
        for form in [format!("id={id}"), "all=yes&word=delete".to_owned()] {
            let page = ada.post("/desk/delete", &format!("{form}&reason={reason}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.body.contains(message), "{}", page.body);
            let typed = reason.starts_with("xxx").then(|| format!("value=\"{reason}\""));
            assert!(typed.is_none_or(|typed| page.body.contains(&typed)), "what was typed stays");
        }
    }
    let unknown = world.bearer(Method::DELETE, &format!("/news/{id}?why=x"), &token).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK);
}

#[tokio::test]
async fn all_stories_are_counted_by_section_and_deleted_once() {
    let world = World::peopled().await;
    world.publish(5).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let page = ada.get("/desk/delete?all=yes").await.body;
    assert!(page.contains("Delete all 5 stories?"), "{page}");
    let cells =
        |name: &str, count: u32| page.contains(&format!("<bdi>{name}</bdi></th><td>{count}</td>"));
    assert!(cells("World", 3) && cells("Sport", 2), "{page}");
    let job = page.split("name=\"job\" value=\"").nth(1).expect("a job");
    let job = job.split('"').next().expect("its end").to_owned();
    let form = format!("all=yes&word=delete&job={job}&reason=The+archive+moves.");
    for _ in 0..2 {
        let done = ada.post("/desk/delete", &form).await;
        assert_eq!(done.header("location"), format!("/desk/delete/{job}"));
    }
    let result = finished(&mut ada, &format!("/desk/delete/{job}")).await;
    assert!(result.body.contains("Moved 5 stories to Trash"), "{}", result.body);
    assert!(result.body.contains("The archive moves.") && result.body.contains("Restore all 5"));
    assert_eq!(result.header("refresh"), "");
    let trash = ada.get("/desk/trash").await.body;
    assert_eq!(trash.matches("Restore all 5").count(), 1, "one form for the one deletion");
    assert!(trash.contains("in 30 days<"), "{trash}");
    let empty = ada.get("/desk/delete?all=yes").await.body;
    assert!(empty.contains("There are no published stories"), "{empty}");
    for path in ["/desk/delete/x", "/desk/delete/00000000-0000-0000-0000-000000000000"] {
        assert_eq!(ada.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for name in ["rhea", "ed"] {
        let mut browser = Browser::signed_in(&world, name).await;
        let path = format!("/desk/delete/{job}");
        assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let done = ada.post("/desk/restore", &format!("job={job}")).await;
    assert_eq!(done.header("location"), "/desk/trash");
    assert!(ada.get("/desk/trash").await.body.contains("5 stories restored."));
    let result = ada.get(&format!("/desk/delete/{job}")).await.body;
    assert!(result.contains("They are not in Trash any more."), "{result}");
}

#[tokio::test]
async fn the_progress_of_a_slow_deletion_is_shown_by_every_process() {
    let table = Arc::new(SlowJobs::new("jobs"));
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.people().await;
    world.publish(13).await;
    let mut token = world.access_token("ada").await;
    // The job begins and moves its first batch; then the table blocks it.
    let begun = bearer_page(&world, Method::POST, "/desk/delete", &token).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let path = begun.header("location").to_owned();
    let other = world.beside().await;
    for process in [&world, &other] {
        token = process.access_token("ada").await;
        let page = bearer_page(process, Method::GET, &path, &token).await;
        assert_eq!((page.status, page.header("refresh")), (StatusCode::OK, "1"));
        assert!(page.body.contains("Deleting all stories"), "{}", page.body);
        assert!(page.body.contains("max=\"13\"") && page.body.contains("value=\"5\""));
    }
    assert_eq!(ids(&world).await.len(), 8);
    table.allowed.add_permits(100);
    let done = async {
        loop {
            let page = bearer_page(&other, Method::GET, &path, &token).await;
            if page.header("refresh").is_empty() {
                return page;
            }
            tokio::task::yield_now().await;
        }
    };
    let done = tokio::time::timeout(std::time::Duration::from_secs(30), done).await;
    let page = done.expect("done in time").body;
    assert!(page.contains("Moved 13 stories to Trash"), "{page}");
}

#[tokio::test]
async fn f_01_a_deletion_begun_in_the_newsroom_goes_on_after_a_crash() {
    let world = World::peopled().await;
    world.publish(13).await;
    let token = world.access_token("ada").await;
    world.table.allow_writes(2);
    let begun = bearer_page(&world, Method::POST, "/desk/delete", &token).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let path = begun.header("location").to_owned();
    world.table.allow_all_writes();
    let page = bearer_page(&world, Method::GET, &path, &token).await;
    assert!(page.body.contains("value=\"5\"") && page.header("refresh") == "1", "{}", page.body);
    let restarted = world.beside().await;
    assert_eq!(restarted.operator.resume_jobs().await.expect("resumed"), 13);
    let page = bearer_page(&world, Method::GET, &path, &token).await;
    assert!(page.body.contains("Moved 13 stories to Trash"), "{}", page.body);
}

#[tokio::test]
async fn selected_stories_are_erased_after_a_page_with_their_headlines() {
    let world = World::peopled().await;
    world.publish(3).await;
    let ids = ids(&world).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    ada.post("/desk/delete", &format!("id={}&id={}&reason=Wrong.", ids[0], ids[1])).await;
    let none = ada.get("/desk/trash/erase").await;
    assert_eq!(none.header("location"), "/desk/trash?selected=none");
    let query = format!("id={}", ids[0]);
    let page = ada.get(&format!("/desk/trash/erase?{query}")).await.body;
    assert!(page.contains("Permanently delete 1 story?") && page.contains("Story 0"), "{page}");
    for name in ["rhea", "ed"] {
        let mut browser = Browser::signed_in(&world, name).await;
        for path in ["/desk/trash/erase", "/desk/trash/empty"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{name} {path}");
            let refused = browser.post(path, &query).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name} {path}");
        }
    }
    let done = ada.post("/desk/trash/erase", &query).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/desk/trash"));
    let trash = ada.get("/desk/trash").await.body;
    assert!(trash.contains("Permanently deleted 1 story.") && !trash.contains("Story 0"));
    assert!(trash.contains("Story 1") && trash.contains("Published") && trash.contains("Wrong."));
    let wrong = ada.post("/desk/trash/empty", "word=delete").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Type \u{201c}erase\u{201d} to confirm."), "{}", wrong.body);
    assert!(wrong.body.contains("value=\"delete\"") && wrong.body.contains("Story 1"));
    assert_eq!(world.get("/news/story-2").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_large_trash_has_pages() {
    let world = World::peopled().await;
    world.publish(103).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let begun = ada.post("/desk/delete", "all=yes&word=delete").await;
    finished(&mut ada, begun.header("location")).await;
    let first = ada.get("/desk/trash").await.body;
    assert_eq!(first.matches("Select \u{201c}").count(), 100);
    assert!(first.contains("Restore all 103"), "{first}");
    let next = first.split("rel=\"next\" href=\"").nth(1).expect("a next page");
    let next = next.split('"').next().expect("its end").to_owned();
    let second = ada.get(&next).await.body;
    assert_eq!(second.matches("Select \u{201c}").count(), 3);
    assert!(second.contains("First page") && !second.contains("Next page"));
    let bad = ada.get("/desk/trash?cursor=x").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}
