//! A post as a story.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::import::html_to_markdown::{Html, html_to_markdown, text_of_html};
use crate::import::old_address::{decode_percent, path_of};
use crate::import::source_story::{Refused, SourceImage, SourceStory};
use crate::import::wordpress::content::html_of_content;
use crate::import::wordpress::index::Index;
use crate::import::wordpress::item::Item;

/// Characters of the text that stand in for a missing title.
const MAX_TITLE_LENGTH: usize = 80;

/// Makes a post a story.
pub(super) fn story_of(
    item: &Item,
    index: &Index,
    time_zone: &TimeZone,
) -> Result<SourceStory, Refused> {
    let id = item.field("wp:post_id");
    let link = item.field("link");
    let key = if id.is_empty() { path_of(link).unwrap_or_default() } else { format!("post/{id}") };
    let refuse = |reason: String| Refused { key: key.clone(), reason };
    let mut notes = Vec::new();
    let html = html_of_content(item, index, &mut notes);
    let body = Html { text: &html, own_url: Some(link), ..Html::default() };
    let body = html_to_markdown(body).map_err(|error| refuse(error.to_string()))?;
    notes.extend(body.notes);
    let headline = headline(item, &html, &mut notes)
        .ok_or_else(|| refuse("it has no title and no text".to_owned()))?;
    let summary = text_of_html(item.field("excerpt:encoded"));
    let (section, tags) = section_and_tags(item);
    let login = item.field("dc:creator");
    let author = index.authors.get(login).map_or(login, String::as_str);
    Ok(SourceStory {
        headline,
        summary: Some(summary).filter(|summary| !summary.is_empty()),
        body: body.markdown,
        section,
        tags,
        authors: Some(author.to_owned()).filter(|name| !name.is_empty()).into_iter().collect(),
        language: index.language.clone(),
        slug: Some(decode_percent(item.field("wp:post_name"))).filter(|slug| !slug.is_empty()),
        published_at: published_at(item, time_zone, &mut notes),
        unpublish_at: None,
        is_draft: is_draft(item, &mut notes),
        image: image(item, index, &mut notes),
        old_paths: old_paths(item, index),
        notes,
        key,
    })
}

fn headline(item: &Item, html: &str, notes: &mut Vec<String>) -> Option<String> {
    let title = text_of_html(item.field("title"));
    if !title.is_empty() {
        return Some(title);
    }
    let text = text_of_html(html);
    let title = match text.char_indices().nth(MAX_TITLE_LENGTH) {
        None => text,
        Some((end, _)) => {
            let cut = text.get(..end).unwrap_or_default();
            let words = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
            format!("{words}\u{2026}")
        }
    };
    notes.push("it has no title; the beginning of its text is used".to_owned());
    let slug = || decode_percent(item.field("wp:post_name")).replace('-', " ");
    Some(title).filter(|title| !title.is_empty()).or_else(|| Some(slug()).filter(|s| !s.is_empty()))
}

/// Returns the first category as section; the other ones are tags.
fn section_and_tags(item: &Item) -> (Option<String>, Vec<String>) {
    let names = |domain: &'static str| {
        let terms = item.terms.iter().filter(move |term| term.domain == domain);
        terms.map(|term| text_of_html(&term.name))
    };
    let is_default = |term: &&crate::import::wordpress::item::Term| {
        term.nicename == "uncategorized" || term.name == "Uncategorized"
    };
    let categories = item.terms.iter().filter(|term| term.domain == "category");
    let mut categories = categories.filter(|term| !is_default(term));
    let section = categories.next().map(|term| text_of_html(&term.name));
    let mut tags: Vec<String> = Vec::new();
    // Tags of WXR 1.0 have the domain `tag`.
    let others = categories.map(|term| text_of_html(&term.name));
    for tag in names("post_tag").chain(names("tag")).chain(others) {
        if !tag.is_empty() && !tags.contains(&tag) && section.as_ref() != Some(&tag) {
            tags.push(tag);
        }
    }
    (section.filter(|section| !section.is_empty()), tags)
}

fn is_draft(item: &Item, notes: &mut Vec<String>) -> bool {
    if !item.field("wp:post_password").is_empty() {
        notes.push("it is protected by a password; imported as a draft".to_owned());
        return true;
    }
    match item.field("wp:status") {
        "publish" | "future" | "" => false,
        "draft" | "pending" => true,
        "private" => {
            notes.push("it is private; imported as a draft".to_owned());
            true
        }
        other => {
            notes.push(format!("its status {other} is unknown; imported as a draft"));
            true
        }
    }
}

fn published_at(item: &Item, zone: &TimeZone, notes: &mut Vec<String>) -> Option<Timestamp> {
    let parse = |text: &str| -> Option<DateTime> {
        (!text.is_empty() && !text.starts_with("0000")).then(|| text.parse().ok()).flatten()
    };
    let gmt = parse(item.field("wp:post_date_gmt"));
    let gmt = gmt.and_then(|date| TimeZone::UTC.to_timestamp(date).ok());
    let local = || {
        let date = parse(item.field("wp:post_date"))?;
        zone.to_timestamp(date).ok()
    };
    let of_feed = || {
        let text = item.field("pubDate");
        // A draft that was never public has the year -1.
        let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
        (date.as_second() > 0).then_some(date)
    };
    let date = gmt.or_else(local).or_else(of_feed);
    let text = item.field("wp:post_date");
    if date.is_none() && !text.is_empty() && !text.starts_with("0000") {
        notes.push(format!("its date {text} cannot be read"));
    }
    date
}

fn image(item: &Item, index: &Index, notes: &mut Vec<String>) -> Option<SourceImage> {
    let id = item.meta("_thumbnail_id").filter(|id| *id != "0" && *id != "-1")?;
    let attachment = id.parse().ok().and_then(|id: u64| index.attachments.get(&id));
    let Some(attachment) = attachment.filter(|attachment| !attachment.url.is_empty()) else {
        notes.push(format!("its picture (attachment {id}) is not in the export"));
        return None;
    };
    let credit = text_of_html(&attachment.caption);
    Some(SourceImage {
        url: attachment.url.clone(),
        alt: Some(attachment.alt.clone()).filter(|alt| !alt.is_empty()),
        caption: None,
        credit: Some(credit).filter(|credit| !credit.is_empty()),
    })
}

fn old_paths(item: &Item, index: &Index) -> Vec<String> {
    let mut paths = Vec::new();
    let mut add = |path: String| {
        if !paths.contains(&path) {
            paths.push(path);
        }
    };
    let link = path_of(item.field("link")).filter(|path| path != "/");
    if let Some(path) = &link {
        add(path.clone());
    }
    let blog = path_of(&index.blog_url).unwrap_or_else(|| "/".to_owned());
    let blog = blog.split('?').next().unwrap_or_default().trim_end_matches('/');
    let id = item.field("wp:post_id");
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
        add(format!("{blog}/?p={id}"));
    }
    let of_link = link.as_deref().filter(|path| !path.contains('?'));
    let olds = item.meta.iter().filter(|(key, _)| key == "_wp_old_slug");
    for (_, slug) in olds.filter(|(_, slug)| !slug.trim().is_empty()) {
        let Some(path) = of_link else { continue };
        let end = if path.ends_with('/') { "/" } else { "" };
        let parent = path.trim_end_matches('/').rsplit_once('/').map_or("", |(parent, _)| parent);
        add(format!("{parent}/{}{end}", slug.trim()));
    }
    paths
}
