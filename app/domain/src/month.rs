//! Calendar months.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::routes::Endpoint;
use crate::sortable_time::sortable;

/// A calendar month. Its first and last moment depend on the time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: Date,
}

/// The text is not a valid month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("month must be a year and a month such as 2026-11")]
pub struct MonthError;

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let first: Date = format!("{text}-01").parse().map_err(|_| MonthError)?;
        let month = Self { first };
        if month.to_string() == text && first.year() > 0 { Ok(month) } else { Err(MonthError) }
    }
}

impl Month {
    /// Returns the month of a time in a time zone.
    pub fn of(time: Timestamp, zone: &TimeZone) -> Self {
        Self { first: zone.to_datetime(time).date().first_of_month() }
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        self.first.year()
    }

    /// Returns the first day.
    pub fn first_day(self) -> Date {
        self.first
    }

    /// Returns the path of its page in the archive.
    pub fn path(self) -> String {
        let (year, month) = (self.first.strftime("%Y"), self.first.strftime("%m"));
        format!("{}/{year}/{month}", Endpoint::Archive.path())
    }

    /// Returns the text that sorts before every position in the month and after all earlier ones.
    pub(crate) fn begin(self, zone: &TimeZone) -> String {
        sortable(start_of(self.first, zone).unwrap_or(Timestamp::MIN))
    }

    /// Returns the text that sorts after every position in the month and before all later ones.
    pub(crate) fn end(self, zone: &TimeZone) -> String {
        let next = self.first.checked_add(1.month()).ok();
        let end = next.and_then(|next| start_of(next, zone)).unwrap_or(Timestamp::MAX);
        sortable(end)
    }
}

/// Returns the first moment of a day in a time zone.
pub(crate) fn start_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(day.to_zoned(zone.clone()).ok()?.timestamp())
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.first.strftime("%Y-%m"))
    }
}
