//! A process finds scheduled stories that are due and what other processes change.

use gazette_domain::Selection;

use crate::world::{World, input, member, publish};

const MINUTE: i64 = 60;

fn fail_queries_of_news(world: &World) {
    world.table.fail("down", |call| call.partitions.iter().any(|name| name == "feed#all"));
}

#[tokio::test]
async fn a_sync_after_a_failed_one_finds_what_was_published_in_between() {
    let world = World::new();
    publish(&world, input("Due soon", -1)).await;
    world.operator.sync_with_log().await.expect("synced");
    // A new content version makes the next sync query the news.
    publish(&world, input("Other", 1)).await;
    world.pass(2 * MINUTE);
    fail_queries_of_news(&world);
    assert!(world.operator.sync_with_log().await.is_err());
    world.table.repair();
    let before = world.desk.content_version();
    world.operator.sync_with_log().await.expect("synced");
    assert!(world.desk.content_version() > before);
}

#[tokio::test]
async fn the_time_of_a_failed_first_sync_counts() {
    let world = World::new();
    publish(&world, input("Due soon", -1)).await;
    let other = world.restarted();
    fail_queries_of_news(&other);
    assert!(other.operator.sync_with_log().await.is_err());
    other.table.repair();
    world.pass(2 * MINUTE);
    let before = other.desk.content_version();
    other.operator.sync_with_log().await.expect("synced");
    assert!(other.desk.content_version() > before);
}

#[tokio::test]
async fn a_removal_after_a_failed_first_sync_is_found() {
    let world = World::new();
    let id = publish(&world, input("Soon gone", 1)).await.teaser().id;
    let other = world.restarted();
    fail_queries_of_news(&other);
    assert!(other.operator.sync_with_log().await.is_err());
    other.table.repair();
    world.desk.delete(&member("admin"), &Selection::Ids(vec![id])).await.expect("deleted");
    other.operator.sync_with_log().await.expect("synced");
    assert_eq!(other.desk.last_removal(), other.desk.content_version());
}
