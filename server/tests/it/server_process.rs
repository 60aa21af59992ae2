//! The server as a process.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::pool_keys;

/// Returns a command of the binary with an empty environment.
pub(crate) fn gazette() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gazette"));
    // Without optimisation a page takes many times as long.
    command.env_clear().env("GAZETTE_MAX_QUEUE_DELAY", "off");
    command
}

/// Returns a command that serves on free ports, with its data and assets below a folder.
pub(crate) fn serving(folder: &Path) -> Command {
    std::fs::create_dir_all(folder.join("site/pkg")).expect("a folder");
    pool_keys::write_missing(&folder.join("data"));
    let mut command = gazette();
    command.args(["--addr", "127.0.0.1:0", "--pool-addr", "127.0.0.1:0"]);
    command.env("GAZETTE_METRICS_ADDR", "off");
    command.arg("--data-dir").arg(folder.join("data"));
    command.arg("--site-root").arg(folder.join("site"));
    command
}

/// Returns a command that checks the configuration, with its data and assets below a folder.
pub(crate) fn checking(folder: &Path) -> Command {
    std::fs::create_dir_all(folder.join("site/pkg")).expect("a folder");
    let mut command = gazette();
    command.arg("check-config");
    command.arg("--data-dir").arg(folder.join("data"));
    command.arg("--site-root").arg(folder.join("site"));
    command
}

/// Starts a server, waits for its ready line and returns its URL.
pub(crate) fn start(command: &mut Command) -> (Child, String) {
    start_until(command, "gazette ready on ")
}

/// Starts a user pool, waits for its ready line and returns its issuer.
pub(crate) fn start_pool(command: &mut Command) -> (Child, String) {
    start_until(command, "user pool ready on ")
}

fn start_until(command: &mut Command, ready: &str) -> (Child, String) {
    let mut server = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
    let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines();
    let url = lines.find_map(|line| line.ok()?.strip_prefix(ready).map(str::to_owned));
    (server, url.expect("a ready line"))
}

/// Sends SIGTERM.
pub(crate) fn terminate(server: &Child) {
    send_signal(server, "TERM");
}

/// Stops a server whose standard error is a pipe, and returns its log.
pub(crate) fn stop_and_read_log(mut server: Child) -> String {
    terminate(&server);
    let mut log = String::new();
    server.stderr.take().expect("its log").read_to_string(&mut log).expect("text");
    assert!(server.wait().expect("it ends").success());
    log
}

/// Returns a field of the spans of the lines with a message.
pub(crate) fn span_fields(log: &str, message: &str, field: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let lines = lines.filter(|line| line["message"] == message);
    lines.map(|line| line["span"][field].clone()).collect()
}

/// Sends a signal.
pub(crate) fn send_signal(server: &Child, signal: &str) {
    let pid = server.id().to_string();
    let killed = Command::new("kill").args(["-s", signal, &pid]).status().expect("kill runs");
    assert!(killed.success());
}
