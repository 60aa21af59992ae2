//! Measures one operation relative to another in interleaved rounds: unlike times, ratios hardly
//! depend on the machine and its load.

use std::time::Instant;

/// Returns the cost of `subject` relative to `reference`: the median of interleaved rounds, in
/// each of which both run some `times`.
///
/// A round should take about a millisecond, so that most of them run without interruption.
pub(crate) fn ratio(
    rounds: usize,
    times: u32,
    mut reference: impl FnMut(),
    mut subject: impl FnMut(),
) -> f64 {
    let round = |work: &mut dyn FnMut()| {
        let began = Instant::now();
        (0..times).for_each(|_| work());
        began.elapsed()
    };
    let mut ratios: Vec<f64> = (0..rounds)
        .map(|_| {
            let reference = round(&mut reference);
            round(&mut subject).as_secs_f64() / reference.as_secs_f64()
        })
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(rounds / 2).copied().unwrap_or_default()
}

pub(crate) fn show(name: &str, ratio: f64) {
    println!("  {ratio:>8.3}  {name}");
}
