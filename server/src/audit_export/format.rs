//! Format of a download of the audit log.

use gazette_domain::AuditRecord;
use jiff::tz::TimeZone;

use crate::audit_export::{csv, json};

/// Format of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuditFormat {
    /// Comma-separated values (RFC 4180), with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl AuditFormat {
    /// Returns the media type.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson; charset=utf-8",
        }
    }

    /// Returns the value of `Content-Disposition`.
    pub(crate) fn disposition(self) -> &'static str {
        match self {
            Self::Csv => r#"attachment; filename="activity.csv""#,
            Self::Ndjson => r#"attachment; filename="activity.ndjson""#,
        }
    }

    /// Returns the text before the first record.
    pub(crate) fn header(self) -> String {
        match self {
            Self::Csv => csv::header(),
            Self::Ndjson => String::new(),
        }
    }

    /// Writes records, with times in a zone.
    pub(crate) fn write(self, text: &mut String, records: &[AuditRecord], zone: &TimeZone) {
        for record in records {
            match self {
                Self::Csv => csv::write(text, record, zone),
                Self::Ndjson => json::write(text, record, zone),
            }
        }
    }
}
