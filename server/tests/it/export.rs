//! `gazette export` and `gazette import` of an export, between the engines.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use dynoxide::Database;
use dynoxide::server::serve_on;
use gazette_server::store::{DryRunTable, EmbeddedTable};
use gazette_table::conformance::{ManualClock, run};
use gazette_table::{Item, Key, MemoryTable, Table, Write};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::world::World;

fn gazette(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gazette"));
    command.args(arguments).envs(variables.iter().copied());
    command.output().expect("the binary runs")
}

/// Starts a DynamoDB engine in this process and returns its URL.
pub(crate) async fn dynamodb_endpoint() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("bound");
    tokio::spawn(serve_on(listener, Database::memory().expect("an engine")));
    format!("http://{addr}")
}

fn last_line(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().last().unwrap_or_default().to_owned()
}

pub(crate) fn sorted(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("an export");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Copies every third post of the Rust blog, or returns `false` if it is not available. `import.rs`
/// imports all of them.
fn copy_posts(to: &Path) -> bool {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/rust-blog");
    let Ok(entries) = std::fs::read_dir(from) else { return false };
    let paths = entries.map(|entry| entry.expect("readable").path());
    let mut posts: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    posts.sort();
    std::fs::create_dir(to).expect("a folder");
    for post in posts.iter().step_by(3) {
        std::fs::copy(post, to.join(post.file_name().expect("a name"))).expect("copied");
    }
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_on_another_engine_restores_every_story() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let posts = path("posts");
    let has_posts = copy_posts(Path::new(&posts));
    let (one, two, three) = (path("one.ndjson"), path("two.ndjson"), path("three.ndjson"));
    let (data, other) = (path("data"), path("other"));
    let endpoint = dynamodb_endpoint().await;
    let dynamodb = [
        ("GAZETTE_STORE", "dynamodb"),
        ("GAZETTE_SESSION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("GAZETTE_DATA_DIR", &other),
        ("AWS_ENDPOINT_URL_DYNAMODB", &endpoint),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    // The engine runs on the other thread of the runtime.
    tokio::task::block_in_place(|| {
        let embedded = [("GAZETTE_DATA_DIR", data.as_str())];
        if has_posts {
            last_line(&gazette(&["import", &posts], &embedded));
        } else {
            last_line(&gazette(&["seed", "--articles", "100"], &embedded));
        }
        let user = ["user", "add", "ada", "--password", "correct-horse", "--group", "admin"];
        last_line(&gazette(&user, &embedded));
        last_line(&gazette(&["export", &one], &embedded));
        last_line(&gazette(&["table", "create"], &dynamodb));
        let dry = last_line(&gazette(&["import", "--dry-run", &one], &dynamodb));
        let first = last_line(&gazette(&["import", &one], &dynamodb));
        assert_eq!(dry, first, "a dry run reports the result of the import");
        assert!(first.contains(" created, 0 updated, "), "{first}");
        assert!(first.ends_with(" 0 newer here, 0 refused"), "{first}");
        last_line(&gazette(&["export", &two], &dynamodb));
        let again = last_line(&gazette(&["import", &two], &dynamodb));
        assert!(again.starts_with("0 created, 0 updated, "), "{again}");
        assert!(again.ends_with(" unchanged, 0 newer here, 0 refused"), "{again}");
        let back = [("GAZETTE_DATA_DIR", format!("{data}-back"))];
        let back = back.each_ref().map(|(name, value)| (*name, value.as_str()));
        last_line(&gazette(&["import", &two], &back));
        last_line(&gazette(&["export", &three], &back));
        let [one, two, three] = [&one, &two, &three].map(|file| sorted(Path::new(file)));
        assert!(one.len() > 300, "{} lines", one.len());
        assert_eq!(one, two);
        assert_eq!(one, three);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_table_passes_the_suite() {
    let clock = ManualClock::default();
    let base = Arc::new(MemoryTable::new(clock.clock()));
    let table = Arc::new(DryRunTable::new(Arc::clone(&base) as Arc<dyn Table>, clock.clock()));
    run(table, &clock).await;
    let left = base.scan(None, 1_000).await.expect("readable");
    assert_eq!(left.items, [], "nothing is written to the base table");
    run(Arc::clone(&base) as Arc<dyn Table>, &clock).await;
    let before = base.scan(None, 1_000).await.expect("readable");
    let over = DryRunTable::new(Arc::clone(&base) as Arc<dyn Table>, clock.clock());
    assert_eq!(over.scan(None, 1_000).await.expect("readable").items.len(), before.items.len());
    for item in &before.items {
        over.write(vec![Write::delete(item.key.clone())]).await.expect("written");
        assert_eq!(over.get(&item.key).await, Ok(None));
    }
    assert_eq!(over.scan(None, 1_000).await.expect("readable").items, []);
    assert_eq!(base.scan(None, 1_000).await.expect("readable"), before);
}

#[tokio::test]
async fn an_unknown_partition_stops_an_export() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("gazette.redb");
    let table = EmbeddedTable::open(&path, Arc::new(|| 0)).expect("opened");
    let item = Item::new(Key::new("unknown#1", "s"), &json!(1)).expect("an item");
    table.write(vec![Write::create(item)]).await.expect("written");
    drop(table);
    let data = folder.path().to_string_lossy().into_owned();
    let file = folder.path().join("out.ndjson");
    let output =
        gazette(&["export", file.to_str().expect("a path")], &[("GAZETTE_DATA_DIR", &data)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown#1"));
    assert!(!file.exists());
}

#[test]
fn damaged_lines_are_refused_and_the_others_imported() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (data, file) = (path("data"), path("out.ndjson"));
    let embedded = [("GAZETTE_DATA_DIR", data.as_str())];
    last_line(&gazette(&["seed", "--articles", "5"], &embedded));
    last_line(&gazette(&["export", &file], &embedded));
    let text = std::fs::read_to_string(&file).expect("an export");
    let lines: Vec<&str> = text.lines().collect();
    let other = path("other");
    let other = [("GAZETTE_DATA_DIR", other.as_str())];
    let import = |lines: &[String]| {
        let damaged = path("damaged.ndjson");
        std::fs::write(&damaged, lines.join("\n") + "\n").expect("written");
        gazette(&["import", &damaged], &other)
    };
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let cut_off = import(&owned(&lines[..lines.len() - 3]));
    assert_eq!(cut_off.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&cut_off.stderr).contains("cut off"));
    let no_export = import(&owned(&lines[1..]));
    assert!(String::from_utf8_lossy(&no_export.stderr).contains("is not an export"));
    let mut damaged = owned(&lines);
    let story = damaged.iter().position(|line| line.contains("article#")).expect("a story");
    damaged[story] = damaged[story].replace("\"headline\"", "\"header\"");
    damaged[story + 1] = "{".to_owned();
    let mut feed: Value = serde_json::from_str(lines[story + 2]).expect("an item");
    feed["partition"] = json!("feed#all");
    damaged[story + 2] = feed.to_string();
    let output = import(&damaged);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("3 lines or days were refused, the others are imported"), "{error}");
    let lenient = gazette(&["import", "--lenient", &path("damaged.ndjson")], &other);
    assert!(lenient.status.success(), "{}", String::from_utf8_lossy(&lenient.stderr));
    let message = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        message.lines().filter(|line| line.starts_with("refused line ")).count(),
        3,
        "{message}"
    );
}

#[test]
fn stories_are_exported_as_markdown_and_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (one, two) = (path("one"), path("two"));
    let data = |folder: &str| path(&format!("data-{folder}"));
    let (here, there) = (data("here"), data("there"));
    let (here, there) = ([("GAZETTE_DATA_DIR", &*here)], [("GAZETTE_DATA_DIR", &*there)]);
    last_line(&gazette(&["seed", "--articles", "12"], &here));
    let told = last_line(&gazette(&["export", "--markdown", &one], &here));
    assert_eq!(told, format!("exported 12 stories to {one}"));
    let told = last_line(&gazette(&["import", &one], &there));
    assert_eq!(
        told,
        "12 created, 0 updated, 0 unchanged, 0 kept, 0 in the trash, 0 drafts, 0 scheduled, 0 refused, 0 pictures, 0 redirects"
    );
    last_line(&gazette(&["export", "--markdown", &two], &there));
    let differences = Command::new("diff").args(["-r", &one, &two]).output().expect("diff runs");
    assert_eq!(String::from_utf8_lossy(&differences.stdout), "");
    let again = gazette(&["export", "--markdown", &one], &here);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is not empty"));
    assert_eq!(gazette(&["export"], &here).status.code(), Some(2));
}

#[test]
fn an_export_goes_to_stdout() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (data, file) = (path("data"), path("out.ndjson"));
    let embedded = [("GAZETTE_DATA_DIR", data.as_str())];
    last_line(&gazette(&["seed", "--articles", "3"], &embedded));
    last_line(&gazette(&["export", &file], &embedded));
    let piped = gazette(&["export", "-"], &embedded);
    assert!(piped.status.success());
    assert_eq!(piped.stdout, std::fs::read(&file).expect("an export"));
    assert!(String::from_utf8_lossy(&piped.stderr).contains("exported "));
    let folder = gazette(&["export", "--markdown", "-"], &embedded);
    assert_eq!(folder.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&folder.stderr).contains("stdout cannot hold a folder"));
}

