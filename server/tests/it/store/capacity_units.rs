//! The cost of operations on DynamoDB: calls by name, and read and write units.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_domain::Selection;
use gazette_table::{Clock, Table};
use serde_json::json;

use crate::browser::Browser;
use crate::endpoint::{Endpoint, Spent};
use crate::world::{World, admin, request};

/// Returns a site with stories and people, and the endpoint that counts its calls.
async fn counted() -> (World, Endpoint) {
    let endpoint = Endpoint::new().await;
    let clock: Clock = Arc::new(|| jiff::Timestamp::now().as_second());
    let table: Arc<dyn Table> = Arc::new(endpoint.table(clock));
    let world = World::on(table).await;
    world.people().await;
    world.publish(25).await;
    endpoint.spent();
    (world, endpoint)
}

/// Checks the calls and the maximum units.
#[track_caller]
fn assert_costs(spent: &Spent, calls: &[(&str, usize)], reads: f64, writes: f64) {
    assert_eq!(spent.list(), calls, "{spent:?}");
    assert!(spent.reads <= reads && spent.writes <= writes, "{spent:?}");
    assert_eq!(spent.stale, 0, "{spent:?}");
}

#[tokio::test]
async fn a_page_of_a_listing_costs_one_query_and_no_scan() {
    let (world, endpoint) = counted().await;
    for path in [
        "/news",
        "/news?limit=20",
        "/news?section=world",
        "/news?tag=rivers",
        "/news?month=2026-11",
    ] {
        let listing = request(Method::GET, path).header("accept", "application/json");
        let listing = world.send(listing.body(Body::empty()).expect("a request")).await;
        assert_eq!(listing.status, StatusCode::OK, "{path}");
        assert_costs(&endpoint.spent(), &[("Query", 1)], 4.0, 0.0);
    }
}

/// The two sections and their newest stories are read once, and the page once for each content
/// version: the newest stories and the pinned ones.
#[tokio::test]
async fn a_front_page_costs_two_queries() {
    let (world, endpoint) = counted().await;
    assert_eq!(world.page("/").await.status, StatusCode::OK);
    assert_costs(&endpoint.spent(), &[("Query", 5)], 7.0, 0.0);
    world.publish(1).await;
    endpoint.spent();
    assert_eq!(world.page("/").await.status, StatusCode::OK);
    assert_costs(&endpoint.spent(), &[("Query", 2)], 5.0, 0.0);
    assert_eq!(world.page("/").await.status, StatusCode::OK);
    assert_costs(&endpoint.spent(), &[], 0.0, 0.0);
    assert_eq!(world.page("/news/story-3").await.status, StatusCode::OK);
    // The story, and others of its section.
    assert_costs(&endpoint.spent(), &[("GetItem", 2), ("Query", 1)], 4.0, 0.0);
}

#[tokio::test]
async fn a_session_costs_one_read_and_no_write() {
    let (world, endpoint) = counted().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    endpoint.spent();
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK);
    assert_costs(&endpoint.spent(), &[("GetItem", 1)], 1.0, 0.0);
}

