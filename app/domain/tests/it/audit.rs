//! The audit log has one record of every change, and tampering with it is detected.

use gazette_domain::{
    AuditAction, AuditFilter, AuditPage, AuditRecord, Caller, DeskError, Selection, SystemTask,
};
use gazette_table::{Key, Table, Write};

use crate::world::{World, audit_log, input, member, patch, person, publish};

const DAY: &str = "2026-09-21";

async fn entries(world: &World) -> Vec<AuditRecord> {
    audit_log(&world.desk).await.into_iter().rev().collect()
}

/// Returns the part of the log before a number.
async fn entries_before(world: &World, number: u64) -> AuditPage {
    let position = format!("{DAY}.{number}").parse().expect("a position");
    let (admin, filter) = (member("admin"), AuditFilter::default());
    let page = world.desk.search_audit(&admin, &filter, Some(&position), usize::MAX).await;
    page.expect("searched")
}

#[tokio::test]
async fn a_record_has_the_author_the_request_the_action_and_the_reason() {
    let world = World::new();
    let desk = world.desk.in_request("request-7");
    let editor = person("sub-of-ed", "editor");
    let written = desk.write(&editor, patch("One", "Text."), None).await.expect("written");
    let teaser = written.teaser;
    let admin = person("sub-of-ada", "admin");
    desk.delete(&admin, &Selection::Ids(vec![teaser.id])).await.expect("deleted");
    publish(&world, input("Two", 2)).await;
    let entries = entries(&world).await;
    let recorded: Vec<_> = entries
        .iter()
        .map(|entry| {
            let event = &entry.event;
            let by = (event.by.sub.as_deref(), event.by.name.as_str(), event.by.reason.as_str());
            let versions = (event.version_before, event.version_after);
            (entry.number, by, event.by.request_id.as_deref(), event.action, versions)
        })
        .collect();
    let request = Some("request-7");
    assert_eq!(
        recorded,
        [
            (
                1,
                (Some("sub-of-ed"), "editor", "allow.role.editor"),
                request,
                AuditAction::Published,
                (None, Some(1))
            ),
            (
                2,
                (Some("sub-of-ada"), "admin", "allow.role.admin"),
                request,
                AuditAction::Trashed,
                (Some(1), Some(2))
            ),
            (3, (None, "import", "allow.operator"), None, AuditAction::Published, (None, Some(1))),
        ]
    );
    assert_eq!(entries.first().map(|entry| entry.event.story), Some(Some(teaser.id)));
    for caller in [Caller::Anonymous, member("reader"), member("editor")] {
        let denied = world.desk.search_audit(&caller, &AuditFilter::default(), None, 1).await;
        assert!(matches!(denied, Err(DeskError::Denied(_))));
    }
}

#[tokio::test]
async fn f_38_a_refused_change_leaves_no_record() {
    let world = World::new();
    let first = publish(&world, input("One", 1)).await.teaser().clone();
    let stale = Selection::Version(first.id, 9);
    assert!(world.desk.delete(&member("admin"), &stale).await.is_err());
    assert!(world.desk.delete(&member("editor"), &Selection::All).await.is_err());
    world.table.allow_writes(0);
    assert!(world.operator.publish(SystemTask::Import, input("Two", 1)).await.is_err());
    world.table.allow_all_writes();
    assert_eq!(entries(&world).await.len(), 1);
    publish(&world, input("Two", 1)).await;
    assert_eq!(entries(&world).await.len(), 2);
}

#[tokio::test]
async fn f_40_two_processes_extend_the_same_chain() {
    let world = World::new();
    let other = world.restarted();
    let admin = member("admin");
    let first = publish(&world, input("First", 3)).await.teaser().id;
    for number in 0..5 {
        publish(&other, input(&format!("Other {number}"), number)).await;
        publish(&world, input(&format!("This {number}"), number)).await;
    }
    let one = Selection::Version(first, 1);
    assert_eq!(other.desk.delete(&admin, &one).await.expect("deleted"), 1);
    publish(&world, input("Between", 1)).await;
    assert_eq!(other.desk.restore(&admin, &[first]).await.expect("restored"), 1);
    assert_eq!(entries(&world).await.len(), 14);
}

/// Publishes seven stories and returns the key of the log's head.
async fn seven_records(world: &World) -> Key {
    for number in 0..7 {
        publish(world, input(&format!("Story {number}"), number)).await;
    }
    Key::new("audit", DAY)
}

#[tokio::test]
async fn records_after_the_head_are_not_part_of_the_log() {
    let world = World::new();
    let head_key = seven_records(&world).await;
    let head = world.table.get(&head_key).await.expect("asked").expect("a head");
    publish(&world, input("After the head was read", 1)).await;
    world.table.write(vec![Write::put(head)]).await.expect("written");
    assert_eq!(entries(&world).await.len(), 7);
}

#[tokio::test]
async fn a_position_after_the_end_is_the_end() {
    let world = World::new();
    seven_records(&world).await;
    for (before, expected) in [(u64::MAX, 7), (99_999, 7), (8, 7), (7, 6), (1, 0), (0, 0)] {
        let page = entries_before(&world, before).await;
        assert!(page.checked.iter().all(|day| day.is_intact), "before {before}");
        assert_eq!(page.records.len(), expected, "before {before}");
    }
}

#[tokio::test]
async fn an_empty_page_is_verified_too() {
    let world = World::new();
    seven_records(&world).await;
    let key = |number: u64| Key::new(format!("audit#{DAY}"), format!("{number:010}"));
    world.table.write((1..5).map(|n| Write::delete(key(n))).collect()).await.expect("written");
    for before in [2, 5] {
        let page = entries_before(&world, before).await;
        assert!(page.checked.iter().any(|day| !day.is_intact), "before {before}");
    }
}
