//! Measures one thing in units of another, in the same rounds: machines differ and are
//! noisy, ratios hardly.

use std::time::{Duration, Instant};

/// How often reference and subject take turns.
pub(crate) const ROUNDS: usize = 75;

/// The cost of `subject` in units of `reference`: the ratio of their medians.
pub(crate) fn ratio(times: u32, mut reference: impl FnMut(), mut subject: impl FnMut()) -> f64 {
    let round = |work: &mut dyn FnMut()| {
        let began = Instant::now();
        (0..times).for_each(|_| work());
        began.elapsed()
    };
    let (mut references, mut subjects) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        references.push(round(&mut reference));
        subjects.push(round(&mut subject));
    }
    median(subjects).as_secs_f64() / median(references).as_secs_f64()
}

pub(crate) fn show(name: &str, ratio: f64) {
    println!("  {ratio:>8.3}  {name}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
