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
        // Records after the head were written since it was read, or by an interrupted import.
        let before = before.unwrap_or(u64::MAX).clamp(1, head.number.saturating_add(1));
        let range = Range { after: None, before: Some(records::audit_sort_key(before)) };
        let partition = records::audit_partition(day);
        let page = table.query(&partition, &range, Order::Descending, limit.get()).await?;
        let entries: Vec<AuditRecord> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        let is_intact = is_intact(&entries, &head, before, day, page.more);
        Ok(AuditDay { entries, total: head.number, is_intact })
    }
}

/// Checks that every record is unaltered and follows the one before it, that the newest record is
/// the last one with a number less than `before`, and that the oldest one is the first of the day
/// unless there are `more`.
fn is_intact(
    entries: &[AuditRecord],
    head: &ChainHead,
    before: u64,
    day: &str,
    more: bool,
) -> bool {
    let is_next =
        |earlier: &AuditRecord, number: u64| earlier.number.checked_add(1) == Some(number);
    let newest_is_expected = match entries.first() {
        None => before == 1,
        Some(newest) => {
            is_next(newest, before) && (before <= head.number || newest.hash == head.hash)
        }
    };
    let oldest_is_expected = more
        || entries.last().is_none_or(|oldest| {
            oldest.number == 1 && oldest.previous == ChainHead::of_day(day).hash
        });
    let are_linked = entries.windows(2).all(|pair| match pair {
        [later, earlier] => later.previous == earlier.hash && is_next(earlier, later.number),
        _ => false,
    });
    newest_is_expected
        && oldest_is_expected
        && are_linked
        && entries.iter().all(AuditRecord::is_intact)
}
