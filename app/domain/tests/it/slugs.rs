//! Slugs of stories in any script.

use gazette_domain::{DeskError, Lookup, Status, StoryPatch, SystemTask};

use crate::world::{World, audit_log, input, member, patch, slug};

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

#[tokio::test]
async fn many_new_stories_keep_their_order_and_get_different_slugs() {
    let world = World::new();
    // More than have a number, and more than fit into one batch.
    let inputs: Vec<_> = (0..70).map(|minutes| input("Rivers rise", minutes)).collect();
    let count = world.operator.publish_all(SystemTask::Import, inputs).await.expect("published");
    assert_eq!(count, 70);
    let mut records = audit_log(&world.desk).await;
    records.sort_by_key(|record| record.number);
    let ids: Vec<_> = records.iter().filter_map(|record| record.event.story).collect();
    let teasers = world.desk.teasers(&member("admin"), &ids).await.expect("read");
    assert!(teasers.is_sorted_by_key(|teaser| teaser.published_at));
    let slugs: Vec<&str> = teasers.iter().map(|teaser| teaser.slug.as_str()).collect();
    assert_eq!(slugs.len(), 70);
    assert_eq!(slugs[0], "rivers-rise");
    for number in 2..=50 {
        assert_eq!(slugs[number - 1], format!("rivers-rise-{number}"));
    }
    for (slug, id) in slugs.iter().zip(&ids).skip(50) {
        assert_eq!(*slug, id.to_string());
    }
}
