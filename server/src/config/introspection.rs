//! Settings as `clap` describes them, read from the fields that declare them.

use std::ffi::{OsStr, OsString};

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args as _, Command, value_parser};

use super::settings::Config;
use super::variables::Variables;

/// A setting. Its name, flag, default and parser come from the field that declares it.
pub(super) struct Setting(Arg);

impl Setting {
    /// Returns every setting.
    pub(super) fn all() -> Vec<Self> {
        let command = Config::augment_args(Command::new("settings"));
        command.get_arguments().cloned().map(Self).collect()
    }

    /// Returns the name of its environment variable.
    pub(super) fn variable(&self) -> &str {
        self.0.get_env().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Returns the name of the variable that may name a file with its value; secrets have one.
    pub(super) fn file_variable(&self) -> Option<String> {
        self.0.is_hide_env_values_set().then(|| format!("{}_FILE", self.variable()))
    }

    /// Returns its flag. The flag accepts any value, so that all invalid ones can be reported at
    /// once later.
    pub(super) fn flag(self) -> Arg {
        let flag = self.0.value_parser(value_parser!(OsString)).help_heading("Settings");
        flag.global(true).hide_short_help(true)
    }

    /// Returns the value that was given with its flag.
    pub(super) fn given(&self, matches: &ArgMatches) -> Option<OsString> {
        let id = self.0.get_id().as_str();
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            return None;
        }
        let values: Vec<OsString> = matches.get_many(id)?.cloned().collect();
        let delimiter = self.0.get_value_delimiter().map(String::from).unwrap_or_default();
        Some(values.join(OsStr::new(&delimiter)))
    }

    /// Returns the arguments that set its value in `values`, and a message for each invalid part.
    pub(super) fn arguments(&self, values: &Variables) -> (Vec<String>, Vec<String>) {
        let Some(value) = values.get(self.variable()) else { return (Vec::new(), Vec::new()) };
        let parts: Vec<&str> = match self.0.get_value_delimiter() {
            // A file may have each value on a line of its own.
            Some(' ') => value.split_whitespace().collect(),
            Some(delimiter) => value.split(delimiter).collect(),
            None => vec![value],
        };
        let (mut arguments, mut messages) = (Vec::new(), Vec::new());
        for part in parts {
            let argument = format!("--{}={part}", self.0.get_long().unwrap_or_default());
            match parse([self], [&argument]) {
                Ok(_) => arguments.push(argument),
                Err(error) => messages.push(message(&error)),
            }
        }
        (arguments, messages)
    }
}

/// Parses arguments with the parsers of the settings.
pub(super) fn parse<'a>(
    settings: impl IntoIterator<Item = &'a Setting>,
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> clap::error::Result<ArgMatches> {
    // The environment has been read already.
    let args = settings.into_iter().map(|setting| setting.0.clone().env(Resettable::Reset));
    Command::new("settings").no_binary_name(true).args(args).try_get_matches_from(arguments)
}

fn message(error: &clap::Error) -> String {
    if let Some(source) = std::error::Error::source(error) {
        return source.to_string();
    }
    match (error.get(ContextKind::InvalidValue), error.get(ContextKind::ValidValue)) {
        (Some(ContextValue::String(value)), Some(ContextValue::Strings(allowed))) => {
            format!("{value:?} is not allowed; use {}", allowed.join(" or "))
        }
        _ => error.kind().to_string(),
    }
}
