//! Sample stories, which fill an empty store at the first start.

use std::cmp::Reverse;
use std::collections::HashMap;

use gazette_domain::{Image, Language, Slug, StoryInput};
use include_dir::{Dir, include_dir};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::markdown;

static STORIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/samples/stories");

/// Size of every sample picture, in CSS pixels.
const PICTURE_SIZE: (u32, u32) = (1200, 720);
/// Invented towns, which make the headlines of generated stories differ.
const TOWNS: [&str; 12] = [
    "Arden Quay",
    "Bellmere",
    "Corrin",
    "Dunmarch",
    "Eastwick Sound",
    "Fallow Hythe",
    "Greywater",
    "Hollin Fell",
    "Isle Tarn",
    "Kestrel Bay",
    "Larkhaven",
    "Mossgate",
];

/// The front matter of a sample file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleHead {
    title: String,
    description: String,
    section: String,
    tags: Vec<String>,
    authors: Vec<String>,
    age_hours: i64,
    image: Option<String>,
    image_alt: Option<String>,
    image_caption: Option<String>,
    image_credit: Option<String>,
}

/// Returns the number of written sample stories.
pub(crate) fn count() -> usize {
    STORIES.files().count()
}

/// Returns `count` sample stories, the same ones for the same `seed`.
///
/// After the written ones they are generated: a written story with another town in its headline, an
/// earlier date and paragraphs of other stories of its section.
pub(crate) fn stories(count: usize, seed: u64, now: Timestamp) -> Vec<StoryInput> {
    let written = written(now);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut inputs: Vec<StoryInput> = written.iter().take(count).cloned().collect();
    let mut summaries = Summaries::default();
    for number in written.len()..count {
        inputs.extend(generated(&written, number, &mut random, &mut summaries));
    }
    inputs
}

/// Summaries of stories by their first paragraph. There are few, and each is rendered.
#[derive(Default)]
struct Summaries<'a>(HashMap<&'a str, String>);

impl<'a> Summaries<'a> {
    fn of(&mut self, paragraph: &'a str) -> String {
        self.0.entry(paragraph).or_insert_with(|| markdown::excerpt(paragraph)).clone()
    }
}

fn written(now: Timestamp) -> Vec<StoryInput> {
    let mut inputs: Vec<StoryInput> = STORIES
        .files()
        .filter_map(|file| {
            let slug = file.path().file_stem()?.to_str()?.parse().ok()?;
            input(slug, file.contents_utf8()?, now)
        })
        .collect();
    inputs.sort_by_key(|input| Reverse(input.published_at));
    inputs
}

fn input(slug: Slug, text: &str, now: Timestamp) -> Option<StoryInput> {
    let (head, body) = text.strip_prefix("+++\n")?.split_once("\n+++\n")?;
    let head: SampleHead = toml::from_str(head).ok()?;
    let (width, height) = PICTURE_SIZE;
    let published_at = now.checked_sub(SignedDuration::from_hours(head.age_hours)).ok()?;
    Some(StoryInput {
        summary: head.description,
        section: head.section,
        tags: head.tags,
        authors: head.authors.clone(),
        image: head.image.zip(head.image_alt).map(|(url, alt)| Image {
            url,
            alt,
            width,
            height,
            caption: head.image_caption,
            credit: head.image_credit,
        }),
        language: Language::english(),
        slug: Some(slug),
        ..StoryInput::new(head.title, body.trim(), published_at)
    })
}

fn generated<'a>(
    written: &'a [StoryInput],
    number: usize,
    random: &mut fastrand::Rng,
    summaries: &mut Summaries<'a>,
) -> Option<StoryInput> {
    let original = written.get(random.usize(..written.len()))?;
    let town = TOWNS.get(random.usize(..TOWNS.len()))?;
    let same_section: Vec<&StoryInput> =
        written.iter().filter(|other| other.section == original.section).collect();
    let mut paragraphs: Vec<&'a str> = same_section
        .iter()
        .flat_map(|story| story.body.split("\n\n"))
        .filter(|paragraph| paragraph.starts_with(char::is_alphabetic))
        .collect();
    random.shuffle(&mut paragraphs);
    let length = random.usize(3..12);
    let summary = paragraphs.first().map(|first| summaries.of(first)).unwrap_or_default();
    let body = paragraphs.into_iter().take(length).collect::<Vec<_>>().join("\n\n");
    let minutes = i64::try_from(number).unwrap_or(i64::MAX / 100) * 37 + random.i64(0..37);
    let age = SignedDuration::from_mins(900 * 60 + minutes);
    let newest = original.published_at.max(written.first()?.published_at);
    Some(StoryInput {
        summary,
        section: original.section.clone(),
        tags: original.tags.clone(),
        authors: original.authors.clone(),
        image: original.image.clone(),
        language: original.language.clone(),
        ..StoryInput::new(
            format!("{town}: {}", original.headline),
            body,
            newest.checked_sub(age).ok()?,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_file_is_valid() {
        let now: Timestamp = "2026-11-21T00:00:00Z".parse().expect("a time");
        assert!(count() >= 24);
        assert_eq!(written(now).len(), count());
        assert!(written(now).iter().filter(|story| story.image.is_some()).count() >= 6);
    }

    #[test]
    fn the_same_seed_returns_the_same_stories() {
        let now: Timestamp = "2026-11-21T00:00:00Z".parse().expect("a time");
        assert_eq!(stories(200, 7, now), stories(200, 7, now));
        assert_ne!(stories(200, 7, now), stories(200, 8, now));
        assert_eq!(stories(200, 7, now).len(), 200);
        assert_eq!(stories(3, 7, now).len(), 3);
    }
}
