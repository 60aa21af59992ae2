//! Concurrent requests: in any order, a sign-out ends the session and a login completes once.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_table::{Clock, MemoryTable, Table};

use crate::browser::Browser;
use crate::records::{Template, drawn, login_cookie, names, record};
use crate::world::{SITE, TestResponse, World, request};

const ROUNDS: usize = 10_000;

/// Builds a site on a table in memory, so that the disk does not order the requests.
async fn world() -> Arc<World> {
    let clock: Clock = Arc::new(|| jiff::Timestamp::now().as_second());
    let world = World::on(Arc::new(MemoryTable::new(clock))).await;
    world.people().await;
    world.table.set_busy(true);
    Arc::new(world)
}

async fn send(world: &World, method: Method, path: &str, cookie: &str) -> TestResponse {
    let request = request(method, path).header("cookie", format!("gazette-3000={cookie}"));
    let request = request.header("origin", SITE).body(Body::empty()).expect("a request");
    world.send(request).await
}

/// Sends a sign-out and another request with the same cookie concurrently.
async fn sign_out_and_request(
    world: &Arc<World>,
    cookie: &str,
    sign_out_first: bool,
) -> [TestResponse; 2] {
    let sign_out = (Method::POST, "/auth/logout");
    let read = (Method::GET, "/auth/me");
    let [one, other] =
        if sign_out_first { [sign_out, read] } else { [read, sign_out] }.map(|(method, path)| {
            let (world, cookie) = (Arc::clone(world), cookie.to_owned());
            tokio::spawn(async move { send(&world, method, path, &cookie).await })
        });
    [one.await.expect("an answer"), other.await.expect("an answer")]
}

#[tokio::test(flavor = "multi_thread")]
async fn ses_03_ten_thousand_sign_outs_racing_with_requests_leave_no_session() {
    let world = world().await;
    let ada = Browser::signed_in(&world, "ada").await;
    let session = Template::of(&world, &ada.cookies["gazette-3000"]).await;
    // After a minute each request updates the time of the last use, so all of them write.
    world.pass(61);
    let mut accepted = 0;
    for round in 0..ROUNDS {
        let cookie = session.copy(&world, None).await;
        let answers = sign_out_and_request(&world, &cookie, round % 2 == 0).await;
        assert!(answers.iter().all(|answer| !answer.status.is_server_error()));
        accepted += answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
        let left = world.table.get(&record(&cookie)).await.expect("readable");
        assert!(left.is_none(), "round {round}");
        if round % 20 == 0 {
            let me = send(&world, Method::GET, "/auth/me", &cookie).await;
            assert_eq!(me.status, StatusCode::UNAUTHORIZED, "round {round}");
        }
    }
    assert!((ROUNDS / 10..ROUNDS).contains(&accepted), "{accepted} were accepted");
}

/// Returns two sessions of a demoted admin in the last ten minutes of their token: one stores the
/// new groups, and the other the old ones, so its renewal gives it a new id.
async fn about_to_be_renewed(world: &World) -> [Template; 2] {
    let mut ada = Browser::signed_in(world, "ada").await;
    world.pass(55 * 60 / 2);
    ada.get("/").await;
    world.pass(55 * 60 / 2);
    let admin = Template::of(world, &ada.cookies["gazette-3000"]).await;
    world.pool.directory().set_groups("ada", Vec::new()).await.expect("changed");
    assert_eq!(ada.post("/account/refresh", "").await.status, StatusCode::SEE_OTHER);
    ada.post("/auth/logout", "").await;
    world.gate.start_replay();
    [admin.without_groups(), admin]
}

