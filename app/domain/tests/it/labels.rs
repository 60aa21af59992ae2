//! Labels: one name for each slug, renaming and merging.

use gazette_domain::{
    Action, Caller, DeskError, Feed, Label, LabelKind, Limit, ListQuery, Status, StoryInput,
    StoryPatch, Teaser,
};

use crate::world::{World, headlines, input, member, patch, publish, slug};

async fn publish_in(world: &World, headline: &str, section: &str, tags: &[&str]) -> Teaser {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    let input = StoryInput { section: section.to_owned(), tags, ..input(headline, 5) };
    publish(world, input).await.teaser().clone()
}

async fn teasers(world: &World, feed: Feed) -> Vec<Teaser> {
    let query = ListQuery::newest(feed, Limit::MAX);
    world.desk.list(&Caller::Anonymous, &query).await.expect("listed").items
}

fn names(labels: &[Label]) -> Vec<&str> {
    labels.iter().map(|label| label.name.as_str()).collect()
}

#[tokio::test]
async fn the_first_spelling_of_a_label_is_kept() {
    let world = World::new();
    publish_in(&world, "One", "Politics", &["C", "C++", "C#"]).await;
    let two = publish_in(&world, "Two", "POLITICS", &["c", "c++", "c#"]).await;
    assert_eq!(two.section.name, "Politics");
    assert_eq!(names(&two.tags), ["C", "C++", "C#"]);
    let editor = member("editor");
    let three = StoryPatch { section: Some("politics".to_owned()), ..patch("Three", "Text.") };
    let three = world.desk.write(&editor, three, None).await.expect("written");
    assert_eq!(three.teaser.section.name, "Politics");
    let patch = StoryPatch { tags: Some(vec!["c++".to_owned()]), ..StoryPatch::default() };
    let revised = world.desk.revise(&editor, three.teaser.id, 1, patch).await.expect("revised");
    assert_eq!(names(&revised.teaser.tags), ["C++"]);
}

#[tokio::test]
async fn a_story_has_several_authors_each_with_a_feed() {
    let world = World::new();
    let authors = vec!["Ana Δημητρίου".to_owned(), "山田太郎".to_owned()];
    publish(&world, StoryInput { authors, ..input("Bridge", 5) }).await;
    for author in ["ana-δημητρίου", "山田太郎"] {
        assert_eq!(headlines(&world.desk, Feed::Author(slug(author))).await, ["Bridge"]);
    }
}

#[tokio::test]
async fn the_signed_in_writer_is_only_the_default_author() {
    let world = World::new();
    let editor = member("editor");
    let own = world.desk.write(&editor, patch("Own", "Text."), None).await.expect("written");
    assert_eq!(names(&own.teaser.authors), ["editor"]);
    let guest = StoryPatch { authors: Some(vec!["A Guest".to_owned()]), ..patch("Guest", "Text.") };
    let guest = world.desk.write(&editor, guest, None).await.expect("written");
    assert_eq!(names(&guest.teaser.authors), ["A Guest"]);
    let nobody = StoryPatch { authors: Some(Vec::new()), ..patch("Nobody", "Text.") };
    let refused = world.desk.write(&editor, nobody, None).await;
    let Err(DeskError::Unacceptable(errors)) = refused else { panic!("{refused:?}") };
    assert_eq!(errors[0].field, "authors");
}

#[tokio::test]
async fn renaming_a_label_changes_its_name_in_all_stories() {
    let world = World::new();
    for number in 0..7 {
        publish_in(&world, &format!("Story {number}"), "Poltics", &["x"]).await;
    }
    let editor = member("editor");
    let draft = StoryPatch {
        section: Some("Poltics".to_owned()),
        status: Some(Status::Draft),
        ..patch("Draft", "Text.")
    };
    let draft = world.desk.write(&editor, draft, None).await.expect("written").teaser.id;
    let desk = &world.desk;
    let renamed = desk
        .rename_label(&editor, LabelKind::Section, &slug("poltics"), "Politics")
        .await
        .expect("renamed");
    assert_eq!((renamed.label.slug.as_str(), renamed.stories), ("politics", 8));
    assert!(teasers(&world, Feed::Section(slug("poltics"))).await.is_empty());
    let moved = teasers(&world, Feed::Section(slug("politics"))).await;
    assert_eq!(moved.len(), 7);
    assert!(moved.iter().all(|teaser| teaser.section.name == "Politics"));
    assert!(moved.iter().all(|teaser| teaser.updated_at == teaser.published_at));
    let draft = desk.story(&editor, draft).await.expect("found");
    assert_eq!(draft.teaser.section.name, "Politics");
    // The old name leads to the new one.
    let later = publish_in(&world, "Later", "Poltics", &[]).await;
    assert_eq!(later.section.name, "Politics");
    let label = desk.label(&Caller::Anonymous, LabelKind::Section, &slug("poltics")).await;
    assert_eq!(label.expect("asked").expect("registered").slug, slug("politics"));
}

#[tokio::test]
async fn a_new_spelling_keeps_the_address() {
    let world = World::new();
    publish_in(&world, "One", "politics", &[]).await;
    let editor = member("editor");
    let label = slug("politics");
    let renamed = world.desk.rename_label(&editor, LabelKind::Section, &label, "POLITICS").await;
    assert_eq!(renamed.expect("renamed").stories, 1);
    assert_eq!(teasers(&world, Feed::Section(label)).await[0].section.name, "POLITICS");
}

#[tokio::test]
async fn labels_are_merged_and_can_be_named_back() {
    let world = World::new();
    publish_in(&world, "One", "World", &["Rust", "Rust language"]).await;
    publish_in(&world, "Two", "World", &["Rust language"]).await;
    let editor = member("editor");
    let merge = |from: &'static str, to: &'static str| {
        let (desk, editor) = (world.desk.clone(), editor.clone());
        async move { desk.rename_label(&editor, LabelKind::Tag, &slug(from), to).await }
    };
    assert_eq!(merge("rust-language", "rust").await.expect("merged").stories, 2);
    let rust = teasers(&world, Feed::Tag(slug("rust"))).await;
    assert_eq!(rust.len(), 2);
    assert!(rust.iter().all(|teaser| names(&teaser.tags) == ["Rust"]));
    assert_eq!(merge("rust", "Rust language").await.expect("renamed").stories, 2);
    let back = teasers(&world, Feed::Tag(slug("rust-language"))).await;
    assert_eq!(names(&back[0].tags), ["Rust language"]);
    let missing = merge("nothing", "Something").await;
    assert!(matches!(missing, Err(DeskError::Missing)), "{missing:?}");
}

#[tokio::test]
async fn authz_renaming_needs_an_editor() {
    let world = World::new();
    publish_in(&world, "One", "World", &[]).await;
    for caller in [Caller::Anonymous, member("reader")] {
        let kind = LabelKind::Section;
        let refused = world.desk.rename_label(&caller, kind, &slug("world"), "X").await;
        assert!(matches!(refused, Err(DeskError::Denied(_))), "{refused:?}");
        let refused = world.desk.labels(&caller, kind, None, Limit::MAX).await;
        assert!(matches!(refused, Err(DeskError::Denied(_))), "{refused:?}");
    }
    assert_eq!(Action::ManageLabels.as_str(), "labels:manage");
    let labels = world.desk.labels(&member("editor"), LabelKind::Section, None, Limit::MAX).await;
    assert_eq!(names(&labels.expect("listed").labels), ["World"]);
}
