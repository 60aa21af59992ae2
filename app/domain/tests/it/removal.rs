//! Facts that remain of a removed story: time and reason, in the trash, in the log and after its erasure.

use gazette_domain::{
    AuditRecord, Caller, Erasure, JobId, Limit, Lookup, Removal, RemovalReason, Removed, Selection,
    Status, StoryId, StoryPatch,
};
use gazette_table::{Item, Key, Table, Write};
use jiff::Timestamp;

use crate::world::{NOW, World, audit_log, input, member, patch, publish, slug};

fn reason(text: &str) -> RemovalReason {
    RemovalReason::new(text).expect("a reason").expect("not empty")
}

async fn removed(world: &World, caller: &Caller, text: &str) -> Removed {
    match world.desk.find(caller, &slug(text)).await.expect("asked") {
        Lookup::Gone(removed) => removed,
        other => panic!("{text}: {other:?}"),
    }
}

fn removal(reason: Option<&str>) -> Removal {
    let at = Timestamp::from_second(NOW).expect("in range");
    Removal { at, reason: reason.map(str::to_owned) }
}

#[tokio::test]
async fn the_reason_is_kept_in_the_trash_in_the_log_and_after_the_erasure() {
    let world = World::new();
    let admin = member("admin");
    let id = publish(&world, input("First", 1)).await.teaser().id;
    let second = StoryPatch { slug: Some(slug("second")), ..StoryPatch::default() };
    world.desk.revise(&admin, id, 1, second).await.expect("revised");
    let why = reason("The names in it were wrong.");
    let selection = Selection::Ids(vec![id]);
    let deleted = world.desk.delete_because(&admin, &selection, Some(&why)).await;
    assert_eq!(deleted.expect("deleted"), 1);
    let entry = world.desk.trash(&admin, Limit::MAX).await.expect("listed").remove(0);
    assert_eq!(entry.trashed.reason.as_deref(), Some(why.as_str()));
    assert_eq!(audit_log(&world.desk).await[0].event.removal_reason.as_deref(), Some(why.as_str()));
    world.pass(60);
    for text in ["first", "second"] {
        for (caller, restorable) in
            [(Caller::Anonymous, None), (member("editor"), None), (admin.clone(), Some(id))]
        {
            let expected = Removed { removal: Some(removal(Some(why.as_str()))), restorable };
            assert_eq!(removed(&world, &caller, text).await, expected, "{text}");
        }
    }
    assert_eq!(world.desk.erase(&admin, &Erasure::All).await.expect("emptied"), 1);
    for text in ["first", "second"] {
        let expected = Removed { removal: Some(removal(Some(why.as_str()))), restorable: None };
        assert_eq!(removed(&world, &admin, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn a_story_erased_by_an_earlier_release_is_gone_without_a_time() {
    let world = World::new();
    let id = StoryId::new(uuid::Uuid::nil());
    let pointer = serde_json::json!({ "article": id });
    let item = Item::new(Key::new("slug#old", "current"), &pointer).expect("an item");
    world.table.write(vec![Write::put(item)]).await.expect("written");
    assert_eq!(removed(&world, &Caller::Anonymous, "old").await, Removed::default());
}

#[tokio::test]
async fn a_restored_story_is_what_it_was_and_its_slug_was_not_given_away() {
    let world = World::new();
    let admin = member("admin");
    let draft = StoryPatch { status: Some(Status::Draft), ..patch("Same title", "Text.") };
    let id = world.desk.write(&admin, draft, None).await.expect("written").teaser.id;
    world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
    let entry = world.desk.trash(&admin, Limit::MAX).await.expect("listed").remove(0);
    assert_eq!(entry.status, Some(Status::Draft));
    assert_eq!(entry.trashed.gone_at().as_second(), NOW + 30 * 24 * 60 * 60);
    let other = publish(&world, input("Same title", 1)).await;
    assert_eq!(other.teaser().slug.as_str(), "same-title-2");
    assert_eq!(world.desk.restore(&admin, &[id]).await.expect("restored"), 1);
    let story = world.desk.story(&admin, id).await.expect("a story");
    assert_eq!((story.status, story.teaser.slug.as_str()), (Status::Draft, "same-title"));
    assert_eq!(story.trashed, None);
    let find = world.desk.find(&Caller::Anonymous, &slug("same-title")).await;
    assert_eq!(find.expect("asked"), Lookup::Missing, "a draft stays one");
}

#[tokio::test]
async fn selected_stories_are_erased_and_the_others_stay() {
    let world = World::new();
    let admin = member("admin");
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(publish(&world, input(&format!("Story {number}"), number)).await.teaser().id);
    }
    let kept = ids[2];
    world.desk.delete(&admin, &Selection::Ids(ids[..2].to_vec())).await.expect("deleted");
    let entries = world.desk.trash_entries(&admin, &[ids[0], kept, ids[0]]).await.expect("read");
    assert_eq!(entries.iter().map(|entry| entry.teaser.id).collect::<Vec<_>>(), [ids[0]]);
    assert!(world.desk.erase(&member("editor"), &Erasure::Ids(ids.clone())).await.is_err());
    assert_eq!(
        world.desk.erase(&admin, &Erasure::Ids(vec![ids[0], kept])).await.expect("erased"),
        1
    );
    assert_eq!(world.desk.erase(&admin, &Erasure::Ids(vec![ids[0]])).await.expect("asked"), 0);
    let left = world.desk.trash(&admin, Limit::MAX).await.expect("listed");
    assert_eq!(left.iter().map(|entry| entry.teaser.id).collect::<Vec<_>>(), [ids[1]]);
    assert_eq!(world.desk.story(&admin, kept).await.expect("present").trashed, None);
}

#[tokio::test]
async fn the_trash_has_pages_without_gap_or_overlap() {
    let world = World::new();
    let admin = member("admin");
    for number in 0..7 {
        let id = publish(&world, input(&format!("Story {number}"), number)).await.teaser().id;
        world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
        world.pass(number % 2);
    }
    let all = world.desk.trash(&admin, Limit::MAX).await.expect("listed");
    let (mut pages, mut cursor) = (Vec::new(), None);
    loop {
        let limit = Limit::try_from(3).expect("a limit");
        let page = world.desk.trash_page(&admin, limit, cursor.as_ref()).await.expect("listed");
        pages.extend(page.entries);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((pages.len(), &pages), (7, &all));
}

#[tokio::test]
async fn stories_are_counted_by_section_and_by_deletion() {
    let world = World::new();
    let admin = member("admin");
    for number in 0..1_300 {
        let section = if number % 5 == 0 { "Sport" } else { "World" };
        let input = gazette_domain::StoryInput {
            section: section.to_owned(),
            tags: Vec::new(),
            ..input(&format!("Story {number}"), number % 40)
        };
        publish(&world, input).await;
    }
    publish(&world, input("Ahead", -60)).await;
    let counts = world.desk.published_by_section(&admin).await.expect("counted");
    let counts: Vec<_> = counts.iter().map(|it| (it.section.as_str(), it.stories)).collect();
    assert_eq!(counts, [("World", 1_040), ("Sport", 260)]);
    let one = world.desk.list(&admin, &gazette_domain::ListQuery::default()).await.expect("listed");
    let one = one.items[0].id;
    world.desk.delete(&admin, &Selection::Ids(vec![one])).await.expect("deleted");
    let why = reason("The archive moves.");
    let id = world.desk.new_job_id();
    let begun = world.desk.begin_delete_all(&admin, id, Some(&why)).await.expect("begun");
    let again = world.desk.begin_delete_all(&admin, id, None).await.expect("asked");
    let progress = world.desk.deletion_progress(&admin, id).await.expect("known");
    assert_eq!((progress.total, progress.finished, progress.is_done), (1_299, 0, false));
    assert_eq!(again.run().await.expect("nothing to do"), 0);
    assert_eq!(begun.run().await.expect("deleted"), 1_299);
    let progress = world.desk.deletion_progress(&admin, id).await.expect("known");
    assert_eq!((progress.total, progress.finished, progress.is_done), (1_299, 1_299, true));
    assert_eq!(progress.reason.as_deref(), Some(why.as_str()));
    let summary = world.desk.trash_summary(&admin).await.expect("counted");
    assert_eq!((summary.stories, summary.batches.len()), (1_300, 1));
    assert_eq!((summary.batches[0].job, summary.batches[0].stories), (id, 1_299));
    assert_eq!(summary.batches[0].by, "admin");
    let reads = world.table.reads();
    world.desk.trash_summary(&admin).await.expect("counted");
    assert_eq!(world.table.reads(), reads, "counted once until the news change");
    assert_eq!(world.desk.restore_job(&admin, id).await.expect("restored"), 1_299);
    let summary = world.desk.trash_summary(&admin).await.expect("counted");
    assert_eq!((summary.stories, summary.batches.len()), (1, 0));
    world.pass(31 * 24 * 60 * 60);
    assert_eq!(world.desk.trash_summary(&admin).await.expect("counted").stories, 0);
}

#[tokio::test]
async fn the_progress_of_a_job_is_read_from_the_table_by_every_process() {
    let world = World::new();
    let admin = member("admin");
    for number in 0..13 {
        publish(&world, input(&format!("Story {number}"), number)).await;
    }
    let id = world.desk.new_job_id();
    let begun = world.desk.begin_delete_all(&admin, id, None).await.expect("begun");
    world.table.allow_writes(2);
    assert!(begun.run().await.is_err());
    let other = world.restarted();
    let progress = other.desk.deletion_progress(&admin, id).await.expect("known");
    assert_eq!((progress.total, progress.finished, progress.is_done), (13, 10, false));
    for caller in [Caller::Anonymous, member("reader"), member("editor")] {
        assert!(other.desk.deletion_progress(&caller, id).await.is_err());
        assert!(other.desk.begin_delete_all(&caller, id, None).await.is_err());
        assert!(other.desk.trash_summary(&caller).await.is_err());
    }
    assert_eq!(other.operator.resume_jobs().await.expect("resumed"), 13);
    let progress = world.desk.deletion_progress(&admin, id).await.expect("known");
    assert_eq!((progress.finished, progress.is_done), (13, true));
    let unknown = JobId::new(uuid::Uuid::nil());
    assert!(world.desk.deletion_progress(&admin, unknown).await.is_err());
}

#[tokio::test]
async fn a_reason_is_resumed_with_its_job() {
    let world = World::new();
    let admin = member("admin");
    for number in 0..7 {
        publish(&world, input(&format!("Story {number}"), number)).await;
    }
    world.table.allow_writes(2);
    let why = reason("A court order.");
    let all = world.desk.delete_because(&admin, &Selection::All, Some(&why)).await;
    assert!(all.is_err());
    let other = world.restarted();
    other.operator.resume_jobs().await.expect("resumed");
    let trash = other.desk.trash(&admin, Limit::MAX).await.expect("listed");
    assert_eq!(trash.len(), 7);
    assert!(trash.iter().all(|entry| entry.trashed.reason.as_deref() == Some(why.as_str())));
}

#[test]
fn a_record_without_a_reason_has_the_hash_that_it_had_before_reasons() {
    let json = r#"{"number":1,"at":"2026-09-21T14:13:20Z","by":{"sub":"admin","name":"admin","reason":"allow.admin","request_id":null},"deed":"trashed","article":"00000000-0000-0000-0000-000000000001","headline":"Old","version_before":1,"version_after":2,"previous":"00","hash":"693f540f87edc0a3f3da6a7a348b6153586681b46868aa2d5779fb460cd057c4"}"#;
    let record: AuditRecord = serde_json::from_str(json).expect("a record");
    assert!(record.is_intact());
    assert_eq!(serde_json::to_string(&record).expect("JSON"), json);
}
