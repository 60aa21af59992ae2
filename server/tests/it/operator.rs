//! Commands while the site serves: the running process has the store.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::server_process::{gazette, send_signal, serving, start, terminate};

/// A site that serves, and its folder.
struct Site {
    folder: tempfile::TempDir,
    server: Child,
    url: String,
}

impl Site {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (server, url) = start(serving(folder.path()).stderr(Stdio::null()));
        Self { folder, server, url }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn socket(&self) -> PathBuf {
        self.data().join("gazette.sock")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(&self.data(), arguments)
    }

    /// Gets a page of the running site.
    fn get(&self, path: &str) -> String {
        let url = format!("{}{path}", self.url);
        get(Command::new("curl").args(["-s", "-H", "Accept: application/json"]), &url)
    }

    fn stop(mut self) -> tempfile::TempDir {
        terminate(&self.server);
        assert!(self.server.wait().expect("it ends").success());
        let folder = tempfile::tempdir().expect("a folder");
        std::mem::replace(&mut self.folder, folder)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn get(command: &mut Command, url: &str) -> String {
    let output = command.arg(url).output().expect("curl runs");
    assert!(output.status.success(), "{url}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn command(data: &Path) -> Command {
    let mut command = gazette();
    command.arg("--data-dir").arg(data);
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data).args(arguments).output().expect("the binary runs")
}

#[track_caller]
fn done(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn failed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Writes stories as Markdown files.
fn write_stories(folder: &Path, count: usize, word: &str) {
    std::fs::create_dir_all(folder).expect("a folder");
    for number in 0..count {
        let text = format!(
            "+++\ntitle = \"{word} {number}\"\ndate = 2026-01-02\n+++\n\nThe {word} rises.\n"
        );
        std::fs::write(folder.join(format!("{word}-{number}.md")), text).expect("written");
    }
}

#[test]
fn a_user_who_was_added_while_the_site_serves_can_sign_in_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let pool = format!("127.0.0.1:{}", port.local_addr().expect("bound").port());
    drop(port);
    let serve = serving(folder.path());
    // `serving` chose a port of its own.
    let arguments: Vec<_> = serve.get_args().map(std::ffi::OsStr::to_owned).collect();
    let arguments = arguments.into_iter().scan(false, |is_pool, argument| {
        let replaced = if *is_pool { pool.clone().into() } else { argument.clone() };
        *is_pool = argument == "--pool-addr";
        Some(replaced)
    });
    let mut serve = gazette();
    let (server, url) = start(serve.args(arguments).stderr(Stdio::null()));
    let port = pool.rsplit_once(':').map(|(_, port)| port.to_owned()).expect("a port");
    let site = Site { folder, server, url };
    let add = ["user", "add", "ada", "--password", "correct-horse", "--group", "admin"];
    assert!(done(&site.run(&add)).starts_with("created ada"));
    let twice = failed(&site.run(&add));
    assert!(!twice.is_empty());
    assert!(done(&site.run(&["user", "list"])).contains("ada\tada@example.com\t"));
    let body = r#"{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"gazettecli","AuthParameters":{"USERNAME":"ada","PASSWORD":"correct-horse"}}"#;
    let target = "X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth";
    let answer = get(
        Command::new("curl").args(["-s", "-H", target, "-H"]).args([
            "Content-Type: application/x-amz-json-1.1",
            "-d",
            body,
        ]),
        &format!("http://localhost:{port}/"),
    );
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert!(answer["AuthenticationResult"]["AccessToken"].is_string(), "{answer}");
}

#[test]
fn an_import_while_the_site_serves_shows_at_once_also_of_an_export() {
    let site = Site::start();
    assert!(!site.get("/news?limit=100").contains("Zorilla"));
    assert!(!site.get("/search?q=zorilla").contains("Zorilla"));
    let posts = site.folder.path().join("posts");
    write_stories(&posts, 3, "Zorilla");
    // The command has another working directory than the server.
    let mut import = gazette();
    import.current_dir(site.folder.path()).args(["--data-dir", "data", "import", "posts"]);
    let told = done(&import.output().expect("the binary runs"));
    assert!(told.contains("3 created"), "{told}");
    assert!(site.get("/news?limit=100").contains("Zorilla 2"));
    assert!(site.get("/search?q=zorilla").contains("Zorilla 2"));
    let number = told.split("--undo ").nth(1).and_then(|rest| rest.split(' ').next());
    let undone = done(&site.run(&["import", "--undo", number.expect("a number")]));
    assert!(undone.contains("3 moved to the trash"), "{undone}");
    assert!(!site.get("/news?limit=100").contains("Zorilla"));
    assert!(!site.get("/search?q=zorilla").contains("Zorilla"));
    // An export of another site has audit records of its own, and none of here and now.
    let other = site.folder.path().join("other");
    let egrets = site.folder.path().join("egrets");
    write_stories(&egrets, 2, "Egret");
    done(&run(&other, &["import", egrets.to_str().expect("a path")]));
    let file = site.folder.path().join("egrets.ndjson");
    let file = file.to_str().expect("a path");
    done(&run(&other, &["export", file]));
    assert!(!site.get("/search?q=egret").contains("Egret"));
    assert!(failed(&site.run(&["import", file])).contains("--lenient"));
    done(&site.run(&["import", "--lenient", file]));
    assert!(site.get("/news?limit=100").contains("Egret 1"));
    assert!(site.get("/search?q=egret").contains("Egret 1"));
}

#[test]
fn every_command_that_needs_the_store_works_while_the_site_serves() {
    let site = Site::start();
    let path = |name: &str| site.folder.path().join(name).to_string_lossy().into_owned();
    assert!(failed(&site.run(&["seed", "--articles", "3"])).contains("--force"));
    assert!(done(&site.run(&["seed", "--articles", "3", "--force"])).contains("3 sample stories"));
    std::fs::write(path("r.csv"), "from,to,status\n/old,/about,301\n").expect("written");
    done(&site.run(&["redirects", "import", "--dry-run", &path("r.csv")]));
    assert_eq!(done(&site.run(&["redirects", "list"])).trim(), "0 redirects");
    done(&site.run(&["redirects", "import", &path("r.csv")]));
    done(&site.run(&["redirects", "export", &path("out.csv")]));
    let csv = std::fs::read_to_string(path("out.csv")).expect("an export");
    assert!(csv.contains("/old,/about,301"), "{csv}");
    let status = get(
        Command::new("curl").args(["-s", "-o", "/dev/null", "-w", "%{http_code}"]),
        &format!("{}/old", site.url),
    );
    assert_eq!(status, "301");
    done(&site.run(&["export", &path("out.ndjson")]));
    let told = done(&site.run(&["export", "--markdown", &path("markdown")]));
    assert!(told.contains(" stories"), "{told}");
    done(&site.run(&["import", "--dry-run", &path("out.ndjson")]));
    done(&site.run(&["import", "--list"]));
    done(&site.run(&["backup", &path("backup.tar")]));
    done(&site.run(&["audit", "--limit", "2"]));
    let bad = failed(&site.run(&["import", &path("absent")]));
    assert!(bad.contains("absent"), "{bad}");
}

#[test]
fn two_commands_run_at_once() {
    let site = Site::start();
    let imports: Vec<Child> = ["Zorilla", "Egret"]
        .into_iter()
        .map(|word| {
            let posts = site.folder.path().join(word);
            write_stories(&posts, 30, word);
            let mut import = command(&site.data());
            import.arg("import").arg(posts).stdout(Stdio::piped()).spawn().expect("it runs")
        })
        .collect();
    for import in imports {
        let told = done(&import.wait_with_output().expect("it ends"));
        assert!(told.contains("30 created"), "{told}");
    }
    // Without a process that serves, the second one waits for the first.
    let folder = site.stop();
    let data = folder.path().join("data");
    let users: Vec<Child> = ["ada", "bo"]
        .into_iter()
        .map(|name| {
            let mut add = command(&data);
            add.args(["user", "add", name, "--password", "correct-horse"]).spawn().expect("runs")
        })
        .collect();
    for mut user in users {
        assert!(user.wait().expect("it ends").success());
    }
}

#[test]
fn the_socket_is_private_and_a_second_process_is_refused() {
    let site = Site::start();
    let mode = std::fs::metadata(site.socket()).expect("a socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let second = serving(site.folder.path()).output().expect("the binary runs");
    assert!(failed(&second).contains("in use by another process"));
    done(&site.run(&["user", "list"]));
    let socket = site.socket();
    let folder = site.stop();
    assert!(!socket.exists(), "removed at the stop");
    drop(folder);
}

/// As root, runs a command as another user; the mode of the socket keeps it out.
#[test]
fn another_user_cannot_use_the_socket() {
    let site = Site::start();
    // The folder lets everyone in, so that only the socket is asked.
    for folder in [site.folder.path().to_owned(), site.data()] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("changed");
    }
    let script = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])";
    let connect = |user: &[&str]| {
        let mut setpriv = Command::new("setpriv");
        setpriv.args(user).args(["/usr/bin/python3", "-c", script]).arg(site.socket());
        setpriv.output()
    };
    let (Ok(own), Ok(other)) = (connect(&[]), connect(&["--reuid=65534", "--clear-groups"])) else {
        return; // No setpriv on this machine.
    };
    if !own.status.success()
        || other.status.code() == Some(126)
        || String::from_utf8_lossy(&other.stderr).contains("setpriv")
    {
        return; // Not root, or no Python: nobody to be.
    }
    let refused = String::from_utf8_lossy(&other.stderr);
    assert!(refused.contains("PermissionError"), "{refused}");
}

