//! Start of the log.

use std::io::{IsTerminal as _, stderr};

use anyhow::{Context as _, Result};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::span_fields::SpanFields;
use crate::config::{LogConfig, LogFormat};
use crate::log_writer::LogWriter;

/// Sends the log and the messages of panics to stderr.
pub(super) fn start(config: &LogConfig) -> Result<LogWriter> {
    let levels = config.targets().context("RUST_LOG")?;
    let writer = LogWriter::start(stderr()).context("the log cannot be started")?;
    let mut lines = layer().with_writer(writer.clone());
    if !stderr().is_terminal() {
        lines = lines.with_ansi(false);
    }
    match config.format() {
        LogFormat::Text => registry().with(levels).with(lines).init(),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_span_list(false);
            let lines = lines.fmt_fields(SpanFields);
            registry().with(levels).with(lines).init();
        }
    }
    // The default hook writes to stderr itself, and would wait for a stalled reader.
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        let message = panic.payload_as_str();
        tracing::error!(location, message, "a part of the program panicked");
    }));
    Ok(writer)
}
