//! The search of the audit log finds every record once, with bounded work, and checks what it
//! reads.

use std::sync::Arc;

use gazette_domain::{
    AuditAction, AuditFilter, AuditPage, AuditPosition, AuditedStory, Caller, DeskError, Selection,
    fold_audit,
};
use gazette_table::{Key, Table, Write};
use jiff::Timestamp;

use crate::world::{NOW, World, input, member, patch, person, publish};

const DAY: &str = "2026-09-21";
const BATCHES: usize = 50;

async fn search(
    world: &World,
    filter: &AuditFilter,
    position: Option<&AuditPosition>,
    batches: usize,
) -> AuditPage {
    let admin = member("admin");
    world.desk.search_audit(&admin, filter, position, batches).await.expect("searched")
}

/// Returns every page of a search.
async fn pages(world: &World, filter: &AuditFilter, batches: usize) -> Vec<AuditPage> {
    let mut pages = vec![search(world, filter, None, batches).await];
    while let Some(next) = pages.last().and_then(|page| page.next) {
        pages.push(search(world, filter, Some(&next), batches).await);
        assert!(pages.len() < 100, "{pages:?}");
    }
    pages
}

fn numbers(pages: &[AuditPage]) -> Vec<u64> {
    pages.iter().flat_map(|page| &page.records).map(|record| record.number).collect()
}

/// Writes drafts of Ed and Ada in turn, each in a request of its own.
async fn write_drafts(world: &World, count: usize) {
    for number in 0..count {
        let editor = person(if number % 2 == 0 { "ed" } else { "ada" }, "editor");
        let desk = world.desk.in_request(&format!("request-{DAY}-{number}"));
        let patch = patch(&format!("Draft {number}"), "Text.");
        desk.write(&editor, patch, None).await.expect("written");
    }
}

#[tokio::test]
async fn pages_join_without_gap_or_overlap_and_each_is_checked_whole() {
    let world = World::new();
    write_drafts(&world, 7).await;
    for batches in [1, 2, 3, 7, 8] {
        let pages = pages(&world, &AuditFilter::default(), batches).await;
        assert_eq!(numbers(&pages), [7, 6, 5, 4, 3, 2, 1], "{batches}");
        let mut expected = 7;
        for page in &pages {
            for checked in &page.checked {
                assert!(checked.is_intact, "{page:?}");
                assert_eq!((checked.last, checked.total), (expected, 7));
                expected = checked.first - 1;
            }
        }
        assert_eq!(expected, 0, "every record was checked");
    }
}

#[tokio::test]
async fn a_filter_finds_its_records_and_the_whole_day_is_checked() {
    let world = World::new();
    write_drafts(&world, 6).await;
    let words = |text: &str| AuditedStory::parse(text);
    let first = search(&world, &AuditFilter::default(), None, BATCHES).await;
    let story = first.records.last().and_then(|record| record.event.story).expect("a story");
    let at = |seconds: i64| Timestamp::from_second(NOW + seconds).ok();
    for (filter, expected) in [
        (AuditFilter { person: Some("ada".to_owned()), ..AuditFilter::default() }, vec![6, 4, 2]),
        (AuditFilter { story: words("draft 3"), ..AuditFilter::default() }, vec![4]),
        (AuditFilter { story: words(&story.to_string()), ..AuditFilter::default() }, vec![1]),
        (AuditFilter { action: Some(AuditAction::Trashed), ..AuditFilter::default() }, vec![]),
        (AuditFilter { from: at(1), ..AuditFilter::default() }, vec![]),
        (AuditFilter { until: at(0), ..AuditFilter::default() }, vec![]),
        (
            AuditFilter { from: at(0), until: at(1), ..AuditFilter::default() },
            vec![6, 5, 4, 3, 2, 1],
        ),
    ] {
        let page = search(&world, &filter, None, BATCHES).await;
        let found: Vec<u64> = page.records.iter().map(|record| record.number).collect();
        assert_eq!(found, expected, "{filter:?}");
        assert_eq!(page.next, None);
        let checked: Vec<_> = page.checked.iter().map(|day| (day.first, day.last)).collect();
        assert_eq!(checked, [(1, 6)], "{filter:?}");
    }
}

