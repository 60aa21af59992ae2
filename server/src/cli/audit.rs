//! Searches the audit log.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Result, bail};
use gazette_app::pages::act_of;
use gazette_domain::{AuditAction, AuditFilter, AuditRecord, AuditedStory};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::operator::Operator;
use super::output::{note_line, stdout};
use crate::application::operator_desk;
use crate::audit_export::AuditFormat;

/// Arguments of `audit`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Request {
    /// Only changes by a person: a part of the name, or the user ID.
    #[arg(long, value_name = "NAME", visible_alias = "actor")]
    person: Option<String>,
    /// Only changes of a kind, such as published, updated, trashed, erased or `role_changed`.
    #[arg(long, value_name = "ACTION", value_parser = action)]
    action: Option<AuditAction>,
    /// Only changes of a story: its ID, or words of its headline at that time.
    #[arg(long, value_name = "STORY")]
    story: Option<String>,
    /// Only changes from this day or time on, as in 2026-11-26 or 2026-11-26T09:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = day_or_time)]
    from: Option<DayOrTime>,
    /// Only changes until the end of this day, or before this time.
    #[arg(long, value_name = "TIME", value_parser = day_or_time)]
    to: Option<DayOrTime>,
    /// Maximum number of entries; the latest ones are shown.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Prints a JSON object on each line, as `/desk/audit.ndjson` does.
    #[arg(long)]
    json: bool,
}

/// Prints the records, the latest first. Fails if a part of the log was altered.
pub(super) async fn run(mut operator: Operator<'_>, request: &Request) -> Result<()> {
    let filter = filter(request, &operator.time_zone());
    let table = operator.open_present().await?;
    let zone = operator.time_zone();
    let desk = operator_desk(table, &operator.clock);
    let mut left = request.limit.map_or(usize::MAX, |limit| limit as usize);
    let (mut position, mut altered, mut found) = (None, Vec::new(), false);
    loop {
        let page = desk.search_audit(&filter, position.as_ref(), left).await?;
        let records = page.records.get(..left).unwrap_or(&page.records);
        left -= records.len();
        found |= !records.is_empty();
        altered.extend(page.checked.iter().filter(|day| !day.is_intact).map(|checked| checked.day));
        stdout().write_all(text(records, request.json, &zone).as_bytes())?;
        position = page.next.filter(|_| left > 0);
        if position.is_none() {
            break;
        }
    }
    if !found && !request.json {
        note_line("no entry of the log fits");
    }
    altered.dedup();
    if altered.is_empty() {
        return Ok(());
    }
    let days: Vec<String> = altered.iter().map(ToString::to_string).collect();
    bail!("entries were altered or are missing on {}", days.join(", "))
}

fn text(records: &[AuditRecord], is_json: bool, zone: &TimeZone) -> String {
    let mut text = String::new();
    if is_json {
        AuditFormat::Ndjson.write(&mut text, records, zone);
        return text;
    }
    for record in records {
        text.push_str(&line(record, zone));
        text.push('\n');
    }
    text
}

/// Returns time, person, action, headline, story, reason for readers, permission and request.
fn line(record: &AuditRecord, zone: &TimeZone) -> String {
    let event = &record.event;
    let at = event.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    let person = match &event.by.sub {
        Some(_) => event.by.name.clone(),
        None => format!("System ({})", event.by.name),
    };
    let mut line = format!("{at}  {person}  {}  {:?}", event.action.as_str(), event.headline);
    let story = event.story.map(|story| story.to_string());
    let reason = event.removal_reason.as_ref().map(|reason| format!("{reason:?}"));
    let more = [
        ("story", story),
        ("reason", reason),
        ("permission", Some(event.by.reason.clone())),
        ("request", event.by.request_id.clone()),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = write!(line, "  {name}={value}");
        }
    }
    line
}

fn filter(request: &Request, zone: &TimeZone) -> AuditFilter {
    AuditFilter {
        person: request.person.clone(),
        action: request.action,
        story: request.story.as_deref().and_then(AuditedStory::parse),
        from: request.from.map(|from| from.start(zone)),
        until: request.to.map(|to| to.end(zone)),
    }
}

fn action(name: &str) -> Result<AuditAction, &'static str> {
    act_of(name).ok_or("not an action of the log; see the field act of --json")
}

/// A time, or a day in the time zone of the site.
#[derive(Clone, Copy, Debug)]
enum DayOrTime {
    Day(Date),
    Time(Timestamp),
}

impl DayOrTime {
    fn start(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Day(day) => first_moment(day, zone),
            Self::Time(time) => time,
        }
    }

    fn end(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Day(day) => {
                day.tomorrow().map_or(Timestamp::MAX, |next| first_moment(next, zone))
            }
            Self::Time(time) => time,
        }
    }
}

/// Returns the beginning of a day. Only the last day that there is has none in some time zones.
fn first_moment(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn day_or_time(text: &str) -> Result<DayOrTime, &'static str> {
    if let Ok(time) = text.parse() {
        return Ok(DayOrTime::Time(time));
    }
    let day = if text.len() == 10 { text.parse().ok() } else { None };
    day.map(DayOrTime::Day).ok_or("not a time; write 2026-11-26 or 2026-11-26T09:30:00Z")
}
