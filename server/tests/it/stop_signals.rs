//! Signals to the server as a process.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::endpoint::{Endpoint, Reply, TABLE};
use crate::server_process::{gazette, send_signal, serving, start, terminate};
use crate::world::SESSION_KEY;

/// Sends a request on a connection of its own and returns the response.
fn get(url: &str, path: &str) -> String {
    let authority = url.trim_start_matches("http://");
    let mut client =
        TcpStream::connect(authority.replace("localhost", "127.0.0.1")).expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    client.write_all(request.as_bytes()).expect("sent");
    let mut response = Vec::new();
    client.set_read_timeout(Some(Duration::from_secs(5))).expect("a time limit");
    // Without `Connection: close` in the response this fails at the time limit.
    client.read_to_end(&mut response).expect("the server closes the connection");
    String::from_utf8_lossy(&response).into_owned()
}

#[test]
fn f_26_sighup_does_not_stop_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, url) = start(serving(folder.path()).stderr(Stdio::null()));
    send_signal(&server, "HUP");
    let healthy = gazette().args(["healthcheck", &url]).output().unwrap();
    assert_eq!(healthy.status.code(), Some(0));
    terminate(&server);
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn f_26_the_site_serves_during_the_grace_but_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = serving(folder.path());
    command.args(["--shutdown-grace", "2"]).stderr(Stdio::null());
    let (mut server, url) = start(&mut command);
    let signalled = Instant::now();
    terminate(&server);
    // The signal takes a moment to arrive.
    std::thread::sleep(Duration::from_millis(200));
    let ready = get(&url, "/readyz");
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains(r#""stopping""#), "{ready}");
    let page = get(&url, "/news");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.to_ascii_lowercase().contains("connection: close"), "{page}");
    assert_eq!(server.wait().unwrap().code(), Some(0));
    assert!(signalled.elapsed() >= Duration::from_secs(2));
}

#[cfg(target_os = "linux")]
#[test]
fn f_26_a_stop_signal_during_the_start_ends_the_server_in_order() {
    const SIGTERM: u64 = 1 << 14;
    let folder = tempfile::tempdir().unwrap();
    let mut command = serving(folder.path());
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", server.id());
    let is_caught = || {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:\t"));
        caught.and_then(|mask| u64::from_str_radix(mask, 16).ok()).unwrap_or(0) & SIGTERM != 0
    };
    while !is_caught() {
        std::thread::sleep(Duration::from_millis(1));
    }
    terminate(&server);
    assert_eq!(server.wait().unwrap().code(), Some(0));
    let mut output = String::new();
    server.stdout.take().unwrap().read_to_string(&mut output).unwrap();
    assert!(!output.contains("gazette ready"), "{output}");
}

#[test]
fn a_stopped_backup_leaves_no_unfinished_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, _) = start(serving(folder.path()).stderr(Stdio::null()));
    let data = folder.path().join("data");
    // Without its socket the server only holds the store, and the backup waits for it.
    std::fs::remove_file(data.join("gazette.sock")).unwrap();
    let (file, unfinished) = (folder.path().join("a.tar"), folder.path().join("a.tar.unfinished"));
    for signal in ["INT", "TERM"] {
        let mut command = gazette();
        command.arg("--data-dir").arg(&data).arg("backup").arg(&file).stderr(Stdio::piped());
        let mut backup = command.spawn().unwrap();
        while !unfinished.exists() {
            assert!(backup.try_wait().unwrap().is_none(), "it ended before it began");
            std::thread::yield_now();
        }
        send_signal(&backup, signal);
        let output = backup.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{signal}");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("stopped; nothing was written to"), "{signal}: {error}");
        assert!(!unfinished.exists() && !file.exists(), "{signal}");
    }
    terminate(&server);
    assert_eq!(server.wait().unwrap().code(), Some(0));
    // A killed one leaves its file to the next of that name.
    std::fs::write(&unfinished, "half").unwrap();
    let mut command = gazette();
    let done = command.arg("--data-dir").arg(&data).arg("backup").arg(&file).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(!unfinished.exists() && file.exists());
}

#[test]
fn a_stopped_restore_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (from, data) = (folder.path().join("from"), folder.path().join("data"));
    let run = |data: &Path, arguments: &[&str]| {
        gazette().arg("--data-dir").arg(data).args(arguments).output().unwrap()
    };
    assert!(run(&from, &["seed", "--articles", "20"]).status.success());
    let backup = run(&from, &["backup", "-"]).stdout;
    for signal in ["INT", "TERM"] {
        let mut command = gazette();
        command.arg("--data-dir").arg(&data).args(["restore", "-"]).stdin(Stdio::piped());
        let mut restore = command.stderr(Stdio::piped()).spawn().unwrap();
        // It waits for the end of the backup.
        let mut input = restore.stdin.take().unwrap();
        input.write_all(&backup[..backup.len() / 2]).unwrap();
        while !data.join(".restoring").exists() {
            assert!(restore.try_wait().unwrap().is_none(), "it ended before it began");
            std::thread::yield_now();
        }
        send_signal(&restore, signal);
        let output = restore.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{signal}: {error}");
        assert!(error.contains("nothing was restored from -: stopped"), "{signal}: {error}");
        assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0, "{signal}");
        drop(input);
    }
    // A killed one leaves a folder that both commands name.
    std::fs::create_dir(data.join(".restoring")).unwrap();
    let again = run(&data, &["restore", "-"]);
    let error = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(error.contains("was interrupted; empty that folder and restore again"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_export_leaves_no_unfinished_file() {
    let endpoint = Endpoint::new().await;
    // The items of the table do not arrive.
    endpoint.script(|call| {
        let is_scan =
            call.body["Limit"].is_number() && call.body["KeyConditionExpression"].is_null();
        if is_scan { Reply::Late(Duration::from_mins(1)) } else { Reply::Real }
    });
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (file, unfinished) = (path("a.ndjson"), path("a.ndjson.unfinished"));
    std::fs::write(&file, "earlier").unwrap();
    for signal in ["INT", "TERM"] {
        let mut command = gazette();
        command.env("GAZETTE_STORE", "dynamodb").env("GAZETTE_TABLE", TABLE);
        command.env("GAZETTE_SESSION_KEY", SESSION_KEY).env("GAZETTE_DATA_DIR", path("data"));
        command.env("AWS_ENDPOINT_URL_DYNAMODB", endpoint.url()).env("AWS_REGION", "eu-central-1");
        command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "secret");
        command.arg("export").arg(&file).stderr(Stdio::piped());
        // The engine runs on the other thread of the runtime.
        let output = tokio::task::block_in_place(|| {
            let mut export = command.spawn().unwrap();
            while !unfinished.exists() {
                assert!(export.try_wait().unwrap().is_none(), "it ended before it began");
                std::thread::yield_now();
            }
            send_signal(&export, signal);
            export.wait_with_output().unwrap()
        });
        assert_eq!(output.status.code(), Some(1), "{signal}");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("stopped; nothing was written to"), "{signal}: {error}");
        assert!(!unfinished.exists(), "{signal}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "earlier", "{signal}");
    }
}
