//! Tests of the server through its router and as a process.
#![expect(clippy::disallowed_methods, reason = "the tests need an admin as a caller")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod account;
mod authorization_matrix;
mod browser;
mod cache_keys;
mod caching;
mod check_config;
mod claims_elsewhere;
mod connections;
mod corrections;
mod crawl;
mod csrf;
mod delete;
mod denial_log;
mod endings;
mod endpoint;
mod export;
mod feeds;
mod first_start;
mod gate;
mod golden;
mod group_changes;
mod http_rules;
mod images;
mod import;
mod import_pictures;
mod imports_page;
mod language;
mod log_output;
mod moves;
mod news;
mod outages;
mod pages;
mod pending_logins;
mod process;
mod races;
mod readiness;
mod records;
mod redirects;
mod refresh;
mod relying_party;
mod replay;
mod request_bodies;
mod route_matrix;
mod saved_form;
mod scripts;
mod server_process;
mod sign_in;
mod sign_in_rules;
mod stale_pages;
mod stop_signals;
mod store;
mod story_lifecycle;
mod story_limits;
mod structure;
mod table;
#[cfg(target_os = "linux")]
mod terminal;
mod token_signer;
mod tokens;
mod world;
mod write_api;
mod writer;
