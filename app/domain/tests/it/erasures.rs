//! Erasing many stories from the trash: counted, and resumed after a crash.

use gazette_domain::{
    AuditAction, AuditFilter, Caller, Erasure, JobId, Limit, Selection, Status, StoryId, StoryPatch,
};
use gazette_table::Table as _;

use crate::world::{World, input, member, patch, publish};

/// A newsroom with stories in the trash. Each has an earlier version.
async fn trash(count: i64) -> (World, Vec<StoryId>) {
    let world = World::new();
    let admin = member("admin");
    let mut ids = Vec::new();
    for number in 0..count {
        let id = publish(&world, input(&format!("Story {number}"), number)).await.teaser().id;
        let changed = patch(&format!("Story {number} again"), "Other words.");
        world.desk.revise(&admin, id, 1, changed).await.expect("revised");
        ids.push(id);
    }
    assert_eq!(world.desk.delete(&admin, &Selection::All).await.expect("deleted"), ids.len());
    (world, ids)
}

/// Returns the ids of the stories of which anything is left.
async fn left(world: &World) -> Vec<StoryId> {
    let items = world.table.scan(None, 1_000).await.expect("readable").items;
    let of_stories = items.iter().filter_map(|item| item.key.partition.strip_prefix("article#"));
    let mut ids: Vec<StoryId> = of_stories.map(|id| id.parse().expect("an id")).collect();
    ids.dedup();
    ids
}

async fn erased_in_log(world: &World) -> usize {
    let filter = AuditFilter { action: Some(AuditAction::Erased), ..AuditFilter::default() };
    let page = world.desk.search_audit(&member("admin"), &filter, None, 100).await;
    page.expect("found").records.len()
}

#[tokio::test]
async fn f_01_after_a_crash_at_any_write_an_erasure_resumes_and_counts_each_story_once() {
    for ids in [false, true] {
        for writes in 1..30 {
            let (world, chosen) = trash(7).await;
            let admin = member("admin");
            let erasure = if ids { Erasure::Ids(chosen) } else { Erasure::All };
            let id = world.desk.new_job_id();
            let begun = world.desk.begin_erasure(&admin, id, &erasure).await.expect("begun");
            world.table.allow_writes(writes);
            let outcome = begun.run().await;
            let restarted = world.restarted();
            let resumed = restarted.operator.resume_jobs().await.expect("resumed");
            assert_eq!(resumed, if outcome.is_ok() { 0 } else { 7 }, "after {writes} writes");
            assert_eq!(restarted.operator.resume_jobs().await.expect("nothing left"), 0);
            assert_eq!(left(&restarted).await, [], "after {writes} writes");
            assert_eq!(erased_in_log(&restarted).await, 7, "each is logged once");
            let progress = restarted.desk.erasure_progress(&admin, id).await.expect("known");
            assert_eq!((progress.total, progress.finished, progress.is_done), (7, 7, true));
            assert_eq!(progress.by, "admin");
            let trash = restarted.desk.trash(&admin, Limit::MAX).await.expect("listed");
            assert_eq!(trash, []);
            if outcome.is_ok() {
                break;
            }
            assert!(writes < 29, "it ends");
        }
    }
}

#[tokio::test]
async fn the_progress_of_an_erasure_is_read_from_the_table_by_every_process() {
    let (world, _) = trash(13).await;
    let admin = member("admin");
    let id = world.desk.new_job_id();
    let begun = world.desk.begin_erasure(&admin, id, &Erasure::All).await.expect("begun");
    let again = world.desk.begin_erasure(&admin, id, &Erasure::All).await.expect("asked");
    assert!(again.is_repeated() && !begun.is_repeated());
    assert_eq!(again.run().await.expect("nothing to do"), 0);
    world.table.allow_writes(1);
    assert!(begun.run().await.is_err());
    let other = world.restarted();
    let progress = other.desk.erasure_progress(&admin, id).await.expect("known");
    assert_eq!((progress.total, progress.finished, progress.is_done), (13, 5, false));
    for caller in [Caller::Anonymous, member("reader"), member("writer"), member("editor")] {
        assert!(other.desk.erasure_progress(&caller, id).await.is_err());
        assert!(other.desk.begin_erasure(&caller, id, &Erasure::All).await.is_err());
    }
    assert!(other.desk.deletion_progress(&admin, id).await.is_err(), "it deletes nothing else");
    let unknown = JobId::new(uuid::Uuid::nil());
    assert!(other.desk.erasure_progress(&admin, unknown).await.is_err());
}

