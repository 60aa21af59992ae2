//! Two processes on one table.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use gazette_table::Table;

use crate::browser::Browser;
use crate::endpoint::Endpoint;
use crate::world::{SITE, World};

#[tokio::test]
async fn f_40_two_processes_on_one_table_see_each_others_changes() {
    let endpoint = Endpoint::new().await;
    let clock: gazette_table::Clock = Arc::new(|| jiff::Timestamp::now().as_second());
    let table: Arc<dyn Table> = Arc::new(endpoint.table(clock));
    let one = World::on(table).await;
    let other = one.beside().await;
    one.people().await;
    one.publish(30).await;
    let listing = other.get("/news?limit=30").await.json();
    assert_eq!(listing["items"].as_array().expect("items").len(), 30);
    let ada = Browser::signed_in(&one, "ada").await;
    let mut elsewhere = Browser::new(&other);
    elsewhere.cookies.clone_from(&ada.cookies);
    assert_eq!(elsewhere.get("/auth/me").await.json()["username"], "ada");
    let deleted = elsewhere.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
    assert_eq!(deleted.body, r#"{"deleted":30}"#);
    assert_eq!(one.get("/news/story-0").await.status, StatusCode::GONE);
}
