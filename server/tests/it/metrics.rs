//! Metrics, and what the files in `deploy/monitoring` make of them.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::gate::Fault;
use crate::server_process::{serving, start, terminate};
use crate::world::{COMMIT, World, request};

const DASHBOARD: &str = include_str!("../../../deploy/monitoring/dashboard.json");
const ALERTS: &str = include_str!("../../../deploy/monitoring/alerts.yaml");

async fn used_world() -> World {
    let world = World::peopled().await;
    world.publish(2).await;
    for _ in 0..3 {
        world.get("/").await;
    }
    world.get("/news/no-such-story").await;
    world.get("/no/such/path").await;
    let etag = world.get("/news/story-0").await.headers["etag"].clone();
    let again = request(Method::GET, "/news/story-0").header("if-none-match", etag);
    world.send(again.body(Body::empty()).expect("a request")).await;
    world.bearer(Method::GET, "/auth/me", "x.y.z").await;
    let token = world.access_token("ed").await;
    world.bearer(Method::GET, "/auth/me", &token).await;
    world.bearer(Method::DELETE, "/news", &token).await;
    world
}

#[tokio::test]
async fn requests_tokens_decisions_store_and_cache_are_counted() {
    let world = used_world().await;
    let metrics = world.metrics().await;
    let version = env!("CARGO_PKG_VERSION");
    let build = format!("gazette_build_info{{version=\"{version}\",commit=\"{COMMIT}\"}} 1");
    for line in [
        r#"gazette_http_requests_total{route="/",method="GET",status="200"} 3"#,
        r#"gazette_http_requests_total{route="/news/{name}",method="GET",status="304"} 1"#,
        r#"gazette_http_requests_total{route="/news/{name}",method="GET",status="404"} 1"#,
        r#"gazette_http_requests_total{route="/news",method="DELETE",status="403"} 1"#,
        r#"gazette_http_requests_total{route="files",method="GET",status="404"} 1"#,
        r#"gazette_http_request_duration_seconds_count{route="/",method="GET"} 3"#,
        r#"gazette_token_verifications_total{code="ok"} 2"#,
        r#"gazette_decisions_total{reason="deny.not-signed-in"} 1"#,
        r#"gazette_page_cache_requests_total{result="hit"} 3"#,
        "gazette_log_dropped_lines_total 0",
        &build,
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line}\n{metrics}");
    }
    for beginning in [
        r#"gazette_token_verifications_total{code="deny.token."#,
        r#"gazette_store_operation_duration_seconds_count{engine="embedded",operation="write"} "#,
        "gazette_key_age_seconds ",
    ] {
        assert!(
            metrics.lines().any(|found| found.starts_with(beginning)),
            "{beginning}\n{metrics}"
        );
    }
}

