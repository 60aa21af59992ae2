//! Runs a command. Exit codes: 0 done, 1 failed, 2 bad usage or configuration.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::{Builder, Runtime};

use super::arguments::{Arguments, Command};
use super::output::error_line;
use super::{
    check_config, export, healthcheck, import, log, pool, seed, serve, table, token, user,
};
use crate::config::{Config, load};
use crate::stop_signal::StopSignal;

/// The longest time that the end of the process waits for the reader of the log.
const MAX_LOG_WAIT: Duration = Duration::from_millis(500);

/// Runs the command of the command line.
pub fn main() -> ExitCode {
    let (command, flags) = Arguments::from_command_line();
    let runtime = match Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    // Before anything else: a container's first process that has no handler ignores SIGTERM.
    let stop = match stop_signal(&command, &runtime) {
        Ok(stop) => stop,
        Err(error) => return failed(&error),
    };
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
    let outcome = runtime.block_on(run(command, &config, stop));
    // A blocking task that never returns must not keep the process alive.
    runtime.shutdown_timeout(Duration::from_secs(1));
    if let Err(error) = &outcome {
        // Through the log, since writing to stderr itself would wait for a stalled reader.
        log.write_line(format_args!("gazette: {error:#}"));
    }
    log.finish(MAX_LOG_WAIT);
    if outcome.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    error_line(format_args!("{error:#}"));
    ExitCode::FAILURE
}

/// Listens for stop signals if the command serves; they end any other command at once.
fn stop_signal(command: &Command, runtime: &Runtime) -> anyhow::Result<Option<StopSignal>> {
    let _context = runtime.enter();
    Ok(match command {
        Command::Serve | Command::Pool => Some(StopSignal::listen()?),
        _ => None,
    })
}

async fn run(command: Command, config: &Config, stop: Option<StopSignal>) -> anyhow::Result<()> {
    let no_signal = "stop signals are not handled";
    match command {
        Command::Serve => serve::run(config, stop.context(no_signal)?).await,
        Command::Pool => pool::run(config, stop.context(no_signal)?).await,
        Command::CheckConfig => {
            check_config::run(config);
            Ok(())
        }
        Command::Seed { stories, seed, force } => seed::run(config, stories, seed, force).await,
        Command::Import { path, dry_run } => import::run(config, &path, dry_run).await,
        Command::Export { file } => export::run(config, &file).await,
        Command::User { command } => user::run(config, command).await,
        Command::Table { command } => table::run(config, &command).await,
        Command::Token { command } => token::run(config, command).await,
        Command::Healthcheck { url } => healthcheck::run(config, url).await,
    }
}
