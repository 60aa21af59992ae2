//! The whole site, read by every role: no token anywhere, whatever is looked at.

use std::cell::Cell;
use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::browser::Browser;
use crate::world::{Answer, SITE, World};

/// Where every log line of a test goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic before").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

thread_local! {
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Listens to everything that is logged on this thread, down to the last detail. The listener
/// is everybody's, since one of a single thread misses what others have met first.
fn listen(log: &Log) {
    let mine = dynamic_filter_fn(|_, _| LISTENING.get());
    let layer = tracing_subscriber::fmt::layer().with_writer(log.clone()).with_filter(mine);
    let listener = tracing_subscriber::registry().with(layer);
    tracing::subscriber::set_global_default(listener).expect("the only one in this process");
    LISTENING.set(true);
}

fn text_of(answer: &Answer) -> String {
    format!("{:?}\n{}", answer.headers, answer.body)
}

/// The paths on this site that a page links to.
fn links(page: &str) -> Vec<String> {
    let mut links = Vec::new();
    for part in page.split("href=\"").skip(1) {
        let link = part.split('"').next().unwrap_or_default();
        if link.starts_with('/') && !link.starts_with("/auth/") {
            links.push(link.replace("&amp;", "&"));
        }
    }
    links
}

/// Reads everything that can be come to by links, and says what it saw.
async fn crawl(browser: &mut Browser<'_>) -> String {
    let mut seen = String::new();
    let mut known: Vec<String> = [
        "/",
        "/account",
        "/account/people",
        "/desk",
        "/desk/trash",
        "/kept",
        "/auth/me",
        "/auth/explain",
        "/auth/verify",
        "/news",
        "/nowhere",
    ]
    .map(str::to_owned)
    .into();
    let mut next = 0;
    while let Some(path) = known.get(next).cloned() {
        next += 1;
        for accept in ["text/html", "application/json"] {
            let answer = browser.send(Method::GET, &path, &[("accept", accept)], "").await;
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
            seen.push_str(&text_of(&answer));
            for link in links(&answer.body) {
                if !known.contains(&link) && known.len() < 150 {
                    known.push(link);
                }
            }
        }
    }
    assert!(next > 12, "it has read only {next} pages");
    seen
}

#[tokio::test]
async fn bff_01_bff_05_no_token_is_in_any_answer_nor_the_log_nor_in_the_clear_in_the_table() {
    let log = Log::default();
    listen(&log);
    let world = World::peopled().await;
    world.publish(3).await;
    world.gate.note_tokens();
    let mut seen = crawl(&mut Browser::new(&world)).await;
    let mut stored = String::new();
    for name in ["rhea", "ed", "ada"] {
        let mut browser = Browser::new(&world);
        let callback = browser.until_callback(name, "/").await;
        seen.push_str(&text_of(&browser.get(&callback).await));
        seen.push_str(&crawl(&mut browser).await);
        seen.extend(browser.cookies.values().cloned());
        world.pass(61);
        seen.push_str(&text_of(&browser.post("/account/refresh", "").await));
        let deleted = browser.send(Method::DELETE, "/news?ids=x", &[("origin", SITE)], "").await;
        seen.push_str(&text_of(&deleted));
        stored.push_str(&world.table.everything().await);
        seen.push_str(&text_of(&browser.post("/auth/logout", "").await));
        assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    LISTENING.set(false);
    let log = String::from_utf8(log.0.lock().expect("no panic before").clone()).expect("text");
    assert!(log.contains("answered"), "the log was listened to");
    let tokens = world.gate.noted_tokens();
    assert!(tokens.len() >= 3 * 5, "{}", tokens.len());
    assert!(stored.contains("sealed"), "refresh tokens were stored");
    for (place, text) in [("an answer", &seen), ("the log", &log), ("the table", &stored)] {
        assert!(!text.contains("eyJ"), "something like a token is in {place}");
        for token in &tokens {
            assert!(!text.contains(token.as_str()), "a token is in {place}");
        }
    }
}
