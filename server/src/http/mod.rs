//! The site over HTTP: routes, who is asking, and how answers look.

mod account;
mod assets;
mod audit;
mod caller;
mod change;
mod csrf;
mod desk;
mod error;
mod extract;
mod fields;
mod headers;
mod health;
mod identity;
mod limits;
mod loopback;
mod negotiation;
mod news;
mod page_cache;
mod pages;
mod problem_pages;
mod reply;
mod request_id;
mod router;
mod saved;
mod saved_form;
mod session_cookie;
mod sign_in;
mod state;
mod trash;
mod writing;

pub use assets::{Assets, AssetsError};
pub use page_cache::PageCache;
pub use router::router;
pub use state::{AppState, Services};
