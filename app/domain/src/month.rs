//! Calendar months.

use std::fmt;
use std::str::FromStr;

/// A calendar month, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month(String);

/// The text is not a valid month.
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
    /// Returns the month of a time.
    pub fn of(time: jiff::Timestamp) -> Self {
        Self(time.strftime("%Y-%m").to_string())
    }

    /// Returns the text that sorts before every position in the month and after all earlier ones.
    pub(crate) fn begin(&self) -> &str {
        &self.0
    }

    /// Returns the text that sorts after every position in the month and before all later ones.
    pub(crate) fn end(&self) -> String {
        // `.` follows `-`, the character after the month in a position.
        format!("{}.", self.0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
