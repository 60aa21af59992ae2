//! Runs a command. Exit codes: 0 done, 1 failed, 2 bad usage or configuration.

use std::process::ExitCode;
use std::time::Duration;

use super::arguments::{Arguments, Command};
use super::output::error_line;
use super::{
    check_config, export, healthcheck, import, log, pool, seed, serve, table, token, user,
};
use crate::config::{Config, load};

/// The longest time that the end of the process waits for the reader of the log.
const MAX_LOG_WAIT: Duration = Duration::from_millis(500);

/// Runs the command of the command line.
pub fn main() -> ExitCode {
    let (command, flags) = Arguments::from_command_line();
    let config = match load(&flags) {
        Ok(config) => config,
        Err(errors) => {
            errors.0.iter().for_each(error_line);
            return ExitCode::from(2);
        }
    };
    let log = match log::start(&config.log) {
        Ok(log) => log,
        Err(reason) => {
            error_line(format_args!("RUST_LOG: {reason}"));
            return ExitCode::from(2);
        }
    };
    let outcome = run(command, &config);
    if let Err(error) = &outcome {
        // Through the log, since writing to stderr itself would wait for a stalled reader.
        log.write_line(format_args!("gazette: {error:#}"));
    }
    log.finish(MAX_LOG_WAIT);
    if outcome.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve => serve::run(config).await,
            Command::CheckConfig => {
                check_config::run(config);
                Ok(())
            }
            Command::Seed { stories, seed, force } => seed::run(config, stories, seed, force).await,
            Command::Import { path, dry_run } => import::run(config, &path, dry_run).await,
            Command::Export { file } => export::run(config, &file).await,
            Command::User { command } => user::run(config, command).await,
            Command::Pool => pool::run(config).await,
            Command::Table { command } => table::run(config, &command).await,
            Command::Token { command } => token::run(config, command).await,
            Command::Healthcheck { url } => healthcheck::run(config, url).await,
        }
    });
    // A blocking task that never returns must not keep the process alive.
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}
