//! Pages that are sent as they were sent before: the same as from the layers below, for everyone.

use axum::body::Body;
use axum::http::header::ETAG;
use axum::http::{HeaderMap, Method, StatusCode};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::browser::Browser;
use crate::world::{World, request};

const PAGES: [&str; 7] = [
    "/",
    "/news",
    "/news/story-1",
    "/section/world",
    "/feed.atom",
    "/sitemap.xml",
    "/news?limit=2&section=world",
];
const HTML: (&str, &str) = ("accept", "text/html,*/*;q=0.8");
/// A cookie that is not ours: every layer sees the request, and none minds.
const LONG_WAY: (&str, &str) = ("cookie", "unrelated=1");

type Answer = (StatusCode, HeaderMap, Vec<u8>);

async fn answer(world: &World, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let builder = headers
        .iter()
        .fold(request(method, path), |builder, (name, value)| builder.header(*name, *value));
    let request = builder.body(Body::empty()).expect("a request");
    let (status, mut headers, body) = world.send_for_bytes(request).await;
    assert!(headers.remove("x-request-id").is_some(), "{path}");
    // It would be the length of the page (RFC 9110 §8.6).
    let has_length = headers.contains_key("content-length");
    assert!(!has_length || status != StatusCode::NOT_MODIFIED, "{path}");
    (status, headers, body)
}

/// Asks three times, since pages say how old a story is: a minute may end in between.
async fn assert_same(world: &World, method: Method, path: &str, headers: &[(&str, &str)]) {
    let long = [headers, &[LONG_WAY]].concat();
    let mut answers = Vec::new();
    for _ in 0..3 {
        let below = answer(world, method.clone(), path, &long).await;
        let it = answer(world, method.clone(), path, headers).await;
        if it == below {
            return;
        }
        answers = vec![it, below];
    }
    assert_eq!(answers.first(), answers.last(), "{method} {path} {headers:?}");
}

#[tokio::test]
async fn a_finished_page_is_what_the_layers_below_answer() {
    let world = World::new().await;
    world.publish(3).await;
    for path in PAGES {
        for encoding in ["", "br", "zstd", "gzip", "br;q=0, *;q=0.5", "identity"] {
            for accept in ["text/html", "application/json", "*/*"] {
                let headers = [("accept", accept), ("accept-encoding", encoding)];
                // The first answer is finished, the second and third are the finished one.
                for _ in 0..3 {
                    assert_same(&world, Method::GET, path, &headers).await;
                }
                assert_same(&world, Method::HEAD, path, &headers).await;
            }
        }
    }
}

#[tokio::test]
async fn a_finished_page_answers_304_as_the_layers_below_do() {
    let world = World::new().await;
    world.publish(3).await;
    for path in PAGES {
        for encoding in ["br", "gzip", "identity"] {
            let plain = [HTML, ("accept-encoding", encoding)];
            answer(&world, Method::GET, path, &plain).await;
            let (_, headers, _) = answer(&world, Method::GET, path, &plain).await;
            let tag = headers[ETAG].to_str().expect("text").to_owned();
            let list = format!("\"x\", {tag}");
            let weak = format!("W/{tag}");
            let date = "Thu, 01 Jan 2099 00:00:00 GMT";
            for condition in [
                ("if-none-match", tag.as_str()),
                ("if-none-match", &list),
                ("if-none-match", &weak),
                ("if-none-match", "*"),
                ("if-none-match", "\"another\""),
                ("if-none-match", "no tag"),
                ("if-modified-since", date),
            ] {
                let headers = [&plain[..], &[condition]].concat();
                assert_same(&world, Method::GET, path, &headers).await;
            }
        }
    }
}

