//! Ranges that are shown.

use jiff::Timestamp;

use crate::frame::Frame;

/// Lengths of the ranges that are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Hour,
    Day,
}

impl Span {
    /// Returns the name in ids.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// Returns a time as it is shown in this range.
    pub(super) fn time(self, frame: &Frame, at: Timestamp) -> String {
        let format = match self {
            Self::Hour => "%H:%M",
            Self::Day => "%a %H:%M",
        };
        at.to_zoned(frame.site.time_zone.clone()).strftime(format).to_string()
    }
}
