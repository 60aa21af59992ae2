//! The `OpenAPI` description of the API: made of the route table, the parameters that handlers read
//! and samples of the types that they write.

mod document;
mod inference;
mod operation;
mod operations;
mod parameters;
mod samples;
mod schemas;

pub(crate) use document::document_text;
pub(in crate::http) use document::{needs, statuses};
pub(in crate::http) use operation::{Content, Operation};
pub(in crate::http) use operations::operation;
pub(in crate::http) use parameters::{parameter, path_parameters};
pub(in crate::http) use schemas::INPUT_EXAMPLE;
