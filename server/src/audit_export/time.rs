//! Time of a record.

use gazette_domain::AuditRecord;
use jiff::tz::TimeZone;

/// Returns a time with its offset in the zone (RFC 3339).
pub(super) fn time(record: &AuditRecord, zone: &TimeZone) -> String {
    let at = record.event.at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()
}
