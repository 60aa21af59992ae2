//! Dates as front matter, URL paths and names of files write them.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use regex_lite::{Captures, Regex};

/// A date, and what about it could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReadDate {
    /// The time.
    pub at: Timestamp,
    /// A name of a time zone that is not known: the time was read as a local one.
    pub unknown_zone: Option<String>,
}

/// Maximum length of a date, in bytes.
const MAX_BYTES: usize = 100;

static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:[[:alpha:]]{2,9}\.?,?\s+)?
        (?:(?<year>\d{4})[-/.](?<month>\d{1,2})(?:[-/.](?<day>\d{1,2}))?
        |(?<year2>\d{4})(?<month2>\d\d)(?<day2>\d\d)
        |(?<day3>\d{1,2})\.(?<month3>\d{1,2})\.(?<year3>\d{4}))
        (?<rest>$|[T\s,].*)$",
    )
    .ok()
});
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?
        (?:(?<name>[a-z]{3,9})\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})
        |(?<day2>\d{1,2})(?:st|nd|rd|th)?[\s-](?:of\s+)?(?<name2>[a-z]{3,9})\.?,?[\s-](?<year2>\d{4})
        |(?<name3>[a-z]{3,9})\s+(?<day3>\d{1,2})\s+(?<middle>\d{1,2}:\d\d(?::\d\d)?(?:\s+[a-z]{2,5})?)\s+(?<year3>\d{4}))
        (?<rest>$|[T\s,].*)$",
    )
    .ok()
});
static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)^[T\s,]*(?:at\s+)?(?<hour>\d{1,2})
        (?:(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,12}))?)?)
        |(?<minute2>\d\d)(?<second2>\d\d)?)?
        \s*(?<half>[ap]\.?m\.?(?:\s|$))?(?<zone>.*)$",
    )
    .ok()
});
static OFFSET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:utc|gmt|z)?\s*(?<sign>[+\x{2212}-])(?<hours>\d{1,2}):?(?<minutes>\d\d)?(?::?00)?$")
        .ok()
});

/// Parses a date in any form that the tools document: RFC 3339, RFC 2822, what Jekyll, Hugo and
/// JavaScript write, and a date in English words. A time without an offset is one of `zone`.
pub(crate) fn parse_date(text: &str, zone: &TimeZone) -> Option<ReadDate> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return within_years(at).map(known);
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return within_years(zoned.timestamp()).map(known);
    }
    let text = text.replace(['年', '月'], "-").replace('日', " ");
    let text = text.trim_end_matches([' ', '-']);
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_digits(text, zone);
    }
    let (date, rest) = numeric_date(text).or_else(|| named_date(text))?;
    let (time, zone_text) = clock(&rest)?;
    in_zone(date.to_datetime(time), &zone_text, zone)
}

/// Returns the day at its beginning in a zone.
pub(crate) fn at_midnight(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    local(DateTime::from(date), zone)
}

/// Finds `2018/07/27` in a path.
pub(crate) fn day_in_path(path: &str) -> Option<Date> {
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        // The last part may go on: `2018/07/27-name`.
        let day = day.split_once(['-', '_']).map_or(*day, |(day, _)| day);
        Date::new(number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?).ok()
    })
}

/// Splits `2018-07-27-name` into its day and the rest.
pub(crate) fn day_before_name(name: &str) -> Option<(Date, &str)> {
    let mut parts = name.splitn(3, '-');
    let (year, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, rest) = rest.split_at(digits);
    let date = Date::new(number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?).ok()?;
    let rest = match rest.strip_prefix(['-', '_', ' ']) {
        Some(rest) => rest,
        None if rest.is_empty() => rest,
        None => return None,
    };
    Some((date, rest))
}

fn known(at: Timestamp) -> ReadDate {
    ReadDate { at, unknown_zone: None }
}

/// Reads seconds or milliseconds since 1970, or a date without separators.
fn of_digits(digits: &str, zone: &TimeZone) -> Option<ReadDate> {
    let at = match digits.len() {
        4 => at_midnight(Date::new(digits.parse().ok()?, 1, 1).ok()?, zone),
        8 => at_midnight(Date::strptime("%Y%m%d", digits).ok()?, zone),
        12 => local(DateTime::strptime("%Y%m%d%H%M", digits).ok()?, zone),
        14 => local(DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?, zone),
        9 | 10 => Timestamp::from_second(digits.parse().ok()?).ok(),
        13 => Timestamp::from_millisecond(digits.parse().ok()?).ok(),
        _ => None,
    };
    at.and_then(within_years).map(known)
}

