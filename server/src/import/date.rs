//! Dates in front matter, in URL paths and in names of files.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// Parses RFC 3339, a date, or a local date and time, which is read as UTC.
pub(super) fn parse_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse() {
        return Some(timestamp);
    }
    let local = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(DateTime::from));
    jiff::tz::Offset::UTC.to_timestamp(local.ok()?).ok()
}

/// Finds `2018/07/27` in a URL path.
pub(super) fn date_in_path(path: &str) -> Option<Timestamp> {
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        let date = Date::new(number(year, 4)?, number(month, 2)?, number(day, 2)?).ok()?;
        jiff::tz::Offset::UTC.to_timestamp(DateTime::from(date)).ok()
    })
}

/// Finds `2018-07-27-` at the beginning of a file's name.
pub(super) fn date_in_name(file: &Path) -> Option<Timestamp> {
    let (date, rest) = file.file_stem()?.to_str()?.split_at_checked("2018-07-27".len())?;
    rest.starts_with('-').then(|| parse_date(date)).flatten()
}

fn number<T: std::str::FromStr>(text: &str, digits: usize) -> Option<T> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}