#[test]
fn texts_that_look_like_markdown_come_back_from_markdown() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let data = |name: &str| path(&format!("data-{name}"));
    last_line(&gazette(&["seed", "--articles", "2"], &[("GAZETTE_DATA_DIR", &data("seed"))]));
    let file = path("out.ndjson");
    last_line(&gazette(&["export", &file], &[("GAZETTE_DATA_DIR", &data("seed"))]));
    let (summary, headline) =
        (r"Of *stars*, `code`, a\_b & <b>tags</b> &amp; &lt;", "Of `code` & *stars*");
    let body = "\tindented code\n\nText {: .note} {{ page.title }}";
    let mut summaries = [summary, ""].into_iter();
    let lines = std::fs::read_to_string(&file).expect("an export");
    let lines = lines.lines().map(|line| {
        let mut item: Value = serde_json::from_str(line).expect("JSON");
        let is_story = item["sort"] == "current" && item["body"]["card"].is_object();
        if let Some(summary) = is_story.then(|| summaries.next()).flatten() {
            item["body"]["card"]["summary"] = json!(summary);
            item["body"]["card"]["headline"] = json!(headline);
            item["body"]["body"] = json!(body);
            item["body"]["card"]["unpublish_at"] = json!("2099-01-02T03:04:05Z");
        }
        format!("{item}\n")
    });
    std::fs::write(&file, lines.collect::<String>()).expect("written");
    let (one, two) = (path("one"), path("two"));
    let exported = |name: &str, to: &str| {
        last_line(&gazette(&["export", "--markdown", to], &[("GAZETTE_DATA_DIR", &data(name))]))
    };
    last_line(&gazette(&["import", &file], &[("GAZETTE_DATA_DIR", &data("one"))]));
    exported("one", &one);
    last_line(&gazette(&["import", &one], &[("GAZETTE_DATA_DIR", &data("two"))]));
    exported("two", &two);
    let differences = Command::new("diff").args(["-r", &one, &two]).output().expect("diff runs");
    assert_eq!(String::from_utf8_lossy(&differences.stdout), "");
    let files = Command::new("grep").args(["-rhc", "expiryDate = 2099-01-02", &two]).output();
    assert_eq!(String::from_utf8_lossy(&files.expect("grep runs").stdout), "1\n1\n");
    last_line(&gazette(&["export", &file], &[("GAZETTE_DATA_DIR", &data("two"))]));
    let lines = std::fs::read_to_string(&file).expect("an export");
    let items = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let stories: Vec<Value> =
        items.filter(|item| item["body"]["card"]["headline"] == headline).collect();
    let stories: Vec<_> = stories.iter().filter(|item| item["sort"] == "current").collect();
    assert_eq!(stories.len(), 2);
    assert!(stories.iter().all(|story| story["body"]["body"] == body), "{stories:?}");
    assert!(stories.iter().any(|story| story["body"]["card"]["summary"] == summary), "{stories:?}");
}

