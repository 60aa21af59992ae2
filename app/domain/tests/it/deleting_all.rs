//! The deletion of everything: counted, taken up again after a crash, and undone as one.

use std::sync::atomic::Ordering;

use gazette_domain::{Caller, Feed, Limit, Selection};
use gazette_table::{Item, Key, Table, Write};

use crate::world::{World, headlines, input, member, publish};

async fn published(world: &World, count: i64) {
    for number in 0..count {
        publish(&world.desk, input(&format!("Story {number}"), number)).await;
    }
}

/// A newsroom of 13 stories that died when the first five of them were deleted.
async fn interrupted() -> World {
    let world = World::new();
    published(&world, 13).await;
    world.table.writes_left.store(2, Ordering::SeqCst);
    assert!(world.desk.delete(&member("admin"), &Selection::All).await.is_err());
    world
}

#[tokio::test]
async fn f_01_wherever_a_crash_comes_the_job_goes_on_and_its_count_is_right() {
    // The job's own record, three batches of five stories, and the end of it.
    for writes in 1..=5 {
        let world = World::new();
        published(&world, 13).await;
        world.table.writes_left.store(writes, Ordering::SeqCst);
        let interrupted = world.desk.delete(&member("admin"), &Selection::All).await;
        assert_eq!(interrupted.is_ok(), writes == 5, "{writes} writes");
        let desk = world.restarted();
        let resumed = desk.resume_jobs().await.expect("resumed");
        let expected = if writes == 5 { 0 } else { 13 };
        assert_eq!(resumed, expected, "after {writes} writes");
        assert_eq!(desk.resume_jobs().await.expect("nothing left"), 0);
        assert_eq!(headlines(&desk, Feed::All).await, [""; 0]);
        let trash = desk.trash(&member("admin"), Limit::MAX).await.expect("listed");
        assert_eq!(trash.len(), 13);
        assert!(trash.iter().all(|entry| entry.trashed.by == "admin"), "on behalf of who began it");
        let job = trash[0].trashed.job.expect("a job");
        assert!(trash.iter().all(|entry| entry.trashed.job == Some(job)));
        assert_eq!(desk.restore_job(&member("admin"), job).await.expect("restored"), 13);
        assert_eq!(headlines(&desk, Feed::All).await.len(), 13);
        assert_eq!(desk.restore_job(&member("admin"), job).await.expect("nothing left"), 0);
    }
}

#[tokio::test]
async fn what_was_deleted_before_does_not_come_back_with_the_rest() {
    let world = World::new();
    published(&world, 4).await;
    let one = publish(&world.desk, input("Alone", 9)).await.teaser().id;
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
async fn scheduled_stories_are_not_news_yet_and_stay() {
    let world = World::new();
    published(&world, 2).await;
    publish(&world.desk, input("Ahead", -60)).await;
    assert_eq!(world.desk.delete(&Caller::Operator, &Selection::All).await.expect("deleted"), 2);
    world.pass(3_600);
    assert_eq!(headlines(&world.desk, Feed::All).await, ["Ahead"]);
}

#[tokio::test]
async fn a_teaser_without_its_story_does_not_hold_the_job_up() {
    let world = World::new();
    published(&world, 2).await;
    let teaser = publish(&world.desk, input("Lost", 1)).await.teaser().clone();
    let key = Key::new(format!("article#{}", teaser.id), "current");
    let twin = Item::new(Key::new("feed#all", "2020-01-01T00:00:00.000Z#twin"), &teaser);
    let batch = vec![Write::delete(key), Write::put(twin.expect("an item"))];
    world.table.write(batch).await.expect("written");
    assert_eq!(world.desk.delete(&Caller::Operator, &Selection::All).await.expect("deleted"), 2);
    assert_eq!(world.desk.resume_jobs().await.expect("nothing left"), 0);
}

#[tokio::test]
async fn what_is_restored_while_a_job_lies_interrupted_stays() {
    let (world, admin) = (interrupted().await, member("admin"));
    let desk = world.restarted();
    let trash = desk.trash(&admin, Limit::MAX).await.expect("listed");
    assert_eq!(trash.len(), 5);
    assert_eq!(desk.restore(&admin, &[trash[0].teaser.id]).await.expect("restored"), 1);
    assert_eq!(desk.resume_jobs().await.expect("resumed"), 12 + 1, "it counts what it has moved");
    assert_eq!(headlines(&desk, Feed::All).await, [trash[0].teaser.headline.clone()]);
}

#[tokio::test]
async fn undoing_an_interrupted_job_ends_it() {
    let (world, admin) = (interrupted().await, member("admin"));
    let desk = world.restarted();
    let trash = desk.trash(&admin, Limit::MAX).await.expect("listed");
    let job = trash[0].trashed.job.expect("a job");
    assert_eq!(desk.restore_job(&admin, job).await.expect("restored"), 5);
    assert_eq!(desk.resume_jobs().await.expect("nothing left"), 0);
    assert_eq!(headlines(&desk, Feed::All).await.len(), 13);
}

#[tokio::test]
async fn a_job_that_lay_for_a_day_is_given_up() {
    let world = interrupted().await;
    world.pass(24 * 60 * 60 + 1);
    let desk = world.restarted();
    assert_eq!(desk.resume_jobs().await.expect("looked"), 0);
    assert_eq!(headlines(&desk, Feed::All).await.len(), 8);
}

#[tokio::test]
async fn several_at_once_count_each_story_once() {
    let world = World::new();
    published(&world, 40).await;
    let mut jobs = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let desk = world.desk.clone();
        jobs.spawn(async move { desk.delete(&Caller::Operator, &Selection::All).await });
    }
    let counts = jobs.join_all().await;
    let total: usize = counts.into_iter().map(|count| count.expect("deleted")).sum();
    assert_eq!(total, 40);
}
