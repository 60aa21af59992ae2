//! Times for readers: relative for a week, absolute after that; in the time zone of the site.

use gazette_domain::Language;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use leptos::prelude::*;

use crate::components::language::TextLanguage;
use crate::frame::Frame;
use crate::islands::age;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// Shows a `time` element: short text, the full time as title, RFC 3339 for machines.
pub fn time(frame: &Frame, at: Timestamp) -> impl IntoView + use<> {
    let title = long_form(frame, at);
    let text = short_form(at, frame.now, &frame.site.time_zone);
    time_element(at, Some(title), text, TextLanguage::interface(frame))
}

/// Shows a `time` element in a few letters, such as "4 h" or "18 Nov"; the full time as title.
pub fn brief_time(frame: &Frame, at: Timestamp) -> impl IntoView + use<> {
    let text = brief_form(at, frame.now, &frame.site.time_zone);
    time_element(at, Some(long_form(frame, at)), text, TextLanguage::interface(frame))
}

/// Returns the day of a time, such as "Thursday 26 November 2026".
pub fn day_of(frame: &Frame, at: Timestamp) -> String {
    at.to_zoned(frame.site.time_zone.clone()).strftime("%A %-d %B %Y").to_string()
}

/// Shows a `time` element with the day of the week, the date and the time.
pub fn day_and_time(frame: &Frame, at: Timestamp) -> impl IntoView + use<> {
    let text = day_form(at, frame.now, &frame.site.time_zone);
    time_element(at, Some(long_form(frame, at)), text, TextLanguage::interface(frame))
}

/// Shows a `time` element with the date alone; the full time as title.
pub fn date(frame: &Frame, at: Timestamp) -> impl IntoView + use<> {
    let text = date_text(&at.to_zoned(frame.site.time_zone.clone()));
    time_element(at, Some(long_form(frame, at)), text, TextLanguage::interface(frame))
}

/// Shows a `time` element with the time left until then, in days or hours; the full time as title.
pub fn time_left(frame: &Frame, until: Timestamp) -> impl IntoView + use<> {
    let text = left(until, frame.now);
    time_element(until, Some(long_form(frame, until)), text, TextLanguage::interface(frame))
}

fn left(until: Timestamp, now: Timestamp) -> String {
    let seconds = until.as_second() - now.as_second();
    // To the nearest: 30 days that began a second ago are 30 days.
    let hours = (seconds + HOUR / 2).div_euclid(HOUR);
    match hours {
        _ if seconds < HOUR => "within an hour".to_owned(),
        i64::MIN..=1 => "in 1 hour".to_owned(),
        2..48 => format!("in {hours} hours"),
        _ => format!("in {} days", (seconds + DAY / 2).div_euclid(DAY)),
    }
}

/// Shows a `time` element with the date and time inside text of a language.
pub fn full_time(frame: &Frame, at: Timestamp, inside: &Language) -> impl IntoView + use<> {
    time_element(at, None, long_form(frame, at), TextLanguage::interface_inside(inside))
}

fn time_element(
    at: Timestamp,
    title: Option<String>,
    text: String,
    language: TextLanguage,
) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = language;
    view! { <time datetime=datetime(at) title=title lang=lang dir=dir>{text}</time> }
}

/// Returns the value of a `datetime` attribute: a valid one has at most three digits of a second.
pub fn datetime(at: Timestamp) -> String {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at).to_string()
}

/// Returns the date and time with the time zone.
pub fn long_form(frame: &Frame, at: Timestamp) -> String {
    date_and_time(&at.to_zoned(frame.site.time_zone.clone()))
}

/// Omits the time at exactly midnight, because a date without a time is stored as midnight.
fn date_and_time(at: &Zoned) -> String {
    let is_date = at.time() == jiff::civil::Time::midnight();
    if is_date {
        return date_text(at);
    }
    format!("{} {}", at.strftime("%-d %B %Y, %H:%M"), zone_name(at))
}

fn date_text(at: &Zoned) -> String {
    at.strftime("%-d %B %Y").to_string()
}

/// Returns the abbreviation of the time zone, or "UTC+03" for a zone without one.
fn zone_name(at: &Zoned) -> String {
    let name = at.strftime("%Z").to_string();
    if name.starts_with(['+', '-']) { format!("UTC{name}") } else { name }
}

/// Returns "2 hours ago" within seven days, and the date after that.
fn short_form(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let seconds = now.as_second() - at.as_second();
    age(seconds).unwrap_or_else(|| {
        let zoned = at.to_zoned(zone.clone());
        if seconds < 0 { date_and_time(&zoned) } else { date_text(&zoned) }
    })
}

