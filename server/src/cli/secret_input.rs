//! Secrets that people type at a terminal.

use std::io::IsTerminal as _;

use anyhow::{Context as _, Result};
use rpassword::ConfigBuilder;

/// Asks for a secret on stderr and reads it without echo; `None` when stdin is no terminal.
pub(super) fn ask(name: &str) -> Result<Option<String>> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    // Ctrl-C would otherwise end the process before the terminal has its echo back.
    #[cfg(unix)]
    let _interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    let config = ConfigBuilder::new().output_writer(std::io::stderr()).build();
    let typed = rpassword::prompt_password_with_config(format!("{name}: "), config);
    typed.map(Some).with_context(|| format!("no {name} was typed"))
}
