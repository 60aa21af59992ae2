//! `deploy/nginx/gazette.conf` with the real nginx: caching, and restarts of instances without
//! errors. Without nginx the tests say so and end.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use crate::endpoint::Endpoint;
use crate::server_process::{serving, start, terminate};
use crate::wire::{Answer, Sent, send};
use crate::world::SESSION_KEY;

/// The configuration that operators copy.
const CONFIGURATION: &str = include_str!("../../../deploy/nginx/gazette.conf");

/// A running nginx.
struct Nginx {
    process: Child,
    address: String,
    folder: TempDir,
}

impl Drop for Nginx {
    #[expect(clippy::print_stderr, reason = "a failed test prints what nginx says")]
    fn drop(&mut self) {
        terminate(&self.process);
        let _ = self.process.wait();
        if std::thread::panicking() {
            let log = std::fs::read_to_string(self.folder.path().join("error.log"));
            eprintln!("{}", log.unwrap_or_default());
        }
    }
}

/// Returns the path of nginx, or says that a test is skipped.
#[expect(clippy::print_stderr, reason = "a skipped test prints a note")]
fn nginx() -> Option<PathBuf> {
    let folders =
        ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];
    let found = folders.into_iter().map(|folder| Path::new(folder).join("nginx"));
    let found = found.into_iter().find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: nginx is not installed");
    }
    found
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("bound").port()
}

/// Returns the configuration with other addresses, and without TLS.
fn configuration(folder: &Path, instances: &[&str], port: u16) -> String {
    let mut text = String::new();
    for line in CONFIGURATION.lines() {
        let line = line.replace("/var/cache/nginx/gazette", &format!("{}/cache", folder.display()));
        let directive = line.trim_start();
        match directive.split(' ').next().unwrap_or_default() {
            "listen" if directive.contains("[::]") => {}
            "listen" if directive.contains("443") => {
                writeln!(text, "  listen 127.0.0.1:{port};").expect("written");
            }
            "listen" => writeln!(text, "  listen 127.0.0.1:{};", free_port()).expect("written"),
            "server" if directive.contains("127.0.0.1:3000") => {
                for instance in instances {
                    let server = line.replace("127.0.0.1:3000", instance);
                    writeln!(text, "{server}").expect("written");
                }
            }
            "server" if directive.contains("127.0.0.1:3001") => {}
            name if name.starts_with("ssl_") => {}
            _ => writeln!(text, "{line}").expect("written"),
        }
    }
    text
}

impl Nginx {
    /// Starts nginx in front of instances and waits until it answers.
    async fn start(path: &Path, instances: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        std::fs::write(
            folder.path().join("gazette.conf"),
            configuration(folder.path(), instances, port),
        )
        .expect("written");
        let own = folder.path().display();
        // The workers run as another user if this one is root.
        let user = if rustix::process::getuid().is_root() { "user root;" } else { "" };
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {own}/{name};"))
            .join(" ");
        let main = format!(
            "{user} pid {own}/pid; error_log {own}/error.log; events {{}} http {{ access_log off; \
             {paths} include {own}/gazette.conf; }}"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, main).expect("written");
        let mut command = Command::new(path);
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file).args(["-g", "daemon off;"]);
        let process = command.stderr(Stdio::inherit()).spawn().expect("nginx runs");
        let address = format!("127.0.0.1:{port}");
        while tokio::net::TcpStream::connect(&address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { process, address, folder }
    }

    async fn get(&self, sent: Sent) -> Answer {
        send(&self.address, &sent).await
    }
}

fn page(path: &str) -> Sent {
    Sent::get(path).header("accept", "text/html")
}

/// Starts an instance and returns it with its address.
async fn instance(mut command: Command) -> (Child, String) {
    command.stderr(Stdio::null());
    let started = tokio::task::spawn_blocking(move || start(&mut command)).await;
    let (process, url) = started.expect("it starts");
    (process, url.trim_start_matches("http://").to_owned())
}

