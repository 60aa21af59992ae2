//! What lies in the trash comes back within 30 days, and is erased after them.

use gazette_domain::{AuditAction, Caller, Limit, Lookup, Published, Selection, StoryInput};
use gazette_table::Table;

use crate::world::{World, input, member, patch, publish, slug};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn after_thirty_days_nothing_is_left_but_the_address() {
    let world = World::new();
    let admin = member("admin");
    let source = StoryInput { source: Some("a.md".to_owned()), ..input("Old", 1) };
    let id = publish(&world.desk, source.clone()).await.teaser().id;
    let patch = patch("Older", "Other words.");
    world.desk.revise(&admin, id, 1, patch).await.expect("revised");
    let versions = world.desk.revisions(&admin, id, Limit::MAX).await.expect("listed");
    assert_eq!(versions.iter().map(|story| story.version).collect::<Vec<_>>(), [1]);
    assert_eq!(versions[0].teaser.headline, "Old");
    world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
    world.pass(30 * DAY - 1);
    assert_eq!(world.desk.erase_outdated().await.expect("looked"), 0);
    assert_eq!(world.desk.trash(&admin, Limit::MAX).await.expect("listed").len(), 1);
    world.pass(1);
    assert_eq!(world.desk.trash(&admin, Limit::MAX).await.expect("listed"), []);
    assert_eq!(world.desk.restore(&admin, &[id]).await.expect("asked"), 0);
    assert_eq!(world.desk.erase_outdated().await.expect("erased"), 1);
    assert_eq!(world.desk.erase_outdated().await.expect("nothing left"), 0);
    let left = world.table.scan(None, 1_000).await.expect("readable").items;
    let of_story = format!("article#{id}");
    assert!(left.iter().all(|item| item.key.partition != of_story), "no version is left");
    let found = world.desk.find(&Caller::Anonymous, &slug("old")).await.expect("asked");
    assert_eq!(found, Lookup::Gone);
    assert!(matches!(publish(&world.desk, source).await, Published::Created(_)));
    let days = world.desk.audit_days(&admin).await.expect("days");
    let last = world.desk.audit_day(&admin, &days[0], None, Limit::MAX).await.expect("a day");
    let actions: Vec<AuditAction> = last.entries.iter().map(|entry| entry.event.action).collect();
    assert_eq!(actions, [AuditAction::Published, AuditAction::Erased]);
}

#[tokio::test]
async fn an_admin_empties_the_trash() {
    let world = World::new();
    for number in 0..3 {
        publish(&world.desk, input(&format!("Story {number}"), number)).await;
    }
    world.desk.delete(&member("admin"), &Selection::All).await.expect("deleted");
    assert!(world.desk.empty_trash(&member("editor")).await.is_err());
    assert_eq!(world.desk.empty_trash(&member("admin")).await.expect("emptied"), 3);
    assert_eq!(world.desk.trash(&member("admin"), Limit::MAX).await.expect("listed"), []);
}

#[tokio::test]
async fn f_01_wherever_a_crash_comes_what_is_erased_is_erased_whole() {
    for writes in 0..=3 {
        let world = World::new();
        let admin = member("admin");
        let id = publish(&world.desk, input("Old", 1)).await.teaser().id;
        let story = world.desk.story(&admin, id).await.expect("asked").expect("a story");
        let patch = patch("Older", "Other words.");
        world.desk.revise(&admin, id, story.version, patch).await.expect("revised");
        world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
        world.table.writes_left.store(writes, std::sync::atomic::Ordering::SeqCst);
        let interrupted = world.desk.empty_trash(&admin).await;
        let desk = world.restarted();
        let restored = desk.restore(&admin, &[id]).await.expect("asked");
        assert_eq!(restored == 1, writes == 0, "begun is done: {interrupted:?}");
        if restored == 1 {
            let versions = desk.revisions(&admin, id, Limit::MAX).await.expect("listed");
            assert_eq!(versions.len(), 1, "it came back with its history");
            continue;
        }
        desk.empty_trash(&admin).await.expect("finished");
        let left = world.table.scan(None, 1_000).await.expect("readable").items;
        let of_story = format!("article#{id}");
        assert!(
            left.iter().all(|item| item.key.partition != of_story && item.key.partition != "trash")
        );
    }
}
