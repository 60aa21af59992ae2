//! Parameters of the lists of stories. The page cache reads the known names from these structs.

use serde::Deserialize;

/// Parameters of `GET /news`, for programs and for the page.
#[derive(Deserialize)]
pub(in crate::http) struct ListParameters {
    pub(in crate::http) limit: Option<String>,
    pub(in crate::http) cursor: Option<String>,
    pub(in crate::http) section: Option<String>,
    pub(in crate::http) tag: Option<String>,
    pub(in crate::http) month: Option<String>,
}

/// Parameters of the page of a section, tag or author.
#[derive(Deserialize)]
pub(in crate::http) struct FeedParameters {
    pub(in crate::http) cursor: Option<String>,
}
