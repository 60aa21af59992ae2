use std::collections::BTreeSet;

use super::*;

const STORY: &str = "---\ntitle: A\ndate: 2024-03-05\n---\nText\n";

fn open(root: &Path) -> Folder {
    Folder::open(root, TimeZone::UTC, Timestamp::UNIX_EPOCH).expect("a folder")
}

#[test]
fn files_of_stories_are_read_and_others_counted_or_passed_over() {
    let root = tempfile::tempdir().expect("a folder");
    for name in [
        "a.md",
        "b.MARKDOWN",
        "c.Mdx",
        "d/e/index.md",
        ".trash/old.md",
        "node_modules/x/y.md",
        "_drafts/f.md",
        "_drafts/g/h.md",
        "d/_index.md",
        "d/_index.fr.md",
        "notes.txt",
        ".hidden.md",
    ] {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, STORY).expect("written");
    }
    let mut stories = Vec::new();
    let mut passed = Vec::new();
    for entry in open(root.path()).entries() {
        match entry {
            Entry::Story(story) => stories.push(story.key),
            Entry::PassedOver(file) => passed.push(format!("{} {}", file.key, file.reason)),
            Entry::Refused(refused) => panic!("{refused:?}"),
        }
    }
    assert_eq!(stories, ["a.md", "b.MARKDOWN", "c.Mdx", "d/e/index.md"]);
    assert!(passed.iter().any(|line| line.starts_with("_drafts/ 2 Markdown files")), "{passed:?}");
    assert!(passed.iter().any(|line| line.starts_with("node_modules/ 1 ")), "{passed:?}");
    assert_eq!(passed.iter().filter(|line| line.ends_with("page of a section")).count(), 2);
}

#[test]
fn the_rust_blog_yields_every_story_and_old_address() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/rust-blog");
    if !root.is_dir() {
        eprintln!("skipped: the Rust blog is not available");
        return;
    }
    let (mut stories, mut paths, mut aliases) = (0, BTreeSet::new(), 0);
    for entry in open(&root).entries() {
        let Entry::Story(story) = entry else { continue };
        let text = std::fs::read_to_string(root.join(&story.key)).expect("readable");
        aliases += text.lines().filter(|line| line.starts_with("aliases = ")).count();
        assert!(!story.is_draft && story.published_at.is_some(), "{}", story.key);
        stories += 1;
        paths.extend(story.old_paths);
    }
    assert_eq!((stories, aliases), (722, 599));
    assert!(paths.len() >= 722 + 599, "{} old addresses", paths.len());
    assert!(paths.contains("/2021/07/21/Rust-2021-public-testing.html"));
}

#[test]
fn texts_of_windows_are_read() {
    let wide: Vec<u8> = "\u{feff}Žluť".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text_of(&wide).as_deref(), Some("Žluť"));
    assert_eq!(text_of("Žluť".as_bytes()).as_deref(), Some("Žluť"));
    assert_eq!(text_of(b"\xff\xfe\xff"), None);
    assert_eq!(text_of(b"caf\xe9"), None);
}
