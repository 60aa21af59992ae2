//! The text format of Prometheus, version 0.0.4.

use std::fmt::Write as _;

use super::histogram::{BOUNDS, Histogram};

/// Text in the making. Labels are texts of the program, without quotes or backslashes.
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    pub(super) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        self.0.push_str(name);
        self.labels(labels, None);
        let _ = writeln!(self.0, " {value}");
    }

    pub(super) fn histogram(&mut self, name: &str, labels: &[(&str, &str)], values: &Histogram) {
        let counts = values.cumulated();
        let bounds = BOUNDS.iter().map(|(_, text)| *text).chain(["+Inf"]);
        for (bound, count) in bounds.zip(counts) {
            let _ = write!(self.0, "{name}_bucket");
            self.labels(labels, Some(bound));
            let _ = writeln!(self.0, " {count}");
        }
        let _ = write!(self.0, "{name}_sum");
        self.labels(labels, None);
        let _ = writeln!(self.0, " {}", values.sum().as_secs_f64());
        let _ = write!(self.0, "{name}_count");
        self.labels(labels, None);
        let _ = writeln!(self.0, " {}", counts.last().copied().unwrap_or_default());
    }

    fn labels(&mut self, labels: &[(&str, &str)], bound: Option<&str>) {
        let mut separator = "{";
        for (name, value) in labels.iter().copied().chain(bound.map(|bound| ("le", bound))) {
            let _ = write!(self.0, "{separator}{name}=\"{value}\"");
            separator = ",";
        }
        if separator == "," {
            self.0.push('}');
        }
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_histogram_counts_what_is_below_each_bound() {
        let histogram = Histogram::default();
        for millis in [1, 3, 40, 9_000] {
            histogram.record(Duration::from_millis(millis));
        }
        let mut text = Text::default();
        text.histogram("x", &[("a", "b")], &histogram);
        let text = text.finish();
        for line in [
            "x_bucket{a=\"b\",le=\"0.0005\"} 0",
            "x_bucket{a=\"b\",le=\"0.001\"} 1",
            "x_bucket{a=\"b\",le=\"0.05\"} 3",
            "x_bucket{a=\"b\",le=\"5\"} 3",
            "x_bucket{a=\"b\",le=\"+Inf\"} 4",
            "x_sum{a=\"b\"} 9.044",
            "x_count{a=\"b\"} 4",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
        }
    }
}
