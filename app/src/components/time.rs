//! Times as people read them: relative while fresh, absolute later.

use jiff::Timestamp;
use leptos::prelude::*;

/// A `time` element with the machine's form, the long form and the words.
pub fn time(at: Timestamp, now: Timestamp) -> impl IntoView {
    view! { <time datetime=at.to_string() title=long_form(at)>{words(at, now)}</time> }
}

/// The day, the minute and the zone.
///
/// Midnight to the second is what a date without a time became, and is shown as that.
pub fn long_form(at: Timestamp) -> String {
    let form = if at.as_second() % 86_400 == 0 { "%-d %B %Y" } else { "%-d %B %Y, %H:%M UTC" };
    at.strftime(form).to_string()
}

/// "2 hours ago" within seven days, the date after that.
fn words(at: Timestamp, now: Timestamp) -> String {
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
    fn words_for_every_age() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().expect("a time");
        let words = |at: &str| words(at.parse().expect("a time"), now);
        assert_eq!(words("2026-11-21T11:59:30Z"), "Just now");
        assert_eq!(words("2026-11-21T11:59:00Z"), "1 minute ago");
        assert_eq!(words("2026-11-21T10:00:00Z"), "2 hours ago");
        assert_eq!(words("2026-11-20T12:00:00Z"), "1 day ago");
        assert_eq!(words("2026-11-14T12:00:00Z"), "14 November 2026");
        assert_eq!(words("2026-11-22T12:00:00Z"), "22 November 2026, 12:00 UTC");
        assert_eq!(words("2026-11-23T00:00:00Z"), "23 November 2026");
    }
}
