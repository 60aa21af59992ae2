//! Readers find no sign of stories that are not public.

use gazette_domain::{
    Caller, DeskError, Erasure, Feed, IdempotencyKey, Lookup, Selection, Status, StoryInput,
    StoryPatch,
};

use crate::world::{NOW, World, headlines, input, member, patch, publish, slug};

const HOUR: i64 = 60 * 60;

async fn sections(world: &World) -> Vec<String> {
    let labels = world.desk.sections(&Caller::Anonymous).await.expect("listed");
    labels.into_iter().map(|label| label.name).collect()
}

async fn find(world: &World, text: &str) -> Lookup {
    world.desk.find(&Caller::Anonymous, &slug(text)).await.expect("asked")
}

fn in_section(section: &str, minutes_ago: i64) -> StoryInput {
    StoryInput { section: section.to_owned(), ..input(section, minutes_ago) }
}

fn draft(headline: &str) -> StoryPatch {
    StoryPatch { status: Some(Status::Draft), ..patch(headline, "Text.") }
}

#[tokio::test]
async fn the_navigation_has_the_sections_with_a_public_story() {
    let world = World::new();
    let admin = member("admin");
    publish(&world, in_section("World", 1)).await;
    assert_eq!(sections(&world).await, ["World"]);
    let scheduled = publish(&world, in_section("Project Zeus", -60)).await.teaser().id;
    publish(&world, StoryInput { status: Status::Draft, ..in_section("Desk", 1) }).await;
    let typo = publish(&world, in_section("Wrold", 1)).await.teaser().id;
    assert_eq!(sections(&world).await, ["World", "Wrold"]);
    let corrected = StoryPatch { section: Some("World".to_owned()), ..patch("Wrold", "Text.") };
    world.desk.revise(&admin, typo, 1, corrected).await.expect("revised");
    assert_eq!(sections(&world).await, ["World"]);
    world.pass(HOUR - 1);
    assert_eq!(sections(&world).await, ["World"]);
    world.pass(1);
    assert_eq!(sections(&world).await, ["Project Zeus", "World"]);
    world.desk.delete(&admin, &Selection::Ids(vec![scheduled])).await.expect("deleted");
    assert_eq!(sections(&world).await, ["World"]);
    world.desk.restore(&admin, &[scheduled]).await.expect("restored");
    assert_eq!(sections(&world).await, ["Project Zeus", "World"]);
    world.desk.delete(&admin, &Selection::All).await.expect("deleted");
    assert!(sections(&world).await.is_empty());
}

#[tokio::test]
async fn a_scheduled_story_does_not_rename_its_section() {
    let world = World::new();
    publish(&world, in_section("World", 1)).await;
    publish(&world, in_section("WORLD (Zeus)", -60)).await;
    publish(&world, StoryInput { headline: "Later".to_owned(), ..in_section("WORLD!", -60) }).await;
    assert_eq!(sections(&world).await, ["World"]);
    world.pass(HOUR);
    world.operator.sync_with_log().await.expect("checked");
    assert_eq!(sections(&world).await, ["World", "WORLD (Zeus)"]);
}

#[tokio::test]
async fn a_change_by_another_process_changes_the_navigation_after_a_sync() {
    let world = World::new();
    let other = world.restarted();
    let id = publish(&world, in_section("World", 1)).await.teaser().id;
    other.operator.sync_with_log().await.expect("checked");
    assert_eq!(sections(&other).await, ["World"]);
    world.desk.delete(&member("admin"), &Selection::Ids(vec![id])).await.expect("deleted");
    other.operator.sync_with_log().await.expect("checked");
    assert!(sections(&other).await.is_empty());
}

#[tokio::test]
async fn misspelt_sections_do_not_crowd_out_real_ones() {
    let world = World::new();
    let admin = member("admin");
    let id = publish(&world, in_section("A0", 1)).await.teaser().id;
    for number in 1..=40 {
        let moved = StoryPatch { section: Some(format!("A{number}")), ..patch("A0", "Text.") };
        let version = u64::try_from(number).expect("positive");
        world.desk.revise(&admin, id, version, moved).await.expect("revised");
    }
    publish(&world, in_section("World", 1)).await;
    assert_eq!(sections(&world).await, ["A40", "World"]);
}

#[tokio::test]
async fn a_story_that_was_never_public_is_missing_before_and_after_its_deletion() {
    let world = World::new();
    let admin = member("admin");
    let drafted = world.desk.write(&admin, draft("Secret"), None).await.expect("written");
    let scheduled = publish(&world, input("Scheduled", -60)).await.teaser().id;
    let ids = [drafted.teaser.id, scheduled];
    let all = ["secret", "scheduled"];
    for text in all {
        assert_eq!(find(&world, text).await, Lookup::Missing, "{text}");
    }
    world.desk.delete(&admin, &Selection::Ids(ids.to_vec())).await.expect("deleted");
    // Its time comes while it is in the trash.
    world.pass(2 * HOUR);
    for text in all {
        assert_eq!(find(&world, text).await, Lookup::Missing, "{text}");
        let preview = world.desk.find(&admin, &slug(text)).await.expect("asked");
        assert!(matches!(preview, Lookup::Gone(_)), "the newsroom sees {text}");
    }
    world.desk.erase(&admin, &Erasure::All).await.expect("emptied");
    for text in all {
        assert_eq!(find(&world, text).await, Lookup::Missing, "{text}");
    }
    let again = publish(&world, input("Secret", 1)).await;
    assert_eq!(again.teaser().slug.as_str(), "secret", "the slug is free again");
}

