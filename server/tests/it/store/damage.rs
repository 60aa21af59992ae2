//! Truncated stores and flipped bits: reads return the right item or an error, never a wrong item.

use gazette_server::store::EmbeddedTable;
use gazette_table::conformance::ManualClock;
use gazette_table::{Item, Key, Order, Page, Range, Table, TableError, Write};
use serde_json::json;
use tokio::runtime::Builder;

use super::disk::Disk;

const FLIPS: usize = 10_000;
const ITEMS: usize = 120;

fn item(number: usize) -> Item {
    let body = json!({ "number": number, "text": format!("{number} ").repeat(number * 2) });
    Item::new(Key::new("p", format!("{number:04}")), &body).expect("an item")
}

/// Returns the bytes of a store that was closed, or whose process was killed.
async fn store(killed: bool) -> Vec<u8> {
    let disk = Disk::default();
    let storage = disk.clone();
    let clock = ManualClock::default().clock();
    let table = EmbeddedTable::on_storage(move || Ok(storage.storage()), clock).expect("opened");
    for number in 0..ITEMS {
        table.write(vec![Write::create(item(number))]).await.expect("written");
    }
    let bytes = disk.bytes();
    drop(table);
    if killed { bytes } else { disk.bytes() }
}

/// Opens the store, reads everything and returns the number of errors.
async fn count_errors(bytes: Vec<u8>, when: &str) -> usize {
    let clock = ManualClock::default().clock();
    let disk = Disk::with_bytes(bytes);
    let opened = EmbeddedTable::on_storage(move || Ok(disk.storage()), clock);
    let table = match opened {
        Ok(table) => table,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return 1;
        }
    };
    let mut errors = 0;
    for number in (0..ITEMS).step_by(7) {
        let item = item(number);
        match table.get(&item.key).await {
            Ok(found) => assert_eq!(found, Some(item), "{when}"),
            Err(error) => errors += check_error(&error),
        }
    }
    let expected = Page { items: (0..ITEMS).map(item).collect(), more: false };
    match table.query("p", &Range::all(), Order::Ascending, ITEMS).await {
        Ok(page) => assert_eq!(page, expected, "{when}"),
        Err(error) => errors += check_error(&error),
    }
    match table.get(&Key::new("p", "absent")).await {
        Ok(found) => assert_eq!(found, None, "{when}"),
        Err(error) => errors += check_error(&error),
    }
    errors
}

fn check_error(error: &TableError) -> usize {
    let TableError::Corrupt { reason, .. } = error else { panic!("{error:?}") };
    assert!(reason.contains("restore the store from a backup"), "{reason}");
    1
}

#[tokio::test]
async fn f_06_a_truncated_store_is_refused() {
    let bytes = store(false).await;
    // An empty storage is a new store; another test checks an empty file.
    for length in (512..bytes.len()).step_by(512) {
        let errors = count_errors(bytes[..length].to_vec(), &format!("cut at {length}")).await;
        assert!(errors > 0, "cut at {length}");
    }
}

#[test]
fn f_06_flipped_bits_are_an_error_or_have_no_effect() {
    for killed in [false, true] {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let bytes = runtime.block_on(async { store(killed).await });
        assert_eq!(runtime.block_on(count_errors(bytes.clone(), "intact")), 0);
        // Most of a small store is unused space.
        let written: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let detected: usize = std::thread::scope(|scope| {
            let (bytes, written) = (&bytes, &written);
            let flips =
                |seed| scope.spawn(move || flip(bytes, written, seed, FLIPS.div_ceil(threads)));
            let running: Vec<_> = (0..threads).map(flips).collect();
            running.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        assert!(detected > FLIPS / 20, "many of the flipped bits are detected: {detected}");
    }
}

/// Flips one bit at a time and returns the number of stores with an error.
fn flip(bytes: &[u8], written: &[usize], seed: usize, flips: usize) -> usize {
    let mut random = fastrand::Rng::with_seed(seed as u64);
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut detected = 0;
    for _ in 0..flips {
        let bit = written[random.usize(0..written.len())] * 8 + random.usize(0..8);
        let mut damaged = bytes.to_vec();
        damaged[bit / 8] ^= 1 << (bit % 8);
        detected += usize::from(runtime.block_on(count_errors(damaged, &format!("bit {bit}"))) > 0);
    }
    detected
}
