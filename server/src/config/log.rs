//! What is logged, and how.

use std::io::IsTerminal as _;

use super::fault::Faults;
use super::settings::Settings;

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// Directives of `tracing-subscriber`'s filter.
    pub filter: String,
    /// The form of a line.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl LogConfig {
    pub(super) fn read(settings: &Settings, faults: &mut Faults) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let default = if terminal { LogFormat::Text } else { LogFormat::Json };
        let given = settings.log_format.as_deref();
        let format = faults.parse("GAZETTE_LOG_FORMAT", given, default, |text| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err(format!("{text:?} is neither text nor json")),
        });
        let filter = settings.log.clone().filter(|filter| !filter.is_empty());
        Self { filter: filter.unwrap_or_else(|| "info".to_owned()), format }
    }
}
