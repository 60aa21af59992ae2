//! Start of the log.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};
use crate::log_writer::LogWriter;

/// Prefix of crates that warn of session cookies that are malformed or whose session has ended.
/// Any client can send them, so they are not worth a warning.
const SESSION_CRATES: &str = "tower_sessions";

/// Sends the log and the messages of panics to stderr.
pub(super) fn start(config: &LogConfig) -> Result<LogWriter, String> {
    let mut filter = EnvFilter::try_new(config.directives()).map_err(|error| error.to_string())?;
    if !config.filter.contains(SESSION_CRATES) {
        let errors_only = format!("{SESSION_CRATES}=error").parse();
        filter = filter.add_directive(errors_only.map_err(|error| format!("{error}"))?);
    }
    let writer = LogWriter::start(stderr()).map_err(|error| error.to_string())?;
    let mut builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer.clone());
    if !stderr().is_terminal() {
        builder = builder.with_ansi(false);
    }
    match config.format() {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    // The default hook writes to stderr itself, and would wait for a stalled reader.
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        let message = panic.payload_as_str();
        tracing::error!(location, message, "a part of the program panicked");
    }));
    Ok(writer)
}
