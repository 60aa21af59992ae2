//! Runs a command. Exit codes: 0 done, 1 failed, 2 bad usage or configuration.

use std::process::ExitCode;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use super::arguments::{Arguments, Command};
use super::output::error_line;
use super::{check_config, export, healthcheck, import, pool, seed, serve, table, token, user};
use crate::config::{Config, LogConfig, LogFormat, SettingError, SettingErrors, load};

/// Runs the command of the command line.
pub fn main() -> ExitCode {
    let (command, flags) = Arguments::from_command_line();
    let config = match load(&flags) {
        Ok(config) => config,
        Err(errors) => return refuse(&command, &errors),
    };
    if let Err(reason) = start_log(&config.log) {
        let mut errors = SettingErrors::default();
        errors.add("RUST_LOG", reason);
        return refuse(&command, &errors);
    }
    let error = match run(&command, &config) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    let error = match error.downcast::<SettingErrors>() {
        Ok(errors) => return refuse(&command, &errors),
        Err(error) => error,
    };
    match error.downcast::<SettingError>() {
        Ok(error) => refuse(&command, &SettingErrors(vec![error])),
        Err(error) => {
            error_line(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints the errors in the configuration and returns the exit code for them.
fn refuse(command: &Command, errors: &SettingErrors) -> ExitCode {
    errors.0.iter().for_each(error_line);
    if matches!(command, Command::CheckConfig { json: true }) {
        check_config::print_errors(errors);
    }
    ExitCode::from(2)
}

fn run(command: &Command, config: &Config) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve => serve::run(config).await,
            Command::CheckConfig { json } => check_config::run(config, *json).await,
            Command::Seed { stories, seed, force } => {
                seed::run(config, *stories, *seed, *force).await
            }
            Command::Import { path, dry_run } => import::run(config, path, *dry_run).await,
            Command::Export { file } => export::run(config, file).await,
            Command::User { command } => user::run(config, command.clone()).await,
            Command::Pool => pool::run(config).await,
            Command::Table { command } => table::run(config, command).await,
            Command::Token { command } => token::run(config, command.clone()).await,
            Command::Healthcheck { url } => healthcheck::run(config, url.clone()).await,
        }
    });
    // A blocking task that never returns must not keep the process alive.
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

fn start_log(config: &LogConfig) -> Result<(), String> {
    let filter = EnvFilter::try_new(config.directives()).map_err(|error| error.to_string())?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.format() {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}
