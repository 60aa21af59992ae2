//! `gazette import` of a folder, as a process.

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

#[test]
fn invalid_files_are_refused_and_the_others_imported() {
    let data = tempfile::tempdir().expect("a folder");
    let posts = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| std::fs::write(posts.path().join(name), text).unwrap();
    write("good.md", b"+++\ntitle = \"Good\"\ndate = 2026-01-02\n+++\nSee [it](@/later.md#x).\n");
    write("later.md", b"---\ntitle: Later\ndate: 2026-01-03\n---\nText\n");
    write("no-date.md", b"+++\ntitle = \"x\"\n+++\nText\n");
    write("no-title.md", b"+++\ndate = 2026-01-02\n+++\nText\n");
    write("no-head.md", b"Text\n");
    write("not-text.md", b"\xff\xfe");
    write("empty.md", b"+++\ntitle = \"Empty\"\ndate = 2026-01-02\n+++\n");
    write("picture.png", b"ignored");
    let output = gazette(data.path(), &["import", posts.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for (file, reason) in [
        ("no-date.md", "no date"),
        ("no-title.md", "no title"),
        ("no-head.md", "no front matter"),
        ("not-text.md", "not UTF-8"),
        ("empty.md", "body: must not be empty"),
    ] {
        let line = text.lines().find(|line| line.starts_with(&format!("refused {file}: ")));
        assert!(line.is_some_and(|line| line.contains(reason)), "{file} in {text}");
    }
    assert_eq!(last_line(&output), "2 created, 0 updated, 0 unchanged, 0 in the trash, 5 refused");
    let again = gazette(data.path(), &["import", posts.path().to_str().unwrap()]);
    assert_eq!(last_line(&again), "0 created, 0 updated, 2 unchanged, 0 in the trash, 5 refused");
    write("later.md", b"---\ntitle: Later\ndate: 2026-01-03\n---\nOther text\n");
    let again = gazette(data.path(), &["import", posts.path().to_str().unwrap()]);
    assert_eq!(last_line(&again), "0 created, 1 updated, 1 unchanged, 0 in the trash, 5 refused");
    let export = data.path().join("export.ndjson");
    let exported = gazette(data.path(), &["export", export.to_str().unwrap()]);
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let stories = std::fs::read_to_string(export).unwrap();
    assert!(stories.contains("See [it](/news/later#s-x)."), "{stories}");
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
    let posts = posts.to_str().expect("a path");
    let first = gazette(data.path(), &["import", posts]);
    assert_eq!(last_line(&first), "722 created, 0 updated, 0 unchanged, 0 in the trash, 4 refused");
    let again = gazette(data.path(), &["import", posts]);
    assert_eq!(last_line(&again), "0 created, 0 updated, 722 unchanged, 0 in the trash, 4 refused");
}
