//! Runs a command. Exit codes: 0 done, 1 failed, 2 bad usage or configuration.

use std::io::ErrorKind;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use tokio::runtime::{Builder, Runtime};

use super::arguments::{Arguments, Command};
use super::operator::Operator;
use super::output::{error_line, finish, is_closed_pipe, print_line};
use super::{
    audit, backup, check_config, completions, export, healthcheck, import, lambda, log, pool,
    redirects, seed, serve, table, token, user,
};
use crate::build_info::BuildInfo;
use crate::config::{Config, SettingError, SettingErrors, Variables, lambda_runtime_api, load};
use crate::http::document_text;
use crate::stop_signal::StopSignal;

/// The most tasks that run before the runtime asks the system for events again. With more of them, a
/// health check would wait behind pages that are rendered, before it is even seen.
const EVENT_INTERVAL: u32 = 16;
/// The longest time that the end of the process waits for the reader of the log.
const MAX_LOG_WAIT: Duration = Duration::from_millis(500);

/// Runs the command of the command line. `commit` is the one that was built.
pub fn main(commit: Option<&'static str>) -> ExitCode {
    let build = BuildInfo::of_commit(commit);
    let (command, flags) = match Arguments::from_command_line(build) {
        Ok(parsed) => parsed,
        Err(message) => return print_message(&message),
    };
    let code = run_process(&command, &flags, build);
    match finish() {
        // A site does not fail because of the line that tells that it is ready.
        Err(error) if !matches!(command, Command::Serve | Command::Pool) => failed(&error),
        _ => code,
    }
}

/// Prints what is wrong with the command line, or the help or the version that it asks for.
fn print_message(message: &clap::Error) -> ExitCode {
    let printed = message.print();
    if message.use_stderr() {
        return ExitCode::from(2);
    }
    match printed {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            failed(&anyhow!("cannot write to stdout: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

fn run_process(command: &Command, flags: &Variables, build: BuildInfo) -> ExitCode {
    if let Command::Completions { shell } = command {
        completions::print(*shell, &Arguments::complete());
        return ExitCode::SUCCESS;
    }
    if matches!(command, Command::Openapi) {
        print_line(document_text().trim_end());
        return ExitCode::SUCCESS;
    }
    let runtime = Builder::new_multi_thread().event_interval(EVENT_INTERVAL).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    // Before anything else: a container's first process that has no handler ignores SIGTERM.
    let stop = match stop_signal(command, &runtime) {
        Ok(stop) => stop,
        Err(error) => return failed(&error),
    };
    let config = match load(flags) {
        Ok(config) => config,
        Err(errors) => return refuse(command, &errors),
    };
    let log = match log::start(&config.log) {
        Ok(log) => log,
        // The filter was checked with the other settings.
        Err(error) => return failed(&error),
    };
    let outcome = runtime.block_on(run_until_stopped(command, &config, stop, build));
    // A blocking task that never returns must not keep the process alive.
    runtime.shutdown_timeout(Duration::from_secs(1));
    let code = match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => match setting_errors(error) {
            Ok(errors) => refuse(command, &errors),
            Err(error) => {
                // Through the log, since writing to stderr itself would wait for a stalled reader.
                log.write_line(format_args!("gazette: {error:#}"));
                ExitCode::FAILURE
            }
        },
    };
    log.finish(MAX_LOG_WAIT);
    code
}

/// Returns the errors in the configuration, or the error back if it is another one.
fn setting_errors(error: anyhow::Error) -> Result<SettingErrors, anyhow::Error> {
    match error.downcast::<SettingErrors>() {
        Ok(errors) => Ok(errors),
        Err(error) => error.downcast::<SettingError>().map(|error| SettingErrors(vec![error])),
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

fn failed(error: &anyhow::Error) -> ExitCode {
    error_line(format_args!("{error:#}"));
    ExitCode::FAILURE
}

/// Listens for stop signals if the command serves, restores or writes a file; they end any other
/// command at once, also one that waits for the reader of its output.
fn stop_signal(command: &Command, runtime: &Runtime) -> anyhow::Result<Option<StopSignal>> {
    let _context = runtime.enter();
    Ok(match command {
        Command::Serve | Command::Pool => Some(StopSignal::of_server()?),
        Command::Restore { .. } => Some(StopSignal::of_command()?),
        command if command.file().is_some() => Some(StopSignal::of_command()?),
        _ => None,
    })
}

/// Runs a command until it has ended, or until a stop signal: its unfinished file is removed.
async fn run_until_stopped(
    command: &Command,
    config: &Config,
    stop: Option<StopSignal>,
    build: BuildInfo,
) -> anyhow::Result<()> {
    match (command.file(), stop) {
        (Some(file), Some(mut stop)) => tokio::select! {
            outcome = run(command, config, None, build) => outcome,
            () = stop.received() => bail!("stopped; nothing was written to {}", file.display()),
        },
        (_, stop) => run(command, config, stop, build).await,
    }
}

async fn run(
    command: &Command,
    config: &Config,
    stop: Option<StopSignal>,
    build: BuildInfo,
) -> anyhow::Result<()> {
    let operator = |name| Operator::find(config, build, name);
    let no_signal = "stop signals are not handled";
    match command {
        Command::Serve => match lambda_runtime_api() {
            Some(address) => lambda::run(config, stop.context(no_signal)?, build, &address).await,
            None => serve::run(config, stop.context(no_signal)?, build).await,
        },
        Command::Pool => pool::run(config, stop.context(no_signal)?, build).await,
        Command::CheckConfig { json } => check_config::run(config, *json).await,
        Command::Seed { stories, seed, force } => {
            seed::run(operator("seed").await?, *stories, *seed, *force).await
        }
        Command::Import(request) => import::run(operator("import").await?, request).await,
        Command::Export { file, markdown } => {
            export::run(operator("export").await?, file.as_deref(), markdown.as_deref()).await
        }
        Command::Backup { file } => backup::backup(operator("backup").await?, file).await,
        Command::Restore { file } => {
            backup::restore_from(config, file, stop.context(no_signal)?).await
        }
        Command::Audit(request) => audit::run(operator("audit").await?, request).await,
        Command::Redirects { command } => {
            redirects::run(operator("redirects").await?, command).await
        }
        Command::User { command } => user::run(operator("user").await?, command.clone()).await,
        Command::Table { command } => table::run(config, command).await,
        Command::Token { command } => token::run(config, command.clone()).await,
        Command::Healthcheck { url } => healthcheck::run(config, url.clone()).await,
        // Printed before the configuration was read.
        Command::Completions { .. } | Command::Openapi => Ok(()),
    }
}
