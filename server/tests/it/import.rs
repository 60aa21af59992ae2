//! `gazette import` of a folder, as a process.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Output};

fn gazette(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gazette"))
        .arg("--data-dir")
        .arg(data)
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn last_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().last().unwrap_or_default().to_owned()
}

fn import(data: &Path, posts: &Path, options: &[&str]) -> Output {
    let mut arguments = vec!["import", posts.to_str().expect("a path")];
    arguments.extend(options);
    gazette(data, &arguments)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Checks the counts of the last line, without those that are 0.
fn assert_counts(output: &Output, expected: &str) {
    let line = last_line(output);
    let counts: Vec<&str> = line.split(", ").filter(|count| !count.starts_with("0 ")).collect();
    assert_eq!(
        counts.join(", "),
        expected,
        "{} {}",
        text(output),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn invalid_files_are_refused_and_the_others_imported() {
    let data = tempfile::tempdir().expect("a folder");
    let posts = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| std::fs::write(posts.path().join(name), text).unwrap();
    write("good.md", b"+++\ntitle = \"Good\"\ndate = 2026-01-02\n+++\nSee [it](@/later.md#x).\n");
    write("later.md", b"---\ntitle: Later\ndate: 2026-01-03\n---\nText\n");
    write("no-date.md", b"+++\ntitle = \"x\"\n+++\nText {{< note >}}\n");
    write("no-title.md", b"+++\ndate = 2026-01-02\n+++\nText\n");
    write("no-head.md", b"Text\n");
    write("not-text.md", b"\xff\xfe\xff");
    write("unclosed.md", b"---\ntitle: x\n");
    write("empty.md", b"+++\ntitle = \"Empty\"\ndate = 2026-01-02\n+++\n");
    write("picture.png", b"ignored");
    std::fs::create_dir_all(posts.path().join(".trash")).unwrap();
    write(".trash/old.md", b"---\ntitle: Old\ndate: 2026-01-03\n---\nText\n");
    let dry = import(data.path(), posts.path(), &["--dry-run"]);
    let output = import(data.path(), posts.path(), &[]);
    assert_eq!((output.status.code(), dry.status.code()), (Some(1), Some(1)));
    assert!(!text(&dry).contains("import number"), "{}", text(&dry));
    assert_eq!(last_line(&dry), last_line(&output));
    let lines = text(&output);
    for (line, reason) in [
        ("note no-date.md: ", "no date: imported as a draft"),
        ("refused no-title.md: ", "no title"),
        ("passed over no-head.md: ", "no front matter"),
        ("refused not-text.md: ", "not UTF-8"),
        ("refused unclosed.md: ", "not closed"),
        ("refused empty.md: ", "no text"),
        ("1 story still holds ", "{{< note >}}"),
        ("import number 1", "--undo 1"),
    ] {
        let found = lines.lines().find(|text| text.starts_with(line));
        assert!(found.is_some_and(|text| text.contains(reason)), "{line} in {lines}");
    }
    assert_counts(&output, "3 created, 1 drafts, 4 refused");
    let again = import(data.path(), posts.path(), &["--lenient"]);
    assert_counts(&again, "3 unchanged, 4 refused");
    assert_eq!(again.status.code(), Some(0));
    write("later.md", b"---\ntitle: Later\ndate: 2026-01-03\n---\nOther text\n");
    let again = import(data.path(), posts.path(), &[]);
    assert_counts(&again, "1 updated, 2 unchanged, 4 refused");
    let export = data.path().join("export.ndjson");
    let exported = gazette(data.path(), &["export", export.to_str().unwrap()]);
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let stories = std::fs::read_to_string(export).unwrap();
    assert!(stories.contains("See [it](/news/later#s-x)."), "{stories}");
}

#[test]
fn two_folders_are_two_sources_and_an_import_can_be_undone() {
    let data = tempfile::tempdir().expect("a folder");
    let posts = tempfile::tempdir().expect("a folder");
    let folder = |name: &str, title: &str| {
        let folder = posts.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let text = format!("---\ntitle: {title}\n---\nText.\n");
        std::fs::write(folder.join("2024-03-05-bridge.MARKDOWN"), text).unwrap();
        folder
    };
    let (en, fr) = (folder("en", "The bridge"), folder("fr", "Le pont"));
    assert_counts(&import(data.path(), &en, &[]), "1 created");
    let second = import(data.path(), &fr, &["--time-zone", "Europe/Paris"]);
    assert_counts(&second, "1 created");
    assert_eq!(second.status.code(), Some(0));
    assert_counts(&import(data.path(), &en, &[]), "1 unchanged");
    assert_counts(&import(data.path(), &en, &["--source", "third"]), "1 created");
    let list = text(&gazette(data.path(), &["import", "--list"]));
    assert_eq!(list.lines().count(), 3, "{list}");
    assert!(list.lines().nth(1).is_some_and(|line| line.starts_with("2: ")), "{list}");
    let undone = gazette(data.path(), &["import", "--undo", "2"]);
    assert_eq!(
        last_line(&undone),
        "1 moved to the trash, 0 as before, 0 kept, 0 redirects removed, 0 pictures deleted"
    );
    let again = gazette(data.path(), &["import", "--undo", "2"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("undone already"));
    assert_counts(&import(data.path(), &fr, &[]), "1 created");
    let zone = import(data.path(), &fr, &["--time-zone", "Nowhere"]);
    assert!(String::from_utf8_lossy(&zone.stderr).contains("Europe/Prague"));
}

#[test]
fn what_cannot_be_imported_says_why() {
    let data = tempfile::tempdir().expect("a folder");
    let posts = tempfile::tempdir().expect("a folder");
    let story = b"---\ntitle: Later\ndate: 2026-01-03\n---\nText\n";
    std::fs::write(posts.path().join("one.md"), story).unwrap();
    std::fs::write(posts.path().join("not.xml"), "words").unwrap();
    for name in ["one.md", "not.xml"] {
        let output = import(data.path(), &posts.path().join(name), &[]);
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains("name a folder of Markdown files, or an export of"), "{error}");
    }
    let name = std::ffi::OsStr::from_bytes(b"two-\xff.md");
    std::fs::write(posts.path().join(name), story).unwrap();
    let output = import(data.path(), posts.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let lines = text(&output);
    assert!(lines.contains("refused two-\u{fffd}.md: the name is not UTF-8; rename it"), "{lines}");
    assert_counts(&output, "1 created, 1 refused");
}

#[test]
fn a_missing_folder_is_an_error() {
    let data = tempfile::tempdir().expect("a folder");
    let output = gazette(data.path(), &["import", "/nowhere/at/all"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere/at/all"));
}

#[test]
fn a_second_import_of_the_rust_blog_changes_nothing() {
    let posts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/rust-blog");
    if !posts.is_dir() {
        eprintln!("skipped: the Rust blog is not available");
        return;
    }
    let data = tempfile::tempdir().expect("a folder");
    let first = import(data.path(), &posts, &[]);
    // Its pictures are not part of the data.
    assert_counts(&first, "722 created, 1435 redirects");
    assert_eq!(first.status.code(), Some(0));
    let again = import(data.path(), &posts, &[]);
    assert_counts(&again, "722 unchanged");
    assert!(text(&again).contains("247 pictures were not brought in"));
}
