//! A crawl of the whole site as every role: no answer, log line or stored item holds a token.

use std::cell::Cell;
use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::browser::Browser;
use crate::records::pending_login;
use crate::route_matrix::{address, routes};
use crate::world::{SITE, TestResponse, World};

/// Log output of a test.
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
    static CAPTURING: Cell<bool> = const { Cell::new(false) };
}

/// Captures everything that is logged on this thread, at every level. The subscriber is global,
/// because a thread-local one misses call sites that other threads have reached first.
fn capture(log: &Log) {
    let this_thread = dynamic_filter_fn(|_, _| CAPTURING.get());
    let layer = tracing_subscriber::fmt::layer().with_writer(log.clone()).with_filter(this_thread);
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::set_global_default(subscriber).expect("the only one in this process");
    CAPTURING.set(true);
}

fn text_of(answer: &TestResponse) -> String {
    format!("{:?}\n{}", answer.headers, answer.body)
}

/// Returns the paths on this site that a page links to.
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

/// Returns the paths of the route table, to start from.
fn start_paths() -> Vec<String> {
    let read = routes().into_iter().filter(|(_, methods)| methods.contains(&Method::GET));
    let mut paths: Vec<String> = read.map(|(path, _)| address(&path)).collect();
    paths.extend(["/desk/delete?all=yes", "/nowhere"].map(str::to_owned));
    paths
}

/// Reads every page that this browser can reach and returns all answers.
async fn crawl(browser: &mut Browser<'_>) -> String {
    let mut seen = String::new();
    let mut known = start_paths();
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
    assert!(next > start_paths().len() + 3, "no link was followed");
    seen
}

/// Sends a request to every writing route except sign-out and returns all answers.
async fn act(browser: &mut Browser<'_>) -> String {
    let form = "all=yes&word=something&id=x&session=x&sub=x";
    let draft = r#"{"headline":"A draft","body":"x","status":"draft"}"#;
    let mut seen = String::new();
    for (path, methods) in routes() {
        if matches!(path.as_str(), "/auth/logout" | "/account/sessions/end-all") {
            continue;
        }
        for method in methods.into_iter().filter(|method| *method != Method::GET) {
            for (kind, body) in
                [("application/x-www-form-urlencoded", form), ("application/json", draft)]
            {
                let headers = [("origin", SITE), ("content-type", kind), ("if-match", "*")];
                let answer = browser.send(method.clone(), &address(&path), &headers, body).await;
                assert!(!answer.status.is_server_error(), "{method} {path}: {}", answer.body);
                seen.push_str(&text_of(&answer));
            }
        }
    }
    seen
}

/// Returns code, state, nonce and PKCE verifier of a login.
fn secrets_of(browser: &Browser<'_>, callback: &str) -> Vec<String> {
    let (_, query) = callback.split_once('?').expect("a query");
    let fields = url::form_urlencoded::parse(query.as_bytes());
    let fields = fields.filter(|(name, _)| name == "code" || name == "state");
    let mut secrets: Vec<String> = fields.map(|(_, value)| value.into_owned()).collect();
    for state in secrets.clone() {
        let Some(pending) = pending_login(&browser.cookies, &state) else { continue };
        for name in ["nonce", "pkce_verifier"] {
            secrets.push(pending[name].as_str().expect("text").to_owned());
        }
    }
    secrets
}

/// Submits a form after the session ended, signs in again and returns all answers.
async fn save_a_form(world: &World, browser: &mut Browser<'_>, name: &str) -> String {
    world.pass(31 * 60);
    let mut seen = text_of(&browser.post("/desk/delete", "id=x").await);
    let callback = browser.sign_in_at_pool(name, "/saved-form").await;
    seen.push_str(&text_of(&browser.get(&callback).await));
    let kept = browser.get("/saved-form").await;
    assert!(matches!(kept.status, StatusCode::OK | StatusCode::FORBIDDEN), "{}", kept.status);
    seen.push_str(&text_of(&kept));
    seen
}

/// A piece of text that begins like a JWT: the Base64 of `{"` and seven more printable characters.
/// `eyJ` alone is not enough: about one in 260,000 places of a random value or a picture has it.
fn like_a_token(text: &str) -> Option<&str> {
    text.match_indices("eyJ").find_map(|(start, _)| {
        let piece = text.get(start..start + 12)?;
        let decoded = URL_SAFE_NO_PAD.decode(piece).ok()?;
        decoded.iter().all(|byte| (b' '..=b'~').contains(byte)).then_some(piece)
    })
}

#[test]
fn a_header_is_like_a_token_and_a_random_value_is_not() {
    assert_eq!(like_a_token("a=eyJhbGciOiJub25lIn0.e30."), Some("eyJhbGciOiJu"));
    assert_eq!(like_a_token("x7eyJ_-8Qz0aB1c"), None);
    assert_eq!(like_a_token("eyJ"), None);
}

#[tokio::test]
async fn bff_01_bff_05_no_token_is_in_an_answer_or_the_log_or_unencrypted_in_the_table() {
    let log = Log::default();
    capture(&log);
    let world = World::with(|settings| settings.set("GAZETTE_ACCESS_LOG", "on")).await;
    world.people().await;
    world.publish(3).await;
    world.gate.record_tokens();
    let mut seen = crawl(&mut Browser::new(&world)).await;
    let (mut stored, mut secrets) = (String::new(), Vec::new());
    seen.push_str(&act(&mut Browser::new(&world)).await);
    for name in ["rhea", "ed", "ada"] {
        let mut browser = Browser::new(&world);
        let callback = browser.sign_in_at_pool(name, "/").await;
        secrets.extend(secrets_of(&browser, &callback));
        seen.push_str(&text_of(&browser.get(&callback).await));
        seen.push_str(&crawl(&mut browser).await);
        seen.push_str(&act(&mut browser).await);
        seen.push_str(&save_a_form(&world, &mut browser, name).await);
        world.pass(61);
        seen.push_str(&text_of(&browser.post("/account/refresh", "").await));
        // Again, because the site now has new stories, deletions and notices.
        world.publish(1).await;
        seen.push_str(&crawl(&mut browser).await);
        seen.extend(browser.cookies.values().cloned());
        stored.push_str(&world.table.everything().await);
        seen.push_str(&text_of(&browser.post("/auth/logout", "").await));
        assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    let mut last = Browser::signed_in(&world, "ada").await;
    seen.push_str(&text_of(&last.post("/account/sessions/end-all", "").await));
    CAPTURING.set(false);
    let log = String::from_utf8(log.0.lock().expect("no panic before").clone()).expect("text");
    assert!(log.contains("answered"), "the log was captured");
    // OAU-02, OAU-14: the log has no secrets of a login either.
    assert_eq!(secrets.len(), 3 * 4);
    for secret in &secrets {
        assert!(secret.len() > 20 && !log.contains(secret.as_str()), "the log contains a secret");
    }
    let tokens = world.gate.recorded_tokens();
    assert!(tokens.len() >= 3 * 5, "{}", tokens.len());
    assert!(stored.contains("sealed"), "refresh tokens were stored");
    for (place, text) in [("an answer", &seen), ("the log", &log), ("the table", &stored)] {
        assert_eq!(like_a_token(text), None, "{place} contains something like a token");
        for token in &tokens {
            assert!(!text.contains(token.as_str()), "{place} contains a token");
        }
    }
}
