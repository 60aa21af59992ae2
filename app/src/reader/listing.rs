//! Description of a list of stories.

use gazette_domain::{LabelKind, MonthSummary};

/// Heading, path and filters of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Heading.
    pub title: String,
    /// Kind of the label whose stories are listed; `None` for all stories.
    pub kind: Option<LabelKind>,
    /// Path.
    pub path: String,
    /// Query parameters that filter the list; the links to its other pages keep them.
    pub filters: Vec<(&'static str, String)>,
    /// The page begins with the newest story.
    pub first: bool,
    /// Months with stories of the list, newest first.
    pub months: Vec<MonthSummary>,
    /// Parameter of the latest news that, with a month, lists the stories of the list in it; `None`
    /// for all stories, whose months are those of the archive.
    pub month_filter: Option<(&'static str, String)>,
}
