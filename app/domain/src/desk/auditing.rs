//! Reading the audit log.

use gazette_table::{Item, Order, Range};

use crate::audit::{AuditDay, AuditRecord, ChainHead};
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::Limit;
use crate::policy::Action;
use crate::records;

/// How many days are offered at once.
const DAYS_SHOWN: usize = 366;

impl NewsDesk {
    /// The days on which anything was done, the latest first.
    pub async fn audit_days(&self, caller: &Caller) -> Result<Vec<String>, DeskError> {
        self.policy.authorize(caller, Action::ReadAudit)?;
        let all = Range::all();
        let page =
            self.ports.table.query(records::AUDIT, &all, Order::Descending, DAYS_SHOWN).await?;
        Ok(page.items.into_iter().map(|item| item.key.sort).collect())
    }

    /// The log of a day (`2026-11-21`), the latest first, from before entry number `before` on.
    pub async fn audit_day(
        &self,
        caller: &Caller,
        day: &str,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<AuditDay, DeskError> {
        self.policy.authorize(caller, Action::ReadAudit)?;
        let table = &self.ports.table;
        let head = table.get(&records::audit_head_key(day)).await?;
        let head: ChainHead = match &head {
            Some(item) => item.parse()?,
            None => return Err(DeskError::Missing),
        };
        let range = Range { after: None, before: before.map(records::audit_place) };
        let partition = records::audit_partition(day);
        let page = table.query(&partition, &range, Order::Descending, limit.get()).await?;
        let entries: Vec<AuditRecord> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        let is_whole = is_whole(&entries, &head, before, day, page.more);
        Ok(AuditDay { entries, total: head.number, is_whole })
    }
}

/// Whether each entry is as it was written and follows on the one before it, and whether the
/// newest is the last link and the oldest the first.
fn is_whole(
    entries: &[AuditRecord],
    head: &ChainHead,
    before: Option<u64>,
    day: &str,
    more: bool,
) -> bool {
    let newest = entries.first();
    let ends_well = match before {
        None => newest.is_some_and(|entry| entry.hash == head.hash && entry.number == head.number),
        Some(before) => newest.is_none_or(|entry| entry.number + 1 == before),
    };
    let begins_well = more
        || entries.last().is_none_or(|oldest| {
            oldest.number == 1 && oldest.previous == ChainHead::of_day(day).hash
        });
    let links = entries.windows(2).all(|pair| match pair {
        [later, earlier] => later.previous == earlier.hash && later.number == earlier.number + 1,
        _ => false,
    });
    ends_well && begins_well && links && entries.iter().all(AuditRecord::is_whole)
}
