//! Times as forms have them: local, in the zone of the site, to the minute.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::field_errors::{YEARS_RULE, is_in_years};

/// Longest text that can be a time, in bytes.
const MAX_LENGTH: usize = 40;
const FORMAT: &str = "%Y-%m-%dT%H:%M";
/// Fields of the editor that have a time.
const TIME_FIELDS: [&str; 3] = ["publish_at", "unpublish_at", "pin_until"];

/// Writes a time as `2026-11-27T06:00`.
pub(crate) fn format(time: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(time).strftime(FORMAT).to_string()
}

/// Reads a local time.
///
/// A time that clocks show twice, when they go back, is the first of the two. A time that they skip
/// is refused: the author must choose another one.
///
/// # Errors
/// Says what is wrong, and what to enter.
pub(crate) fn parse(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let local = read(text).ok_or("must be a date and time such as 2026-11-27T06:00")?;
    let ambiguous = zone.to_ambiguous_timestamp(local);
    if let AmbiguousOffset::Gap { before, after } = ambiguous.offset() {
        let skipped = i64::from(after.seconds()) - i64::from(before.seconds());
        let later = local.checked_add(jiff::SignedDuration::from_secs(skipped)).unwrap_or(local);
        return Err(format!(
            "{} does not exist, because clocks go forward on that day; choose {} or another time",
            local.strftime("%H:%M"),
            later.strftime("%H:%M"),
        ));
    }
    let time = ambiguous.compatible().ok().filter(|time| is_in_years(*time));
    time.ok_or_else(|| YEARS_RULE.to_owned())
}

/// Returns the value of a field of the editor as people read it: a time as "27 November 2026, 06:00".
///
/// Text that is not a time stays as it was typed.
pub fn readable_value(field: &str, value: &str) -> String {
    let time = TIME_FIELDS.contains(&field).then(|| read(value)).flatten();
    time.map_or_else(|| value.to_owned(), |time| time.strftime("%-d %B %Y, %H:%M").to_string())
}

fn read(text: &str) -> Option<DateTime> {
    let text = text.trim();
    // A date alone would be midnight, which nobody chose.
    let has_time = text.contains(':') && text.len() <= MAX_LENGTH;
    let local = text.parse::<DateTime>().ok().filter(|_| has_time)?;
    // A zone of its own would be ignored.
    let is_local = !text.contains(['Z', 'z', '[', '+']);
    is_local.then_some(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone")
    }

    fn utc(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_local_time_follows_the_clocks_of_the_zone() {
        for (local, time) in [
            ("2026-01-15T06:00", "2026-01-15T05:00:00Z"),
            ("2026-07-15T06:00", "2026-07-15T04:00:00Z"),
            ("2026-07-15 06:00", "2026-07-15T04:00:00Z"),
            (" 2026-07-15T06:00:30 ", "2026-07-15T04:00:30Z"),
        ] {
            assert_eq!(parse(local, &berlin()), Ok(utc(time)), "{local}");
        }
        assert_eq!(format(utc("2026-07-15T04:00:30Z"), &berlin()), "2026-07-15T06:00");
    }

    #[test]
    fn a_time_that_clocks_skip_is_refused_with_the_time_to_choose() {
        let error = parse("2026-03-29T02:30", &berlin()).expect_err("refused");
        assert!(
            error.contains("02:30 does not exist") && error.contains("choose 03:30"),
            "{error}"
        );
        assert!(parse("2026-03-29T03:00", &berlin()).is_ok());
    }

    #[test]
    fn a_time_that_clocks_show_twice_is_the_first() {
        let first = utc("2026-10-25T00:30:00Z");
        assert_eq!(parse("2026-10-25T02:30", &berlin()), Ok(first));
    }

    #[test]
    fn times_are_shown_as_people_read_them() {
        assert_eq!(readable_value("publish_at", "2026-11-26T16:23"), "26 November 2026, 16:23");
        assert_eq!(readable_value("pin_until", "2026-11-06T00:00"), "6 November 2026, 00:00");
        assert_eq!(readable_value("publish_at", "soon"), "soon");
        assert_eq!(readable_value("unpublish_at", ""), "");
        assert_eq!(readable_value("body", "2026-11-26T16:23"), "2026-11-26T16:23");
    }

    #[test]
    fn other_texts_are_no_times() {
        let long = format!("2026-11-27T06:00:00.{}", "0".repeat(100));
        for text in [
            "",
            "soon",
            "2026-11-27",
            "2026-11-27T06:00Z",
            "2026-11-27T06:00+01:00",
            "2026-13-01T00:00",
            "2026-02-30T00:00",
            "0000-01-01T00:00",
            "-000001-01-01T00:00",
            &long,
        ] {
            assert!(parse(text, &berlin()).is_err(), "{text}");
        }
    }
}
