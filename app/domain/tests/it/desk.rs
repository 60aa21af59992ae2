//! Permissions on stories, and the state after each change.

use gazette_domain::{
    AccessError, Caller, DeskError, Feed, Limit, ListQuery, Lookup, Published, Role, Selection,
    StoryId, StoryInput, SystemTask,
};
use uuid::Uuid;

use crate::world::{World, headlines, input, member, patch, publish, slug};

#[tokio::test]
async fn news_is_listed_newest_first_in_every_feed() {
    let world = World::new();
    let desk = &world.desk;
    publish(&world, input("Middle", 2)).await;
    publish(&world, input("Old", 3)).await;
    publish(&world, StoryInput { section: "Science".to_owned(), tags: vec![], ..input("New", 1) })
        .await;
    assert_eq!(headlines(desk, Feed::All).await, ["New", "Middle", "Old"]);
    assert_eq!(headlines(desk, Feed::Section(slug("world"))).await, ["Middle", "Old"]);
    assert_eq!(headlines(desk, Feed::Tag(slug("rivers"))).await, ["Middle", "Old"]);
    assert_eq!(headlines(desk, Feed::Author(slug("ada-reed"))).await.len(), 3);
    assert_eq!(headlines(desk, Feed::Tag(slug("none"))).await, [""; 0]);
}

#[tokio::test]
async fn pages_join_without_gap_or_overlap() {
    let world = World::new();
    let desk = &world.desk;
    for number in 0..25 {
        let section = if number % 5 == 0 { "Sport" } else { "World" };
        let input =
            StoryInput { section: section.to_owned(), ..input(&format!("Story {number}"), number) };
        publish(&world, input).await;
    }
    for (feed, tagged, expected) in [
        (Feed::All, None, 25),
        (Feed::Tag(slug("rivers")), None, 25),
        (Feed::Section(slug("sport")), Some(slug("rivers")), 5),
        (Feed::Section(slug("world")), Some(slug("none")), 0),
    ] {
        let limit = Limit::try_from(3).expect("in range");
        let mut query = ListQuery { also_tagged: tagged, ..ListQuery::newest(feed, limit) };
        let mut ids = Vec::new();
        loop {
            let page = desk.list(&Caller::Anonymous, &query).await.expect("listed");
            ids.extend(page.items.iter().map(|teaser| teaser.id));
            let Some(next) = page.next else { break };
            query.cursor = Some(next.to_string().parse().expect("our own cursor"));
        }
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!((ids.len(), unique.len()), (expected, expected));
    }
}

#[tokio::test]
async fn equal_headlines_get_different_slugs() {
    let world = World::new();
    let desk = &world.desk;
    for _ in 0..60 {
        publish(&world, input("All the same", 1)).await;
    }
    assert_eq!(headlines(desk, Feed::All).await.len(), 60);
    let found = desk.find(&Caller::Anonymous, &slug("all-the-same-50")).await.expect("found");
    assert!(matches!(found, Lookup::Found(_)));
    assert_eq!(
        desk.find(&Caller::Anonymous, &slug("nothing")).await.expect("asked"),
        Lookup::Missing
    );
}

#[tokio::test]
async fn a_free_slug_among_many_taken_ones_costs_one_more_write() {
    let world = World::new();
    for _ in 0..45 {
        publish(&world, input("All the same", 1)).await;
    }
    world.table.allow_writes(2);
    let last = publish(&world, input("All the same", 1)).await;
    assert_eq!(last.teaser().slug.as_str(), "all-the-same-46");
}

#[tokio::test]
async fn only_an_admin_deletes_and_a_denial_changes_nothing() {
    let world = World::new();
    let desk = &world.desk;
    publish(&world, input("Stays", 1)).await;
    for (caller, expected) in [
        (Caller::Anonymous, AccessError::NotSignedIn),
        (member("reader"), AccessError::RoleMissing(Role::Admin)),
        (member("editor"), AccessError::RoleMissing(Role::Admin)),
    ] {
        let denied = desk.delete(&caller, &Selection::All).await;
        assert!(matches!(denied, Err(DeskError::Denied(reason)) if reason == expected));
    }
    assert!(matches!(
        desk.write(&member("reader"), patch("No", "Text."), None).await,
        Err(DeskError::Denied(_))
    ));
    assert_eq!(headlines(desk, Feed::All).await, ["Stays"]);
    assert_eq!(desk.delete(&member("admin"), &Selection::All).await.expect("deleted"), 1);
}

