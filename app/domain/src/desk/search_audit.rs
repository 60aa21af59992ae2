//! Search of the audit log: back in time, with a bound on the work of one call.

use gazette_table::{Item, MAX_PAGE, Order, Range, Table};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::action::Action;
use crate::audit::{AuditRecord, ChainHead};
use crate::audit_filter::{AuditFilter, AuditPosition};
use crate::audit_lines::is_same_batch;
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::records;

/// Records that one call reads at most.
const MAX_RECORDS: usize = 2_000;
/// Days that one call reads at most; days without records do not count.
const MAX_DAYS: usize = 100;

/// Result of a search: a part of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// Records that meet the filter, the latest first.
    pub records: Vec<AuditRecord>,
    /// Position to continue from; `None` at the beginning of the log.
    pub next: Option<AuditPosition>,
    /// The page has as many batches as were asked for. Otherwise, with a `next`, the bound of the
    /// work was reached.
    pub is_full: bool,
    /// Time of the earliest record that was read.
    pub searched_back_to: Option<Timestamp>,
    /// The parts of the days' chains that were read and checked, the latest first.
    pub checked: Vec<CheckedDay>,
}

/// Check of a part of a day's chain of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedDay {
    /// UTC day.
    pub day: Date,
    /// Number of the first record that was read.
    pub first: u64,
    /// Number of the last record that was read.
    pub last: u64,
    /// Number of records of the whole day.
    pub total: u64,
    /// Every record has its own hash and that of the record before it, and none is missing.
    pub is_intact: bool,
}

impl NewsDesk {
    /// Returns the records that meet a filter before a position, or the latest ones: at most
    /// `batches` requests with all their records.
    ///
    /// Checks everything that it reads, which is every record of the days in question.
    pub async fn search_audit(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
        position: Option<&AuditPosition>,
        batches: usize,
    ) -> Result<AuditPage, DeskError> {
        self.policy.authorize(caller, Action::ReadAudit)?;
        search_audit(self.newsroom.table.as_ref(), filter, position, batches).await
    }
}

/// Searches a table without asking the policy.
pub(super) async fn search_audit(
    table: &dyn Table,
    filter: &AuditFilter,
    position: Option<&AuditPosition>,
    batches: usize,
) -> Result<AuditPage, DeskError> {
    let range = days(filter, position);
    let heads = table.query(records::AUDIT, &range, Order::Descending, MAX_DAYS).await?;
    let mut search = Search {
        table,
        filter,
        batches,
        found: 0,
        unread: MAX_RECORDS,
        page: AuditPage::default(),
    };
    for item in &heads.items {
        let Ok(day) = item.key.sort.parse::<Date>() else { continue };
        let before = position.filter(|position| position.day == day);
        let before = before.and_then(|position| position.before);
        if let Some(before) = search.day(day, &item.parse()?, before).await? {
            search.page.next = Some(AuditPosition { day, before: Some(before) });
            return Ok(search.page);
        }
    }
    let last = heads.items.last().filter(|_| heads.more);
    let last: Option<Date> = last.and_then(|item| item.key.sort.parse().ok());
    let next = last.and_then(|day| day.yesterday().ok());
    search.page.next = next.map(|day| AuditPosition { day, before: None });
    Ok(search.page)
}

/// Returns the range of days that can have records of a filter before a position.
fn days(filter: &AuditFilter, position: Option<&AuditPosition>) -> Range {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    // Ranges are exclusive.
    let last = [position.map(|position| position.day), filter.until.map(day)];
    let last = last.into_iter().flatten().min().and_then(|day| day.tomorrow().ok());
    let first = filter.from.map(day).and_then(|day| day.yesterday().ok());
    Range { after: first.map(|day| day.to_string()), before: last.map(|day| day.to_string()) }
}

/// Search in progress.
struct Search<'s> {
    table: &'s dyn Table,
    filter: &'s AuditFilter,
    batches: usize,
    /// Batches found so far.
    found: usize,
    /// Records that may still be read.
    unread: usize,
    page: AuditPage,
}

