//! JSON types of the search.

use serde::{Deserialize, Serialize};

use crate::wire::StoryItem;

/// A story that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundStory {
    /// Fields that lists contain, too.
    #[serde(flatten)]
    pub item: StoryItem,
    /// The part of its text that shows why it was found; plain text.
    pub snippet: String,
}

/// A page of search results, best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundStories {
    /// Stories, at most 20.
    pub items: Vec<FoundStory>,
    /// Number of all results.
    pub total: usize,
    /// Number of this page, from 1.
    pub page: usize,
}
