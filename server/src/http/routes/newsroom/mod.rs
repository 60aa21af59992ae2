//! Pages of the newsroom.

pub(in crate::http) mod activity;
pub(in crate::http) mod delete;
pub(in crate::http) mod imports;
pub(in crate::http) mod list;
pub(in crate::http) mod trash;
