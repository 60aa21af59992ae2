//! A post as a story.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::import::ghost::body::Body;
use crate::import::ghost::index::{Index, Meta, meta_of};
use crate::import::ghost::lexical::push_lexical;
use crate::import::ghost::mobiledoc::push_mobiledoc;
use crate::import::ghost::walk::{Row, text};
use crate::import::html_to_markdown::{Html, html_to_markdown, text_of_html};
use crate::import::source_story::{Refused, SourceImage, SourceStory};

/// The URL of the site in an export.
const SITE: &str = "__GHOST_URL__";

/// Makes a post a story.
pub(super) fn story_of(row: &Row, index: &Index) -> Result<SourceStory, Refused> {
    let id = text(row, "id");
    let key = format!("post/{id}");
    let slug = text(row, "slug").into_owned();
    let body = body_of(row);
    let own_url = format!("/{slug}/");
    let html = Html { text: &body.html, own_url: Some(&own_url), verbatim: &body.verbatim };
    let converted = html_to_markdown(html)
        .map_err(|error| Refused { key: key.clone(), reason: error.to_string() })?;
    let mut notes = body.notes;
    notes.extend(converted.notes);
    let headline = text(row, "title").split_whitespace().collect::<Vec<_>>().join(" ");
    if headline.is_empty() {
        return Err(Refused { key, reason: "it has no title".to_owned() });
    }
    let in_post = meta_of(row);
    let meta = index.meta.get(&*id).unwrap_or(&in_post);
    let excerpt = text(row, "custom_excerpt");
    let summary = if excerpt.is_empty() { meta.description.as_str() } else { &excerpt };
    let mut tags = index.tags(&id);
    let section = (!tags.is_empty()).then(|| tags.remove(0));
    let mut authors = index.authors(&id);
    if authors.is_empty() {
        authors.extend(index.users.get(&*text(row, "author_id")).cloned());
    }
    Ok(SourceStory {
        headline,
        summary: Some(text_of_html(&crate::import::ghost::body::escape(summary)))
            .filter(|summary| !summary.is_empty()),
        body: converted.markdown,
        section,
        tags,
        authors,
        language: Some(text(row, "locale").into_owned()).filter(|locale| !locale.is_empty()),
        published_at: published_at(row, &mut notes),
        unpublish_at: None,
        is_draft: is_draft(row, meta, &mut notes),
        image: image(row, meta, &in_post),
        old_paths: if slug.is_empty() { Vec::new() } else { vec![own_url.clone()] },
        slug: Some(slug).filter(|slug| !slug.is_empty()),
        notes,
        key,
    })
}

/// Returns the body from what the editor keeps, else from the HTML that Ghost made of it.
fn body_of(row: &Row) -> Body {
    let mut body = Body::default();
    let source = |key: &str| text(row, key).replace(SITE, "");
    let lexical = source("lexical");
    if !lexical.is_empty() && push_lexical(&mut body, &lexical) {
        return body;
    }
    let mobiledoc = source("mobiledoc");
    if !mobiledoc.is_empty() && push_mobiledoc(&mut body, &mobiledoc) {
        return body;
    }
    let html = source("html");
    if html.is_empty() {
        // Ghost before version 1 kept Markdown.
        body.push_markdown(&source("markdown"));
    } else {
        body.push(&html);
    }
    body
}

fn is_draft(row: &Row, meta: &Meta, notes: &mut Vec<String>) -> bool {
    let (status, visibility) = (text(row, "status"), text(row, "visibility"));
    if !matches!(&*visibility, "" | "public") {
        notes.push(format!("it was for {visibility} only; imported as a draft"));
        return true;
    }
    if &*status == "sent" || meta.is_email_only {
        notes.push("it was sent by email only; imported as a draft".to_owned());
        return true;
    }
    match &*status {
        "published" | "scheduled" => false,
        "draft" | "" => true,
        other => {
            notes.push(format!("its status {other} is unknown; imported as a draft"));
            true
        }
    }
}

fn published_at(row: &Row, notes: &mut Vec<String>) -> Option<Timestamp> {
    for key in ["published_at", "created_at"] {
        match row.get(key) {
            None | Some(Value::Null) => {}
            Some(value) => match time_of(value) {
                Some(time) => return Some(time),
                None => notes.push(format!("its date {value} cannot be read")),
            },
        }
        if text(row, "status") == "draft" {
            break;
        }
    }
    None
}

/// Reads RFC 3339, a date and time in UTC, or milliseconds since 1970.
fn time_of(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => Timestamp::from_millisecond(number.as_i64()?).ok(),
        Value::String(text) => {
            let text = text.trim();
            let local = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
            let millis = || Timestamp::from_millisecond(text.parse().ok()?).ok();
            text.parse().ok().or_else(local).or_else(millis)
        }
        _ => None,
    }
}

fn image(row: &Row, meta: &Meta, in_post: &Meta) -> Option<SourceImage> {
    let of_version_1 = text(row, "image");
    let url = text(row, "feature_image");
    let url = if url.is_empty() { of_version_1 } else { url }.replace(SITE, "");
    let either =
        |meta: &str, post: &str| if meta.is_empty() { post.to_owned() } else { meta.to_owned() };
    let alt = either(&meta.alt, &in_post.alt);
    let credit = text_of_html(&either(&meta.caption, &in_post.caption));
    (!url.is_empty()).then_some(SourceImage {
        url,
        alt: Some(alt).filter(|alt| !alt.is_empty()),
        caption: None,
        credit: Some(credit).filter(|credit| !credit.is_empty()),
    })
}
