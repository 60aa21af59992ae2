//! When a story is published.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::import::date::{at_midnight, parse_date};
use crate::import::head::{Head, text_of};
use crate::import::site::Site;

/// The date of a story.
const DATES: [&str; 12] = [
    "date",
    "publishedat",
    "publisheddate",
    "datepublished",
    "pubdate",
    "pubdatetime",
    "publishedtime",
    "published",
    "publishedon",
    "created",
    "createdat",
    "datecreated",
];
/// The time before which the tools do not show a story.
const PUBLICATION: [&str; 3] = ["publishdate", "publishat", "publishon"];

/// When a story is published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    /// Time of publication.
    pub published_at: Option<Timestamp>,
    /// `true` if it cannot be told that the story is public.
    pub is_uncertain: bool,
}

/// Reads the time of publication: from the dates, else from the day of the path or of the name.
pub(super) fn times(
    head: &Head,
    fallback: Option<Date>,
    site: &Site,
    notes: &mut Vec<String>,
) -> Times {
    let date = read(head, &DATES, site, notes).0;
    let (publication, is_uncertain) = read(head, &PUBLICATION, site, notes);
    if is_uncertain && publication.is_none() {
        notes.push("imported as a draft, since its publication may be ahead".to_owned());
        return Times { published_at: date, is_uncertain: true };
    }
    // A story is shown under its date, but never before its publication.
    let at = match (date, publication) {
        (Some(date), Some(publication)) if publication > site.now => Some(publication.max(date)),
        (date, publication) => date.or(publication),
    };
    let at = at.or_else(|| at_midnight(fallback?, &site.zone));
    if at.is_none() {
        notes.push("no date: imported as a draft".to_owned());
    }
    Times { published_at: at, is_uncertain: at.is_none() }
}

/// Returns the first date of the keys, and whether one of them could not be read.
fn read(
    head: &Head,
    keys: &[&str],
    site: &Site,
    notes: &mut Vec<String>,
) -> (Option<Timestamp>, bool) {
    let mut unreadable = false;
    for value in head.all(keys) {
        // `published: false` says something else.
        if matches!(value, Value::Bool(_)) {
            continue;
        }
        let text = match &value {
            Value::Array(values) => values.first().and_then(text_of),
            other => text_of(other),
        };
        match text.as_deref().and_then(|text| parse_date(text, &site.zone)) {
            Some(date) => {
                if let Some(zone) = date.unknown_zone {
                    notes.push(format!("{value}: {zone} names no single time zone; read as local"));
                }
                return (Some(date.at), unreadable);
            }
            None if is_word(text.as_deref()) => {}
            None => {
                notes.push(format!("the date {value} cannot be read"));
                unreadable = true;
            }
        }
    }
    (None, unreadable)
}

/// Checks for values of `published` that are no dates.
fn is_word(text: Option<&str>) -> bool {
    text.is_some_and(|text| {
        matches!(text.to_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off")
    })
}