fn numeric_date(text: &str) -> Option<(Date, String)> {
    let found = NUMERIC.as_ref()?.captures(text)?;
    let year = number(any(&found, &["year", "year2", "year3"])?, 4..=4)?;
    let month = number(any(&found, &["month", "month2", "month3"])?, 1..=2)?;
    let day = any(&found, &["day", "day2", "day3"]).map_or(Some(1), |day| number(day, 1..=2))?;
    let date = Date::new(year, month, day).ok()?;
    Some((date, any(&found, &["rest"])?.to_owned()))
}

fn named_date(text: &str) -> Option<(Date, String)> {
    let found = NAMED.as_ref()?.captures(text)?;
    let year = number(any(&found, &["year", "year2", "year3"])?, 4..=4)?;
    let day = number(any(&found, &["day", "day2", "day3"])?, 1..=2)?;
    let month = month(any(&found, &["name", "name2", "name3"])?)?;
    let date = Date::new(year, month, day).ok()?;
    let middle = any(&found, &["middle"]).unwrap_or_default();
    Some((date, format!("{middle}{}", any(&found, &["rest"])?)))
}

fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_ascii_lowercase();
    let name = if name == "sept" { "sep" } else { &name };
    let at = MONTHS.iter().position(|month| *month == name || month.get(..3) == Some(name))?;
    i8::try_from(at + 1).ok()
}

/// Reads the time of day, and returns what follows it. No time is midnight.
fn clock(text: &str) -> Option<(Time, String)> {
    let text = text.trim_matches([' ', ',', '\t']);
    if text.is_empty() {
        return Some((Time::midnight(), String::new()));
    }
    let Some(found) = CLOCK.as_ref()?.captures(text) else {
        // A date with a zone alone.
        return Some((Time::midnight(), text.to_owned()));
    };
    let mut hour: i8 = number(any(&found, &["hour"])?, 1..=2)?;
    let part = |names: &[&str]| any(&found, names).map_or(Some(0), |text| number(text, 1..=2));
    let (minute, second): (i8, i8) = (part(&["minute", "minute2"])?, part(&["second", "second2"])?);
    if let Some(half) = any(&found, &["half"]) {
        let is_afternoon = half.starts_with(['p', 'P']);
        hour = match (hour, is_afternoon) {
            (12, false) => 0,
            (1..=11, true) => hour + 12,
            (12, true) | (1..=11, false) => hour,
            _ => return None,
        };
    }
    let second = if second == 60 { 59 } else { second };
    let time = Time::new(hour, minute, second, 0).ok()?;
    Some((time, any(&found, &["zone"]).unwrap_or_default().trim().to_owned()))
}

/// Reads what follows the time: an offset, or the name of a zone.
fn in_zone(date: DateTime, text: &str, zone: &TimeZone) -> Option<ReadDate> {
    // JavaScript writes `GMT+0100 (Central European Standard Time)`.
    let text = text.split_once('(').map_or(text, |(before, _)| before);
    let text = text.split_once('[').map_or(text, |(before, _)| before).trim();
    if text.is_empty() {
        return local(date, zone).map(known);
    }
    if let Some(offset) = offset(text) {
        return within_years(offset.to_timestamp(date).ok()?).map(known);
    }
    if text.contains('/')
        && let Ok(named) = TimeZone::get(text)
    {
        return local(date, &named).map(known);
    }
    if text.len() > 6 || !text.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let at = local(date, zone)?;
    Some(ReadDate { at, unknown_zone: Some(text.to_owned()) })
}

fn offset(text: &str) -> Option<Offset> {
    // Those of RFC 2822, whose meaning is certain.
    let hours = match text.to_ascii_uppercase().as_str() {
        "Z" | "UTC" | "GMT" | "UT" => Some(0),
        "EDT" => Some(-4),
        "EST" | "CDT" => Some(-5),
        "CST" | "MDT" => Some(-6),
        "MST" | "PDT" => Some(-7),
        "PST" => Some(-8),
        _ => None,
    };
    if let Some(hours) = hours {
        return Offset::from_hours(hours).ok();
    }
    let found = OFFSET.as_ref()?.captures(text)?;
    let hours: i32 = number(any(&found, &["hours"])?, 1..=2)?;
    let minutes: i32 = any(&found, &["minutes"]).map_or(Some(0), |text| number(text, 2..=2))?;
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60;
    let is_east = any(&found, &["sign"])? == "+";
    Offset::from_seconds(if is_east { seconds } else { -seconds }).ok()
}

fn local(date: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    within_years(date.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Returns a time in the years 1 to 9999, which a story may have.
fn within_years(at: Timestamp) -> Option<Timestamp> {
    let year = Offset::UTC.to_datetime(at).year();
    (1..=9_999).contains(&year).then_some(at)
}

fn any<'t>(found: &Captures<'t>, names: &[&str]) -> Option<&'t str> {
    names.iter().find_map(|name| found.name(name)).map(|found| found.as_str())
}

fn number<T: std::str::FromStr>(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<T> {
    (digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests;