#[tokio::test]
async fn days_outside_of_the_filter_are_not_read() {
    let world = World::new();
    for _ in 0..4 {
        write_drafts(&world, 1).await;
        world.pass(24 * 60 * 60);
    }
    let at = |days: i64| Timestamp::from_second(NOW + days * 24 * 60 * 60).ok();
    let filter = AuditFilter { from: at(1), until: at(2), ..AuditFilter::default() };
    let page = search(&world, &filter, None, BATCHES).await;
    assert_eq!(page.records.len(), 1);
    let days: Vec<String> = page.checked.iter().map(|checked| checked.day.to_string()).collect();
    assert_eq!(days, ["2026-09-23", "2026-09-22"], "the filter begins and ends within a day");
}

#[tokio::test]
async fn the_deletion_of_many_stories_is_one_line_and_one_call_reads_a_bounded_number() {
    let world = World::new();
    let stories = 1_100;
    for number in 0..stories {
        publish(&world, input(&format!("Story {number}"), number)).await;
    }
    world.pass(60 * 60);
    let desk = world.desk.in_request("request-9");
    desk.delete(&member("admin"), &Selection::All).await.expect("deleted");
    let page = search(&world, &AuditFilter::default(), None, BATCHES).await;
    assert_eq!(page.records.len(), 2_000);
    assert!(!page.is_full && page.next.is_some());
    let lines = fold_audit(page.records);
    let counts: Vec<_> = lines.iter().map(|line| (line.action(), line.count())).collect();
    assert_eq!(counts, [(AuditAction::Trashed, 1_100), (AuditAction::Published, 900)]);
    let filter = AuditFilter { story: AuditedStory::parse("Story 1099"), ..AuditFilter::default() };
    let pages = pages(&world, &filter, BATCHES).await;
    assert_eq!(pages.len(), 2);
    assert_eq!(numbers(&pages).len(), 2);
    assert!(pages.iter().flat_map(|page| &page.checked).all(|checked| checked.is_intact));
}

#[tokio::test]
async fn an_altered_removed_or_unreadable_record_is_detected_on_every_page_that_reads_it() {
    for (number, field, value) in [
        (4, "headline", "Another"),
        (4, "hash", "0"),
        (4, "previous", "0"),
        (1, "previous", "0"),
        (7, "headline", "Another"),
        (4, "deed", "invented"),
        (4, "", ""),
        (7, "", ""),
        (1, "", ""),
    ] {
        let world = World::new();
        write_drafts(&world, 7).await;
        let key = Key::new(format!("audit#{DAY}"), format!("{number:010}"));
        let mut item = world.table.get(&key).await.expect("read").expect("a record");
        let write = match field {
            "" => Write::delete(key),
            field => {
                Arc::make_mut(&mut item.body)[field] = value.into();
                Write::put(item)
            }
        };
        world.table.write(vec![write]).await.expect("written");
        for batches in [1, 2, 3, 7] {
            let pages = pages(&world, &AuditFilter::default(), batches).await;
            let mut checked = pages.iter().flat_map(|page| &page.checked);
            assert!(checked.any(|day| !day.is_intact), "{number} {field} {batches}");
        }
        let filter = AuditFilter { person: Some("nobody".to_owned()), ..AuditFilter::default() };
        let page = search(&world, &filter, None, BATCHES).await;
        assert!(page.checked.iter().any(|day| !day.is_intact), "{number} {field} filtered");
    }
}

#[tokio::test]
async fn an_empty_log_is_searched_and_others_are_refused() {
    let world = World::new();
    let page = search(&world, &AuditFilter::default(), None, BATCHES).await;
    assert_eq!(page, AuditPage::default());
    for caller in [Caller::Anonymous, member("reader"), member("editor")] {
        let filter = AuditFilter::default();
        let denied = world.desk.search_audit(&caller, &filter, None, BATCHES).await;
        assert!(matches!(denied, Err(DeskError::Denied(_))));
    }
}
