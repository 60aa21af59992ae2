use std::convert::Infallible;
use std::time::Duration;

use axum::routing::post;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, Stream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use super::*;

fn limits() -> BodyLimits {
    BodyLimits {
        grace: Duration::from_millis(50),
        bytes_per_second: 4,
        total: Duration::from_millis(200),
        held: usize::MAX,
        memory: Arc::new(Semaphore::new(10)),
    }
}

async fn send(limits: &BodyLimits, body: impl Stream<Item = Bytes> + Send + 'static) -> Response {
    let router = Router::new()
        .route("/", post(|body: Bytes| async move { body.len().to_string() }))
        .layer(from_fn_with_state(limits.clone(), limit_plainly));
    let request =
        Request::post("/").body(Body::from_stream(body.map(Ok::<_, Infallible>))).unwrap();
    router.oneshot(request).await.unwrap()
}

fn chunk(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

#[tokio::test]
async fn a_body_that_stops_is_answered_with_408_at_its_deadline() {
    let start = std::time::Instant::now();
    let response = send(&limits(), stream::iter([chunk("ab")]).chain(stream::pending())).await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_body_that_never_ends_is_answered_with_408_at_the_total_time() {
    let drip = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Some((chunk(""), ()))
    });
    let generous = BodyLimits { grace: Duration::from_mins(1), ..limits() };
    assert_eq!(send(&generous, drip).await.status(), StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn bodies_share_their_memory_and_return_it() {
    let limits = limits();
    let stuck = tokio::spawn({
        let limits = BodyLimits { grace: Duration::from_mins(1), ..limits.clone() };
        async move { send(&limits, stream::iter([chunk("12345678")]).chain(stream::pending())).await }
    });
    while limits.memory.available_permits() > 2 {
        tokio::task::yield_now().await;
    }
    let refused = send(&limits, stream::iter([chunk("123")])).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()[RETRY_AFTER], "1");
    assert_eq!(send(&limits, stream::iter([chunk("12")])).await.status(), StatusCode::OK);
    assert_eq!(stuck.await.unwrap().status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(send(&limits, stream::iter([chunk("1234567890")])).await.status(), StatusCode::OK);
}
