//! The commands.

mod arguments;
mod audit;
mod backup;
mod check_config;
mod completions;
mod config_report;
mod control;
mod export;
mod first_start;
mod healthcheck;
mod import;
mod import_report;
mod lambda;
mod listeners;
mod log;
mod operator;
mod output;
mod pool;
mod prompt;
mod redirects;
mod run;
mod seed;
mod serve;
mod span_fields;
mod table;
mod token;
mod unverified_claims;
mod user;

pub use run::main;
