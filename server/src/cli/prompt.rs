//! Prompts for secrets.

use std::io::IsTerminal as _;

use anyhow::{Context as _, Result};
use rpassword::ConfigBuilder;

/// Asks for a secret on stderr and reads it without echo; `None` when stdin is not a terminal.
pub(super) fn prompt_secret(name: &str) -> Result<Option<String>> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    // Without a handler, Ctrl-C would end the process before the echo is restored.
    let _interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    let config = ConfigBuilder::new().output_writer(std::io::stderr()).build();
    let secret = rpassword::prompt_password_with_config(format!("{name}: "), config);
    secret.map(Some).with_context(|| format!("no {name} was entered"))
}
