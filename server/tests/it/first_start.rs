//! The first start of a site: sample stories, files and certificates.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::server_process::{gazette, serving, start, terminate};

/// Starts a server, stops it and returns the number of stories on its front page.
async fn stories_after_a_start(folder: &Path) -> usize {
    let (mut server, url) = start(serving(folder).stderr(Stdio::null()));
    let listing = reqwest::Client::new().get(format!("{url}/news?limit=100")).send().await;
    let listing: serde_json::Value = listing.expect("a response").json().await.expect("JSON");
    terminate(&server);
    server.wait().expect("it ends");
    listing["items"].as_array().expect("items").len()
}

#[tokio::test]
async fn sample_stories_are_published_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let count = stories_after_a_start(folder.path()).await;
    assert!(count > 20, "{count}");
    assert_eq!(stories_after_a_start(folder.path()).await, count);
}

#[test]
fn the_sample_users_are_in_the_configured_groups() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = serving(folder.path());
    command.args(["--admin-group", "chiefs", "--editor-group", "writers"]);
    let (mut server, _) = start(command.stderr(Stdio::null()));
    terminate(&server);
    server.wait().expect("it ends");
    let data = folder.path().join("data");
    let list = gazette().arg("--data-dir").arg(data).args(["user", "list"]).output();
    let list = String::from_utf8(list.expect("the binary runs").stdout).expect("text");
    for (name, group) in [("admin", "chiefs"), ("editor", "writers"), ("reader", "")] {
        let line = list.lines().find(|line| line.starts_with(name)).expect("the user");
        assert!(line.ends_with(&format!("\t{group}")), "{list}");
    }
}

/// Returns the passwords that a start prints.
fn printed_passwords(folder: &Path) -> Vec<String> {
    let mut server =
        serving(folder).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
    let lines = BufReader::new(server.stdout.take().expect("its output")).lines();
    let lines = lines.map(|line| line.expect("text"));
    let printed = lines.take_while(|line| !line.starts_with("gazette ready on "));
    let users = printed.filter(|line| line.starts_with("  "));
    let passwords = users.filter_map(|line| line.split_whitespace().nth(1).map(str::to_owned));
    let passwords = passwords.collect();
    terminate(&server);
    server.wait().expect("it ends");
    passwords
}

#[test]
fn pool_02_sample_users_have_random_passwords_that_are_printed_once() {
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let [first, second] = folders.each_ref().map(|folder| printed_passwords(folder.path()));
    assert_eq!((first.len(), second.len()), (4, 4), "{first:?} {second:?}");
    let different: BTreeSet<_> = first.iter().chain(&second).collect();
    assert_eq!(different.len(), 8, "{different:?}");
    assert!(different.iter().all(|password| password.len() >= 16), "{different:?}");
    let [folder, _] = &folders;
    assert_eq!(printed_passwords(folder.path()), Vec::<String>::new());
}

#[test]
fn pool_01_the_pool_listens_on_loopback_only() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [["pool", "--addr"], ["serve", "--pool-addr"]] {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
            let mut command = gazette();
            command.args(arguments).arg(address).arg("--data-dir").arg(folder.path());
            let output = command.output().expect("the binary runs");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success(), "{address}");
            assert!(errors.contains("is not a loopback address"), "{address}: {errors}");
        }
    }
}

#[tokio::test]
async fn an_import_is_never_followed_by_sample_stories() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.ndjson");
    let command = |data: &str, arguments: &[&str]| {
        let done =
            gazette().arg("--data-dir").arg(folder.path().join(data)).args(arguments).output();
        let done = done.expect("the binary runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let file = empty.to_str().expect("text");
    command("other", &["user", "add", "ada", "--password", "correct-horse"]);
    command("other", &["export", file]);
    command("data", &["import", file]);
    assert_eq!(stories_after_a_start(folder.path()).await, 0);
}

#[test]
fn the_embedded_default_starts_without_ca_certificates() {
    let folder = tempfile::tempdir().expect("a folder");
    let without = |command: &mut Command| {
        command.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    };
    let mut command = serving(folder.path());
    without(&mut command);
    let (mut server, url) = start(command.stderr(Stdio::null()));
    let mut check = gazette();
    without(&mut check);
    let healthy = check.args(["healthcheck", &url]).output().expect("the binary runs");
    assert!(healthy.status.success(), "{}", String::from_utf8_lossy(&healthy.stderr));
    terminate(&server);
    server.wait().expect("it ends");
}

#[test]
fn the_store_is_private_in_any_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).expect("set");
    let file = data.join("gazette.redb");
    let mode = || std::fs::metadata(&file).expect("a store").permissions().mode() & 0o777;
    let add = |name: &str| {
        let user = ["user", "add", name, "--password", "correct-horse"];
        let added = gazette().arg("--data-dir").arg(&data).args(user).output();
        let added = added.expect("the binary runs");
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    };
    add("ada");
    assert_eq!(mode(), 0o600);
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("set");
    // A crash may have left the unfinished file of an older version.
    let new = data.join("gazette.redb.new");
    std::fs::write(&new, "").expect("written");
    std::fs::set_permissions(&new, Permissions::from_mode(0o666)).expect("set");
    add("ed");
    assert_eq!(mode(), 0o600);
    std::fs::remove_file(&file).expect("removed");
    add("ada");
    assert_eq!(mode(), 0o600);
}