#[tokio::test]
async fn deleting_counts_existing_stories_and_leaves_their_slugs_gone() {
    let world = World::new();
    let desk = &world.desk;
    let mut ids = Vec::new();
    for number in 0..37 {
        ids.push(publish(&world, input(&format!("Story {number}"), number)).await.teaser().id);
    }
    let unknown = StoryId::new(Uuid::from_u128(u128::MAX));
    let some = Selection::Ids(vec![ids[0], unknown, ids[1], ids[0]]);
    assert_eq!(desk.delete(&member("admin"), &some).await.expect("deleted"), 2);
    assert_eq!(desk.delete(&member("admin"), &some).await.expect("deleted"), 0);
    assert!(matches!(
        desk.find(&Caller::Anonymous, &slug("story-0")).await.expect("asked"),
        Lookup::Gone(_)
    ));
    assert_eq!(desk.delete(&member("admin"), &Selection::All).await.expect("deleted"), 35);
    for feed in [Feed::All, Feed::Tag(slug("rivers")), Feed::Section(slug("world"))] {
        assert_eq!(headlines(desk, feed).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_deleted_story_is_restored_unchanged() {
    let world = World::new();
    let desk = &world.desk;
    let kept = publish(&world, input("Kept", 1)).await.teaser().id;
    let gone = publish(&world, input("Gone", 2)).await.teaser().id;
    let admin = member("admin");
    let before = desk.find(&Caller::Anonymous, &slug("gone")).await.expect("found");
    desk.delete(&admin, &Selection::Ids(vec![gone])).await.expect("deleted");
    let trash = desk.trash(&admin, Limit::MAX).await.expect("listed");
    assert_eq!(trash.len(), 1);
    assert_eq!((trash[0].teaser.id, trash[0].trashed.by.as_str()), (gone, "admin"));
    for caller in [Caller::Anonymous, member("reader"), member("editor")] {
        assert!(matches!(desk.trash(&caller, Limit::MAX).await, Err(DeskError::Denied(_))));
        assert!(matches!(desk.restore(&caller, &[gone]).await, Err(DeskError::Denied(_))));
    }
    assert_eq!(desk.restore(&admin, &[gone, kept, gone]).await.expect("restored"), 1);
    assert_eq!(desk.trash(&admin, Limit::MAX).await.expect("listed"), []);
    for feed in [Feed::All, Feed::Tag(slug("rivers")), Feed::Section(slug("world"))] {
        assert_eq!(headlines(desk, feed).await, ["Kept", "Gone"]);
    }
    let (Lookup::Found(before), Lookup::Found(after)) =
        (before, desk.find(&Caller::Anonymous, &slug("gone")).await.expect("found"))
    else {
        panic!("the story was not found");
    };
    assert_eq!((before.teaser, before.body), (after.teaser, after.body));
    assert_eq!(after.version, before.version + 2);
    desk.delete(&admin, &Selection::All).await.expect("deleted again");
    assert_eq!(desk.trash(&admin, Limit::MAX).await.expect("listed").len(), 2);
}

#[tokio::test]
async fn a_second_import_of_a_source_updates_its_story() {
    let world = World::new();
    let desk = &world.desk;
    let imported = |headline: &str, section: &str| StoryInput {
        source: Some("a/b.md".to_owned()),
        section: section.to_owned(),
        ..input(headline, 5)
    };
    assert!(matches!(publish(&world, imported("First", "World")).await, Published::Created(_)));
    assert!(matches!(publish(&world, imported("First", "World")).await, Published::Unchanged(_)));
    let updated = publish(&world, imported("Second", "Sport")).await;
    assert!(matches!(&updated, Published::Updated(teaser) if teaser.slug == slug("first")));
    assert_eq!(headlines(desk, Feed::All).await, ["Second"]);
    assert_eq!(headlines(desk, Feed::Section(slug("world"))).await, [""; 0]);
    assert_eq!(headlines(desk, Feed::Section(slug("sport"))).await, ["Second"]);
    desk.delete(&member("admin"), &Selection::All).await.expect("deleted");
    assert!(matches!(publish(&world, imported("Third", "World")).await, Published::InTrash(_)));
    assert_eq!(headlines(desk, Feed::All).await, [""; 0]);
}

#[tokio::test]
async fn every_broken_rule_of_an_input_is_reported() {
    let bad = StoryInput {
        headline: "!".repeat(201),
        summary: "s".repeat(501),
        body: " ".to_owned(),
        section: String::new(),
        tags: vec!["?".to_owned(); 21],
        authors: vec!["x".repeat(121)],
        ..input("", 0)
    };
    let Err(DeskError::Unacceptable(errors)) =
        World::new().operator.publish(SystemTask::Import, bad).await
    else {
        panic!("an invalid input was accepted");
    };
    for field in ["headline", "summary", "body", "section", "tags", "authors"] {
        assert!(errors.iter().any(|error| error.field == field), "{field} in {errors:?}");
    }
}

#[tokio::test]
async fn every_feed_can_be_read_month_by_month() {
    let world = World::new();
    let desk = &world.desk;
    let days_ago = |days: i64| days * 24 * 60;
    for (headline, days) in [("This month", 0), ("Last", 30), ("Last too", 31), ("Long ago", 400)] {
        publish(&world, input(headline, days_ago(days))).await;
    }
    let limit = Limit::try_from(1).expect("in range");
    for feed in [Feed::All, Feed::Section(slug("world")), Feed::Tag(slug("rivers"))] {
        let month = Some("2026-08".parse().expect("a month"));
        let mut query = ListQuery { month, ..ListQuery::newest(feed, limit) };
        let mut found = Vec::new();
        loop {
            let page = desk.list(&Caller::Anonymous, &query).await.expect("listed");
            found.extend(page.items.into_iter().map(|teaser| teaser.headline));
            let Some(next) = page.next else { break };
            query.cursor = Some(next);
        }
        assert_eq!(found, ["Last", "Last too"]);
    }
    for wrong in ["2026", "2026-13", "2026-1", "2026-011", "-001-01", "2026-11-01", "x"] {
        assert!(wrong.parse::<gazette_domain::Month>().is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_forged_cursor_does_not_reveal_scheduled_stories() {
    let world = World::new();
    let desk = &world.desk;
    publish(&world, input("News", 1)).await;
    publish(&world, input("Embargoed", -60)).await;
    let text = "9998-01-01T00:00:00.000Z#ffffffff-ffff-7fff-bfff-ffffffffffff";
    let cursor = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text);
    for feed in [Feed::All, Feed::Section(slug("world")), Feed::Tag(slug("rivers"))] {
        let cursor = Some(cursor.parse().expect("well formed"));
        let query = ListQuery { cursor, ..ListQuery::newest(feed, Limit::MAX) };
        let page = desk.list(&Caller::Anonymous, &query).await.expect("listed");
        let found: Vec<_> = page.items.into_iter().map(|teaser| teaser.headline).collect();
        assert_eq!(found, ["News"]);
    }
}

#[tokio::test]
async fn too_many_tags_are_one_error() {
    let tags: Vec<String> = (0..100_000).map(|number| format!("{number} ?")).collect();
    for tags in [tags, vec!["?".to_owned(); 1_000]] {
        let input = StoryInput { tags, ..input("Tags", 1) };
        let outcome = World::new().operator.publish(SystemTask::Import, input).await;
        let Err(DeskError::Unacceptable(errors)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(errors.len(), 1);
    }
}

#[tokio::test]
async fn teasers_are_read_in_few_calls_and_each_once() {
    let world = World::new();
    let editor = member("editor");
    let mut ids = Vec::new();
    for number in 0..101 {
        ids.push(publish(&world, input(&format!("Story {number}"), number)).await.teaser().id);
    }
    let unknown = StoryId::new(Uuid::from_u128(u128::MAX));
    let asked = [&[unknown][..], &ids, &ids].concat();
    let reads = world.table.reads();
    let teasers = world.desk.teasers(&editor, &asked).await.expect("read");
    assert_eq!(world.table.reads(), reads + 2);
    assert_eq!(teasers.iter().map(|teaser| teaser.id).collect::<Vec<_>>(), ids);
    assert_eq!(world.desk.teasers(&editor, &[]).await.expect("read"), []);
}
