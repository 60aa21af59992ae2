//! Entry of the index: the facts of one story.

use gazette_table::{Item, TableError};
use jiff::Timestamp;
use serde::Deserialize;

use crate::desk::list_index::labels::{LabelNumber, Labels, OwnerNumber};
use crate::feed::FeedPosition;
use crate::label::{self, Label, LabelKind};
use crate::slug::folded;
use crate::story::{Status, StoryId, Trashed};
use crate::story_list::StoryState;

/// A story. Its parts are small, because there is one for each story.
pub(super) struct Entry {
    pub(super) id: StoryId,
    /// Version of the story; 0 if it was read from a list, which does not tell it.
    pub(super) version: u64,
    pub(super) place: Place,
    pub(super) published_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) unpublish_at: Option<Timestamp>,
    pub(super) owner: OwnerNumber,
    /// The headline without case, accents and punctuation.
    pub(super) headline: Box<str>,
    /// The start of the headline.
    pub(super) headline_key: u128,
    /// The section, then the authors, then the tags.
    pub(super) labels: Box<[LabelNumber]>,
    authors: u8,
    was_public: bool,
}

/// Place of a story in the newsroom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the list.
    Present(Status),
    /// In the trash since this time.
    Trash(Timestamp),
    /// Erased. Its entry stays, so that an earlier version cannot return.
    Gone,
}

/// The fields of a teaser that the index needs, and those of its entry in a list.
#[derive(Deserialize)]
pub(super) struct Listed {
    pub(super) id: StoryId,
    headline: String,
    section: Label,
    #[serde(default)]
    tags: Vec<Label>,
    #[serde(alias = "author", deserialize_with = "label::one_or_more")]
    authors: Vec<Label>,
    published_at: Timestamp,
    updated_at: Timestamp,
    #[serde(default)]
    unpublish_at: Option<Timestamp>,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    was_public: bool,
}

/// The fields of a story that the index needs.
#[derive(Deserialize)]
struct Stored {
    // Stored stories use this name.
    #[serde(rename = "card")]
    teaser: Listed,
    version: u64,
    #[serde(default)]
    status: Status,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    trashed: Option<Trashed>,
    #[serde(default)]
    was_public: bool,
}

/// The fields of an entry of the trash that the index needs.
#[derive(Deserialize)]
struct ListedTrash {
    #[serde(rename = "card")]
    teaser: Listed,
    trashed: Trashed,
}

/// A story as it was read, before its names have numbers.
pub(super) struct Read {
    pub(super) listed: Listed,
    pub(super) version: u64,
    pub(super) place: Place,
}

impl Read {
    /// Reads the item of a story.
    pub(super) fn story(item: &Item) -> Result<Self, TableError> {
        let Stored { mut teaser, version, status, owner, trashed, was_public } = item.parse()?;
        teaser.owner = owner;
        teaser.was_public = was_public;
        let place = trashed.map_or(Place::Present(status), |trashed| Place::of(&trashed));
        Ok(Self { listed: teaser, version, place })
    }

    /// Reads an entry of a feed, or of the drafts.
    pub(super) fn entry(item: &Item, status: Status) -> Result<Self, TableError> {
        let listed: Listed = item.parse()?;
        let place = Place::Present(listed.status.unwrap_or(status));
        Ok(Self { listed, version: 0, place })
    }

    /// Reads an entry of the trash.
    pub(super) fn trash(item: &Item) -> Result<Self, TableError> {
        let ListedTrash { teaser, trashed } = item.parse()?;
        Ok(Self { listed: teaser, version: 0, place: Place::of(&trashed) })
    }

    pub(super) fn into_entry(self, names: &mut Labels) -> Entry {
        let Self { listed, version, place } = self;
        let authors = u8::try_from(listed.authors.len()).unwrap_or(u8::MAX);
        let mut labels = vec![names.number(LabelKind::Section, listed.section)];
        let mut add = |kind, listed: Vec<Label>| {
            labels.extend(listed.into_iter().map(|label| names.number(kind, label)));
        };
        add(LabelKind::Author, listed.authors);
        add(LabelKind::Tag, listed.tags);
        let headline = folded(&listed.headline);
        Entry {
            id: listed.id,
            version,
            place,
            published_at: listed.published_at,
            updated_at: listed.updated_at,
            unpublish_at: listed.unpublish_at,
            owner: names.owner(listed.owner.as_deref()),
            headline_key: headline_key(&headline),
            headline: headline.into(),
            labels: labels.into(),
            authors,
            was_public: listed.was_public,
        }
    }
}

impl Place {
    fn of(trashed: &Trashed) -> Self {
        if trashed.erasing { Self::Gone } else { Self::Trash(trashed.at) }
    }
}

impl Entry {
    pub(super) fn section(&self) -> Option<LabelNumber> {
        self.labels.first().copied()
    }

    pub(super) fn authors(&self) -> &[LabelNumber] {
        self.labels.get(1..=usize::from(self.authors)).unwrap_or_default()
    }

    /// Returns the state at a time; `None` for a story that the list does not show.
    pub(super) fn state(&self, now: Timestamp) -> Option<StoryState> {
        match self.place {
            Place::Present(Status::Draft) if self.was_public => Some(StoryState::Withdrawn),
            Place::Present(Status::Draft) => Some(StoryState::Draft),
            Place::Present(Status::Review) => Some(StoryState::Review),
            Place::Present(Status::Published) if self.published_at > now => {
                Some(StoryState::Scheduled(self.published_at))
            }
            Place::Present(Status::Published) => Some(match self.unpublish_at {
                Some(end) if end <= now => StoryState::Ended(end),
                _ => StoryState::Published,
            }),
            Place::Trash(_) | Place::Gone => None,
        }
    }

    /// Returns the position of the story in the feeds, or among the drafts.
    pub(super) fn position(&self) -> FeedPosition {
        FeedPosition::at(self.published_at, self.id)
    }
}

/// Returns the first bytes of a headline as a number with the order of the headlines.
pub(super) fn headline_key(headline: &str) -> u128 {
    let mut first = [0; 16];
    first.iter_mut().zip(headline.bytes()).for_each(|(to, byte)| *to = byte);
    u128::from_be_bytes(first)
}
