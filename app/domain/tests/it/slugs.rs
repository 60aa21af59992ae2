//! Slugs of stories in any script.

use gazette_domain::{DeskError, Lookup, Status, StoryPatch};

use crate::world::{World, member, patch, slug};

#[tokio::test]
async fn a_story_without_letters_in_its_headline_keeps_its_slug() {
    let world = World::new();
    let admin = member("admin");
    let river = StoryPatch { slug: Some(slug("rivers")), ..patch("!!!", "Text.") };
    for status in [Status::Draft, Status::Published] {
        let river = StoryPatch { status: Some(status), ..river.clone() };
        let id = world.desk.write(&admin, river, None).await.expect("written").teaser.id;
        let body = StoryPatch { body: Some("More text.".to_owned()), ..StoryPatch::default() };
        let revised = world.desk.revise(&admin, id, 1, body).await.expect("revised");
        let kept = revised.teaser.slug.clone();
        let renamed = patch("!?", "More text.");
        let renamed = world.desk.revise(&admin, id, 2, renamed).await.expect("renamed");
        assert_eq!(renamed.teaser.slug, kept, "{status:?}");
        assert!(kept.as_str().starts_with("rivers"));
    }
}

#[tokio::test]
async fn the_id_is_the_slug_if_nothing_else_gives_one() {
    let world = World::new();
    let admin = member("admin");
    let river = StoryPatch { status: Some(Status::Draft), ..patch("!!!", "Text.") };
    let written = world.desk.write(&admin, river, None).await.expect("written").teaser;
    assert_eq!(written.slug.as_str(), written.id.to_string());
    let found = world.desk.find(&admin, &written.slug).await.expect("asked");
    assert!(matches!(found, Lookup::Found(_)));
    let renamed = patch("Rivers rise", "Text.");
    let renamed = world.desk.revise(&admin, written.id, 1, renamed).await.expect("renamed");
    assert_eq!(renamed.teaser.slug.as_str(), "rivers-rise");
}

#[tokio::test]
async fn an_empty_headline_breaks_one_rule() {
    let written = World::new().desk.write(&member("admin"), patch(" ", "Text."), None).await;
    let Err(DeskError::Unacceptable(errors)) = written else { panic!("{written:?}") };
    assert_eq!(errors.len(), 1, "{errors:?}");
}
