//! Reads of the audit log.

use gazette_table::{Item, Order, Range};

use crate::action::Action;
use crate::audit::{AuditDay, AuditRecord, ChainHead};
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::Limit;
use crate::records;

/// The number of days that [`NewsDesk::audit_days`] lists.
const MAX_DAYS: usize = 366;

impl NewsDesk {
    /// Returns the days that have audit records, latest first.
    pub async fn audit_days(&self, caller: &Caller) -> Result<Vec<String>, DeskError> {
        self.policy.authorize(caller, Action::ReadAudit)?;
        let all = Range::all();
        let table = &self.newsroom.table;
        let page = table.query(records::AUDIT, &all, Order::Descending, MAX_DAYS).await?;
        Ok(page.items.into_iter().map(|item| item.key.sort).collect())
    }

    /// Returns the records of a day (`2026-11-21`) with a number less than `before`, latest first.
    pub async fn audit_day(
        &self,
        caller: &Caller,
        day: &str,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<AuditDay, DeskError> {
        self.policy.authorize(caller, Action::ReadAudit)?;
        let table = &self.newsroom.table;
        let head = table.get(&records::audit_head_key(day)).await?;
        let head: ChainHead = head.ok_or(DeskError::Missing)?.parse()?;
        let range = Range { after: None, before: before.map(records::audit_sort_key) };
        let partition = records::audit_partition(day);
        let page = table.query(&partition, &range, Order::Descending, limit.get()).await?;
        let entries: Vec<AuditRecord> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        let is_whole = is_whole(&entries, &head, before, day, page.more);
        Ok(AuditDay { entries, total: head.number, is_whole })
    }
}

/// Checks that every record is unaltered and follows the one before it, that the newest record is
/// the one expected, and that the oldest one is the first of the day unless there are `more`.
fn is_whole(
    entries: &[AuditRecord],
    head: &ChainHead,
    before: Option<u64>,
    day: &str,
    more: bool,
) -> bool {
    let newest = entries.first();
    let newest_is_expected = match before {
        None => newest.is_some_and(|entry| entry.hash == head.hash && entry.number == head.number),
        Some(before) => newest.is_none_or(|entry| entry.number + 1 == before),
    };
    let oldest_is_expected = more
        || entries.last().is_none_or(|oldest| {
            oldest.number == 1 && oldest.previous == ChainHead::of_day(day).hash
        });
    let are_linked = entries.windows(2).all(|pair| match pair {
        [later, earlier] => later.previous == earlier.hash && later.number == earlier.number + 1,
        _ => false,
    });
    newest_is_expected
        && oldest_is_expected
        && are_linked
        && entries.iter().all(AuditRecord::is_whole)
}
