//! Stories in the trash can be restored for 30 days and are erased afterwards.

use gazette_domain::{
    AuditAction, Caller, Erasure, Limit, Lookup, Published, Selection, Status, StoryInput,
    StoryPatch,
};
use gazette_table::Table;

use crate::world::{World, audit_log, input, member, patch, publish, slug};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn after_thirty_days_a_story_is_erased_and_its_slug_answers_gone() {
    let world = World::new();
    let admin = member("admin");
    let source = StoryInput { source: Some("a.md".to_owned()), ..input("Old", 1) };
    let id = publish(&world, source.clone()).await.teaser().id;
    let patch = patch("Older", "Other words.");
    world.desk.revise(&admin, id, 1, patch).await.expect("revised");
    let versions = world.desk.revisions(&admin, id, Limit::MAX).await.expect("listed");
    assert_eq!(versions.iter().map(|story| story.version).collect::<Vec<_>>(), [1]);
    assert_eq!(versions[0].teaser.headline, "Old");
    world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
    world.pass(30 * DAY - 1);
    assert_eq!(world.operator.empty_old_trash().await.expect("checked"), 0);
    assert_eq!(world.desk.trash(&admin, Limit::MAX).await.expect("listed").len(), 1);
    world.pass(1);
    assert_eq!(world.desk.trash(&admin, Limit::MAX).await.expect("listed"), []);
    assert_eq!(world.desk.restore(&admin, &[id]).await.expect("asked"), 0);
    assert_eq!(world.operator.empty_old_trash().await.expect("erased"), 1);
    assert_eq!(world.operator.empty_old_trash().await.expect("nothing left"), 0);
    let left = world.table.scan(None, 1_000).await.expect("readable").items;
    let of_story = format!("article#{id}");
    assert!(left.iter().all(|item| item.key.partition != of_story), "no version is left");
    let found = world.desk.find(&Caller::Anonymous, &slug("old")).await.expect("asked");
    assert!(matches!(found, Lookup::Gone(_)));
    assert!(matches!(publish(&world, source).await, Published::Created(_)));
    let log = audit_log(&world.desk).await;
    let actions: Vec<AuditAction> = log.iter().map(|entry| entry.event.action).collect();
    assert_eq!(actions[..2], [AuditAction::Published, AuditAction::Erased]);
}

#[tokio::test]
async fn an_admin_empties_the_trash() {
    let world = World::new();
    for number in 0..3 {
        publish(&world, input(&format!("Story {number}"), number)).await;
    }
    world.desk.delete(&member("admin"), &Selection::All).await.expect("deleted");
    assert!(world.desk.erase(&member("editor"), &Erasure::All).await.is_err());
    assert_eq!(world.desk.erase(&member("admin"), &Erasure::All).await.expect("emptied"), 3);
    assert_eq!(world.desk.trash(&member("admin"), Limit::MAX).await.expect("listed"), []);
}

#[tokio::test]
async fn f_01_a_crash_while_erasing_never_leaves_a_part_of_a_story() {
    // The record of the job, the mark of the story, its revisions, the story.
    for writes in 0..=4 {
        let world = World::new();
        let admin = member("admin");
        let id = publish(&world, input("Old", 1)).await.teaser().id;
        let story = world.desk.story(&admin, id).await.expect("a story");
        let patch = patch("Older", "Other words.");
        world.desk.revise(&admin, id, story.version, patch).await.expect("revised");
        world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
        world.table.allow_writes(writes);
        let interrupted = world.desk.erase(&admin, &Erasure::All).await;
        let restarted = world.restarted();
        let desk = &restarted.desk;
        let restored = desk.restore(&admin, &[id]).await.expect("asked");
        assert_eq!(
            restored == 1,
            writes <= 1,
            "a started erasure cannot be undone: {interrupted:?}"
        );
        if restored == 1 {
            let versions = desk.revisions(&admin, id, Limit::MAX).await.expect("listed");
            assert_eq!(versions.len(), 1, "it is restored with its history");
            continue;
        }
        desk.erase(&admin, &Erasure::All).await.expect("finished");
        let left = world.table.scan(None, 1_000).await.expect("readable").items;
        let of_story = format!("article#{id}");
        assert!(
            left.iter().all(|item| item.key.partition != of_story && item.key.partition != "trash")
        );
    }
}

#[tokio::test]
async fn no_slug_is_left_that_readers_never_saw() {
    let world = World::new();
    let admin = member("admin");
    let draft =
        |headline: &str| StoryPatch { status: Some(Status::Draft), ..patch(headline, "Text.") };
    let id = world.desk.write(&admin, draft("Secret one"), None).await.expect("written").teaser.id;
    for version in 1..30 {
        let renamed = draft(&format!("Secret {version}"));
        world.desk.revise(&admin, id, version, renamed).await.expect("revised");
    }
    let shown = world.desk.write(&admin, draft("Secret title"), None).await.expect("written");
    let shown = shown.teaser.id;
    let published = StoryPatch { status: Some(Status::Published), ..draft("Shown") };
    world.desk.revise(&admin, shown, 1, published).await.expect("revised");
    let later = StoryPatch { slug: Some(slug("later")), ..StoryPatch::default() };
    world.desk.revise(&admin, shown, 2, later).await.expect("revised");
    world.desk.delete(&admin, &Selection::Ids(vec![id, shown])).await.expect("deleted");
    assert_eq!(world.desk.erase(&admin, &Erasure::All).await.expect("emptied"), 2);
    let items = world.table.scan(None, 1_000).await.expect("readable").items;
    let mut slugs: Vec<&str> =
        items.iter().filter_map(|item| item.key.partition.strip_prefix("slug#")).collect();
    slugs.sort_unstable();
    assert_eq!(slugs, ["later", "shown"]);
    for text in slugs {
        let found = world.desk.find(&Caller::Anonymous, &slug(text)).await.expect("asked");
        assert!(matches!(found, Lookup::Gone(_)), "{text}");
    }
}
