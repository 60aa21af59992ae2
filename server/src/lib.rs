//! The server of Gazette: configuration, storage, sign-in, HTTP and commands.

pub mod application;
mod assets;
mod audit_export;
mod auth;
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
mod percent_decoded;
mod publish_check;
mod redirect_file;
mod samples;
mod stop_signal;
pub mod store;
mod story_preview;
mod text_difference;