/// As programs that look for news: none of them asks for a page that it has.
#[tokio::test]
async fn a_page_that_is_only_asked_for_changes_answers_as_the_layers_below_do() {
    let world = World::new().await;
    for path in ["/news", "/", "/feed.atom"] {
        for encoding in ["br", "identity"] {
            for condition in ["TAG", "W/TAG", "\"another\"", "\"x\", TAG", "*", "no tag"] {
                // A new version of the page, which is not finished.
                world.publish(1).await;
                let plain = [("accept", "*/*"), ("accept-encoding", encoding)];
                let long = [&plain[..], &[LONG_WAY]].concat();
                let (_, headers, _) = answer(&world, Method::GET, path, &long).await;
                let tag = headers[ETAG].to_str().expect("text");
                let condition = condition.replace("TAG", tag);
                let headers = [&plain[..], &[("if-none-match", condition.as_str())]].concat();
                for _ in 0..3 {
                    assert_same(&world, Method::GET, path, &headers).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn ses_07_people_get_their_own_pages_before_and_after_one_is_finished() {
    let world = World::new().await;
    world.people().await;
    world.publish(3).await;
    let (mut ada, mut rhea) =
        (Browser::signed_in(&world, "ada").await, Browser::signed_in(&world, "rhea").await);
    let token = world.access_token("rhea").await;
    for _ in 0..3 {
        for path in ["/", "/news/story-1", "/section/world"] {
            for (browser, name, other) in [(&mut ada, "ada", "rhea"), (&mut rhea, "rhea", "ada")] {
                let page = browser.get(path).await;
                assert!(page.body.contains(&format!(">{name}<")), "{path} for {name}");
                assert!(!page.body.contains(&format!(">{other}<")), "{path} for {name}");
                assert!(page.header("cache-control").starts_with("private"), "{path} for {name}");
            }
            let page = world.page(path).await;
            assert!(page.body.contains("Sign in") && !page.body.contains(">ada<"), "{path}");
            assert!(!page.body.contains(">rhea<"), "{path}");
            let bearer = world.bearer(Method::GET, path, &token).await;
            assert!(bearer.header("cache-control").starts_with("private"), "{path}");
        }
    }
}

#[tokio::test]
async fn limits_and_new_content_count_for_finished_pages_too() {
    let world = World::new().await;
    world.publish(2).await;
    for _ in 0..3 {
        assert_eq!(world.page("/").await.status, StatusCode::OK);
    }
    let two_hosts = request(Method::GET, "/").header("host", "a").header("host", "b");
    let two_hosts = world.send(two_hosts.body(Body::empty()).expect("a request")).await;
    assert_eq!(two_hosts.status, StatusCode::BAD_REQUEST);
    let large = request(Method::GET, "/").header("x-large", "x".repeat(17 * 1024));
    let large = world.send(large.body(Body::empty()).expect("a request")).await;
    assert_eq!(large.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    world.publish(1).await;
    let ids = world.page("/").await.headers["x-request-id"].clone();
    assert_ne!(ids, world.page("/").await.headers["x-request-id"]);
}

#[test]
fn no_header_but_those_in_vary_changes_a_finished_page() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let world = runtime.block_on(async {
        let world = World::new().await;
        world.publish(3).await;
        world
    });
    let name =
        "[a-z][a-z0-9-]{0,20}|x-forwarded-(for|host|proto)|x-original-url|forwarded|range|via";
    // Its own meaning, or refused: those are tested elsewhere.
    let decides = ["host", "accept", "accept-encoding", "cookie", "authorization"];
    let decides = move |name: &str| decides.contains(&name) || name.starts_with("if-");
    let mut runner = TestRunner::new(Config::with_cases(5_000));
    let baseline = runtime.block_on(answer(&world, Method::GET, "/", &[HTML]));
    let headers = (name, "[ -~]{0,40}");
    let result = runner.run(&headers, |(name, value)| {
        prop_assume!(!decides(&name));
        let ask =
            |headers: &[(&str, &str)]| runtime.block_on(answer(&world, Method::GET, "/", headers));
        let it = ask(&[HTML, (&name, &value)]);
        // The minute of the first answer may be over.
        let same = it == baseline || ask(&[HTML, (&name, &value)]) == ask(&[HTML]);
        prop_assert!(same, "{}: {}: {} {:?}", name, value, it.0, it.1);
        Ok(())
    });
    assert_eq!(result, Ok(()));
}
