//! Loads the configuration.

use clap::{ArgMatches, Command, FromArgMatches as _};

use super::error::SettingErrors;
use super::introspection::{Setting, parse};
use super::lambda;
use super::merge::merge;
use super::settings::Config;
use super::variables::Variables;

/// Adds the flag of each setting to a command.
pub fn add_flags(command: Command) -> Command {
    command.args(Setting::all().into_iter().map(Setting::flag))
}

/// Returns the values that were given as flags.
pub fn given_flags(matches: &ArgMatches) -> Variables {
    let mut flags = Variables::default();
    for setting in Setting::all() {
        if let Some(value) = setting.given(matches) {
            flags.set_os(setting.variable(), value);
        }
    }
    flags
}

/// Loads the configuration from flags, the environment and the file.
///
/// # Errors
/// All errors at once. An invalid value never falls back to a default.
pub fn load(flags: &Variables) -> Result<Config, SettingErrors> {
    load_from(flags, &Variables::of_environment())
}

fn load_from(flags: &Variables, environment: &Variables) -> Result<Config, SettingErrors> {
    let mut errors = SettingErrors::default();
    let settings = Setting::all();
    let mut values = merge(&settings, flags, environment, &mut errors);
    lambda::apply(environment, &mut values, &mut errors);
    let mut arguments = Vec::new();
    for setting in &settings {
        let (valid, messages) = setting.arguments(&values);
        arguments.extend(valid);
        for message in messages {
            errors.add(setting.variable(), message);
        }
    }
    let matches = parse(&settings, &arguments);
    match matches.and_then(|matches| Config::from_arg_matches(&matches)) {
        Ok(mut config) => {
            config.store.is_folder_temporary = lambda::is_folder_temporary(environment, &values);
            config.locale.is_zone_given = values.get("GAZETTE_TIME_ZONE").is_some();
            config.check(&mut errors);
            if errors.0.is_empty() { Ok(config) } else { Err(errors) }
        }
        Err(error) => {
            errors.add("settings", error.to_string());
            Err(errors)
        }
    }
}

#[cfg(test)]
mod tests;