/// Returns "4 h" within seven days, then "18 Nov", and "Nov 2025" for another year.
fn brief_form(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let minutes = (now.as_second() - at.as_second()).div_euclid(60);
    let (at, this_year) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()).year());
    match minutes {
        i64::MIN..=0 => "Now".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1_440 => format!("{} h", minutes / 60),
        1_440..10_080 => format!("{} d", minutes / 1_440),
        _ if at.year() == this_year => at.strftime("%-d %b").to_string(),
        _ => at.strftime("%b %Y").to_string(),
    }
}

/// Returns "Fri 27 Nov, 06:00", with the year if it is another one.
fn day_form(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let format = if at.year() == now.year() { "%a %-d %b, %H:%M" } else { "%a %-d %b %Y, %H:%M" };
    at.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// Returns a zone with the rules of a POSIX string, since this crate has no database of zones.
    fn zone(rules: &str) -> TimeZone {
        TimeZone::posix(rules).expect("a zone")
    }

    #[test]
    fn short_form_covers_every_age() {
        let now = time("2026-11-21T12:00:00Z");
        let short = |at: &str| short_form(time(at), now, &TimeZone::UTC);
        assert_eq!(short("2026-11-21T11:59:30Z"), "Just now");
        assert_eq!(short("2026-11-21T11:59:00Z"), "1 minute ago");
        assert_eq!(short("2026-11-21T10:00:00Z"), "2 hours ago");
        assert_eq!(short("2026-11-20T12:00:00Z"), "1 day ago");
        assert_eq!(short("2026-11-14T12:00:00Z"), "14 November 2026");
        assert_eq!(short("2026-11-22T12:00:00Z"), "22 November 2026, 12:00 UTC");
        assert_eq!(short("2026-11-23T00:00:00Z"), "23 November 2026");
    }

    #[test]
    fn brief_form_covers_every_age() {
        let now = time("2026-11-21T12:00:00Z");
        let brief = |at: &str| brief_form(time(at), now, &TimeZone::UTC);
        assert_eq!(brief("2026-11-21T11:59:30Z"), "Now");
        assert_eq!(brief("2026-11-21T11:58:30Z"), "1 min");
        assert_eq!(brief("2026-11-21T08:00:00Z"), "4 h");
        assert_eq!(brief("2026-11-20T12:00:00Z"), "1 d");
        assert_eq!(brief("2026-11-14T12:00:00Z"), "14 Nov");
        assert_eq!(brief("2025-11-14T12:00:00Z"), "Nov 2025");
    }

    #[test]
    fn day_form_has_the_year_if_it_is_another_one() {
        let day = |at: &str| day_form(time(at), time("2026-11-21T12:00:00Z"), &TimeZone::UTC);
        assert_eq!(day("2026-11-27T06:00:00Z"), "Fri 27 Nov, 06:00");
        assert_eq!(day("2027-01-01T00:00:00Z"), "Fri 1 Jan 2027, 00:00");
    }

    #[test]
    fn the_time_left_is_rounded_to_the_nearest() {
        let now = time("2026-11-21T12:00:00Z");
        let left = |until: &str| left(time(until), now);
        assert_eq!(left("2026-12-21T12:00:00Z"), "in 30 days");
        assert_eq!(left("2026-12-21T11:59:59Z"), "in 30 days");
        assert_eq!(left("2026-12-20T12:00:00Z"), "in 29 days");
        assert_eq!(left("2026-11-23T11:40:00Z"), "in 2 days");
        assert_eq!(left("2026-11-23T11:00:00Z"), "in 47 hours");
        assert_eq!(left("2026-11-21T13:20:00Z"), "in 1 hour");
        assert_eq!(left("2026-11-21T13:30:00Z"), "in 2 hours");
        assert_eq!(left("2026-11-21T12:59:00Z"), "within an hour");
        assert_eq!(left("2026-11-20T12:00:00Z"), "within an hour");
    }

    #[test]
    fn dates_are_those_of_the_zone() {
        let prague = zone("CET-1CEST,M3.5.0,M10.5.0/3");
        let long = |at: &str, zone: &TimeZone| date_and_time(&time(at).to_zoned(zone.clone()));
        assert_eq!(long("2026-07-31T23:30:00Z", &prague), "1 August 2026, 01:30 CEST");
        assert_eq!(long("2026-12-31T23:30:00Z", &prague), "1 January 2027, 00:30 CET");
        assert_eq!(long("2026-12-31T23:00:00Z", &prague), "1 January 2027");
        assert_eq!(long("2027-01-01T00:00:00Z", &prague), "1 January 2027, 01:00 CET");
        let tehran = zone("<+0330>-3:30");
        assert_eq!(long("2026-07-31T23:30:00Z", &tehran), "1 August 2026, 03:00 UTC+0330");
        let now = time("2027-01-20T00:00:00Z");
        assert_eq!(short_form(time("2026-12-31T23:30:00Z"), now, &prague), "1 January 2027");
        let new_york = zone("EST5EDT,M3.2.0,M11.1.0");
        assert_eq!(short_form(time("2027-01-01T03:00:00Z"), now, &new_york), "31 December 2026");
    }
}
