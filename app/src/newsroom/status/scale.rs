//! Scale of a chart.

/// Returns a round number that is at least as large.
pub(super) fn top_of(max: f64) -> f64 {
    if max <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(max.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    let top = steps.into_iter().map(|step| step * power).find(|top| *top >= max);
    top.unwrap_or(max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_a_round_number() {
        for (max, top) in [(0.0, 1.0), (1.0, 1.0), (3.0, 5.0), (60.0, 100.0), (170.0, 200.0)] {
            assert!((top_of(max) - top).abs() < 1e-9, "{max}: {}", top_of(max));
        }
        assert!(top_of(0.03) >= 0.03 && top_of(0.03) < 0.06);
    }
}
