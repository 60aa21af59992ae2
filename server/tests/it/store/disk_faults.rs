//! Power cuts and failing disks, at every point where one can happen.

use gazette_server::store::EmbeddedTable;
use gazette_table::conformance::ManualClock;
use gazette_table::{Item, Key, Order, Range, Table, TableError, Write};
use serde_json::json;

use super::disk::{Disk, Fault, Operation, apply};

/// How many writes each history has.
const WRITES: usize = 12;
const SECTOR: usize = 512;

fn open(disk: &Disk) -> EmbeddedTable {
    let disk = disk.clone();
    let clock = ManualClock::default().clock();
    EmbeddedTable::on_storage(move || Ok(disk.storage()), clock).expect("opened")
}

/// The batch of a write: two items that say the same, one of them new and one written over.
fn batch(number: usize) -> Vec<Write> {
    let body = json!({ "number": number, "text": "x".repeat(3_000 * (number % 4)) });
    let item = |sort: String| Item::new(Key::new("p", sort), &body).expect("an item");
    vec![Write::put(item("last".to_owned())), Write::create(item(format!("{number:03}")))]
}

/// Checks that the first so many writes are there, whole, and at most one more.
async fn holds(table: &EmbeddedTable, acknowledged: usize, when: &str) {
    let page = table.query("p", &Range::all(), Order::Ascending, 100).await.expect("readable");
    let there = page.items.len().saturating_sub(1);
    assert!((acknowledged..=acknowledged + 1).contains(&there), "{when}: {there}");
    for number in 0..there {
        let [last, own] = batch(number).try_into().expect("two writes");
        let found = |write: &Write| page.items.iter().find(|item| item.key == *write.key());
        let Write::Put { item, .. } = &own else { panic!("a put") };
        assert_eq!(found(&own), Some(item), "{when}: {number}");
        let Write::Put { item, .. } = &last else { panic!("a put") };
        assert_eq!(found(&last) == Some(item), number + 1 == there, "{when}: {number}");
    }
}

#[tokio::test]
async fn f_02_a_power_cut_at_any_moment_loses_nothing_acknowledged() {
    let disk = Disk::default();
    let table = open(&disk);
    for number in 0..WRITES {
        table.write(batch(number)).await.expect("written");
        disk.acknowledged(number + 1);
    }
    drop(table);
    let mut random = fastrand::Rng::with_seed(2);
    let (mut synced, mut since, mut acknowledged) = (Vec::new(), Vec::new(), None);
    for (moment, operation) in disk.operations().into_iter().enumerate() {
        match operation {
            Operation::Acknowledged(writes) => acknowledged = Some(writes),
            Operation::Sync => since.drain(..).for_each(|operation| apply(&mut synced, &operation)),
            operation => since.push(operation),
        }
        // Before the first write the store itself was not yet promised to anybody.
        let Some(acknowledged) = acknowledged else { continue };
        for kept in [0, 50, 100] {
            let mut bytes = synced.clone();
            for operation in &since {
                tear(&mut bytes, operation, kept, &mut random);
            }
            let table = open(&Disk::holding(bytes));
            holds(&table, acknowledged, &format!("moment {moment}, {kept} % kept")).await;
        }
    }
    assert_eq!(acknowledged, Some(WRITES));
}

/// Does what the operation says to some of its sectors, `kept` of a hundred.
fn tear(bytes: &mut Vec<u8>, operation: &Operation, kept: u32, random: &mut fastrand::Rng) {
    let Operation::Write(offset, data) = operation else { return apply(bytes, operation) };
    let mut start = usize::try_from(*offset).expect("a small disk");
    let mut rest = data.as_slice();
    while !rest.is_empty() {
        let (sector, after) = rest.split_at(rest.len().min(SECTOR - start % SECTOR));
        if random.u32(0..100) < kept {
            apply(bytes, &Operation::Write(start as u64, sector.to_vec()));
        }
        start += sector.len();
        rest = after;
    }
}

#[tokio::test]
async fn f_03_after_a_failed_write_or_sync_nothing_more_is_acknowledged() {
    let disk = Disk::default();
    let before = {
        let table = open(&disk);
        table.write(batch(0)).await.expect("written");
        disk.changes()
    };
    let mut hurt = 0;
    for first in before + 1.. {
        let disk = Disk::default();
        let table = open(&disk);
        // What comes after the failure works again, so only the table itself can refuse.
        disk.fail(Some(Fault { first, last: first }));
        let acknowledged = write_until_refused(&table).await;
        if acknowledged == WRITES {
            break;
        }
        hurt += 1;
        holds(&table, acknowledged, &format!("reading on after change {first} failed")).await;
        drop(table);
        holds(&open(&disk), acknowledged, &format!("after change {first} failed")).await;
    }
    assert!(hurt > WRITES, "every write makes several changes: {hurt}");
}

/// Writes until a write is refused, and checks that all later ones are too.
async fn write_until_refused(table: &EmbeddedTable) -> usize {
    for number in 0..WRITES {
        if let Err(refused) = table.write(batch(number)).await {
            assert!(matches!(refused, TableError::Unavailable { .. }), "{refused:?}");
            for later in number..WRITES {
                let refused = table.write(batch(later)).await;
                assert!(matches!(refused, Err(TableError::Unavailable { .. })), "{refused:?}");
            }
            return number;
        }
    }
    WRITES
}

#[tokio::test]
async fn f_03_a_disk_that_stays_broken_is_refused_and_never_panics() {
    for first in 1..200 {
        let disk = Disk::default();
        disk.fail(Some(Fault { first, last: usize::MAX }));
        let there = disk.clone();
        let clock = ManualClock::default().clock();
        let opened = EmbeddedTable::on_storage(move || Ok(there.storage()), clock);
        let acknowledged = match &opened {
            Ok(table) => write_until_refused(table).await,
            Err(_) => continue,
        };
        drop(opened);
        disk.fail(None);
        if acknowledged > 0 {
            holds(&open(&disk), acknowledged, &format!("broken from change {first} on")).await;
        }
    }
}
