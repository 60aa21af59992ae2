//! Lists of published stories: feeds, pages, cursors and limits.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::label::LabelKind;
use crate::month::{Month, start_of};
use crate::slug::Slug;
use crate::sortable_time::sortable;
use crate::story::{StoryId, Teaser};

/// A feed of published stories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// All stories.
    All,
    /// The stories of a section.
    Section(Slug),
    /// The stories with a tag.
    Tag(Slug),
    /// The stories of an author.
    Author(Slug),
}

impl Feed {
    /// Returns the feed of a label.
    pub fn of_label(kind: LabelKind, slug: Slug) -> Self {
        match kind {
            LabelKind::Section => Self::Section(slug),
            LabelKind::Tag => Self::Tag(slug),
            LabelKind::Author => Self::Author(slug),
        }
    }
}

/// A request for one page of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// The feed.
    pub feed: Feed,
    /// Only stories that also have this tag.
    pub also_tagged: Option<Slug>,
    /// Only stories of this month.
    pub month: Option<Month>,
    /// Maximum number of stories.
    pub limit: Limit,
    /// Only stories after this position; `None` starts from the newest.
    pub cursor: Option<Cursor>,
}

impl ListQuery {
    /// Requests the newest stories of a feed.
    pub fn newest(feed: Feed, limit: Limit) -> Self {
        Self { feed, also_tagged: None, month: None, limit, cursor: None }
    }

    /// Checks whether a story of the feed passes the second filter.
    pub(crate) fn matches(&self, teaser: &Teaser) -> bool {
        self.also_tagged
            .as_ref()
            .is_none_or(|wanted| teaser.tags.iter().any(|tag| tag.slug == *wanted))
    }
}

impl Default for ListQuery {
    fn default() -> Self {
        Self::newest(Feed::All, Limit::DEFAULT)
    }
}

/// A page of a feed, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryPage {
    /// At most as many stories as the limit.
    pub items: Vec<Teaser>,
    /// Position of the next page; `None` on the last page.
    pub next: Option<Cursor>,
}

/// Maximum number of items on a page: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(usize);

/// The limit is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limit must be a whole number from 1 to 100")]
pub struct LimitError;

impl Limit {
    /// The default.
    pub const DEFAULT: Self = Self(20);
    /// The minimum.
    pub(crate) const ONE: Self = Self(1);
    /// The maximum.
    pub const MAX: Self = Self(100);

    /// Returns the number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl TryFrom<usize> for Limit {
    type Error = LimitError;

    fn try_from(number: usize) -> Result<Self, LimitError> {
        if (1..=100).contains(&number) { Ok(Self(number)) } else { Err(LimitError) }
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(LimitError);
        }
        // One spelling for each number, so that each page has one URL.
        if text.starts_with('0') {
            return Err(LimitError);
        }
        text.parse::<usize>().map_err(|_| LimitError)?.try_into()
    }
}

/// A position in a feed just after a story, opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    position: FeedPosition,
}

/// The text is not a cursor that this site created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cursor is not valid; omit it to start from the newest")]
pub struct CursorError;

impl Cursor {
    pub(crate) fn after(teaser: &Teaser) -> Self {
        Self { position: FeedPosition::of(teaser) }
    }

    pub(crate) fn at(position: FeedPosition) -> Self {
        Self { position }
    }

    /// Returns the position after which the last story of a day in a time zone follows; `None` for
    /// a day without an end.
    pub fn at_end_of(day: Date, zone: &TimeZone) -> Option<Self> {
        let time = start_of(day.tomorrow().ok()?, zone)?;
        Some(Self::at(FeedPosition { time, id: StoryId::new(Uuid::nil()) }))
    }

    pub(crate) fn position(&self) -> &FeedPosition {
        &self.position
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&URL_SAFE_NO_PAD.encode(self.position.to_string()))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        // A position has 61 characters, which are 82 in base64.
        if text.len() > 100 {
            return Err(CursorError);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let text = String::from_utf8(bytes).map_err(|_| CursorError)?;
        Ok(Self { position: text.parse()? })
    }
}

/// The position of a story in a feed. As text, positions sort by time, then by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FeedPosition {
    time: Timestamp,
    id: StoryId,
}

impl FeedPosition {
    /// Returns the text that sorts after every position up to `now` and before all later ones.
    pub(crate) fn after_all_until(now: Timestamp) -> String {
        format!("{}$", sortable(now))
    }

    pub(crate) fn of(teaser: &Teaser) -> Self {
        Self::at(teaser.published_at, teaser.id)
    }

    pub(crate) fn at(time: Timestamp, id: StoryId) -> Self {
        Self { time, id }
    }

    pub(crate) fn time(&self) -> Timestamp {
        self.time
    }
}

impl fmt::Display for FeedPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", sortable(self.time), self.id)
    }
}

impl FromStr for FeedPosition {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (time, id) = text.split_once('#').ok_or(CursorError)?;
        let time = time.parse().map_err(|_| CursorError)?;
        let position = Self { time, id: id.parse().map_err(|_| CursorError)? };
        if position.to_string() == text { Ok(position) } else { Err(CursorError) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn position(milliseconds: i64, id: u128) -> FeedPosition {
        let time = Timestamp::from_millisecond(milliseconds).expect("in range");
        FeedPosition { time, id: StoryId::new(Uuid::from_u128(id)) }
    }

    const YEARS_1900_TO_2100: std::ops::Range<i64> = -2_208_988_800_000..4_102_444_800_000;

    proptest! {
        #[test]
        fn a_cursor_is_parsed_from_its_own_text(ms in YEARS_1900_TO_2100, id: u128) {
            let cursor = Cursor { position: position(ms, id) };
            prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".*") {
            let _ = text.parse::<Cursor>();
            let _ = text.parse::<Limit>();
            let _ = text.parse::<Month>();
        }

        #[test]
        fn a_month_contains_exactly_its_own_positions(
            ms in YEARS_1900_TO_2100,
            other in YEARS_1900_TO_2100,
            id: u128,
            hours in -12_i8..=14,
        ) {
            let zone = TimeZone::fixed(jiff::tz::offset(hours));
            let month_of = |ms| Month::of(Timestamp::from_millisecond(ms).expect("in range"), &zone);
            let (month, position, other_month) = (month_of(ms), position(ms, id).to_string(), month_of(other));
            prop_assert_eq!(month.to_string().parse::<Month>(), Ok(month));
            prop_assert!(month.begin(&zone) < position && position < month.end(&zone));
            let other = super::tests::position(other, id).to_string();
            let holds = month.begin(&zone) < other && other < month.end(&zone);
            prop_assert_eq!(holds, month == other_month);
            let day = zone.to_datetime(Timestamp::from_millisecond(ms).expect("in range")).date();
            let end = Cursor::at_end_of(day, &zone).expect("an end").position().to_string();
            prop_assert!(position < end);
        }

        #[test]
        fn positions_sort_by_time(a in YEARS_1900_TO_2100, b in YEARS_1900_TO_2100, id: u128) {
            prop_assert_eq!(a.cmp(&b), position(a, id).to_string().cmp(&position(b, id).to_string()));
        }
    }

    #[test]
    fn a_limit_is_a_number_from_1_to_100() {
        for bad in ["", "0", "101", "-1", "+5", "1.0", " 5", "99999999999999999999999"] {
            assert_eq!(bad.parse::<Limit>(), Err(LimitError), "{bad}");
        }
        assert_eq!("100".parse::<Limit>().map(Limit::get), Ok(100));
    }
}
