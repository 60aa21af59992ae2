//! The newsroom's list of stories: what it can be asked for, and what it shows.

use std::str::FromStr;

use jiff::Timestamp;

use crate::label::Label;
use crate::slug::Slug;
use crate::story::Teaser;

/// Longest text that the list searches for, in characters.
pub const MAX_SEARCH_LENGTH: usize = 200;

/// Stories on one page of the list.
pub const STORIES_PER_PAGE: usize = 50;

/// Stories by their state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StoryFilter {
    /// All but those in the trash.
    #[default]
    All,
    /// Readers can see them.
    Published,
    /// Readers will see them.
    Scheduled,
    /// A writer handed them in.
    Review,
    /// Neither published nor handed in.
    Draft,
    /// Created by the viewer.
    Mine,
}

/// The text is not one of the values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} must be one of: {allowed}")]
pub struct StoryListError {
    name: &'static str,
    allowed: &'static str,
}

impl StoryFilter {
    /// Every filter, in the order in which the list shows them.
    pub const ALL: [Self; 6] =
        [Self::All, Self::Published, Self::Scheduled, Self::Review, Self::Draft, Self::Mine];

    /// Returns the value of the parameter `status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Published => "published",
            Self::Scheduled => "scheduled",
            Self::Review => "review",
            Self::Draft => "draft",
            Self::Mine => "mine",
        }
    }
}

impl FromStr for StoryFilter {
    type Err = StoryListError;

    fn from_str(text: &str) -> Result<Self, StoryListError> {
        let allowed = "all, published, scheduled, review, draft, mine, trash";
        let error = StoryListError { name: "status", allowed };
        Self::ALL.into_iter().find(|filter| filter.as_str() == text).ok_or(error)
    }
}

/// Order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StorySort {
    /// Latest change first.
    #[default]
    Updated,
    /// Latest publication first.
    Newest,
    /// Earliest publication first.
    Oldest,
    /// By headline, without regard to case and accents.
    Headline,
}

impl StorySort {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Updated, Self::Newest, Self::Oldest, Self::Headline];

    /// Returns the value of the parameter `sort`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Updated => "updated",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Headline => "headline",
        }
    }
}

impl FromStr for StorySort {
    type Err = StoryListError;

    fn from_str(text: &str) -> Result<Self, StoryListError> {
        let error = StoryListError { name: "sort", allowed: "updated, newest, oldest, headline" };
        Self::ALL.into_iter().find(|sort| sort.as_str() == text).ok_or(error)
    }
}

/// A request for one page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryListQuery {
    /// Only stories in this state.
    pub filter: StoryFilter,
    /// Only stories whose headline, section, authors and tags contain each word of this text.
    pub text: String,
    /// Only stories of this section.
    pub section: Option<Slug>,
    /// Only stories of this author.
    pub author: Option<Slug>,
    /// Order.
    pub sort: StorySort,
    /// Number of the page, from 0.
    pub page: usize,
}

impl StoryListQuery {
    /// Checks whether something besides the state and the order is asked for.
    pub fn is_search(&self) -> bool {
        !self.text.trim().is_empty() || self.section.is_some() || self.author.is_some()
    }
}

/// State of a story, as the newsroom speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoryState {
    /// Readers can see it.
    Published,
    /// Readers will see it from this time on.
    Scheduled(Timestamp),
    /// A writer handed it in.
    Review,
    /// It is being written, and readers never saw it.
    Draft,
    /// It is being written. Readers could see it before.
    Withdrawn,
    /// Readers could see it until this time.
    Ended(Timestamp),
}

/// A story in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryRow {
    /// The story, with the headline that the editor shows.
    pub teaser: Teaser,
    /// Its state.
    pub state: StoryState,
    /// Time from which readers no longer see it.
    pub unpublish_at: Option<Timestamp>,
    /// `true` if the editor has text that readers do not see yet.
    pub has_changes: bool,
    /// Time of the last change, saved drafts included.
    pub changed_at: Timestamp,
    /// The viewer may open it in the editor.
    pub may_edit: bool,
    /// An editor sent the draft back to its author.
    pub is_sent_back: bool,
    /// Time until which the front page shows it first.
    pub pin_until: Option<Timestamp>,
}

/// Numbers of the stories that the viewer may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoryCounts {
    /// All but those in the trash.
    pub all: usize,
    /// Readers can see them.
    pub published: usize,
    /// Readers will see them.
    pub scheduled: usize,
    /// A writer handed them in.
    pub review: usize,
    /// Neither published nor handed in.
    pub draft: usize,
    /// Created by the viewer.
    pub mine: usize,
    /// In the trash.
    pub trash: usize,
}

impl StoryCounts {
    /// Returns the number of the stories that a filter shows.
    pub fn of(&self, filter: StoryFilter) -> usize {
        match filter {
            StoryFilter::All => self.all,
            StoryFilter::Published => self.published,
            StoryFilter::Scheduled => self.scheduled,
            StoryFilter::Review => self.review,
            StoryFilter::Draft => self.draft,
            StoryFilter::Mine => self.mine,
        }
    }
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryList {
    /// Stories of the page.
    pub rows: Vec<StoryRow>,
    /// Number of the stories that the query asks for.
    pub total: usize,
    /// Number of this page, from 0: the last one if the query asks for one after it.
    pub page: usize,
    /// Numbers for the filters.
    pub counts: StoryCounts,
    /// Sections of the stories that the viewer may see, by name.
    pub sections: Vec<Label>,
    /// Authors of the stories that the viewer may see, by name; of very many, those with the most
    /// stories.
    pub authors: Vec<Label>,
    /// There are more stories than the list can hold, and the oldest ones are missing.
    pub is_partial: bool,
}

impl StoryList {
    /// Returns the number of pages; at least 1.
    pub fn pages(&self) -> usize {
        self.total.div_ceil(STORIES_PER_PAGE).max(1)
    }
}
