//! Handlers, one file for each resource. None of them imports another.

pub(in crate::http) mod api_docs;
pub(in crate::http) mod archive;
pub(in crate::http) mod assets;
pub(in crate::http) mod corrections;
pub(in crate::http) mod delete_api;
pub(in crate::http) mod feeds;
pub(in crate::http) mod front_page;
pub(in crate::http) mod health;
pub(in crate::http) mod identity;
pub(in crate::http) mod images;
pub(in crate::http) mod lists;
pub(in crate::http) mod member;
pub(in crate::http) mod newsroom;
pub(in crate::http) mod search;
pub(in crate::http) mod sign_in;
pub(in crate::http) mod site_files;
pub(in crate::http) mod site_pages;
pub(in crate::http) mod sitemaps;
pub(in crate::http) mod story;
pub(in crate::http) mod theme;
pub(in crate::http) mod write_api;
