//! Reads for feeds.

use gazette_domain::{Caller, LabelKind, LabelLookup, Limit, Selection, Status, StoryPatch};
use jiff::Timestamp;

use crate::world::{NOW, World, input, member, patch, publish, slug};

async fn last_change(world: &World) -> Option<i64> {
    let time = world.desk.last_change(&Caller::Anonymous).await.expect("read");
    time.map(Timestamp::as_second)
}

#[tokio::test]
async fn the_last_change_is_one_that_readers_can_notice() {
    let world = World::new();
    assert_eq!(last_change(&world).await, None);
    publish(&world, input("One", 5)).await;
    assert_eq!(last_change(&world).await, Some(NOW));
    world.pass(60);
    let draft = StoryPatch { status: Some(Status::Draft), ..patch("Draft", "Text.") };
    world.desk.write(&member("editor"), draft, None).await.expect("written");
    assert_eq!(last_change(&world).await, Some(NOW));
    // The next day has a log of its own.
    world.pass(24 * 60 * 60);
    world.desk.delete(&member("admin"), &Selection::All).await.expect("deleted");
    assert_eq!(last_change(&world).await, Some(NOW + 60 + 24 * 60 * 60));
}

#[tokio::test]
async fn only_stories_that_readers_can_see_are_public_ones() {
    let world = World::new();
    let one = publish(&world, input("One", 5)).await.teaser().id;
    let later = publish(&world, input("Later", -5)).await.teaser().id;
    let editor = member("editor");
    let ids = [later, one];
    for caller in [&Caller::Anonymous, &editor] {
        let stories = world.desk.public_stories(caller, &ids).await.expect("read");
        assert_eq!(stories.iter().map(|story| story.teaser.id).collect::<Vec<_>>(), [one]);
    }
    world.pass(6 * 60);
    let stories = world.desk.public_stories(&editor, &ids).await.expect("read");
    assert_eq!(stories.iter().map(|story| story.teaser.id).collect::<Vec<_>>(), ids);
}

#[tokio::test]
async fn a_label_is_found_moved_or_missing() {
    let world = World::new();
    publish(&world, input("One", 5)).await;
    let find = async |text: &str| {
        let (desk, slug) = (&world.desk, slug(text));
        let found =
            desk.stories_of_label(&Caller::Anonymous, LabelKind::Tag, &slug, Limit::DEFAULT, None);
        found.await.expect("read")
    };
    let LabelLookup::Found(label, page) = find("rivers").await else { panic!("not found") };
    assert_eq!((label.name.as_str(), page.items.len()), ("Rivers", 1));
    let (editor, rivers) = (member("editor"), slug("rivers"));
    let renamed = world.desk.rename_label(&editor, LabelKind::Tag, &rivers, "Trains");
    renamed.await.expect("merged");
    assert_eq!(find("rivers").await, LabelLookup::Moved(slug("trains")));
    assert_eq!(find("nothing").await, LabelLookup::Missing);
    world.desk.delete(&member("admin"), &Selection::All).await.expect("deleted");
    assert_eq!(find("rivers").await, LabelLookup::Missing);
}