#[tokio::test]
async fn sessions_are_counted_by_how_they_end() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let mut wim = Browser::signed_in(&world, "wim").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    rhea.post("/auth/logout", "").await;
    for _ in 0..2 {
        let callback = rhea.sign_in_at_pool_again("rhea", "/").await;
        rhea.get(&callback).await;
    }
    let users = world.pool.directory();
    let of_rhea = users.find_user("rhea").await.expect("readable").expect("a user").sub;
    ada.post(&format!("/desk/people/{of_rhea}/sign-out"), "").await;
    users.set_enabled("ed", false).await.expect("disabled");
    ed.post("/account/refresh", "").await;
    world.pass(31 * 60);
    for _ in 0..2 {
        assert_eq!(wim.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    let expected = [
        r#"{event="begun"} 6"#,
        r#"{event="ended.by-admin"} 1"#,
        r#"{event="ended.expired"} 1"#,
        r#"{event="ended.replaced"} 1"#,
        r#"{event="ended.revoked"} 1"#,
        r#"{event="ended.signed-out"} 1"#,
    ];
    assert_eq!(session_counts(&world).await, expected);
}

#[tokio::test]
async fn sessions_that_cannot_go_on_are_counted_by_their_reason() {
    let world = World::with(|settings| settings.set("GAZETTE_SESSION_ABSOLUTE", "60")).await;
    world.people().await;
    world.gate.set_fault(Some(Fault::NoRefreshToken));
    let mut wim = Browser::signed_in(&world, "wim").await;
    world.gate.set_fault(None);
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    wim.post("/account/refresh", "").await;
    world.gate.set_fault(Some(Fault::Claim("sub", json!("00000000-0000-4000-8000-000000000000"))));
    ada.post("/account/refresh", "").await;
    world.gate.set_fault(None);
    // Ed goes on reading until the session is too old.
    for status in [StatusCode::OK, StatusCode::OK, StatusCode::UNAUTHORIZED] {
        world.pass(21 * 60);
        assert_eq!(ed.get("/auth/me").await.status, status);
    }
    for browser in [&mut wim, &mut ada, &mut ed] {
        assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    let expected = [
        r#"{event="begun"} 3"#,
        r#"{event="ended.expired"} 1"#,
        r#"{event="ended.not-renewable"} 1"#,
        r#"{event="ended.other-user"} 1"#,
    ];
    assert_eq!(session_counts(&world).await, expected);
}

async fn session_counts(world: &World) -> Vec<String> {
    let metrics = world.metrics().await;
    let counts = metrics.lines().filter_map(|line| line.strip_prefix("gazette_sessions_total"));
    counts.map(str::to_owned).collect()
}

#[tokio::test]
async fn az_08_the_site_itself_has_no_metrics() {
    let world = World::new().await;
    assert_eq!(world.get("/metrics").await.status, StatusCode::NOT_FOUND);
}

/// Every line is a comment or a sample with a number, and no family is told twice.
#[tokio::test]
async fn the_text_is_in_the_format_of_prometheus() {
    let metrics = used_world().await.metrics().await;
    let mut families = BTreeSet::new();
    for line in metrics.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a kind");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(families.insert(name.to_owned()), "{line}");
        } else if !line.starts_with("# HELP ") {
            let (sample, value) = line.rsplit_once(' ').expect("a value");
            assert!(value.parse::<f64>().is_ok(), "{line}");
            let name = sample.split('{').next().unwrap_or_default();
            assert!(families.contains(&family(name)), "{line}");
            assert!(!sample.contains('{') || sample.ends_with("\"}"), "{line}");
        }
    }
}

#[tokio::test]
async fn the_dashboard_and_the_alerts_name_metrics_that_exist() {
    let metrics = used_world().await.metrics().await;
    let types = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let known: BTreeSet<&str> = types.filter_map(|line| line.split(' ').next()).collect();
    let dashboard: Value = serde_json::from_str(DASHBOARD).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    assert!(panels.len() >= 10);
    let mut expressions: Vec<&str> = Vec::new();
    for panel in panels {
        for target in panel["targets"].as_array().expect("targets") {
            expressions.push(target["expr"].as_str().expect("an expression"));
        }
    }
    let alerts: Vec<&str> =
        ALERTS.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert!(alerts.len() >= 6);
    expressions.extend(alerts);
    for expression in expressions {
        let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let names: Vec<String> = words
            .filter(|word| word.starts_with("gazette_") || word.starts_with("process_"))
            .map(family)
            .collect();
        assert!(!names.is_empty() || expression.starts_with("up"), "{expression}");
        for name in names {
            assert!(known.contains(name.as_str()), "{name}: {expression}");
        }
    }
}

/// A histogram has three names besides its own.
fn family(name: &str) -> String {
    let parts = ["_bucket", "_sum", "_count"].into_iter();
    let base =
        parts.filter_map(|part| name.strip_suffix(part)).find(|base| base.ends_with("_seconds"));
    base.unwrap_or(name).to_owned()
}

#[test]
fn the_server_serves_its_metrics_on_their_own_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = free.local_addr().expect("an address");
    let taken = serving(folder.path())
        .env("GAZETTE_METRICS_ADDR", addr.to_string())
        .stderr(Stdio::piped())
        .output()
        .expect("it ran");
    assert_eq!(taken.status.code(), Some(1), "an address that was set must be free");
    assert!(String::from_utf8_lossy(&taken.stderr).contains("GAZETTE_METRICS_ADDR"));
    drop(free);
    let mut command = serving(folder.path());
    let (mut server, _) = start(command.env("GAZETTE_METRICS_ADDR", addr.to_string()));
    let mut stream = TcpStream::connect(addr).expect("a connection");
    let asked = "GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(asked.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("gazette_build_info"), "{answer}");
    terminate(&server);
    assert!(server.wait().expect("it ended").success());
}
