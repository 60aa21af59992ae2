//! Taking over the audit log: a day at a time, since a day is a chain.

use std::collections::BTreeMap;

use gazette_table::{Item, Key, Table, TableError, Write};
use serde_json::json;

/// How many entries go in one batch.
const ENTRIES_PER_BATCH: usize = 20;

/// The entries of a file, by day and in the order of the chain.
#[derive(Default)]
pub(super) struct Log(BTreeMap<String, BTreeMap<String, Item>>);

/// What became of the entries and of the last link of each day.
#[derive(Default)]
pub(super) struct Outcome {
    /// They were not here.
    pub(super) created: usize,
    /// Last links of days that went on in the file.
    pub(super) updated: usize,
    /// They were here just so.
    pub(super) unchanged: usize,
    /// Days whose log here is another one, which stays.
    pub(super) refused: Vec<String>,
}

impl Log {
    /// Takes an entry, or the last link of a day, which is made again from the entries.
    pub(super) fn add(&mut self, item: Item) {
        if let Some(day) = item.key.partition.strip_prefix("audit#") {
            let day = self.0.entry(day.to_owned()).or_default();
            day.insert(item.key.sort.clone(), item);
        }
    }

    /// Writes every day whose log here is a beginning of the one in the file, or none.
    pub(super) async fn write(self, table: &dyn Table) -> Result<Outcome, TableError> {
        let mut outcome = Outcome::default();
        for (day, entries) in self.0 {
            let entries: Vec<Item> = entries.into_values().collect();
            write_day(table, &day, &entries, &mut outcome).await?;
        }
        Ok(outcome)
    }
}

async fn write_day(
    table: &dyn Table,
    day: &str,
    entries: &[Item],
    outcome: &mut Outcome,
) -> Result<(), TableError> {
    let key = Key::new("audit", day);
    let head = table.get(&key).await?;
    let here = head.as_ref().map_or(0, |head| head.version);
    let here = usize::try_from(here).unwrap_or(usize::MAX);
    let hash_at = |number: usize| {
        let entry = number.checked_sub(1).and_then(|at| entries.get(at));
        entry.and_then(|entry| entry.body.get("hash")).cloned()
    };
    let known = here.min(entries.len());
    let follows = match &head {
        None => true,
        Some(head) if here <= entries.len() => head.body.get("hash") == hash_at(here).as_ref(),
        // More was done here since; what the file says must be how that began.
        Some(_) => {
            let last = entries.last().map(|entry| entry.key.clone());
            match last {
                Some(key) => table.get(&key).await?.as_ref() == entries.last(),
                None => true,
            }
        }
    };
    let is_chain =
        entries.iter().enumerate().all(|(at, entry)| entry.key.sort == format!("{:010}", at + 1));
    if !follows || !is_chain {
        let count = entries.len();
        outcome.refused.push(format!(
            "{count} entries of the audit log of {day}: the log here is another one, which stays"
        ));
        return Ok(());
    }
    outcome.unchanged += known;
    let new = entries.get(known..).unwrap_or_default();
    for some in new.chunks(ENTRIES_PER_BATCH) {
        // Without the last link they count for nothing, so those of a try before are replaced.
        table.write(some.iter().cloned().map(Write::put).collect()).await?;
        outcome.created += some.len();
    }
    let (Some(last), false) = (hash_at(entries.len()), new.is_empty()) else {
        outcome.unchanged += 1;
        return Ok(());
    };
    let number = entries.len() as u64;
    let item = Item::new(key, &json!({ "number": number, "hash": last }))?.version(number);
    let (write, count) = match head {
        None => (Write::create(item), &mut outcome.created),
        Some(head) => (Write::replace(item, head.version), &mut outcome.updated),
    };
    table.write(vec![write]).await?;
    *count += 1;
    Ok(())
}