#[tokio::test]
async fn nginx_keeps_public_pages_and_nothing_of_a_person() {
    let Some(path) = nginx() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (mut server, address) = instance(serving(folder.path())).await;
    let nginx = Nginx::start(&path, &[&address]).await;
    let state = |answer: &Answer| answer.header("x-cache").unwrap_or("none").to_owned();
    let first = nginx.get(page("/")).await;
    assert_eq!((first.status, state(&first).as_str()), (200, "MISS"));
    let named = nginx.get(page("/privacy").header("x-request-id", "of-a-client")).await;
    assert_eq!(named.header("x-request-id").map(str::len), Some(32), "nginx gives the id");
    let again = nginx.get(page("/")).await;
    assert_eq!((state(&again).as_str(), &again.body), ("HIT", &first.body));
    for (name, value) in [
        ("cookie", "__Host-gazette-theme=dark"),
        ("cookie", "a=b; __Host-gazette-theme=light"),
        ("cookie", "__Host-gazette=x"),
        ("cookie", "a=b;__Host-gazette=x"),
        ("authorization", "Bearer x"),
    ] {
        let answer = nginx.get(page("/").header(name, value)).await;
        assert_eq!(state(&answer), "BYPASS", "{name}: {value}");
        let own = nginx.get(page("/about").header(name, value)).await;
        assert_eq!(state(&own), "BYPASS", "{name}: {value}");
    }
    // None of these was stored, nor did it replace what everyone gets.
    assert_eq!(state(&nginx.get(page("/about")).await), "MISS");
    let other = nginx.get(page("/").header("cookie", "my-theme=dark; analytics=1")).await;
    assert_eq!((state(&other).as_str(), &other.body), ("HIT", &first.body));
    for (accept, encoding, media_type) in [
        ("text/html", "br", "text/html"),
        ("text/html", "gzip", "text/html"),
        ("application/json", "identity", "application/json"),
    ] {
        let sent =
            || Sent::get("/news").header("accept", accept).header("accept-encoding", encoding);
        for expected in ["MISS", "HIT"] {
            let answer = nginx.get(sent()).await;
            assert_eq!(state(&answer), expected, "{accept} {encoding}");
            assert!(answer.header("content-type").expect("a type").starts_with(media_type));
            let coded = answer.header("content-encoding").unwrap_or("identity");
            assert_eq!(coded, encoding);
        }
    }
    for path in ["/desk", "/auth/me", "/auth/login"] {
        assert_eq!(state(&nginx.get(page(path)).await), "none", "{path}");
    }
    let refused = nginx.get(Sent::new("DELETE", "/news")).await;
    assert_eq!((refused.status, refused.text().as_str()), (401, r#"{"message":"Unauthorized"}"#));
    // While Gazette is away, readers get the pages that were seen.
    server.kill().expect("killed");
    server.wait().expect("it ends");
    assert_eq!(nginx.get(page("/")).await.body, first.body);
    assert_eq!(nginx.get(page("/").header("cookie", "__Host-gazette=x")).await.status, 502);
}

#[tokio::test]
async fn f_26_f_40_nobody_notices_a_rolling_restart() {
    let Some(path) = nginx() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let engine = Endpoint::new().await;
    let command = |number: usize, port: u16| {
        let mut command = serving(&folder.path().join(number.to_string()));
        command
            .env("GAZETTE_STORE", "dynamodb")
            .env("GAZETTE_SESSION_KEY", SESSION_KEY)
            .env("GAZETTE_SHUTDOWN_GRACE", "1")
            .env("AWS_REGION", "eu-central-1")
            .env("AWS_ACCESS_KEY_ID", "id")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_ENDPOINT_URL_DYNAMODB", engine.url())
            .env("PORT", port.to_string());
        command
    };
    let mut instances = Vec::new();
    for number in 0..2 {
        instances.push(instance(command(number, free_port())).await);
    }
    let addresses: Vec<&str> = instances.iter().map(|(_, address)| address.as_str()).collect();
    let nginx = Nginx::start(&path, &addresses).await;
    let ports: Vec<u16> = addresses
        .iter()
        .map(|address| address.rsplit(':').next().expect("a port").parse().expect("a number"))
        .collect();
    let (is_over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let readers: Vec<_> = (0..8)
        .map(|number| {
            let (address, is_over) = (nginx.address.clone(), Arc::clone(&is_over));
            let answered = Arc::clone(&answered);
            tokio::spawn(async move {
                while !is_over.load(Ordering::SeqCst) {
                    // Past the cache, so that every request needs an instance.
                    let (sent, expected) = match number % 4 {
                        0 => (page("/").header("cookie", "__Host-gazette-theme=dark"), 200),
                        1 => (page("/about").header("authorization", "Bearer x"), 200),
                        2 => (page("/about").header("cookie", "__Host-gazette-theme=light"), 200),
                        _ => (Sent::new("DELETE", "/news"), 401),
                    };
                    let answer = send(&address, &sent).await;
                    assert_eq!(answer.status, expected, "{sent:?}: {}", answer.text());
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for (number, port) in ports.iter().enumerate() {
        let before = answered.load(Ordering::SeqCst);
        terminate(&instances[number].0);
        let mut stopped = instances.remove(number).0;
        let ended = tokio::task::spawn_blocking(move || stopped.wait()).await;
        assert!(ended.expect("waited").expect("it ends").success());
        assert!(answered.load(Ordering::SeqCst) > before, "the other instance answers");
        instances.insert(number, instance(command(number, *port)).await);
    }
    is_over.store(true, Ordering::SeqCst);
    for reader in readers {
        reader.await.expect("every answer is right");
    }
    println!("{} answers", answered.load(Ordering::SeqCst));
    for (mut process, _) in instances {
        process.kill().expect("killed");
        process.wait().expect("it ends");
    }
}
