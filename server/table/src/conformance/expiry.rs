//! Expired items: absent at once, removed by a purge.

use super::{ManualClock, item, put, sorts};
use crate::{Key, Order, Range, Table, TableError, Write};

pub(super) async fn expired_items_are_absent(table: &dyn Table, clock: &ManualClock) {
    clock.set(1_000);
    put(table, item("expiry", "a", 1).expires_at(1_010)).await;
    put(table, item("expiry", "b", 1)).await;
    clock.set(1_009);
    assert!(table.get(&Key::new("expiry", "a")).await.expect("readable").is_some());
    clock.set(1_010);
    assert_eq!(table.get(&Key::new("expiry", "a")).await, Ok(None));
    let both = [Key::new("expiry", "a"), Key::new("expiry", "b")];
    let present = table.get_many(&both).await.expect("readable");
    assert_eq!(present.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
    assert_eq!(
        sorts(table, "expiry", Range::all(), Order::Ascending, 1).await,
        (vec!["b".into()], false)
    );
    let revive = Write::replace(item("expiry", "a", 2), 1);
    assert!(matches!(table.write(vec![revive]).await, Err(TableError::Conflict { .. })));
    table
        .write(vec![Write::create(item("expiry", "a", 3))])
        .await
        .expect("an expired item can be replaced");
}

pub(super) async fn a_purge_removes_expired_items_only(table: &dyn Table, clock: &ManualClock) {
    clock.set(3_000);
    table.purge().await.expect("a purge answers");
    for (sort, expires_at) in [("a", 3_010), ("b", 3_010), ("c", 3_011), ("extended", 3_010)] {
        put(table, item("purge", sort, 1).expires_at(expires_at)).await;
    }
    put(table, item("purge", "extended", 2).expires_at(3_020)).await;
    put(table, item("purge", "kept", 1).expires_at(3_010)).await;
    put(table, item("purge", "kept", 2)).await;
    put(table, item("purge", "deleted", 1).expires_at(3_010)).await;
    let delete = Write::delete(Key::new("purge", "deleted"));
    table.write(vec![delete]).await.expect("a delete is written");
    clock.set(3_010);
    let removed = table.purge().await.expect("a purge answers");
    // An engine that removes expired items by itself may leave nothing to do.
    assert!(removed == 2 || removed == 0, "{removed} of 2 expired items were removed");
    assert_eq!(table.purge().await, Ok(0), "a second purge finds nothing");
    let rest = sorts(table, "purge", Range::all(), Order::Ascending, 9).await;
    assert_eq!(rest, (["c", "extended", "kept"].map(str::to_owned).to_vec(), false));
}
