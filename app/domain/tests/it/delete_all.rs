//! The deletion of all stories: counted, resumed after a crash, and undone as a whole.

use gazette_domain::{Feed, Limit, Selection};
use gazette_table::{Item, Key, Table, Write};

use crate::world::{World, headlines, input, member, publish};

async fn published(world: &World, count: i64) {
    for number in 0..count {
        publish(world, input(&format!("Story {number}"), number)).await;
    }
}

/// A newsroom of 13 stories whose process crashed after it deleted the first five.
async fn interrupted() -> World {
    let world = World::new();
    published(&world, 13).await;
    world.table.allow_writes(2);
    assert!(world.desk.delete(&member("admin"), &Selection::All).await.is_err());
    world
}

#[tokio::test]
async fn f_01_after_a_crash_at_any_write_the_job_resumes_and_counts_each_story_once() {
    // The job's own record, three batches of five stories, and the end of it.
    for writes in 1..=5 {
        let world = World::new();
        published(&world, 13).await;
        world.table.allow_writes(writes);
        let interrupted = world.desk.delete(&member("admin"), &Selection::All).await;
        assert_eq!(interrupted.is_ok(), writes == 5, "{writes} writes");
        let restarted = world.restarted();
        let desk = &restarted.desk;
        let resumed = restarted.operator.resume_jobs().await.expect("resumed");
        let expected = if writes == 5 { 0 } else { 13 };
        assert_eq!(resumed, expected, "after {writes} writes");
        assert_eq!(restarted.operator.resume_jobs().await.expect("nothing left"), 0);
        assert_eq!(headlines(desk, Feed::All).await, [""; 0]);
        let trash = desk.trash(&member("admin"), Limit::MAX).await.expect("listed");
        assert_eq!(trash.len(), 13);
        assert!(
            trash.iter().all(|entry| entry.trashed.by == "admin"),
            "in the name of the caller who started it"
        );
        let job = trash[0].trashed.job.expect("a job");
        assert!(trash.iter().all(|entry| entry.trashed.job == Some(job)));
        assert_eq!(desk.restore_job(&member("admin"), job).await.expect("restored"), 13);
        assert_eq!(headlines(desk, Feed::All).await.len(), 13);
        assert_eq!(desk.restore_job(&member("admin"), job).await.expect("nothing left"), 0);
    }
}

#[tokio::test]
async fn restoring_a_job_leaves_stories_deleted_before_it_in_the_trash() {
    let world = World::new();
    published(&world, 4).await;
    let one = publish(&world, input("Alone", 9)).await.teaser().id;
    let admin = member("admin");
    world.desk.delete(&admin, &Selection::Ids(vec![one])).await.expect("deleted");
    assert_eq!(world.desk.delete(&admin, &Selection::All).await.expect("deleted"), 4);
    let trash = world.desk.trash(&admin, Limit::MAX).await.expect("listed");
    let job = trash.iter().find_map(|entry| entry.trashed.job).expect("a job");
    assert_eq!(world.desk.restore_job(&admin, job).await.expect("restored"), 4);
    let left = world.desk.trash(&admin, Limit::MAX).await.expect("listed");
    assert_eq!(left.iter().map(|entry| entry.teaser.id).collect::<Vec<_>>(), [one]);
    assert!(world.desk.restore_job(&member("editor"), job).await.is_err());
}

#[tokio::test]
async fn scheduled_stories_are_kept() {
    let world = World::new();
    published(&world, 2).await;
    publish(&world, input("Ahead", -60)).await;
    assert_eq!(world.desk.delete(&member("admin"), &Selection::All).await.expect("deleted"), 2);
    world.pass(3_600);
    assert_eq!(headlines(&world.desk, Feed::All).await, ["Ahead"]);
}

#[tokio::test]
async fn a_teaser_without_a_story_does_not_block_the_job() {
    let world = World::new();
    published(&world, 2).await;
    let teaser = publish(&world, input("Lost", 1)).await.teaser().clone();
    let key = Key::new(format!("article#{}", teaser.id), "current");
    let twin = Item::new(Key::new("feed#all", "2020-01-01T00:00:00.000Z#twin"), &teaser);
    let batch = vec![Write::delete(key), Write::put(twin.expect("an item"))];
    world.table.write(batch).await.expect("written");
    assert_eq!(world.desk.delete(&member("admin"), &Selection::All).await.expect("deleted"), 2);
    assert_eq!(world.operator.resume_jobs().await.expect("nothing left"), 0);
}

#[tokio::test]
async fn a_story_restored_while_a_job_is_interrupted_is_kept() {
    let (world, admin) = (interrupted().await, member("admin"));
    let restarted = world.restarted();
    let desk = &restarted.desk;
    let trash = desk.trash(&admin, Limit::MAX).await.expect("listed");
    assert_eq!(trash.len(), 5);
    assert_eq!(desk.restore(&admin, &[trash[0].teaser.id]).await.expect("restored"), 1);
    assert_eq!(
        restarted.operator.resume_jobs().await.expect("resumed"),
        12 + 1,
        "it counts every move"
    );
    assert_eq!(headlines(desk, Feed::All).await, [trash[0].teaser.headline.clone()]);
}

#[tokio::test]
async fn restoring_an_interrupted_job_ends_it() {
    let (world, admin) = (interrupted().await, member("admin"));
    let restarted = world.restarted();
    let desk = &restarted.desk;
    let trash = desk.trash(&admin, Limit::MAX).await.expect("listed");
    let job = trash[0].trashed.job.expect("a job");
    assert_eq!(desk.restore_job(&admin, job).await.expect("restored"), 5);
    assert_eq!(restarted.operator.resume_jobs().await.expect("nothing left"), 0);
    assert_eq!(headlines(desk, Feed::All).await.len(), 13);
}

#[tokio::test]
async fn a_job_interrupted_for_a_day_is_abandoned() {
    let world = interrupted().await;
    world.pass(24 * 60 * 60 + 1);
    let restarted = world.restarted();
    let desk = &restarted.desk;
    assert_eq!(restarted.operator.resume_jobs().await.expect("checked"), 0);
    assert_eq!(headlines(desk, Feed::All).await.len(), 8);
}

#[tokio::test]
async fn concurrent_jobs_count_each_story_once() {
    let world = World::new();
    published(&world, 40).await;
    let mut jobs = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let desk = world.desk.clone();
        jobs.spawn(async move { desk.delete(&member("admin"), &Selection::All).await });
    }
    let counts = jobs.join_all().await;
    let total: usize = counts.into_iter().map(|count| count.expect("deleted")).sum();
    assert_eq!(total, 40);
}