#[tokio::test]
async fn a_story_that_was_public_is_gone_after_its_deletion() {
    let world = World::new();
    let admin = member("admin");
    let published = publish(&world, input("Published", 1)).await.teaser().id;
    let withdrawn = publish(&world, input("Withdrawn", 1)).await.teaser().id;
    let delayed = publish(&world, input("Delayed", 1)).await.teaser().id;
    world.desk.revise(&admin, withdrawn, 1, draft("Withdrawn")).await.expect("revised");
    let later = jiff::Timestamp::from_second(NOW + 10 * HOUR).expect("in range");
    let later = StoryPatch { publish_at: Some(later), ..patch("Delayed", "Text.") };
    world.desk.revise(&admin, delayed, 1, later).await.expect("revised");
    assert_eq!(find(&world, "delayed").await, Lookup::Missing);
    let ids = vec![published, withdrawn, delayed];
    world.desk.delete(&admin, &Selection::Ids(ids)).await.expect("deleted");
    for _ in 0..2 {
        for text in ["published", "withdrawn", "delayed"] {
            assert!(matches!(find(&world, text).await, Lookup::Gone(_)), "{text}");
        }
        world.desk.erase(&admin, &Erasure::All).await.expect("emptied");
    }
}

#[tokio::test]
async fn a_slug_that_was_never_public_does_not_redirect_readers() {
    let world = World::new();
    let admin = member("admin");
    let written = world.desk.write(&admin, draft("Working title"), None).await.expect("written");
    let id = written.teaser.id;
    let slug_of = |text: &str| StoryPatch { slug: Some(slug(text)), ..patch("Out", "Text.") };
    let published = StoryPatch { status: Some(Status::Published), ..slug_of("first") };
    world.desk.revise(&admin, id, 1, published).await.expect("revised");
    world.desk.revise(&admin, id, 2, slug_of("second")).await.expect("revised");
    assert_eq!(find(&world, "working-title").await, Lookup::Missing);
    assert_eq!(find(&world, "first").await, Lookup::Moved(slug("second")));
    let preview = world.desk.find(&admin, &slug("working-title")).await.expect("asked");
    assert_eq!(preview, Lookup::Moved(slug("second")));
    world.desk.revise(&admin, id, 3, slug_of("working-title")).await.expect("revised");
    world.desk.revise(&admin, id, 4, slug_of("third")).await.expect("revised");
    assert_eq!(find(&world, "working-title").await, Lookup::Moved(slug("third")));
    world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
    world.desk.erase(&admin, &Erasure::All).await.expect("emptied");
    for text in ["working-title", "first", "second", "third"] {
        assert!(matches!(find(&world, text).await, Lookup::Gone(_)), "{text}");
    }
}

#[tokio::test]
async fn tags_and_authors_of_scheduled_stories_have_no_feed() {
    let world = World::new();
    publish(&world, input("Scheduled", -60)).await;
    for feed in [Feed::Tag(slug("rivers")), Feed::Author(slug("ada-reed"))] {
        assert_eq!(headlines(&world.desk, feed).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_repeated_request_does_not_return_a_deleted_story() {
    let world = World::new();
    let admin = member("admin");
    let key = IdempotencyKey::new("once").expect("a key");
    let write = || world.desk.write(&admin, patch("Once", "Text."), Some(&key));
    let id = write().await.expect("written").teaser.id;
    world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
    assert!(matches!(write().await, Err(DeskError::KeyOfDeleted)));
    world.desk.erase(&admin, &Erasure::All).await.expect("emptied");
    assert!(matches!(write().await, Err(DeskError::KeyOfDeleted)));
}

#[tokio::test]
async fn one_process_claims_the_sample_stories_of_an_untouched_table() {
    let world = World::new();
    let other = world.restarted();
    let (one, two) = tokio::join!(world.operator.claim_samples(), other.operator.claim_samples());
    assert!(one.expect("asked") ^ two.expect("asked"));
    assert!(!world.operator.claim_samples().await.expect("asked"));
}

#[tokio::test]
async fn a_newsroom_that_was_used_has_no_sample_stories() {
    for published in [true, false] {
        let world = World::new();
        let admin = member("admin");
        let status = if published { Status::Published } else { Status::Draft };
        let id = publish(&world, StoryInput { status, ..input("Once", 1) }).await.teaser().id;
        world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
        world.desk.erase(&admin, &Erasure::All).await.expect("emptied");
        assert!(!world.operator.claim_samples().await.expect("asked"), "{published}");
    }
}

#[tokio::test]
async fn a_second_import_of_a_scheduled_story_is_not_older_than_its_publication() {
    let world = World::new();
    let scheduled = |body: &str| StoryInput {
        source: Some("a.md".to_owned()),
        body: body.to_owned(),
        ..input("Scheduled", -60)
    };
    publish(&world, scheduled("One.")).await;
    let teaser = publish(&world, scheduled("Two.")).await.teaser().clone();
    assert_eq!(teaser.updated_for_readers(), teaser.published_at);
}
