//! The story of a file.

use crate::import::body;
use crate::import::file_name::{FileName, is_language};
use crate::import::front_matter::{address, names, picture, times, visibility};
use crate::import::head::{Head, text_of};
use crate::import::heading::first_heading;
use crate::import::site::Site;
use crate::import::source_story::SourceStory;
use crate::import::split::SplitFile;
use crate::import::text::{plain_headline, plain_text, shorten};

/// Maximum length of a headline, in characters.
const MAX_HEADLINE: usize = 200;
/// Maximum length of a summary, in characters.
const MAX_SUMMARY: usize = 500;

/// The reason a file has no story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) enum NoStory {
    /// It is not meant to be one.
    PassedOver(String),
    /// It lacks something.
    Refused(String),
}

/// Returns the story of a file with its path within the folder.
pub(in crate::import) fn story_of(
    key: &str,
    split: SplitFile<'_>,
    site: &Site,
) -> Result<SourceStory, NoStory> {
    let file = FileName::of(key);
    let has_head = split.head.is_some();
    let is_story = has_head || (file.is_dated && first_heading(split.body).is_some());
    if !is_story {
        return Err(NoStory::PassedOver("no front matter".to_owned()));
    }
    let mut notes: Vec<String> = split.note.into_iter().collect();
    let head = Head::new(&split.head.unwrap_or_default()).with_defaults(&site.cascade(key));
    let (headline, body) = if let Some(title) = own_title(&head) {
        (title, own_body(split.body))
    } else {
        let (headline, text) = headline(&head, split.body, &file, &mut notes)?;
        (headline, body::translated(text, key, site))
    };
    let times = times::times(&head, day(&head, &file), site, &mut notes);
    if body.trim().is_empty() {
        return Err(if times.published_at.is_some() {
            NoStory::Refused("the file has no text after its front matter".to_owned())
        } else {
            NoStory::PassedOver("a page without date and text".to_owned())
        });
    }
    let (section, tags) = labels(&head, key, &file, site, &mut notes);
    let known = |name: &str| site.authors.get(name).cloned();
    if head.first(&["lastmod", "updated", "modified", "lastmodifiedat"]).is_some() {
        notes.push("the time of the last change is not kept".to_owned());
    }
    Ok(SourceStory {
        key: key.to_owned(),
        headline,
        summary: summary(&head, &mut notes),
        body,
        section,
        tags,
        authors: names::authors(&head, known, &mut notes),
        language: language(&head, &file, &mut notes),
        slug: address::slug(&head, &file, site),
        published_at: times.published_at,
        unpublish_at: visibility::unpublish_at(&head, site),
        is_draft: visibility::is_hidden(&head, site, &mut notes) || times.is_uncertain,
        image: picture::picture(&head, &mut notes),
        old_paths: address::old_paths(&head, key, &file, site, &mut notes),
        notes,
    })
}

/// Returns the headline of a file of Gazette's own, which is plain text.
fn own_title(head: &Head) -> Option<String> {
    head.text(&["title"]).filter(|_| head.is_own())
}

/// Returns the body of a file of Gazette's own, without the line breaks around it.
fn own_body(body: &str) -> String {
    let body = body.replace("\r\n", "\n");
    let body = body.strip_prefix('\n').unwrap_or(&body);
    body.strip_suffix('\n').unwrap_or(body).to_owned()
}

/// Returns the section and the tags. The first category is the section, the others are tags.
fn labels(
    head: &Head,
    key: &str,
    file: &FileName,
    site: &Site,
    notes: &mut Vec<String>,
) -> (Option<String>, Vec<String>) {
    let mut categories = names::categories(head, notes);
    categories.extend(categories_of_folders(file));
    let mut categories = categories.into_iter();
    let section = categories.next().or_else(|| site.section_title(key));
    let mut tags = names::tags(head, site.tool, notes);
    for category in categories.filter(|name| Some(name) != section.as_ref()) {
        if !tags.contains(&category) {
            tags.push(category);
        }
    }
    (section, tags)
}

/// Returns the headline, and the body without the heading that it was taken from.
fn headline<'a>(
    head: &Head,
    body: &'a str,
    file: &FileName,
    notes: &mut Vec<String>,
) -> Result<(String, &'a str), NoStory> {
    let title = head.text(&["title"]).or_else(|| head.text(&["headline", "name"]));
    let title = title.map(|title| plain_headline(&title)).filter(|title| !title.is_empty());
    let (mut headline, body) = match (title, first_heading(body)) {
        (Some(title), _) => (title, body),
        (None, Some(heading)) => (plain_text(heading.text), heading.rest),
        // Jekyll makes a title of the name.
        (None, None) if file.is_dated && !file.name.is_empty() => {
            notes.push("no title: taken from the file's name".to_owned());
            (words_of(&file.name), body)
        }
        (None, None) if body.trim().is_empty() => {
            return Err(NoStory::PassedOver("a page without title and text".to_owned()));
        }
        (None, None) => {
            let reason = "no title: neither in the front matter nor as a heading";
            return Err(NoStory::Refused(reason.to_owned()));
        }
    };
    let whole = headline.clone();
    if shorten(&mut headline, MAX_HEADLINE) {
        notes.push(format!("headline cut after {MAX_HEADLINE} characters; it was: {whole}"));
    }
    Ok((headline, body))
}

fn words_of(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut characters = words.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn summary(head: &Head, notes: &mut Vec<String>) -> Option<String> {
    if head.is_own() {
        // One without a summary has none.
        return Some(head.text(&["description"]).unwrap_or_default());
    }
    let keys = ["description", "summary", "excerpt", "teaser", "abstract", "lede", "subtitle"];
    let texts = head.all(&keys);
    let mut summary = texts
        .iter()
        .filter_map(text_of)
        .map(|text| plain_text(&text))
        .find(|text| !text.is_empty())?;
    if shorten(&mut summary, MAX_SUMMARY) {
        notes.push(format!("summary cut after {MAX_SUMMARY} characters"));
    }
    Some(summary)
}

/// Returns the day of the old address or of the file's name.
fn day(head: &Head, file: &FileName) -> Option<jiff::civil::Date> {
    let addresses = head.all(&["path", "permalink", "url"]);
    let in_address = addresses
        .iter()
        .filter_map(serde_json::Value::as_str)
        .find_map(crate::import::date::day_in_path);
    in_address.or(file.day)
}

/// Jekyll's categories of the folders above `_posts`.
fn categories_of_folders(file: &FileName) -> Vec<String> {
    let above = file.folders.iter().position(|folder| folder == "_posts").unwrap_or(0);
    file.folders.iter().take(above).filter(|name| !name.starts_with('_')).cloned().collect()
}

fn language(head: &Head, file: &FileName, notes: &mut Vec<String>) -> Option<String> {
    let Some(text) = head.text(&["lang", "language", "locale"]) else {
        return file.language.clone();
    };
    let tag = text.split('.').next().unwrap_or_default().replace('_', "-");
    if is_language(&tag) || is_tag(&tag) {
        return Some(tag);
    }
    notes.push(format!("the language {text} is no code such as en or pt-BR; left out"));
    file.language.clone()
}

/// Checks for a tag such as `zh-Hant-TW` or `ast`.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_language = parts.next().is_some_and(|first| {
        (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let is_part = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    is_language && parts.all(is_part)
}

#[cfg(test)]
mod tests;
