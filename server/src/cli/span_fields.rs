//! Fields of the log's spans as JSON.

use std::fmt::{self, Debug};

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FormatFields, FormattedFields};

/// Writes the fields of a span as an object in JSON. The library's own writer makes a tree of values
/// first, for each request.
pub(super) struct SpanFields;

impl<'w> FormatFields<'w> for SpanFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut object = Object { writer, separator: '{', result: Ok(()) };
        fields.record(&mut object);
        object.end()
    }

    fn add_fields(
        &self,
        current: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        let has_fields = current.fields.len() > "{}".len();
        // The brace at its end.
        current.fields.pop();
        if !has_fields {
            current.fields.clear();
        }
        let separator = if has_fields { ',' } else { '{' };
        let mut object = Object { writer: current.as_writer(), separator, result: Ok(()) };
        fields.record(&mut object);
        object.end()
    }
}

/// An object in the making.
struct Object<'w> {
    writer: Writer<'w>,
    /// Before the next field.
    separator: char,
    result: fmt::Result,
}

impl Object<'_> {
    fn add(&mut self, field: &Field, value: &impl Serialize) {
        self.add_json(field, &|writer| write_json(writer, value));
    }

    fn add_text(&mut self, field: &Field, value: &str) {
        self.add_json(field, &|writer| write_text(writer, value));
    }

    fn add_json(&mut self, field: &Field, write: &dyn Fn(&mut Writer<'_>) -> fmt::Result) {
        if self.result.is_ok() {
            let separator = std::mem::replace(&mut self.separator, ',');
            let writer = &mut self.writer;
            self.result = writer
                .write_char(separator)
                .and_then(|()| write_text(writer, field.name()))
                .and_then(|()| writer.write_char(':'))
                .and_then(|()| write(writer));
        }
    }

    fn end(mut self) -> fmt::Result {
        self.result?;
        if self.separator == '{' {
            self.writer.write_char('{')?;
        }
        self.writer.write_char('}')
    }
}

fn write_json(writer: &mut Writer<'_>, value: &impl Serialize) -> fmt::Result {
    writer.write_str(&serde_json::to_string(value).map_err(|_| fmt::Error)?)
}

/// Writes a text; one without characters to escape, as nearly all are, needs no copy.
fn write_text(writer: &mut Writer<'_>, text: &str) -> fmt::Result {
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        return write_json(writer, &text);
    }
    writer.write_char('"')?;
    writer.write_str(text)?;
    writer.write_char('"')
}

impl Visit for Object<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add_text(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add_text(field, &format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing::subscriber::with_default;
    use tracing_subscriber::fmt::layer;
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::registry;

    use super::*;
    use crate::log_writer::LogWriter;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("lines").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Returns the span of the line that some work writes.
    fn logged(work: impl FnOnce()) -> Value {
        let lines = Lines::default();
        let writer = LogWriter::start(lines.clone()).expect("a log");
        let json = layer().with_writer(writer.clone()).json().flatten_event(true);
        let json = json.with_span_list(false).fmt_fields(SpanFields);
        with_default(registry().with(json), work);
        writer.finish(std::time::Duration::from_secs(10));
        let line: Value = serde_json::from_slice(&lines.0.lock().expect("lines")).expect("JSON");
        line["span"].clone()
    }

    #[test]
    fn fields_of_every_kind_are_values() {
        let span = logged(|| {
            let nothing: Option<&str> = None;
            let path = "/a\"\\\n<\u{2028}橋";
            let span = tracing::error_span!(
                "request", text = path, shown = %path, id = ?Some(1), count = 7_u64,
                below = -7_i64, part = 0.5, yes = true, nothing
            );
            span.in_scope(|| tracing::error!("a line"));
        });
        let path = "/a\"\\\n<\u{2028}橋";
        let expected = json!({
            "name": "request", "text": path, "shown": path, "id": "Some(1)", "count": 7,
            "below": -7, "part": 0.5, "yes": true,
        });
        assert_eq!(span, expected);
    }

    #[test]
    fn fields_can_be_added() {
        for (first, expected) in [
            (Some("a"), json!({ "name": "request", "first": "a", "second": 2, "third": 3 })),
            (None, json!({ "name": "request", "second": 2, "third": 3 })),
        ] {
            let span = logged(|| {
                let empty = tracing::field::Empty;
                let span = tracing::error_span!("request", first, second = empty, third = empty);
                span.record("second", 2);
                span.record("third", 3);
                span.in_scope(|| tracing::error!("a line"));
            });
            assert_eq!(span, expected);
        }
    }
}