#[test]
fn commands_that_read_create_no_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gazette"));
        command.args(arguments).current_dir(folder.path()).env_remove("GAZETTE_DATA_DIR");
        command.output().expect("the binary runs")
    };
    let store = folder.path().canonicalize().expect("a path").join("data/gazette.redb");
    for arguments in [
        &["export", "out.ndjson"] as &[&str],
        &["user", "list"],
        &["user", "group", "ada"],
        &["user", "password", "ada", "--password", "correct-horse"],
    ] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        let message = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(message.contains(&store.display().to_string()), "{message}");
        assert!(message.contains("GAZETTE_DATA_DIR"), "{message}");
        let left = std::fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(left, 0, "{arguments:?} creates nothing");
    }
}

#[test]
fn a_dry_run_without_a_store_uses_an_empty_one_and_creates_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (data, other, file) = (path("data"), path("other"), path("out.ndjson"));
    let (embedded, absent) = ([("GAZETTE_DATA_DIR", &*data)], [("GAZETTE_DATA_DIR", &*other)]);
    last_line(&gazette(&["seed", "--articles", "5"], &embedded));
    last_line(&gazette(&["export", &file], &embedded));
    let dry = gazette(&["import", "--dry-run", &file], &absent);
    let message = String::from_utf8_lossy(&dry.stdout).into_owned();
    assert!(message.contains(&other) && message.contains("GAZETTE_DATA_DIR"), "{message}");
    assert!(!Path::new(&other).exists(), "a dry run creates nothing");
    assert_eq!(last_line(&dry), last_line(&gazette(&["import", &file], &absent)));
    assert!(Path::new(&other).exists());
}

