//! Records of the audit log as CSV and as JSON lines; knows no HTTP.

mod csv;
mod format;
mod json;
mod time;

pub(crate) use format::AuditFormat;
