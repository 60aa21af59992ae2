//! Numbers of charts in words.

use crate::newsroom::number::grouped;

/// Returns a count, such as "1,200" or "0.4".
pub(super) fn count(value: f64) -> String {
    if value > 0.0 && value < 10.0 && value.fract() > 0.0 {
        return short(value);
    }
    grouped(rounded(value))
}

/// Returns a duration in milliseconds, such as "0.4 ms" or "1.2 s".
pub(super) fn duration(millis: f64) -> String {
    if millis < 1_000.0 {
        format!("{} ms", short(millis))
    } else {
        format!("{} s", short(millis / 1_000.0))
    }
}

/// Returns a share of 100.
pub(super) fn percent(value: f64) -> String {
    format!("{}%", short(value))
}

/// Returns memory in MiB, such as "84 MiB" or "2.5 GiB".
pub(super) fn memory(mib: f64) -> String {
    if mib < 1_024.0 {
        format!("{} MiB", short(mib))
    } else {
        format!("{} GiB", short(mib / 1_024.0))
    }
}

/// Returns two digits for a small number, and whole ones above.
fn short(value: f64) -> String {
    let text = match value {
        0.0..1.0 => format!("{value:.2}"),
        1.0..10.0 => format!("{value:.1}"),
        _ => return grouped(rounded(value)),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and rates are neither negative nor near the end of the range"
)]
fn rounded(value: f64) -> usize {
    value.round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in
            [(0.0, "0"), (0.25, "0.25"), (4.5, "4.5"), (12.4, "12"), (1e4, "10,000")]
        {
            assert_eq!(count(value), text);
        }
        assert_eq!((duration(0.0), duration(0.4)), ("0 ms".into(), "0.4 ms".into()));
        assert_eq!((duration(42.4), duration(1_250.0)), ("42 ms".into(), "1.2 s".into()));
        assert_eq!((percent(99.96), percent(0.1)), ("100%".into(), "0.1%".into()));
        assert_eq!(memory(84.0), "84 MiB");
        assert_eq!(memory(2_560.0), "2.5 GiB");
    }
}
