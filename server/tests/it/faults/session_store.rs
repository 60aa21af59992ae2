//! A session store that does not answer, while the news is read as ever.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::endpoint::{Endpoint, Reply};
use crate::world::{SITE, World};

/// Deadline of a read, with a margin.
const MAX_TIME: Duration = Duration::from_secs(4);

#[tokio::test]
async fn f_25_a_session_store_that_does_not_answer_delays_no_reader_for_long() {
    let engine = Endpoint::new().await;
    let table = engine.table(Arc::new(|| jiff::Timestamp::now().as_second()));
    let world = World::on(Arc::new(table)).await;
    world.people().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(3);
    engine.script(|call| {
        let is_session = call.body.to_string().contains("session#");
        if is_session { Reply::Late(Duration::from_secs(30)) } else { Reply::Real }
    });
    let start = Instant::now();
    let page = ada.get("/news/story-0").await;
    assert!(start.elapsed() < MAX_TIME, "{:?}", start.elapsed());
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("You're still signed in."), "{}", page.body);
    assert_eq!(page.header("cache-control"), "private, no-store");
    let start = Instant::now();
    assert_eq!(world.page("/news/story-0").await.status, StatusCode::OK, "a reader");
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    let start = Instant::now();
    let deletion = ada.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
    assert_eq!(deletion.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!deletion.header("retry-after").is_empty());
    assert!(start.elapsed() < MAX_TIME, "{:?}", start.elapsed());
    engine.script(|_| Reply::Real);
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK, "the session is still valid");
}
