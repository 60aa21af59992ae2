//! Families of metrics: one name and kind, and a sample for each set of labels.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, NoLabelSet};
use prometheus_client::metrics::MetricType;

use super::histogram::{BOUNDS, Histogram};

/// Labels of a family with one sample.
pub(super) const NO_LABELS: [(&str, &str); 0] = [];

/// Families of metrics, as they are written.
pub(super) struct Families<'e>(pub(super) DescriptorEncoder<'e>);

impl Families<'_> {
    /// Adds counters; their name gets the ending `_total`.
    pub(super) fn counters<L: EncodeLabelSet>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = (L, u64)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, count) in samples {
            family.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&count, None)?;
        }
        Ok(())
    }

    pub(super) fn gauges<L: EncodeLabelSet>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = (L, u64)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in samples {
            family.encode_family(&labels)?.encode_gauge(&value)?;
        }
        Ok(())
    }

    /// Adds histograms of durations in seconds.
    pub(super) fn histograms<'h, L: EncodeLabelSet>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = (L, &'h Histogram)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (labels, durations) in samples {
            let counts = durations.counts();
            let buckets: Vec<(f64, u64)> = seconds().zip(counts).collect();
            let (sum, count) = (durations.sum().as_secs_f64(), counts.iter().sum());
            let mut family = family.encode_family(&labels)?;
            family.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
        }
        Ok(())
    }
}

/// Returns the bounds in seconds, and infinity as the last.
fn seconds() -> impl Iterator<Item = f64> {
    let bounds = BOUNDS.into_iter().map(|micros| Duration::from_micros(micros).as_secs_f64());
    bounds.chain([f64::INFINITY])
}

#[cfg(test)]
mod tests {
    use prometheus_client::collector::Collector;
    use prometheus_client::encoding::prometheus_text;
    use prometheus_client::registry::Registry;

    use super::*;

    #[derive(Debug)]
    struct One(Histogram);

    impl Collector for One {
        fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
            let mut families = Families(encoder);
            families.histograms("x", "Help", [([("a", "b")], &self.0)])?;
            families.counters("y", "Help", [(NO_LABELS, 7)])?;
            families.gauges("z", "Help", [([("name", "a \"b\" \\\n")], u64::MAX)])
        }
    }

    #[test]
    fn the_text_is_as_prometheus_reads_it() {
        let histogram = Histogram::default();
        for millis in [1, 3, 40, 9_000] {
            histogram.record(Duration::from_millis(millis));
        }
        let mut registry = Registry::default();
        registry.register_collector(Box::new(One(histogram)));
        let mut text = String::new();
        prometheus_text::encode(&mut text, &registry).expect("text");
        let expected = r#"# HELP x Help
# TYPE x histogram
x_bucket{a="b",le="0.00025"} 0
x_bucket{a="b",le="0.0005"} 0
x_bucket{a="b",le="0.001"} 1
x_bucket{a="b",le="0.0025"} 1
x_bucket{a="b",le="0.005"} 2
x_bucket{a="b",le="0.01"} 2
x_bucket{a="b",le="0.025"} 2
x_bucket{a="b",le="0.05"} 3
x_bucket{a="b",le="0.1"} 3
x_bucket{a="b",le="0.25"} 3
x_bucket{a="b",le="1"} 3
x_bucket{a="b",le="5"} 3
x_bucket{a="b",le="+Inf"} 4
x_sum{a="b"} 9.044
x_count{a="b"} 4
# HELP y_total Help
# TYPE y_total counter
y_total 7
# HELP z Help
# TYPE z gauge
z{name="a \"b\" \\\n"} 18446744073709551615
"#;
        assert_eq!(text, expected);
    }
}
