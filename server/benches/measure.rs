//! Measures one thing in units of another, in the same rounds: machines differ and are
//! noisy, ratios hardly.

use std::time::Instant;

/// How often reference and subject take turns.
pub(crate) const ROUNDS: usize = 751;

/// The cost of `subject` in units of `reference`: the median of what the rounds say.
///
/// A round should take about a millisecond, so that most of them are not interrupted.
pub(crate) fn ratio(times: u32, mut reference: impl FnMut(), mut subject: impl FnMut()) -> f64 {
    let round = |work: &mut dyn FnMut()| {
        let began = Instant::now();
        (0..times).for_each(|_| work());
        began.elapsed()
    };
    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let reference = round(&mut reference);
            round(&mut subject).as_secs_f64() / reference.as_secs_f64()
        })
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(ROUNDS / 2).copied().unwrap_or_default()
}

pub(crate) fn show(name: &str, ratio: f64) {
    println!("  {ratio:>8.3}  {name}");
}