#[tokio::test]
async fn publishing_costs_one_transaction() {
    let (world, endpoint) = counted().await;
    let token = world.access_token("ed").await;
    let story = json!({ "headline": "A story of its own", "body": "One two three." });
    let post = request(Method::POST, "/news").header("authorization", format!("Bearer {token}"));
    let post = post.header("content-type", "application/json");
    endpoint.spent();
    let answer = world.send(post.body(Body::from(story.to_string())).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    // The labels are read in one batch; each that is new costs a query for stories that have it.
    let calls = [("BatchGetItem", 1), ("Query", 2), ("TransactWriteItems", 1)];
    assert_costs(&endpoint.spent(), &calls, 5.0, 24.0);
}

#[tokio::test]
async fn deleting_a_story_costs_a_read_and_a_transaction() {
    let (world, endpoint) = counted().await;
    let token = world.access_token("ada").await;
    let listing = world.get("/news?limit=1").await.json();
    let id = listing["items"][0]["id"].as_str().expect("an id");
    endpoint.spent();
    let deleted = world.bearer(Method::DELETE, &format!("/news/{id}"), &token).await;
    assert!(deleted.status.is_success(), "{}", deleted.body);
    let calls = [("GetItem", 1), ("TransactWriteItems", 1)];
    assert_costs(&endpoint.spent(), &calls, 1.0, 30.0);
}

#[tokio::test]
async fn revising_restoring_and_saving_cost_their_items() {
    let (world, endpoint) = counted().await;
    let token = world.access_token("ada").await;
    let listing = world.get("/news?limit=1").await.json();
    let id = listing["items"][0]["id"].as_str().expect("an id");
    let send = async |method: Method, path: &str, kind: &str, body: String| {
        let sent = request(method, path).header("authorization", format!("Bearer {token}"));
        let sent = sent.header("content-type", kind).header("if-match", "*");
        endpoint.spent();
        let answer = world.send(sent.body(Body::from(body)).expect("a request")).await;
        assert!(answer.status.as_u16() < 400, "{path}: {}", answer.body);
        endpoint.spent()
    };
    let form = "application/x-www-form-urlencoded";
    let story = json!({ "headline": "Corrected", "body": "One two three." }).to_string();
    let path = format!("/news/{id}");
    let put = send(Method::PUT, &path, "application/json", story).await;
    // The second read checks whether the summary was generated from the body, the third whether
    // the editor has a working copy; the batch reads the labels.
    assert_costs(
        &put,
        &[("BatchGetItem", 1), ("GetItem", 3), ("TransactWriteItems", 1)],
        6.0,
        30.0,
    );
    let save = send(Method::POST, "/saved", form, format!("id={id}")).await;
    assert_costs(&save, &[("GetItem", 1), ("PutItem", 1), ("Query", 1)], 2.0, 1.0);
    let list = send(Method::GET, "/saved", form, String::new()).await;
    assert!(list.calls_of("BatchGetItem") == 1 && list.calls_of("GetItem") == 0, "{list:?}");
    let remove = send(Method::POST, "/saved/remove", form, format!("id={id}")).await;
    assert_costs(&remove, &[("DeleteItem", 1)], 0.0, 1.0);
    let all = Selection::Ids(vec![id.parse().expect("an id")]);
    world.desk.delete(&admin(), &all).await.expect("deleted");
    endpoint.spent();
    let ids = [id.parse().expect("an id")];
    assert_eq!(world.desk.restore(&admin(), &ids).await.expect("restored"), 1);
    let calls = [("BatchGetItem", 1), ("GetItem", 2), ("TransactWriteItems", 1)];
    assert_costs(&endpoint.spent(), &calls, 5.0, 30.0);
}

/// Costs one query and one transaction for every five stories, one read of each story, and a query
/// to count them.
#[tokio::test]
async fn deleting_all_stories_costs_a_transaction_for_every_five() {
    let (world, endpoint) = counted().await;
    let deleted = world.desk.delete(&admin(), &Selection::All).await;
    assert_eq!(deleted.expect("deleted"), 25);
    let spent = endpoint.spent();
    assert_eq!(spent.calls_of("Query"), 7, "{spent:?}");
    assert_eq!(spent.calls_of("GetItem"), 25, "{spent:?}");
    assert_eq!((spent.calls_of("Scan"), spent.stale), (0, 0), "{spent:?}");
    assert!(spent.calls_of("TransactWriteItems") <= 7, "{spent:?}");
}

#[tokio::test]
async fn checking_for_changes_costs_one_read() {
    let (world, endpoint) = counted().await;
    world.operator.sync_with_log().await.expect("checked");
    endpoint.spent();
    world.operator.sync_with_log().await.expect("checked");
    assert_costs(&endpoint.spent(), &[("GetItem", 1)], 1.0, 0.0);
}
