//! Stories that end at a time, and pins that do.

use gazette_domain::{
    AuditAction, Caller, Feed, Limit, Lookup, MAX_AUTHORS, MAX_TAGS, NewCorrection, Status, Story,
    StoryInput, StoryPatch, TimePatch,
};
use jiff::Timestamp;

use crate::world::{NOW, World, audit_log, headlines, input, member, patch, publish, slug};

const HOUR: i64 = 60 * 60;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOW + seconds).expect("in range")
}

fn ending(headline: &str, seconds: i64) -> StoryInput {
    StoryInput { unpublish_at: Some(at(seconds)), ..input(headline, 1) }
}

async fn story(world: &World, text: &str) -> Story {
    match world.desk.find(&member("editor"), &slug(text)).await.expect("asked") {
        Lookup::Found(story) => *story,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_story_ends_at_its_second_for_every_cached_page_also_without_the_table() {
    let world = World::new();
    publish(&world, ending("Ends", HOUR)).await;
    let other = world.restarted();
    for world in [&world, &other] {
        world.operator.sync_with_log().await.expect("synced");
    }
    world.pass(HOUR - 1);
    let versions = [world.desk.content_version(), other.desk.content_version()];
    world.table.fail("down", |_| true);
    world.pass(1);
    for (world, before) in [&world, &other].into_iter().zip(versions) {
        let after = world.desk.content_version();
        assert!(after > before);
        assert_eq!(world.desk.last_removal(), after, "pages of before are not shown in an outage");
    }
}

#[tokio::test]
async fn the_end_of_a_pin_moves_the_content_version_and_removes_nothing() {
    let world = World::new();
    publish(&world, StoryInput { pin_until: Some(at(HOUR)), ..input("Pinned", 1) }).await;
    world.operator.sync_with_log().await.expect("synced");
    let (before, removal) = (world.desk.content_version(), world.desk.last_removal());
    world.pass(HOUR - 1);
    assert_eq!(world.desk.content_version(), before);
    world.pass(1);
    assert!(world.desk.content_version() > before);
    assert_eq!(world.desk.last_removal(), removal);
}

#[tokio::test]
async fn the_last_pinned_story_is_first_and_three_are_shown() {
    let world = World::new();
    for number in 0..5 {
        publish(&world, input(&format!("Story {number}"), number)).await;
    }
    let editor = member("editor");
    for number in [4, 1, 3, 2] {
        let story = story(&world, &format!("story-{number}")).await;
        let pin = StoryPatch { pin_until: Some(TimePatch::Set(at(HOUR))), ..StoryPatch::default() };
        world.desk.revise(&editor, story.teaser.id, 1, pin).await.expect("revised");
        world.pass(1);
    }
    // A longer pin keeps its place.
    let first = story(&world, "story-1").await;
    let longer =
        StoryPatch { pin_until: Some(TimePatch::Set(at(2 * HOUR))), ..StoryPatch::default() };
    world.desk.revise(&editor, first.teaser.id, 2, longer).await.expect("revised");
    let front = async || {
        let front = world.desk.front(&Caller::Anonymous, Limit::MAX).await.expect("listed");
        let names = |teasers: Vec<gazette_domain::Teaser>| {
            teasers.into_iter().map(|teaser| teaser.headline).collect::<Vec<_>>()
        };
        (names(front.pinned), names(front.newest))
    };
    let (pinned, newest) = front().await;
    assert_eq!(pinned, ["Story 2", "Story 3", "Story 1"]);
    assert_eq!(newest, ["Story 0", "Story 4"]);
    world.pass(HOUR);
    assert_eq!(front().await.0, ["Story 1"]);
}

#[tokio::test]
async fn a_story_that_ended_becomes_a_draft_once_and_can_be_published_again() {
    let world = World::new();
    publish(&world, StoryInput { pin_until: Some(at(2 * HOUR)), ..ending("Ends", HOUR) }).await;
    publish(&world, ending("Later", 2 * HOUR)).await;
    let other = world.restarted();
    assert_eq!(world.operator.unpublish_ended().await.expect("asked"), 0);
    world.pass(HOUR);
    assert_eq!(headlines(&world.desk, Feed::All).await, ["Later"]);
    let (one, two) =
        tokio::join!(world.operator.unpublish_ended(), other.operator.unpublish_ended());
    assert_eq!(one.expect("unpublished") + two.expect("unpublished"), 1);
    let ended = story(&world, "ends").await;
    assert_eq!((ended.status, ended.version, ended.was_public), (Status::Draft, 2, true));
    assert_eq!((ended.teaser.unpublish_at, ended.pin_until), (None, None));
    let log = audit_log(&world.desk).await;
    let withdrawn: Vec<_> =
        log.iter().filter(|entry| entry.event.action == AuditAction::Withdrawn).collect();
    assert_eq!(withdrawn.len(), 1);
    assert_eq!(
        (withdrawn[0].event.by.name.as_str(), &withdrawn[0].event.by.sub),
        ("schedule", &None)
    );
    let again = StoryPatch { status: Some(Status::Published), ..StoryPatch::default() };
    world.desk.revise(&member("editor"), ended.teaser.id, 2, again).await.expect("revised");
    let again = headlines(&world.desk, Feed::All).await;
    assert_eq!(again, ["Later", "Ends"], "it has the time at which readers first saw it");
}

#[tokio::test]
async fn the_largest_change_of_a_story_fits_into_a_batch() {
    let world = World::new();
    let editor = member("editor");
    let names = |kind: &str, count: usize| (0..count).map(|n| format!("{kind} {n}")).collect();
    let largest = |name: &str, hours: i64| StoryPatch {
        section: Some(format!("Section {name}")),
        tags: Some(names(&format!("{name} tag"), MAX_TAGS)),
        authors: Some(names(&format!("{name} author"), MAX_AUTHORS)),
        slug: Some(slug(name)),
        publish_at: Some(at(-hours * HOUR)),
        unpublish_at: Some(TimePatch::Set(at(hours * HOUR))),
        pin_until: Some(TimePatch::Set(at(hours * HOUR))),
        ..patch(&format!("Story {name}"), &format!("![A](/images/{}-640x480.jpg)", "a".repeat(32)))
    };
    let written = world.desk.write(&editor, largest("one", 1), None).await.expect("written");
    let id = written.teaser.id;
    let revised = world.desk.revise(&editor, id, 1, largest("two", 2)).await.expect("revised");
    let new = NewCorrection { text: "It was two.".to_owned(), ..NewCorrection::default() };
    world.desk.correct(&editor, id, new).await.expect("corrected");
    let draft = StoryPatch { status: Some(Status::Draft), ..largest("three", 3) };
    world.desk.revise(&editor, id, revised.version + 1, draft).await.expect("revised");
}
