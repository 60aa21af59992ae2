//! Import of one day of the audit log, which extends the chain of that day.

use gazette_table::{Item, TableError, Write};

use crate::audit::ChainHead;
use crate::desk::newsroom::Newsroom;
use crate::records;

/// The number of records that one batch writes.
const RECORDS_PER_BATCH: usize = 20;

/// The result of importing the audit log, in items: the records, and one chain head a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditImport {
    /// Items that are new here.
    pub created: usize,
    /// Chain heads that were replaced because the log of their day grew.
    pub updated: usize,
    /// Items that were here already.
    pub unchanged: usize,
    /// Days that were refused, with the number of their records: their log does not extend the
    /// one here, which is kept.
    pub refused: Vec<(String, usize)>,
}

impl Newsroom {
    pub(super) async fn import_audit_day(
        &self,
        day: &str,
        records: &[Item],
        outcome: &mut AuditImport,
    ) -> Result<(), TableError> {
        let key = records::audit_head_key(day);
        let stored = self.table.get(&key).await?;
        let Some(links) = links(records) else {
            outcome.refused.push((day.to_owned(), records.len()));
            return Ok(());
        };
        let head: Option<ChainHead> = stored.as_ref().map(Item::parse).transpose()?;
        if !self.extends(head.as_ref(), records, &links).await? {
            outcome.refused.push((day.to_owned(), records.len()));
            return Ok(());
        }
        let known = head.map_or(0, |head| index(head.number)).min(records.len());
        outcome.unchanged += known;
        let new = records.get(known..).unwrap_or_default();
        let (Some(last), false) = (links.last(), new.is_empty()) else {
            outcome.unchanged += 1;
            return Ok(());
        };
        for batch in new.chunks(RECORDS_PER_BATCH) {
            // Records beyond the head are not part of the chain, so an interrupted import may
            // have left some, which are replaced.
            self.table.write(batch.iter().cloned().map(Write::put).collect()).await?;
            outcome.created += batch.len();
        }
        let item = Item::new(key, last)?.version(last.number);
        let (write, count) = match stored {
            None => (Write::create(item), &mut outcome.created),
            Some(stored) => (Write::replace(item, stored.version), &mut outcome.updated),
        };
        self.table.write(vec![write]).await?;
        *count += 1;
        Ok(())
    }

    /// Checks that one of the two logs, that of the table and that of the file, begins with the
    /// other.
    async fn extends(
        &self,
        head: Option<&ChainHead>,
        records: &[Item],
        links: &[ChainHead],
    ) -> Result<bool, TableError> {
        let Some(head) = head else { return Ok(true) };
        if index(head.number) <= links.len() {
            let link = index(head.number).checked_sub(1).and_then(|at| links.get(at));
            return Ok(link == Some(head));
        }
        match records.last() {
            Some(last) => Ok(self.table.get(&last.key).await?.as_ref() == Some(last)),
            None => Ok(true),
        }
    }
}

/// Returns the link of each record; `None` when the numbers are not 1, 2, 3 and so on.
///
/// Hashes are not checked here: a tampered log must stay visible as such after an import.
fn links(records: &[Item]) -> Option<Vec<ChainHead>> {
    let numbered = records.iter().zip(1..);
    numbered
        .map(|(item, number)| {
            let link: ChainHead = item.parse().ok()?;
            let is_next = link.number == number && item.key.sort == records::audit_sort_key(number);
            is_next.then_some(link)
        })
        .collect()
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