#[test]
fn a_killed_process_leaves_a_stale_socket_and_commands_work_on_the_store_itself() {
    let mut site = Site::start();
    site.server.kill().expect("killed");
    site.server.wait().expect("it ends");
    assert!(site.socket().exists(), "it is stale");
    done(&site.run(&["user", "add", "ada", "--password", "correct-horse"]));
    let (server, _) = start(serving(site.folder.path()).stderr(Stdio::null()));
    site.server = server;
    assert!(done(&site.run(&["user", "list"])).contains("ada"));
}

#[test]
fn a_site_whose_socket_has_too_long_a_path_serves_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let deep = folder.path().join("a-long-name".repeat(12));
    std::fs::create_dir(&deep).expect("a folder");
    let log = std::fs::File::create(folder.path().join("log")).expect("a file");
    let (server, url) = start(serving(&deep).stderr(log));
    let site = Site { folder, server, url };
    assert!(site.get("/healthz").contains("ok"));
    let log = std::fs::read_to_string(site.folder.path().join("log")).expect("a log");
    assert!(log.contains("too long for a socket"), "{log}");
    let refused = failed(&run(&deep.join("data"), &["user", "list"]));
    assert!(refused.contains("in use by another process"), "{refused}");
}

#[test]
fn processes_of_different_versions_refuse_each_other() {
    let site = Site::start();
    let mut stream = UnixStream::connect(site.socket()).expect("connected");
    let hello = r#"{"gazette":"9.9.9","command":"user"}"#;
    let length = u32::try_from(hello.len()).expect("short").to_be_bytes();
    stream.write_all(&[&length[..], &[0; 4], hello.as_bytes()].concat()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("closed");
    assert!(answer.contains("0.1.0") && answer.contains("\"facts\":null"), "{answer:?}");
    // The other way round: an old command meets a newer process.
    let folder = tempfile::tempdir().expect("a folder");
    let newer = UnixListener::bind(folder.path().join("gazette.sock")).expect("a socket");
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = newer.accept().expect("a command");
        let welcome = r#"{"gazette":"9.9.9","facts":null,"more":1}"#;
        let length = u32::try_from(welcome.len()).expect("short").to_be_bytes();
        stream.write_all(&[&length[..], &[0; 4], welcome.as_bytes()].concat()).expect("sent");
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let refused = failed(&run(folder.path(), &["user", "list"]));
    assert!(refused.contains("9.9.9") && refused.contains("restart"), "{refused}");
    answering.join().expect("ended");
}

/// Interrupts an import of posts when the first of them are there; `false` if it ends before.
///
/// The import stands still while this looks for its stories, or it could end in that time.
fn interrupt_import(site: &Site, posts: &Path) -> bool {
    let store = site.data().join("gazette.redb");
    let changed_at = || std::fs::metadata(&store).and_then(|it| it.modified()).expect("a store");
    let mut import = command(&site.data());
    let mut before = changed_at();
    let mut import = import.arg("import").arg(posts).spawn().expect("it runs");
    let mut has_stories = false;
    while !has_stories && import.try_wait().expect("asked").is_none() {
        if changed_at() == before {
            std::thread::yield_now();
            continue;
        }
        send_signal(&import, "STOP");
        before = changed_at();
        has_stories = !done(&site.run(&["audit", "--story", "zorilla", "--limit", "1"])).is_empty();
        if has_stories {
            // A shell's background job would ignore SIGINT, and so would what it starts.
            send_signal(&import, "TERM");
        }
        send_signal(&import, "CONT");
    }
    !import.wait().expect("it ends").success()
}

#[test]
fn a_command_that_is_interrupted_leaves_whole_stories_and_a_site_that_serves() {
    const POSTS: usize = 2_000;
    let folder = tempfile::tempdir().expect("a folder");
    let posts = folder.path().join("posts");
    write_stories(&posts, POSTS, "Zorilla");
    let site = Site::start();
    assert!(interrupt_import(&site, &posts), "the import went on to its end");
    assert!(site.get("/healthz").contains("ok"));
    // Every twentieth is enough to see that the first are there, the last are not, and none is cut.
    for number in (0..POSTS).filter(|number| number % 20 > 0) {
        std::fs::remove_file(posts.join(format!("Zorilla-{number}.md"))).expect("removed");
    }
    let told = done(&site.run(&["import", posts.to_str().expect("a path")]));
    let is_partly_new = !told.contains("\n0 created") && !told.contains("\n100 created");
    assert!(told.contains("0 refused") && is_partly_new, "{told}");
}

#[test]
fn the_log_answers_who_did_what() {
    let site = Site::start();
    let posts = site.folder.path().join("posts");
    write_stories(&posts, 3, "Zorilla");
    done(&site.run(&["import", posts.to_str().expect("a path")]));
    done(&site.run(&["import", "--undo", "1"]));
    let deleted = done(&site.run(&["audit", "--action", "trashed", "--story", "zorilla 1"]));
    let lines: Vec<&str> = deleted.lines().collect();
    assert_eq!(lines.len(), 1, "{deleted}");
    assert!(lines[0].contains("  System (import)  trashed  \"Zorilla 1\"  story="), "{deleted}");
    let json = done(&site.run(&["audit", "--story", "zorilla", "--json", "--person", "system"]));
    let records: Vec<Value> =
        json.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records.len(), 6, "{json}");
    assert_eq!(records[0]["act"], "trashed");
    assert_eq!(records[5]["act"], "published");
    let id = records[0]["story"].as_str().expect("an id");
    assert_eq!(done(&site.run(&["audit", "--story", id])).lines().count(), 2);
    assert_eq!(
        done(&site.run(&["audit", "--story", "zorilla", "--limit", "2"])).lines().count(),
        2
    );
    assert_eq!(done(&site.run(&["audit", "--to", "2020-01-01"])), "");
    for (flag, value) in [("--from", "yesterday"), ("--to", "2026-02-30"), ("--action", "fly")] {
        let refused = site.run(&["audit", flag, value]);
        assert_eq!(refused.status.code(), Some(2), "{flag}");
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(error.contains(flag) && error.contains(value), "{error}");
    }
}
