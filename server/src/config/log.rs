//! Content and format of the log.

use std::io::IsTerminal as _;

use clap::{Args, ValueEnum};
use tracing_subscriber::filter::{ParseError, Targets};

/// Content and format of the log.
#[derive(Args, Clone, Debug)]
pub struct LogConfig {
    /// Format of the log: text or json [default: text on a terminal, else json].
    #[arg(
        id = "log_format",
        long = "log-format",
        env = "GAZETTE_LOG_FORMAT",
        value_name = "FORMAT"
    )]
    format: Option<LogFormat>,
    /// Levels of the log, for parts of the program too, as in `gazette_server=debug,warn`.
    #[arg(
        id = "log",
        long = "log",
        env = "RUST_LOG",
        value_name = "FILTER",
        default_value = "info",
        value_parser = filter
    )]
    pub filter: String,
    /// A line for each request: on or off. Refusals and errors are logged in any case.
    #[arg(
        id = "access_log",
        long = "access-log",
        env = "GAZETTE_ACCESS_LOG",
        value_name = "SWITCH",
        default_value = "off"
    )]
    access: Switch,
}

/// A setting that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Format of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Levels of libraries. `RUST_LOG` can name these targets to see their warnings.
///
/// Warnings of the AWS SDK are dumps of its types; what they warn of is reported as an error by the
/// call that fails. `tower_sessions` warns of session cookies that are malformed or whose session has
/// ended, which any client can send.
const LIBRARY_LEVELS: &str = "aws_config=error,aws_smithy_http_client=error,\
     aws_smithy_runtime=error,tower_sessions=error";

impl LogConfig {
    /// Checks whether each request gets a line.
    pub fn has_access_log(&self) -> bool {
        self.access == Switch::On
    }

    /// Returns the filter with the levels of libraries.
    pub(crate) fn targets(&self) -> Result<Targets, ParseError> {
        format!("{LIBRARY_LEVELS},{}", self.filter).parse()
    }

    /// Returns the configured format, or the one that fits stderr.
    pub fn format(&self) -> LogFormat {
        self.format.unwrap_or_else(|| {
            if std::io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json }
        })
    }
}

fn filter(text: &str) -> Result<String, String> {
    let example = "use a level such as info, or gazette_server=debug,warn";
    // An empty part would be the level error for everything.
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| part.contains(['[', '{'])) {
        return Err(format!(
            "{text:?} filters by span or field, which is not supported; {example}"
        ));
    }
    if parts.is_empty() || parts.iter().any(|part| part.starts_with('=') || part.ends_with('=')) {
        return Err(format!("{text:?} lacks a level or a part of the program; {example}"));
    }
    let filter = parts.join(",");
    filter
        .parse::<Targets>()
        .map_err(|error| format!("{text:?} is not a filter: {error}; {example}"))?;
    Ok(filter)
}
