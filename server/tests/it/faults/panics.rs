//! A panic inside a request.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use futures_util::future::join_all;
use futures_util::stream;
use gazette_server::listener::{Limits, Phase, Stop, serve};
use gazette_table::{FaultyTable, MemoryTable, Table};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::browser::Browser;
use crate::wire::{Sent, send};
use crate::world::World;

const SECRET: &str = "a secret of the store";

/// Returns the count of panics in the metrics.
async fn panics(world: &World) -> u64 {
    let metrics = world.metrics().await;
    let line = metrics.lines().find_map(|line| line.strip_prefix("gazette_panics_total "));
    line.expect("a counter").parse().expect("a number")
}

#[tokio::test]
async fn f_34_a_panic_is_a_500_without_details_and_costs_no_other_request() {
    let table = MemoryTable::new(Arc::new(|| jiff::Timestamp::now().as_second()));
    let table = Arc::new(FaultyTable::new(Arc::new(table)));
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.people().await;
    world.publish(2).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let token = world.access_token("ada").await;
    let before = panics(&world).await;
    // Stories are read from here.
    table.set_hook(|call| {
        assert!(!call.partitions.iter().any(|it| it.starts_with("article#")), "{SECRET}");
        Ok(())
    });
    // What cannot be read is not found in a cache either.
    let requests = (0..20).map(|number| {
        let path = if number % 2 == 0 { "/news/story-0" } else { "/about" };
        world.page(path)
    });
    for (number, answer) in join_all(requests).await.into_iter().enumerate() {
        if number % 2 == 1 {
            assert_eq!(answer.status, StatusCode::OK);
            continue;
        }
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", answer.body);
        assert!(!answer.body.contains(SECRET) && !answer.body.contains("panicked"));
        assert!(answer.body.contains("Sorry, that's our fault"), "{}", answer.body);
        for header in ["x-request-id", "content-security-policy", "x-content-type-options"] {
            assert!(!answer.header(header).is_empty(), "{header}");
        }
    }
    let program = world.bearer(Method::GET, "/news/story-1", &token).await;
    assert_eq!(program.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(program.body, r#"{"message":"Internal Server Error"}"#);
    assert!(panics(&world).await >= before + 11);
    table.repair();
    for path in ["/", "/news/story-0", "/desk", "/auth/me"] {
        assert_eq!(ada.get(path).await.status, StatusCode::OK, "{path}: no lock is poisoned");
    }
    let metrics = world.metrics().await;
    let line = r#"gazette_http_requests_total{route="/news/{name}",method="GET",status="500"} 11"#;
    assert!(metrics.contains(line), "{metrics}");
}

fn panicking() -> &'static str {
    panic!("{SECRET}")
}

fn fail(_: &mut Context<'_>) -> Poll<Option<io::Result<&'static str>>> {
    Poll::Ready(Some(Ok(panicking())))
}

/// A router without error pages of its own, as that of the embedded pool.
#[tokio::test]
async fn f_34_the_listener_answers_a_panic_that_nothing_else_caught() {
    let stream = || async { Body::from_stream(stream::poll_fn(fail)) };
    let router = Router::new()
        .route("/panic", get(|| async { panicking() }))
        .route("/stream", get(stream))
        .route("/", get(|| async { "page" }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let stop = Stop::new();
    let limits = Limits { drain_timeout: Duration::from_secs(1), ..Limits::default() };
    let ended = tokio::spawn(serve(listener, router.into(), limits, stop.phases()));
    let (panicking, fine) = (Sent::get("/panic"), Sent::get("/"));
    let (panicked, page) = tokio::join!(send(&address, &panicking), send(&address, &fine));
    assert_eq!((panicked.status, panicked.text().as_str()), (500, "Internal Server Error\n"));
    assert_eq!((page.status, page.text().as_str()), (200, "page"));
    // Its head may be on the way when a body fails: the client sees that it is cut off.
    let mut cut_off = TcpStream::connect(&address).await.expect("connected");
    cut_off.write_all(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), cut_off.read_to_end(&mut answer))
        .await
        .expect("an end");
    assert!(!answer.ends_with(b"0\r\n\r\n"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(send(&address, &Sent::get("/")).await.status, 200);
    stop.enter(Phase::Draining);
    ended.await.expect("the listener did not panic");
}
