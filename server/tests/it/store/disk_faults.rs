//! Power cuts and disk errors, at every point where one can happen.

use gazette_server::store::EmbeddedTable;
use gazette_table::conformance::ManualClock;
use gazette_table::{Item, Key, Order, Range, Table, TableError, Write};
use serde_json::json;

use super::disk::{Disk, Fault, Operation, apply};

/// Number of writes in each test.
const WRITES: usize = 12;
const SECTOR: usize = 512;

fn open(disk: &Disk) -> EmbeddedTable {
    let disk = disk.clone();
    let clock = ManualClock::default().clock();
    EmbeddedTable::on_storage(move || Ok(disk.storage()), clock).expect("opened")
}

/// Returns the batch of a write: two items with the same body, one new and one replaced.
fn batch(number: usize) -> Vec<Write> {
    let body = json!({ "number": number, "text": "x".repeat(3_000 * (number % 4)) });
    let item = |sort: String| Item::new(Key::new("p", sort), &body).expect("an item");
    vec![Write::put(item("last".to_owned())), Write::create(item(format!("{number:03}")))]
}

/// Checks that the acknowledged writes are complete and that there is at most one more.
async fn assert_has_writes(table: &EmbeddedTable, acknowledged: usize, when: &str) {
    let page = table.query("p", &Range::all(), Order::Ascending, 100).await.expect("readable");
    let count = page.items.len().saturating_sub(1);
    assert!((acknowledged..=acknowledged + 1).contains(&count), "{when}: {count}");
    for number in 0..count {
        let [last, own] = batch(number).try_into().expect("two writes");
        let found = |write: &Write| page.items.iter().find(|item| item.key == *write.key());
        let Write::Put { item, .. } = &own else { panic!("a put") };
        assert_eq!(found(&own), Some(item), "{when}: {number}");
        let Write::Put { item, .. } = &last else { panic!("a put") };
        assert_eq!(found(&last) == Some(item), number + 1 == count, "{when}: {number}");
    }
}

#[tokio::test]
async fn f_02_a_power_cut_at_any_moment_loses_no_acknowledged_write() {
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
        // Before the first acknowledged write the store itself may be incomplete.
        let Some(acknowledged) = acknowledged else { continue };
        for kept in [0, 50, 100] {
            let mut bytes = synced.clone();
            for operation in &since {
                tear(&mut bytes, operation, kept, &mut random);
            }
            let table = open(&Disk::with_bytes(bytes));
            assert_has_writes(&table, acknowledged, &format!("moment {moment}, {kept} % kept"))
                .await;
        }
    }
    assert_eq!(acknowledged, Some(WRITES));
}

/// Applies an operation to a random part of its sectors, `kept` percent.
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
async fn f_03_after_a_failed_write_or_sync_no_more_writes_are_acknowledged() {
    let disk = Disk::default();
    let before = {
        let table = open(&disk);
        table.write(batch(0)).await.expect("written");
        disk.changes()
    };
    let mut faults = 0;
    for first in before + 1.. {
        let disk = Disk::default();
        let table = open(&disk);
        // Only one change fails, so later writes must be refused by the table itself.
        disk.fail(Some(Fault { first, last: first }));
        let acknowledged = write_until_refused(&table).await;
        if acknowledged == WRITES {
            break;
        }
        faults += 1;
        assert_has_writes(&table, acknowledged, &format!("reading on after change {first} failed"))
            .await;
        drop(table);
        assert_has_writes(&open(&disk), acknowledged, &format!("after change {first} failed"))
            .await;
    }
    assert!(faults > WRITES, "every write makes several changes: {faults}");
}

/// Writes until a write is refused, and checks that all later ones are refused too.
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
async fn f_03_a_broken_disk_is_an_error_and_never_a_panic() {
    for first in 1..200 {
        let disk = Disk::default();
        disk.fail(Some(Fault { first, last: usize::MAX }));
        let storage = disk.clone();
        let clock = ManualClock::default().clock();
        let opened = EmbeddedTable::on_storage(move || Ok(storage.storage()), clock);
        let acknowledged = match &opened {
            Ok(table) => write_until_refused(table).await,
            Err(_) => continue,
        };
        drop(opened);
        disk.fail(None);
        if acknowledged > 0 {
            assert_has_writes(
                &open(&disk),
                acknowledged,
                &format!("broken from change {first} on"),
            )
            .await;
        }
    }
}