#[test]
fn a_dry_run_of_a_truncated_file_reports_that_nothing_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (data, file) = (path("data"), path("out.ndjson"));
    let embedded = [("GAZETTE_DATA_DIR", data.as_str())];
    last_line(&gazette(&["seed", "--articles", "5"], &embedded));
    last_line(&gazette(&["export", &file], &embedded));
    let text = std::fs::read_to_string(&file).expect("an export");
    let beginning: Vec<&str> = text.lines().take(4).collect();
    std::fs::write(&file, beginning.join("\n") + "\n").expect("written");
    for (arguments, begins) in [
        (&["import", "--dry-run", &file] as &[&str], "nothing was written: "),
        (&["import", &file], "items imported so far are kept: "),
    ] {
        let cut_off = gazette(arguments, &embedded);
        assert_eq!(cut_off.status.code(), Some(1));
        let message = String::from_utf8_lossy(&cut_off.stderr).into_owned();
        assert!(
            message.contains(&format!("{begins}the file is cut off after 3 items")),
            "{message}"
        );
    }
}

#[tokio::test]
async fn an_export_knows_every_partition_that_a_site_writes() {
    let world = World::peopled().await;
    world.publish(3).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let id = world.get("/news").await.json()["items"][0]["id"].as_str().expect("an id").to_owned();
    ada.post("/saved", &format!("id={id}")).await;
    ada.post("/desk/delete", "all=yes&word=delete").await;
    world.pass(31 * 60);
    ada.post("/desk/delete", "all=yes&word=delete").await;
    // A completed login is remembered for ten minutes.
    Browser::signed_in(&world, "ed").await;
    let items = world.table.items().await;
    for partition in ["session#", "sessions-of#", "people", "kept#", "login#", "saved#", "jobs"] {
        let found = items.iter().any(|item| item.key.partition.starts_with(partition));
        assert!(found, "{partition} is written");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let table = EmbeddedTable::open(&folder.path().join("gazette.redb"), Arc::new(|| 0));
    let table = table.expect("opened");
    for item in items {
        table.write(vec![Write::put(item)]).await.expect("written");
    }
    drop(table);
    let data = folder.path().to_string_lossy().into_owned();
    let file = folder.path().join("out.ndjson").to_string_lossy().into_owned();
    last_line(&gazette(&["export", &file], &[("GAZETTE_DATA_DIR", &data)]));
}
