//! Samples of the types of the API: each field is named, so that a new one must be added here.

use gazette_app::wire::{
    Author, CorrectionItem, Deleted, FoundStories, FoundStory, NewsroomStory, Picture,
    StoryCorrections, StoryDetail, StoryItem, StoryList, UploadedImage,
};
use gazette_domain::{Image, ImagePatch, LanguageChange, Status, StoryPatch, TimePatch};
use jiff::Timestamp;

const SITE: &str = "https://news.example";

/// A story with everything, or with as little as possible.
pub(super) fn item(is_full: bool) -> StoryItem {
    StoryItem {
        id: "019a0c1e-7b3d-7c52-a9f5-3a6d7f0b1c2d".to_owned(),
        slug: "the-bridge-is-open".to_owned(),
        url: format!("{SITE}/news/the-bridge-is-open"),
        headline: "The bridge is open".to_owned(),
        summary: "After two years, the first bus crossed the river.".to_owned(),
        section: "City".to_owned(),
        tags: vec!["Rivers".to_owned()],
        authors: vec![Author { name: "Ada Reed".to_owned(), slug: "ada-reed".to_owned() }],
        published_at: time(),
        updated_at: time(),
        reading_minutes: 1,
        image: is_full.then(|| picture(true)),
        language: "en".to_owned(),
    }
}

/// A story whose picture has no words of its own.
pub(super) fn item_with_bare_picture() -> StoryItem {
    StoryItem { image: Some(picture(false)), ..item(true) }
}

fn picture(is_full: bool) -> Picture {
    Picture {
        url: format!("{SITE}/images/0f1e2d3c-1920x1280.jpg"),
        alt: "The new bridge at dawn".to_owned(),
        width: 1920,
        height: 1280,
        caption: is_full.then(|| "The bridge on its first day".to_owned()),
        credit: is_full.then(|| "Ed Moss".to_owned()),
    }
}

pub(super) fn list(is_full: bool) -> StoryList {
    let items = vec![item(true), item_with_bare_picture(), item(false)];
    StoryList { items, next_cursor: is_full.then(|| "0195b7a1c4".to_owned()) }
}

pub(super) fn detail(item: StoryItem) -> StoryDetail {
    let corrections = vec![correction()];
    let (body, html) = ("It *is*.".to_owned(), "<p>It <em>is</em>.</p>\n".to_owned());
    StoryDetail { item, body, html, version: 1, corrections }
}

fn correction() -> CorrectionItem {
    CorrectionItem { at: time(), text: "The bridge has five arches, not four.".to_owned() }
}

pub(super) fn corrections() -> StoryCorrections {
    let StoryItem { id, url, .. } = item(false);
    StoryCorrections { id, url, version: 2, corrections: vec![correction()] }
}

pub(super) fn newsroom(is_full: bool, item: StoryItem) -> NewsroomStory {
    NewsroomStory {
        story: detail(item),
        status: "published".to_owned(),
        unpublish_at: is_full.then(time),
        pin_until: is_full.then(time),
    }
}

pub(super) fn found() -> FoundStories {
    let items = [item(true), item_with_bare_picture(), item(false)];
    let items = items.map(|item| FoundStory { item, snippet: "the first bus".to_owned() });
    FoundStories { items: items.into(), total: 3, page: 1 }
}

pub(super) fn uploaded() -> UploadedImage {
    UploadedImage {
        url: format!("{SITE}/images/0f1e2d3c-1920x1280.jpg"),
        width: 1920,
        height: 1280,
        id: "0f1e2d3c".to_owned(),
    }
}

pub(super) fn deleted() -> Deleted {
    Deleted { deleted: 2 }
}

/// What a program may send of a story.
pub(super) fn input(is_full: bool) -> StoryPatch {
    let end = if is_full { TimePatch::Set(time()) } else { TimePatch::Remove };
    let image = Image {
        url: "/images/0f1e2d3c-1920x1280.jpg".to_owned(),
        alt: "The new bridge at dawn".to_owned(),
        width: 0,
        height: 0,
        caption: is_full.then(|| "The bridge on its first day".to_owned()),
        credit: is_full.then(|| "Ed Moss".to_owned()),
    };
    StoryPatch {
        headline: Some("The bridge is open".to_owned()),
        body: Some("It *is*.".to_owned()),
        summary: Some("After two years, the first bus crossed the river.".to_owned()),
        is_summary_made: false,
        section: Some("City".to_owned()),
        tags: Some(vec!["Rivers".to_owned()]),
        authors: Some(vec!["Ada Reed".to_owned()]),
        image: Some(if is_full { ImagePatch::Set(image) } else { ImagePatch::Remove }),
        publish_at: Some(time()),
        unpublish_at: Some(end),
        pin_until: Some(end),
        status: Some(Status::Published),
        slug: "the-bridge-is-open".parse().ok(),
        language: "en".parse().ok().map(LanguageChange::Set),
    }
}

pub(super) fn time() -> Timestamp {
    Timestamp::from_second(1_795_701_790).unwrap_or_default()
}
