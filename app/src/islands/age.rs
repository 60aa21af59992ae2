//! The age of a story in words.

/// Returns "2 hours ago" within seven days; `None` for older times and times in the future.
pub(crate) fn age(seconds: i64) -> Option<String> {
    let (count, unit) = match seconds.div_euclid(60) {
        0 => return Some("Just now".to_owned()),
        minutes @ 1..60 => (minutes, " minute"),
        minutes @ 60..1_440 => (minutes / 60, " hour"),
        minutes @ 1_440..10_080 => (minutes / 1_440, " day"),
        _ => return None,
    };
    let plural = if count == 1 { "" } else { "s" };
    Some([&count.to_string(), unit, plural, " ago"].concat())
}
