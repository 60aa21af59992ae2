//! Changes that are written together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gazette_domain::{DeskError, Feed, SystemTask};
use gazette_table::TableError;
use tokio::task::JoinSet;

use crate::world::{World, audit_log, headlines, input, publish};

/// Stories that are published at the same time.
const WRITERS: usize = 20;

/// Counts the batches that extend the audit log.
fn count_batches(world: &World) -> Arc<AtomicUsize> {
    let batches = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&batches);
    world.table.set_hook(move |call| {
        if call.is_write && call.partitions.iter().any(|partition| partition.starts_with("audit")) {
            counter.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    });
    batches
}

async fn publish_at_once(world: &World) -> Vec<Result<(), DeskError>> {
    let mut tasks = JoinSet::new();
    for number in 0..WRITERS {
        let world = world.clone();
        let input = input(&format!("Story {number}"), 1);
        tasks.spawn(
            async move { world.operator.publish(SystemTask::Import, input).await.map(|_| ()) },
        );
    }
    tasks.join_all().await
}

#[tokio::test]
async fn concurrent_changes_share_batches() {
    let world = World::new();
    publish(&world, input("First", 2)).await;
    let batches = count_batches(&world);
    for outcome in publish_at_once(&world).await {
        outcome.expect("published");
    }
    let batches = batches.load(Ordering::SeqCst);
    assert!(batches * 4 <= WRITERS, "{batches} batches for {WRITERS} stories");
    assert_eq!(headlines(&world.desk, Feed::All).await.len(), WRITERS + 1);
    assert_eq!(audit_log(&world.desk).await.len(), WRITERS + 1);
}

#[tokio::test]
async fn stories_that_want_the_same_address_get_different_ones() {
    let world = World::new();
    let mut tasks = JoinSet::new();
    for _ in 0..WRITERS {
        let world = world.clone();
        tasks.spawn(async move { publish(&world, input("The same", 1)).await });
    }
    let stories = tasks.join_all().await;
    let mut slugs: Vec<_> = stories.iter().map(|story| story.teaser().slug.clone()).collect();
    slugs.sort();
    slugs.dedup();
    assert_eq!(slugs.len(), WRITERS);
    assert_eq!(audit_log(&world.desk).await.len(), WRITERS);
}

#[tokio::test]
async fn f_38_changes_that_are_too_large_together_are_written_apart() {
    let world = World::new();
    let mut tasks = JoinSet::new();
    for number in 0..WRITERS {
        let world = world.clone();
        let mut input = input(&format!("Long story {number}"), 1);
        input.body = "A long text. ".repeat(20_000);
        tasks.spawn(async move { publish(&world, input).await });
    }
    assert_eq!(tasks.join_all().await.len(), WRITERS);
    assert_eq!(audit_log(&world.desk).await.len(), WRITERS);
}

#[tokio::test]
async fn an_unavailable_table_fails_every_change_that_waits() {
    let world = World::new();
    publish(&world, input("First", 2)).await;
    world.table.allow_writes(0);
    for outcome in publish_at_once(&world).await {
        let error = outcome.expect_err("no write");
        assert!(matches!(error, DeskError::Table(TableError::Unavailable { .. })), "{error:?}");
    }
    world.table.allow_all_writes();
    assert_eq!(audit_log(&world.desk).await.len(), 1);
}

#[tokio::test]
async fn f_39_a_dropped_change_holds_up_no_other() {
    for steps in 0..40 {
        let world = World::new();
        publish(&world, input("First", 2)).await;
        world.table.set_max_yields(5);
        let mut tasks = JoinSet::new();
        for number in 0..WRITERS {
            let world = world.clone();
            let input = input(&format!("Story {number}"), 1);
            tasks.spawn(async move { world.operator.publish(SystemTask::Import, input).await });
        }
        for _ in 0..steps {
            tokio::task::yield_now().await;
        }
        tasks.abort_all();
        while tasks.join_next().await.is_some() {}
        let more = publish(&world, input("After", 0));
        tokio::time::timeout(Duration::from_secs(5), more).await.expect("no wait");
        let written = headlines(&world.desk, Feed::All).await.len();
        assert_eq!(audit_log(&world.desk).await.len(), written, "after {steps} steps");
    }
}
