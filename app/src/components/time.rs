//! Times for readers: relative for a week, absolute after that.

use jiff::Timestamp;
use leptos::prelude::*;

/// Shows a `time` element: short text, the full time as title, RFC 3339 for machines.
pub fn time(at: Timestamp, now: Timestamp) -> impl IntoView {
    view! { <time datetime=at.to_string() title=long_form(at)>{short_form(at, now)}</time> }
}

/// Returns the date and time with the time zone.
///
/// Omits the time at exactly midnight, because a date without a time is stored as midnight.
pub fn long_form(at: Timestamp) -> String {
    let form = if at.as_second() % 86_400 == 0 { "%-d %B %Y" } else { "%-d %B %Y, %H:%M UTC" };
    at.strftime(form).to_string()
}

/// Returns "2 hours ago" within seven days, and the date after that.
fn short_form(at: Timestamp, now: Timestamp) -> String {
    let minutes = (now.as_second() - at.as_second()).div_euclid(60);
    let plural =
        |count: i64, unit: &str| format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" });
    match minutes {
        i64::MIN..=-1 => long_form(at),
        0 => "Just now".to_owned(),
        1..60 => plural(minutes, "minute"),
        60..1_440 => plural(minutes / 60, "hour"),
        1_440..10_080 => plural(minutes / 1_440, "day"),
        _ => at.strftime("%-d %B %Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_form_covers_every_age() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().expect("a time");
        let short = |at: &str| short_form(at.parse().expect("a time"), now);
        assert_eq!(short("2026-11-21T11:59:30Z"), "Just now");
        assert_eq!(short("2026-11-21T11:59:00Z"), "1 minute ago");
        assert_eq!(short("2026-11-21T10:00:00Z"), "2 hours ago");
        assert_eq!(short("2026-11-20T12:00:00Z"), "1 day ago");
        assert_eq!(short("2026-11-14T12:00:00Z"), "14 November 2026");
        assert_eq!(short("2026-11-22T12:00:00Z"), "22 November 2026, 12:00 UTC");
        assert_eq!(short("2026-11-23T00:00:00Z"), "23 November 2026");
    }
}
