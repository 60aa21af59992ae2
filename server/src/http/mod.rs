//! The site over HTTP. `routes` are the handlers, `middleware` the layers around them, `request`
//! what they read and `reply` what they send; `areas` binds handlers to the route table.

mod areas;
mod cookie_names;
mod editor;
mod editorial;
mod gauges;
mod identified;
mod metrics_router;
mod middleware;
mod openapi;
mod page_cache;
mod redirect_cache;
mod reply;
mod request;
mod router;
mod routes;
mod state;
mod status_sampler;
mod store_outage;

pub use crate::assets::{Assets, AssetsError};
pub(crate) use cookie_names::CookieNames;
pub(crate) use metrics_router::metrics_router;
pub(crate) use middleware::bodies::with_body_limits;
pub(crate) use openapi::document_text;
pub(crate) use page_cache::PageCache;
pub(crate) use redirect_cache::RedirectCache;
pub(crate) use router::router;
pub(crate) use state::{AppState, Services};
pub use status_sampler::StatusSampler;
