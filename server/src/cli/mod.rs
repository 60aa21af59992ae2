//! The commands.

mod arguments;
mod check_config;
mod export;
mod healthcheck;
mod import;
mod output;
mod pool;
mod run;
mod secret_input;
mod seed;
mod serve;
mod table;
mod token;
mod unproven;
mod user;

pub use run::main;
