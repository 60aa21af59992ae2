//! Layers around the handlers. None of them knows a handler.

pub(in crate::http) mod admission;
pub(in crate::http) mod authorize;
pub(in crate::http) mod bodies;
pub(in crate::http) mod caller;
pub(in crate::http) mod clone_on_call;
pub(in crate::http) mod compression;
pub(in crate::http) mod conditional;
pub(in crate::http) mod csrf;
pub(in crate::http) mod error_pages;
pub(in crate::http) mod every_request;
pub(in crate::http) mod finished;
pub(in crate::http) mod headers;
pub(in crate::http) mod limits;
pub(in crate::http) mod page_cache;
pub(in crate::http) mod redirects;
pub(in crate::http) mod request_log;
pub(in crate::http) mod saved_forms;
pub(in crate::http) mod session_cookie;
pub(in crate::http) mod with_cookies;
