//! Requests that race: whatever the order, who has signed out is out, and a login is
//! finished once.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::fill;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_table::{Clock, Item, Key, MemoryTable, Order, Range, Table, Write};

use crate::browser::Browser;
use crate::world::{Answer, SITE, World, request};

/// A world on a table in memory, so that what races is the requests and not the disk.
async fn world() -> Arc<World> {
    let clock: Clock = Arc::new(|| jiff::Timestamp::now().as_second());
    let world = World::on(Arc::new(MemoryTable::new(clock))).await;
    world.people().await;
    Arc::new(world)
}

/// The key of the record of a session.
fn record(id: &[u8; 16]) -> Key {
    // The cookie has the bytes of the id in one order, the hash is over the other.
    let mut bytes = *id;
    bytes.reverse();
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, &bytes));
    Key::new(format!("session#{hash}"), "current")
}

fn id_of(cookie: &str) -> [u8; 16] {
    URL_SAFE_NO_PAD.decode(cookie).expect("base64url").try_into().expect("16 bytes")
}

async fn send(world: &World, method: Method, path: &str, cookie: &str) -> Answer {
    let request = request(method, path).header("cookie", format!("gazette={cookie}"));
    let request = request.header("origin", SITE).body(Body::empty()).expect("a request");
    world.send(request).await
}

/// Sends a sign-out and some other requests by the same cookie all at once; the sign-out is
/// the `nth` to begin.
async fn sign_out_among(world: &Arc<World>, cookie: &str, nth: usize) -> Vec<Answer> {
    let mut requests = vec![(Method::GET, "/auth/me"); 2];
    requests.insert(nth % 3, (Method::POST, "/auth/logout"));
    let tasks: Vec<_> = requests
        .into_iter()
        .map(|(method, path)| {
            let (world, cookie) = (Arc::clone(world), cookie.to_owned());
            tokio::spawn(async move { send(&world, method, path, &cookie).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("an answer"));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn ses_03_ten_thousand_sign_outs_among_requests_leave_no_session() {
    let world = world().await;
    let ada = Browser::signed_in(&world, "ada").await;
    let found = world.table.get(&record(&id_of(&ada.cookies["gazette"]))).await;
    let session = found.expect("readable").expect("a session");
    // From now on each request notes that the session is in use, so all of them write.
    world.pass(61);
    for round in 0..10_000 {
        let mut id = [0; 16];
        fill(&mut id).expect("randomness");
        let key = record(&id);
        let copy = Item { key: key.clone(), ..session.clone() };
        world.table.write(vec![Write::create(copy)]).await.expect("written");
        let cookie = URL_SAFE_NO_PAD.encode(id);
        let answers = sign_out_among(&world, &cookie, round).await;
        assert!(answers.iter().all(|answer| !answer.status.is_server_error()));
        assert!(world.table.get(&key).await.expect("readable").is_none(), "round {round}");
        let me = send(&world, Method::GET, "/auth/me", &cookie).await;
        assert_eq!(me.status, StatusCode::UNAUTHORIZED, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ses_03_signing_out_ends_a_session_that_changes_its_id_meanwhile() {
    let world = world().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let sub = ada.get("/auth/me").await.json()["sub"].as_str().expect("a sub").to_owned();
    let mut moved = 0;
    for round in 0..100 {
        let groups = if round % 2 == 0 { vec![] } else { vec!["admin".to_owned()] };
        world.pool.directory().set_groups("ada", groups).await.expect("changed");
        // The last ten minutes of its token: whoever comes first asks the pool.
        world.pass(55 * 60 / 2);
        ada.get("/").await;
        world.pass(55 * 60 / 2);
        let cookie = ada.cookies["gazette"].clone();
        let asked = world.gate.refreshes();
        let task = {
            let (world, cookie) = (Arc::clone(&world), cookie.clone());
            tokio::spawn(async move { send(&world, Method::GET, "/auth/me", &cookie).await })
        };
        // While the pool is asked, or when it has answered.
        while world.gate.refreshes() == asked || (round % 4 > 1 && !task.is_finished()) {
            tokio::task::yield_now().await;
        }
        let out = send(&world, Method::POST, "/auth/logout", &cookie).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER);
        let answers = [task.await.expect("an answer")];
        for answer in &answers {
            for set in answer.headers.get_all("set-cookie") {
                let set = set.to_str().expect("text");
                let Some(fresh) = set.strip_prefix("gazette=").and_then(|it| it.split(';').next())
                else {
                    continue;
                };
                moved += usize::from(!fresh.is_empty() && fresh != cookie);
                let me = send(&world, Method::GET, "/auth/me", fresh).await;
                assert_eq!(me.status, StatusCode::UNAUTHORIZED, "round {round}");
            }
        }
        let (listed, all) = (format!("sessions-of#{sub}"), Range::all());
        let left = world.table.query(&listed, &all, Order::Ascending, 10).await.expect("readable");
        assert!(left.items.is_empty(), "round {round}");
        let callback = ada.until_callback("ada", "/").await;
        ada.get(&callback).await;
    }
    assert!(moved > 20, "the race was met only {moved} times");
}

#[tokio::test(flavor = "multi_thread")]
async fn oau_03_a_callback_that_comes_twice_at_once_signs_in_once() {
    let world = world().await;
    let mut ada = Browser::new(&world);
    for round in 0..100 {
        let callback = ada.until_callback("ada", "/").await;
        let login = format!("gazette-login={}", ada.cookies["gazette-login"]);
        let tasks: Vec<_> = (0..3)
            .map(|_| {
                let (world, callback, login) =
                    (Arc::clone(&world), callback.clone(), login.clone());
                tokio::spawn(async move {
                    let request = request(Method::GET, &callback).header("cookie", login);
                    world.send(request.body(Body::empty()).expect("a request")).await.status
                })
            })
            .collect();
        let mut signed_in = 0;
        for task in tasks {
            match task.await.expect("an answer") {
                StatusCode::SEE_OTHER => signed_in += 1,
                status => assert_eq!(status, StatusCode::BAD_REQUEST),
            }
        }
        assert_eq!(signed_in, 1, "round {round}");
    }
}
