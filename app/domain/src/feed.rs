//! Lists of news: which, how many, and from where on.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use crate::slug::Slug;
use crate::story::{StoryId, Teaser};

/// Which news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// All of it.
    All,
    /// Of one section.
    Section(Slug),
    /// Under one tag.
    Tag(Slug),
    /// By one author.
    Author(Slug),
}

/// What to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// Which news.
    pub feed: Feed,
    /// Only stories that also stand under this tag.
    pub also_tagged: Option<Slug>,
    /// Only stories of this month.
    pub month: Option<Month>,
    /// At most so many.
    pub limit: Limit,
    /// Only what is older than this place; from the newest when absent.
    pub cursor: Option<Cursor>,
}

impl ListQuery {
    /// The newest of a feed.
    pub fn newest(feed: Feed, limit: Limit) -> Self {
        Self { feed, also_tagged: None, month: None, limit, cursor: None }
    }
}

/// A page of news, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryPage {
    /// At most as many as asked for.
    pub items: Vec<Teaser>,
    /// Where the next page begins, when there is more.
    pub next: Option<Cursor>,
}

/// A month of the calendar, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month(String);

/// The text is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("month must be a year and a month such as 2026-11")]
pub struct MonthError;

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let first: jiff::civil::Date = format!("{text}-01").parse().map_err(|_| MonthError)?;
        let same = first.strftime("%Y-%m").to_string() == text && first.year() > 0;
        if same { Ok(Self(text.to_owned())) } else { Err(MonthError) }
    }
}

impl Month {
    /// The text that sorts before every place of the month, and after all earlier ones.
    pub(crate) fn begin(&self) -> &str {
        &self.0
    }

    /// The text that sorts after every place of the month, and before all later ones.
    pub(crate) fn end(&self) -> String {
        // After the month comes a hyphen, and this is the character after that.
        format!("{}.", self.0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How many items a page may hold: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(usize);

/// The number is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limit must be a whole number from 1 to 100")]
pub struct LimitError;

impl Limit {
    /// What is used when nothing is said.
    pub const DEFAULT: Self = Self(20);
    /// The most.
    pub const MAX: Self = Self(100);

    /// The number.
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
        text.parse::<usize>().map_err(|_| LimitError)?.try_into()
    }
}

/// A place in a feed, opaque outside: just after one story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    place: Place,
}

/// The text is no cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cursor is not one that this site gave out; leave it away to start from the newest")]
pub struct CursorError;

impl Cursor {
    pub(crate) fn after(teaser: &Teaser) -> Self {
        Self { place: Place::of(teaser) }
    }

    pub(crate) fn at(place: Place) -> Self {
        Self { place }
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&URL_SAFE_NO_PAD.encode(self.place.to_string()))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        // A place has a fixed form of 61 characters, which make 82 in base64.
        if text.len() > 100 {
            return Err(CursorError);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let text = String::from_utf8(bytes).map_err(|_| CursorError)?;
        Ok(Self { place: text.parse()? })
    }
}

/// Of fixed width, so that text order is time order.
const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S.%3fZ";

/// Where a story stands in a feed: ordered as text by time, then by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    time: Timestamp,
    id: StoryId,
}

impl Place {
    /// The text that sorts after every place of a time up to `now`, and before all later ones.
    pub(crate) fn after_all_until(now: Timestamp) -> String {
        format!("{}$", now.strftime(TIME_FORMAT))
    }

    pub(crate) fn of(teaser: &Teaser) -> Self {
        Self::at(teaser.published_at, teaser.id)
    }

    pub(crate) fn at(time: Timestamp, id: StoryId) -> Self {
        Self { time, id }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", self.time.strftime(TIME_FORMAT), self.id)
    }
}

impl FromStr for Place {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (time, id) = text.split_once('#').ok_or(CursorError)?;
        let time = time.parse().map_err(|_| CursorError)?;
        let place = Self { time, id: id.parse().map_err(|_| CursorError)? };
        if place.to_string() == text { Ok(place) } else { Err(CursorError) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn place(milliseconds: i64, id: u128) -> Place {
        let time = Timestamp::from_millisecond(milliseconds).expect("in range");
        Place { time, id: StoryId::new(Uuid::from_u128(id)) }
    }

    const YEARS_1900_TO_2100: std::ops::Range<i64> = -2_208_988_800_000..4_102_444_800_000;

    proptest! {
        #[test]
        fn a_cursor_that_was_given_out_is_read(ms in YEARS_1900_TO_2100, id: u128) {
            let cursor = Cursor { place: place(ms, id) };
            prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }

        #[test]
        fn any_other_text_is_refused_without_panic(text in ".*") {
            let _ = text.parse::<Cursor>();
            let _ = text.parse::<Limit>();
            let _ = text.parse::<Month>();
        }

        #[test]
        fn a_month_holds_its_own_places_and_no_others(ms in YEARS_1900_TO_2100, other in YEARS_1900_TO_2100, id: u128) {
            let (place, other) = (place(ms, id).to_string(), place(other, id).to_string());
            let month: Month = place[..7].parse().expect("a month");
            prop_assert!(month.begin() < place.as_str() && place < month.end());
            let holds = month.begin() < other.as_str() && other < month.end();
            prop_assert_eq!(holds, other[..7] == place[..7]);
        }

        #[test]
        fn places_sort_as_their_times(a in YEARS_1900_TO_2100, b in YEARS_1900_TO_2100, id: u128) {
            prop_assert_eq!(a.cmp(&b), place(a, id).to_string().cmp(&place(b, id).to_string()));
        }
    }

    #[test]
    fn limits() {
        for bad in ["", "0", "101", "-1", "+5", "1.0", " 5", "99999999999999999999999"] {
            assert_eq!(bad.parse::<Limit>(), Err(LimitError), "{bad}");
        }
        assert_eq!("100".parse::<Limit>().map(Limit::get), Ok(100));
    }
}
