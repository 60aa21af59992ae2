//! Publication of many new stories, in batches.

use gazette_domain::{DeskError, StoryInput, SystemTask, Teaser};
use gazette_table::TableError;

use crate::world::{World, audit_log, input, member};

/// Returns stories, the oldest first.
fn inputs(count: i64) -> Vec<StoryInput> {
    (0..count).rev().map(|minutes| input(&format!("Story {minutes}"), minutes)).collect()
}

/// Returns the stories of the audit log, in its order.
async fn published(world: &World) -> Vec<Teaser> {
    let mut records = audit_log(&world.desk).await;
    records.sort_by_key(|record| record.number);
    let ids: Vec<_> = records.iter().filter_map(|record| record.event.story).collect();
    world.desk.teasers(&member("admin"), &ids).await.expect("read")
}

fn headlines(inputs: &[StoryInput]) -> Vec<&str> {
    inputs.iter().map(|input| input.headline.as_str()).collect()
}

#[tokio::test]
async fn many_new_stories_keep_their_order_and_get_different_slugs() {
    let world = World::new();
    // More than have a number, and more than fit into one batch.
    let inputs: Vec<_> = (0..70).map(|minutes| input("Rivers rise", minutes)).collect();
    let count = world.operator.publish_all(SystemTask::Import, inputs).await.expect("published");
    assert_eq!(count, 70);
    let teasers = published(&world).await;
    assert!(teasers.is_sorted_by_key(|teaser| teaser.published_at));
    let slugs: Vec<&str> = teasers.iter().map(|teaser| teaser.slug.as_str()).collect();
    assert_eq!(slugs.len(), 70);
    assert_eq!(slugs[0], "rivers-rise");
    for number in 2..=50 {
        assert_eq!(slugs[number - 1], format!("rivers-rise-{number}"));
    }
    for teaser in teasers.iter().skip(50) {
        assert_eq!(teaser.slug.as_str(), teaser.id.to_string());
    }
}

#[tokio::test]
async fn slugs_of_a_batch_that_is_being_written_are_not_free() {
    for yields in 2..60 {
        let world = World::new();
        world.table.set_max_yields(yields);
        let inputs: Vec<_> = (0..40).map(|minutes| input("Rivers rise", minutes)).collect();
        let outcome = world.operator.publish_all(SystemTask::Import, inputs).await;
        assert_eq!(outcome.expect("published"), 40, "{yields}");
    }
}

#[tokio::test]
async fn the_batches_before_a_story_that_is_refused_are_written() {
    let world = World::new();
    let mut inputs = inputs(60);
    inputs[40].headline = " ".to_owned();
    let outcome = world.operator.publish_all(SystemTask::Import, inputs.clone()).await;
    assert!(matches!(outcome, Err(DeskError::Unacceptable(_))), "{outcome:?}");
    let published = published(&world).await;
    let found: Vec<&str> = published.iter().map(|teaser| teaser.headline.as_str()).collect();
    assert!((20..=40).contains(&found.len()), "{found:?}");
    assert_eq!(found, headlines(&inputs)[..found.len()]);
}

#[tokio::test]
async fn nothing_follows_a_batch_that_the_store_refuses() {
    let world = World::new();
    let inputs = inputs(60);
    // Labels, and two batches.
    world.table.allow_writes(3);
    let outcome = world.operator.publish_all(SystemTask::Import, inputs.clone()).await;
    let is_of_store = matches!(outcome, Err(DeskError::Table(TableError::Unavailable { .. })));
    assert!(is_of_store, "{outcome:?}");
    world.table.allow_all_writes();
    let published = published(&world).await;
    let found: Vec<&str> = published.iter().map(|teaser| teaser.headline.as_str()).collect();
    assert!((2..40).contains(&found.len()), "{found:?}");
    assert_eq!(found, headlines(&inputs)[..found.len()]);
    let rest = inputs[found.len()..].to_vec();
    let count = world.operator.publish_all(SystemTask::Import, rest).await.expect("published");
    assert_eq!(count + found.len(), 60);
}
