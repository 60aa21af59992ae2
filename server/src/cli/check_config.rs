//! Prints the configuration without its secrets, and what to register at the user pool.

use anyhow::Result;

use super::config_report::Report;
use super::output::print_line;
use crate::application::preflight;
use crate::config::{Config, SettingErrors};
use crate::store::check_table_content;

pub(super) async fn run(config: &Config, json: bool) -> Result<()> {
    preflight(config).await?;
    let mut errors = SettingErrors::default();
    check_table_content(&config.store, &mut errors);
    if !errors.0.is_empty() {
        return Err(errors.into());
    }
    let report = Report::of(config).await;
    if json {
        print_line(serde_json::to_string_pretty(&report)?);
    } else {
        report.lines().iter().for_each(print_line);
    }
    Ok(())
}

/// Prints errors in the configuration as JSON.
pub(super) fn print_errors(errors: &SettingErrors) {
    let errors: Vec<_> = errors
        .0
        .iter()
        .map(|error| serde_json::json!({ "setting": error.variable, "message": error.message }))
        .collect();
    print_line(format_args!("{:#}", serde_json::json!({ "errors": errors })));
}
