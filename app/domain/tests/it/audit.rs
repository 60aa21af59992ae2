//! The audit log has one record of every change, and tampering with it is detected.

use gazette_domain::{AuditAction, AuditRecord, Caller, DeskError, Limit, Selection, SystemTask};
use gazette_table::{Item, Key, Range, Table, Write};

use crate::world::{World, input, member, patch, person, publish};

const DAY: &str = "2026-09-21";

async fn entries(world: &World) -> Vec<AuditRecord> {
    let day = world.desk.audit_day(&member("admin"), DAY, None, Limit::MAX).await.expect("a day");
    assert!(day.is_intact, "{day:?}");
    assert_eq!(day.total, day.entries.len() as u64);
    day.entries.into_iter().rev().collect()
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
        let denied = world.desk.audit_day(&caller, DAY, None, Limit::MAX).await;
        assert!(matches!(denied, Err(DeskError::Denied(_))));
    }
    assert_eq!(world.desk.audit_days(&admin).await.expect("days"), [DAY]);
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
async fn pages_of_the_log_join_without_gap_or_overlap() {
    let world = World::new();
    for number in 0..7 {
        publish(&world, input(&format!("Story {number}"), number)).await;
    }
    let admin = member("admin");
    let limit = Limit::try_from(3).expect("in range");
    let mut before = None;
    let mut numbers = Vec::new();
    loop {
        let day = world.desk.audit_day(&admin, DAY, before, limit).await.expect("a day");
        assert!(day.is_intact);
        let Some(last) = day.entries.last() else { break };
        before = Some(last.number);
        numbers.extend(day.entries.iter().map(|entry| entry.number));
    }
    assert_eq!(numbers, [7, 6, 5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn an_altered_or_removed_record_is_detected() {
    type Tamper = fn(&mut Vec<Item>) -> Vec<Key>;
    let tampered: [Tamper; 4] = [
        |items| {
            items[1].body["headline"] = "Another".into();
            Vec::new()
        },
        |items| {
            items[1].body["by"]["name"] = "another".into();
            Vec::new()
        },
        |items| vec![items.remove(1).key],
        |items| vec![items.remove(2).key],
    ];
    for tamper in tampered {
        let world = World::new();
        for number in 0..3 {
            publish(&world, input(&format!("Story {number}"), number)).await;
        }
        entries(&world).await;
        let partition = format!("audit#{DAY}");
        let all = Range::all();
        let order = gazette_table::Order::Ascending;
        let page = world.table.query(&partition, &all, order, 100).await.expect("a page");
        let mut items = page.items;
        let gone = tamper(&mut items);
        let mut batch: Vec<Write> = items.into_iter().map(Write::put).collect();
        batch.extend(gone.into_iter().map(Write::delete));
        world.table.write(batch).await.expect("written");
        let day = world.desk.audit_day(&member("admin"), DAY, None, Limit::MAX).await;
        assert!(!day.expect("a day").is_intact);
    }
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
        let day = world.desk.audit_day(&member("admin"), DAY, Some(before), Limit::MAX).await;
        let day = day.expect("a day");
        assert!(day.is_intact, "before {before}");
        assert_eq!(day.entries.len(), expected, "before {before}");
    }
}

#[tokio::test]
async fn an_empty_page_is_verified_too() {
    let world = World::new();
    seven_records(&world).await;
    let key = |number: u64| Key::new(format!("audit#{DAY}"), format!("{number:010}"));
    world.table.write((1..5).map(|n| Write::delete(key(n))).collect()).await.expect("written");
    for before in [2, 5] {
        let day = world.desk.audit_day(&member("admin"), DAY, Some(before), Limit::MAX).await;
        assert!(!day.expect("a day").is_intact, "before {before}");
    }
}