/// Starts a request and lets it proceed a distance that depends on `round`.
async fn begin_request(
    world: &Arc<World>,
    cookie: &str,
    round: usize,
) -> tokio::task::JoinHandle<TestResponse> {
    let issued = world.gate.issued();
    let mut task = {
        let (world, cookie) = (Arc::clone(world), cookie.to_owned());
        tokio::spawn(async move { send(&world, Method::GET, "/auth/me", &cookie).await })
    };
    match round % 8 {
        0 | 1 => {}
        2 | 3 => {
            let answer = (&mut task).await.expect("an answer");
            return tokio::spawn(async { answer });
        }
        _ => tokio::select! {
            () = world.gate.wait_for_more_than(issued) => {}
            // A pool that was slow is not asked for a while.
            answer = &mut task => {
                let answer = answer.expect("an answer");
                return tokio::spawn(async { answer });
            }
        },
    }
    for _ in 0..round % 41 {
        tokio::task::yield_now().await;
    }
    task
}

/// Returns the session cookie that an answer sets.
fn fresh_cookie(answer: &TestResponse) -> Option<String> {
    let mut cookies = answer.headers.get_all("set-cookie").iter();
    let value = cookies.find_map(|set| set.to_str().ok()?.strip_prefix("gazette-3000="))?;
    value.split(';').next().filter(|value| !value.is_empty()).map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn ses_03_ten_thousand_sign_outs_racing_with_renewals_leave_no_session_and_no_token() {
    let world = world().await;
    let sessions = about_to_be_renewed(&world).await;
    let (mut moved, mut renewed, mut ended) = (0, 0, 0);
    for round in 0..ROUNDS / 5 * 6 {
        // Ten thousand sessions get a new id, and another two thousand only new tokens.
        let session = &sessions[usize::from(round % 6 > 0)];
        let first = format!("first-{round}");
        let cookie = session.copy(&world, Some(&first)).await;
        let issued = world.gate.issued();
        let task = begin_request(&world, &cookie, round).await;
        let sign_out = send(&world, Method::POST, "/auth/logout", &cookie).await;
        assert_eq!(sign_out.status, StatusCode::SEE_OTHER, "round {round}: {}", sign_out.body);
        let answer = task.await.expect("an answer");
        match fresh_cookie(&answer).filter(|fresh| *fresh != cookie) {
            Some(fresh) => {
                moved += 1;
                let left = world.table.get(&record(&fresh)).await.expect("readable");
                assert!(left.is_none(), "round {round}");
            }
            None if answer.status == StatusCode::OK => renewed += 1,
            None => ended += 1,
        }
        let left = world.table.get(&record(&cookie)).await.expect("readable");
        assert!(left.is_none(), "round {round}");
        assert!(names(&world, session.sub()).await.is_empty(), "round {round}");
        assert!(world.gate.was_revoked(&first) || world.gate.issued() > issued, "round {round}");
        assert_eq!(world.gate.unrevoked_tokens(), Vec::<String>::new(), "round {round}");
    }
    let few = ROUNDS / 10;
    assert!(moved > few && renewed > few && ended > few, "{moved}, {renewed}, {ended}");
}

#[tokio::test(flavor = "multi_thread")]
async fn oau_03_each_of_ten_thousand_callbacks_sent_twice_concurrently_begins_one_session() {
    let world = world().await;
    let mut ada = Browser::new(&world);
    let callback = ada.sign_in_at_pool("ada", "/").await;
    ada.get(&callback).await;
    let sub = Template::of(&world, &ada.cookies["gazette-3000"]).await.sub().to_owned();
    let nonce = world.gate.last_nonce();
    world.gate.start_replay();
    for round in 0..ROUNDS {
        let state = drawn::<32>();
        let cookie = login_cookie(&world, &state, &nonce);
        let tasks = [0, 1].map(|_| {
            let (world, cookie) = (Arc::clone(&world), cookie.clone());
            let callback = format!("/auth/callback?code=x&state={state}");
            tokio::spawn(async move {
                let request = request(Method::GET, &callback).header("cookie", cookie);
                world.send(request.body(Body::empty()).expect("a request")).await.status
            })
        });
        let [first, second] = tasks;
        let mut statuses = [first.await.expect("an answer"), second.await.expect("an answer")];
        statuses.sort_unstable();
        assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::BAD_REQUEST], "round {round}");
    }
    assert_eq!(
        names(&world, &sub).await.len(),
        ROUNDS + 1,
        "one session per callback, and the first one"
    );
}
