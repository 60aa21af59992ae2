//! Files of stories, and their way back.

use std::fs;

use jiff::Timestamp;
use proptest::prelude::*;
use toml::{Table, Value};

use super::*;
use crate::import::{SourceImage, SourceStory};

fn story() -> SourceStory {
    SourceStory {
        headline: "Řím \"dvě\" města".to_owned(),
        summary: Some("要約".to_owned()),
        body: "Text ![A](/images/a.jpg) <img src=\"/images/a.jpg\"> [b](/news/b)".to_owned(),
        section: Some("Město".to_owned()),
        tags: vec!["C++".to_owned(), "سياسة".to_owned()],
        authors: vec!["Eva".to_owned(), "山田".to_owned()],
        language: Some("cs".to_owned()),
        slug: Some("řím".to_owned()),
        published_at: Some("2024-03-05T08:30:00Z".parse().expect("a time")),
        unpublish_at: Some("2034-03-05T08:30:00Z".parse().expect("a time")),
        image: Some(SourceImage {
            url: "/images/a.jpg".to_owned(),
            alt: Some("Most".to_owned()),
            caption: Some("Most v zimě".to_owned()),
            credit: Some("Eva".to_owned()),
        }),
        old_paths: vec!["/2024/rim/".to_owned(), "/?p=1".to_owned()],
        ..SourceStory::default()
    }
}

fn export(stories: &[SourceStory]) -> (tempfile::TempDir, MarkdownExport) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut export = MarkdownExport::begin(&folder.path().join("out")).expect("begun");
    for story in stories {
        let picture = |url: &str| {
            let is_picture = url.starts_with("/images/");
            Ok(is_picture.then(|| Picture { name: "abc.jpg".to_owned(), bytes: vec![1, 2] }))
        };
        export.add(story, picture).expect("written");
    }
    (folder, export)
}

#[test]
fn a_story_is_a_file_with_its_pictures_beside_it() {
    let draft = SourceStory {
        is_draft: true,
        slug: Some("../x".to_owned()),
        image: None,
        body: String::new(),
        ..story()
    };
    let (folder, export) = export(&[story(), story(), draft]);
    assert_eq!((export.stories, export.pictures), (3, 1));
    let year = folder.path().join("out/2024");
    let mut names: Vec<_> = fs::read_dir(&year)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    assert_eq!(names, ["2024-03-05--x.md", "2024-03-05-řím-2.md", "2024-03-05-řím.md", "abc.jpg"]);
    let text = fs::read_to_string(year.join("2024-03-05-řím.md")).expect("a file");
    assert_eq!(
        text,
        r#"+++
gazette_export = 1
title = 'Řím "dvě" města'
description = "要約"
date = 2024-03-05T08:30:00Z
expiryDate = 2034-03-05T08:30:00Z
draft = false
slug = "řím"
authors = ["Eva", "山田"]
section = "Město"
tags = ["C++", "سياسة"]
language = "cs"
image = "abc.jpg"
image_alt = "Most"
image_caption = "Most v zimě"
image_credit = "Eva"
aliases = ["/2024/rim/", "/?p=1"]

[taxonomies]
tags = ["C++", "سياسة"]
+++

Text ![A](abc.jpg) <img src="abc.jpg"> [b](/news/b)
"#
    );
    assert!(
        MarkdownExport::begin(&year).is_err_and(|error| error.to_string().contains("not empty"))
    );
}

/// Reads a file as an import does.
fn read(text: &str) -> SourceStory {
    let (head, body) =
        text.strip_prefix("+++\n").expect("a head").split_once("\n+++\n").expect("an end");
    let table: Table = head.parse().expect("TOML");
    let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
    let texts = |key: &str| -> Vec<String> {
        let list = table.get(key).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    let time = |key: &str| {
        let time = table.get(key).and_then(Value::as_datetime);
        time.map(|time| time.to_string().parse().expect("a time"))
    };
    assert_eq!(table.get("taxonomies").and_then(|all| all.get("tags")), table.get("tags"));
    SourceStory {
        headline: text("title").expect("a title"),
        summary: text("description"),
        body: body.trim().to_owned(),
        section: text("section"),
        tags: texts("tags"),
        authors: texts("authors"),
        language: text("language"),
        slug: text("slug"),
        published_at: time("date"),
        unpublish_at: time("expiryDate"),
        is_draft: table.get("draft").and_then(Value::as_bool).expect("a flag"),
        image: text("image").map(|url| SourceImage {
            url,
            alt: text("image_alt"),
            caption: text("image_caption"),
            credit: text("image_credit"),
        }),
        old_paths: texts("aliases"),
        ..SourceStory::default()
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{1,30}",
        "[ -~\n\t]{1,20}",
        Just("+++".to_owned()),
        Just("'''\"\"\"\\".to_owned())
    ]
}

fn any_story() -> impl Strategy<Value = SourceStory> {
    let texts = || prop::collection::vec(any_text(), 0..3);
    let some = || prop::option::of(any_text());
    let image = prop::option::of((any_text(), some(), some(), some()));
    let first = (any_text(), some(), any_text(), some(), texts(), texts());
    let seconds = || prop::option::of(0..4_000_000_000_i64);
    let second = (some(), some(), (seconds(), seconds()), any::<bool>(), image, texts());
    (first, second).prop_map(|(first, second)| {
        let (headline, summary, body, section, tags, authors) = first;
        let (language, slug, (seconds, ends), is_draft, image, old_paths) = second;
        SourceStory {
            headline,
            summary,
            body: body.trim().to_owned(),
            section,
            tags,
            authors,
            language,
            slug,
            published_at: seconds.map(|seconds| Timestamp::from_second(seconds).expect("a time")),
            unpublish_at: ends.map(|seconds| Timestamp::from_second(seconds).expect("a time")),
            is_draft,
            image: image.map(|(url, alt, caption, credit)| SourceImage {
                url,
                alt,
                caption,
                credit,
            }),
            old_paths,
            ..SourceStory::default()
        }
    })
}

proptest! {
    #[test]
    fn a_file_keeps_every_field(story in any_story()) {
        let text = super::file::file_text(&story).expect("text");
        prop_assert_eq!(read(&text), story);
    }

    #[test]
    fn names_are_single_parts_of_a_path(slug in "\\PC{0,200}") {
        let story = SourceStory { slug: Some(slug), ..story() };
        let (_, name) = super::file::file_name(&story);
        prop_assert!(name.len() < 200 && !name.contains(['/', '\0', '\\']) && !name.starts_with('.'));
    }
}
