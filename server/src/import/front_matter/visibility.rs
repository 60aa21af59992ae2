//! Visibility of a story to the readers of the source.

use jiff::Timestamp;
use serde_json::Value;

use crate::import::date::parse_date;
use crate::import::head::{Head, text_of};
use crate::import::site::Site;

/// Keys that hide a story when they are true.
const HIDING: [&str; 8] = [
    "draft",
    "isdraft",
    "private",
    "hidden",
    "unlisted",
    "headless",
    "embargo",
    "eleventyexcludefromcollections",
];
/// Keys that hide a story when they are false.
const SHOWING: [&str; 7] =
    ["published", "publish", "public", "visible", "listed", "render", "permalink"];
/// Values of `status` and `visibility` of what is not public.
const NOT_PUBLIC: [&str; 19] = [
    "archive",
    "archived",
    "auto-draft",
    "deleted",
    "draft",
    "drafts",
    "embargo",
    "embargoed",
    "hidden",
    "idea",
    "in review",
    "inherit",
    "pending",
    "private",
    "review",
    "trash",
    "unlisted",
    "unpublished",
    "wip",
];
/// The time after which a story is no longer public.
const EXPIRY: [&str; 5] = ["expirydate", "expires", "unpublishdate", "expiredate", "expireson"];

/// Checks whether the front matter hides a story. A value that cannot be read hides it as well:
/// what is not public must not become so.
pub(super) fn is_hidden(head: &Head, site: &Site, notes: &mut Vec<String>) -> bool {
    let mut hidden = false;
    for key in HIDING {
        for value in head.all(&[key]) {
            hidden |= match truth(&value) {
                Some(value) => value,
                None => doubt(key, &value, notes),
            };
        }
    }
    for key in SHOWING {
        for value in head.all(&[key]) {
            hidden |= match truth(&value) {
                Some(value) => !value,
                // A date, or an address.
                None if key == "permalink" || is_date(&value, site) => false,
                None => doubt(key, &value, notes),
            };
        }
    }
    for value in head.all(&["status", "visibility"]) {
        hidden |=
            text_of(&value).is_some_and(|text| NOT_PUBLIC.contains(&text.to_lowercase().as_str()));
    }
    hidden |= head.get("password").is_some();
    hidden |= head.inner("build").is_some_and(|build| is_not_built(&build));
    hidden | has_expired(head, site, notes)
}

fn doubt(key: &str, value: &Value, notes: &mut Vec<String>) -> bool {
    notes.push(format!("{key}: {value} is neither true nor false; imported as a draft"));
    true
}

/// Hugo's table of what it makes of a page.
fn is_not_built(build: &Head) -> bool {
    ["render", "list"].iter().any(|key| {
        build.get(key).is_some_and(|value| match value {
            Value::String(text) => matches!(text.as_str(), "never" | "link" | "false"),
            other => truth(other) == Some(false),
        })
    })
}

fn has_expired(head: &Head, site: &Site, notes: &mut Vec<String>) -> bool {
    let Some(value) = head.first(&EXPIRY) else { return false };
    match text_of(&value).and_then(|text| parse_date(&text, &site.zone)) {
        Some(date) if date.at <= site.now => true,
        // It is kept.
        Some(_) if head.is_own() => false,
        Some(date) => {
            notes.push(format!("expires at {}: take it down then by hand", shown(date.at)));
            false
        }
        None if truth(&value) == Some(false) => false,
        None => {
            notes.push(format!("the date of expiry {value} cannot be read; imported as a draft"));
            true
        }
    }
}

/// Returns the time ahead at which a file of Gazette's own expires.
pub(super) fn unpublish_at(head: &Head, site: &Site) -> Option<Timestamp> {
    let value = head.first(&EXPIRY).filter(|_| head.is_own())?;
    let date = parse_date(&text_of(&value)?, &site.zone)?;
    Some(date.at).filter(|at| *at > site.now)
}

fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn is_date(value: &Value, site: &Site) -> bool {
    text_of(value).is_some_and(|text| parse_date(&text, &site.zone).is_some())
}

/// Reads `true`, `yes`, `on` and 1, and their opposites.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "on" | "y" | "1" => Some(true),
            "false" | "no" | "off" | "n" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