impl Search<'_> {
    /// Searches a day. Returns the number of the record before which to continue, if it was not
    /// searched to its beginning.
    async fn day(
        &mut self,
        day: Date,
        head: &ChainHead,
        before: Option<u64>,
    ) -> Result<Option<u64>, DeskError> {
        let name = day.to_string();
        let partition = records::audit_partition(&name);
        // Records after the head were written since it was read, or by an interrupted import.
        let end = head.number.saturating_add(1);
        let before = before.unwrap_or(end).clamp(1, end);
        let mut chain = Chain { before, hash: None, is_intact: true };
        chain.hash = self.hash_before(&name, head, before).await?;
        loop {
            let range = Range { after: None, before: Some(records::audit_sort_key(chain.before)) };
            let limit = self.unread.min(MAX_PAGE);
            if limit == 0 {
                self.checked(day, head, before, &chain);
                return Ok(Some(chain.before).filter(|before| *before > 1));
            }
            let page = self.table.query(&partition, &range, Order::Descending, limit).await?;
            self.unread -= page.items.len();
            for item in &page.items {
                if let Some(record) = chain.check(item) {
                    self.page.searched_back_to = Some(record.event.at);
                    if !self.add(&record) {
                        self.page.is_full = true;
                        chain.before = record.number.saturating_add(1);
                        self.checked(day, head, before, &chain);
                        return Ok(Some(chain.before));
                    }
                }
            }
            if !page.more {
                chain.end(&name);
                self.checked(day, head, before, &chain);
                return Ok(None);
            }
        }
    }

    /// Returns the hash that the last record before a number must have.
    async fn hash_before(
        &self,
        day: &str,
        head: &ChainHead,
        before: u64,
    ) -> Result<Option<String>, DeskError> {
        if before > head.number {
            return Ok(Some(head.hash.clone()));
        }
        let next = self.table.get(&records::audit_record_key(day, before)).await?;
        Ok(next.and_then(|item| item.parse::<AuditRecord>().ok()).map(|record| record.previous))
    }

    /// Adds a record if it meets the filter. Returns `false` if it begins a batch too many.
    fn add(&mut self, record: &AuditRecord) -> bool {
        if !self.filter.matches(&record.event) {
            return true;
        }
        let continues = self.page.records.last().is_some_and(|last| is_same_batch(last, record));
        if !continues {
            if self.found == self.batches {
                return false;
            }
            self.found += 1;
        }
        self.page.records.push(record.clone());
        true
    }

    fn checked(&mut self, day: Date, head: &ChainHead, before: u64, chain: &Chain) {
        let (first, last) = (chain.before, before.saturating_sub(1));
        // Nothing was read before the first record.
        if first <= last || !chain.is_intact {
            let is_intact = chain.is_intact;
            let total = head.number;
            self.page.checked.push(CheckedDay { day, first, last, total, is_intact });
        }
    }
}

/// Check of a chain from its latest record back.
struct Chain {
    /// Number of the record checked last.
    before: u64,
    /// Hash that the record before it must have; `None` if it is not known.
    hash: Option<String>,
    is_intact: bool,
}

impl Chain {
    /// Checks the next record. Returns `None` for one that cannot be read.
    fn check(&mut self, item: &Item) -> Option<AuditRecord> {
        let Ok(record) = item.parse::<AuditRecord>() else {
            self.is_intact = false;
            // Its number is in its key.
            self.before = item.key.sort.parse().unwrap_or(self.before);
            self.hash = None;
            return None;
        };
        let is_next = record.number.checked_add(1) == Some(self.before)
            && item.key.sort == records::audit_sort_key(record.number);
        let is_linked = self.hash.as_ref() == Some(&record.hash);
        self.is_intact &= is_next && is_linked && record.is_intact();
        self.before = item.key.sort.parse().unwrap_or(record.number);
        self.hash = Some(record.previous.clone());
        Some(record)
    }

    /// Checks that the record checked last is the first of the day.
    fn end(&mut self, day: &str) {
        let first = ChainHead::of_day(day).hash;
        self.is_intact &= self.before == 1 && self.hash.as_ref() == Some(&first);
        self.before = 1;
    }
}
