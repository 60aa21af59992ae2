//! The input of a story that a source describes.

use gazette_domain::{
    DEFAULT_AUTHOR, DEFAULT_SECTION, FieldError, Label, Language, MAX_AUTHORS, MAX_TAGS, Slug,
    Status, StoryInput,
};
use jiff::Timestamp;
use serde_json::json;

use crate::import::pictures::picture;
use crate::import::source_story::SourceStory;
use crate::markdown;
use crate::sha256::sha256;

/// Returns the input of a story, without the link to its source. A draft without a date has that of
/// the import. What cannot be used is noted.
pub(super) fn input_of(
    story: &SourceStory,
    body: String,
    now: Timestamp,
    notes: &mut Vec<String>,
) -> StoryInput {
    let label = |name: &String| Label::new(name).is_some();
    let mut usable = |names: &[String], what: &str| -> Vec<String> {
        let (usable, others): (Vec<String>, Vec<String>) = names.iter().cloned().partition(label);
        notes.extend(others.iter().map(|name| format!("{what} {name} cannot be used; left out")));
        usable
    };
    let mut tags = usable(&story.tags, "tag");
    let mut authors = usable(&story.authors, "author");
    let section = usable(story.section.as_slice(), "section").into_iter().next();
    for (names, max, what) in
        [(&mut tags, MAX_TAGS, "tags"), (&mut authors, MAX_AUTHORS, "authors")]
    {
        if names.len() > max {
            let left = names.split_off(max);
            notes.push(format!("{what} past the {max}th left out: {}", left.join(", ")));
        }
    }
    if authors.is_empty() {
        authors.push(DEFAULT_AUTHOR.to_owned());
    }
    let language = language(story, notes);
    let body = visible(body, notes);
    let image = story
        .image
        .as_ref()
        .and_then(|image| picture(image, &story.headline).map_err(|note| notes.push(note)).ok());
    StoryInput {
        headline: story.headline.clone(),
        summary: story.summary.clone().unwrap_or_else(|| markdown::excerpt(&body)),
        is_summary_made: false,
        body,
        section: section.unwrap_or_else(|| DEFAULT_SECTION.to_owned()),
        tags,
        authors,
        image,
        language,
        published_at: story.published_at.unwrap_or(now),
        unpublish_at: story.unpublish_at,
        pin_until: None,
        status: if story.is_draft || story.published_at.is_none() {
            Status::Draft
        } else {
            Status::Published
        },
        slug: wanted_slug(story),
        source: None,
    }
}

/// Returns the slug that a new story asks for.
pub(super) fn wanted_slug(story: &SourceStory) -> Option<Slug> {
    story.slug.as_deref().and_then(Slug::from_text).or_else(|| Slug::from_text(&story.headline))
}

/// Returns the hash of what the source has. The time of the import is no part of it.
pub(super) fn digest_of(story: &SourceStory, input: &StoryInput) -> String {
    // Written out, because a field that is added to stories must not change the hashes of imports.
    let text = json!({
        "headline": input.headline,
        "summary": input.summary,
        "body": input.body,
        "section": input.section,
        "tags": input.tags,
        "authors": input.authors,
        "image": input.image,
        "language": input.language,
        "published_at": story.published_at,
        "status": input.status,
        "slug": input.slug,
        "old_paths": story.old_paths,
    });
    sha256(text.to_string().as_bytes())
}

/// Describes broken rules on one line.
pub(super) fn reason(errors: &[FieldError]) -> String {
    let rules = errors.iter().map(|error| format!("{}: {}", error.field, error.message));
    rules.collect::<Vec<_>>().join("; ")
}

/// Removes control characters, which no story may have.
fn visible(body: String, notes: &mut Vec<String>) -> String {
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    let count = body.chars().filter(|c| is_control(*c)).count();
    if count == 0 {
        return body;
    }
    notes.push(format!("{count} control characters removed from the text"));
    body.chars().filter(|c| !is_control(*c)).collect()
}

/// Returns the language of a story; one that cannot be read is noted.
fn language(story: &SourceStory, notes: &mut Vec<String>) -> Option<Language> {
    let tag =
        story.language.as_deref().filter(|tag| !tag.trim().is_empty())?.trim().replace('_', "-");
    let language = tag.parse().ok();
    if language.is_none() {
        notes.push(format!("the language {tag:.40} cannot be read; left out"));
    }
    language
}
