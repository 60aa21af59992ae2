//! The server of Gazette: configuration, storage, sign-in, HTTP and commands.

pub mod application;
mod assets;
mod auth;
mod aws;
pub mod background;
pub mod cli;
pub mod clock;
pub mod config;
mod detached;
mod error_causes;
mod etag;
mod export;
mod feeds;
pub mod http;
mod images;
mod import;
pub mod listener;
mod log_writer;
mod markdown;
mod people;
mod percent_decoded;
mod pool_admin;
mod redirect_file;
mod samples;
mod stop_signal;
pub mod store;