#[tokio::test]
async fn stories_that_are_restored_or_deleted_after_the_beginning_are_kept() {
    for ids in [false, true] {
        let (world, chosen) = trash(7).await;
        let admin = member("admin");
        let erasure = if ids { Erasure::Ids(chosen.clone()) } else { Erasure::All };
        let id = world.desk.new_job_id();
        let begun = world.desk.begin_erasure(&admin, id, &erasure).await.expect("begun");
        world.table.allow_writes(1);
        assert!(begun.run().await.is_err());
        let world = world.restarted();
        let kept = world.desk.trash(&admin, Limit::MAX).await.expect("listed");
        assert_eq!(kept.len(), 2, "five are marked");
        let [restored, again] = [kept[0].teaser.id, kept[1].teaser.id];
        assert_eq!(world.desk.restore(&admin, &[restored, again]).await.expect("restored"), 2);
        world.pass(60);
        let again = Selection::Ids(vec![again]);
        assert_eq!(world.desk.delete(&admin, &again).await.expect("deleted"), 1);
        assert_eq!(world.operator.resume_jobs().await.expect("resumed"), 5);
        assert_eq!(left(&world).await.len(), 2);
        assert_eq!(world.desk.trash(&admin, Limit::MAX).await.expect("listed").len(), 1);
    }
}

#[tokio::test]
async fn only_selected_stories_that_are_in_the_trash_are_erased() {
    let (world, ids) = trash(3).await;
    let admin = member("admin");
    let shown = publish(&world, input("Shown", 9)).await.teaser().id;
    let draft = StoryPatch { status: Some(Status::Draft), ..patch("Draft", "Text.") };
    let draft = world.desk.write(&admin, draft, None).await.expect("written").teaser.id;
    let chosen = Erasure::Ids(vec![shown, ids[1], draft, ids[2]]);
    assert_eq!(world.desk.erase(&admin, &chosen).await.expect("erased"), 2);
    let mut kept = vec![ids[0], shown, draft];
    let mut left = left(&world).await;
    kept.sort();
    left.sort();
    assert_eq!(left, kept);
}

#[tokio::test]
async fn concurrent_erasures_count_each_story_once() {
    let (world, _) = trash(23).await;
    let mut jobs = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let desk = world.desk.clone();
        jobs.spawn(async move { desk.erase(&member("admin"), &Erasure::All).await });
    }
    let counts = jobs.join_all().await;
    let total: usize = counts.into_iter().map(|count| count.expect("erased")).sum();
    assert_eq!(total, 23);
    assert_eq!(left(&world).await, []);
}

#[tokio::test]
async fn a_job_that_cannot_be_read_does_not_stop_the_others() {
    let (world, _) = trash(7).await;
    let admin = member("admin");
    let id = world.desk.new_job_id();
    let begun = world.desk.begin_erasure(&admin, id, &Erasure::All).await.expect("begun");
    drop(begun);
    let damaged = gazette_table::Item::new(
        gazette_table::Key::new("erasures", "ffffffff-ffff-7fff-bfff-ffffffffffff"),
        &serde_json::json!({ "id": 1 }),
    );
    let write = gazette_table::Write::put(damaged.expect("an item"));
    world.table.write(vec![write]).await.expect("written");
    assert!(world.operator.resume_jobs().await.is_err(), "it is reported");
    assert_eq!(left(&world).await, []);
}
