//! Pages of the signed-in person.

pub(in crate::http) mod account;
pub(in crate::http) mod reading_list;
pub(in crate::http) mod saved_form;
