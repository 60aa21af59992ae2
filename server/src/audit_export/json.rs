//! Records as JSON lines.

use gazette_domain::AuditRecord;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::audit_export::time::time;

/// Writes a record as one line.
pub(super) fn write(text: &mut String, record: &AuditRecord, zone: &TimeZone) {
    let event = &record.event;
    let line = json!({
        "time": time(record, zone),
        "person": event.by.name,
        "person_id": event.by.sub,
        "act": event.action.as_str(),
        "story": event.story.map(|story| story.to_string()),
        "headline": event.headline,
        "version_before": event.version_before,
        "version_after": event.version_after,
        "removal_reason": event.removal_reason,
        "permission": event.by.reason,
        "request_id": event.by.request_id,
        "day": event.at.strftime("%Y-%m-%d").to_string(),
        "number": record.number,
        "previous": record.previous,
        "hash": record.hash,
    });
    text.push_str(&line.to_string());
    text.push('\n');
}
