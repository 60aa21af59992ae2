//! Pages of the newsroom.

pub(in crate::http) mod activity;
pub(in crate::http) mod bulk;
pub(in crate::http) mod corrections;
pub(in crate::http) mod delete;
pub(in crate::http) mod deletion;
pub(in crate::http) mod editor;
pub(in crate::http) mod erase;
pub(in crate::http) mod history;
pub(in crate::http) mod images;
pub(in crate::http) mod imports;
pub(in crate::http) mod labels;
pub(in crate::http) mod list;
pub(in crate::http) mod people;
pub(in crate::http) mod redirects;
pub(in crate::http) mod status;
pub(in crate::http) mod trash;
