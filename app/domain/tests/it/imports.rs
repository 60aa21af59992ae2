//! Imports of stories from elsewhere, and taking them back.

use gazette_domain::{
    Caller, DeskError, Feed, ImageFormat, ImageId, ImageName, ImportRecord, ImportStory, Limit,
    Lookup, NewImage, Selection, Status, Story, StoryInput, StoryOutcome, StoryPatch, UndoError,
    Undone,
};
use gazette_table::Key;

use crate::world::{World, headlines, input, member, publish, slug};

fn story(key: &str, headline: &str, body: &str) -> ImportStory {
    let input = StoryInput { body: body.to_owned(), ..input(headline, 5) };
    ImportStory {
        key: key.to_owned(),
        digest: format!("{headline}/{body}"),
        input,
        old_paths: Vec::new(),
    }
}

/// Imports stories and returns the initials of their outcomes.
async fn import(
    world: &World,
    source: &str,
    stories: Vec<ImportStory>,
) -> (String, Option<ImportRecord>) {
    import_with(world, source, false, stories).await
}

async fn import_with(
    world: &World,
    source: &str,
    overwrites: bool,
    stories: Vec<ImportStory>,
) -> (String, Option<ImportRecord>) {
    let mut import = world.operator.begin_story_import(source, overwrites);
    for story in stories {
        import.add(story).await.expect("added");
    }
    import.flush().await.expect("written");
    let mut outcomes = import.take_outcomes();
    outcomes.sort_by(|a, b| a.0.cmp(&b.0));
    let initials = outcomes.into_iter().map(|(_, outcome)| match outcome {
        StoryOutcome::Created => 'c',
        StoryOutcome::Updated => 'u',
        StoryOutcome::Unchanged => '=',
        StoryOutcome::Kept => 'k',
        StoryOutcome::InTrash => 't',
        StoryOutcome::Refused(_) => 'r',
    });
    let initials = initials.collect();
    (initials, import.finish().await.expect("finished"))
}

async fn read(world: &World, name: &str) -> Option<Story> {
    match world.desk.find(&Caller::Anonymous, &slug(name)).await.expect("asked") {
        Lookup::Found(story) => Some(*story),
        _ => None,
    }
}

async fn correct(world: &World, name: &str, body: &str) {
    let current = read(world, name).await.expect("the story");
    let patch = StoryPatch { body: Some(body.to_owned()), ..StoryPatch::default() };
    let admin = member("admin");
    world.desk.revise(&admin, current.teaser.id, current.version, patch).await.expect("corrected");
}

async fn undo(world: &World, number: u64) -> Undone {
    world.operator.undo_import(number).await.expect("undone")
}

#[tokio::test]
async fn a_story_is_known_by_its_source_and_its_path() {
    let world = World::new();
    let bridge = || vec![story("a.md", "The bridge", "One.")];
    assert_eq!(import(&world, "en", bridge()).await.0, "c");
    assert_eq!(import(&world, "fr", vec![story("a.md", "Le pont", "Un.")]).await.0, "c");
    assert_eq!(import(&world, "en", bridge()).await, ("=".to_owned(), None));
    assert_eq!(import(&world, "en", vec![story("a.md", "The bridge", "Two.")]).await.0, "u");
    assert_eq!(headlines(&world.desk, Feed::All).await.len(), 2);
    assert_eq!(read(&world, "the-bridge").await.expect("a story").body, "Two.");
    assert_eq!(read(&world, "le-pont").await.expect("a story").body, "Un.");
}

#[tokio::test]
async fn what_was_changed_here_is_never_overwritten() {
    let world = World::new();
    import(&world, "s", vec![story("a.md", "The bridge", "One.")]).await;
    correct(&world, "the-bridge", "Corrected.").await;
    assert_eq!(import(&world, "s", vec![story("a.md", "The bridge", "One.")]).await.0, "=");
    assert_eq!(import(&world, "s", vec![story("a.md", "The bridge", "Two.")]).await.0, "k");
    assert_eq!(read(&world, "the-bridge").await.expect("a story").body, "Corrected.");
    let theirs = vec![story("a.md", "The bridge", "Two.")];
    assert_eq!(import_with(&world, "s", true, theirs).await.0, "u");
    assert_eq!(read(&world, "the-bridge").await.expect("a story").body, "Two.");
    correct(&world, "the-bridge", "Corrected.").await;
    let theirs = || vec![story("a.md", "The bridge", "Two.")];
    assert_eq!(import(&world, "s", theirs()).await.0, "=");
    assert_eq!(import_with(&world, "s", true, theirs()).await.0, "u");
    assert_eq!(read(&world, "the-bridge").await.expect("a story").body, "Two.");
    assert_eq!(import_with(&world, "s", true, theirs()).await.0, "=");
}

#[tokio::test]
async fn a_slug_that_another_writer_takes_costs_a_number() {
    let world = World::new();
    let mut import = world.operator.begin_story_import("s", false);
    import.add(story("a.md", "The bridge", "One.")).await.expect("added");
    import.add(story("b.md", "The tunnel", "One.")).await.expect("added");
    publish(&world, input("The bridge", 5)).await;
    import.flush().await.expect("written");
    let outcomes = import.take_outcomes();
    assert!(
        outcomes.iter().all(|(_, outcome)| matches!(outcome, StoryOutcome::Created)),
        "{outcomes:?}"
    );
    assert_eq!(read(&world, "the-bridge-2").await.expect("a story").body, "One.");
    assert_eq!(import.finish().await.expect("finished").expect("a record").created, 2);
}

#[tokio::test]
async fn an_interrupted_import_has_counts() {
    let world = World::new();
    let mut import = world.operator.begin_story_import("s", false);
    import.add(story("a.md", "The bridge", "One.")).await.expect("added");
    import.flush().await.expect("written");
    drop(import);
    let imports = world.operator.imports(Limit::MAX).await.expect("listed");
    assert_eq!(imports.first().map(|record| record.created), Some(1));
}

#[tokio::test]
async fn a_deleted_story_stays_in_the_trash() {
    let world = World::new();
    import(&world, "s", vec![story("a.md", "The bridge", "One.")]).await;
    let id = read(&world, "the-bridge").await.expect("a story").teaser.id;
    world.desk.delete(&member("admin"), &Selection::Ids(vec![id])).await.expect("deleted");
    assert_eq!(import(&world, "s", vec![story("a.md", "The bridge", "Two.")]).await.0, "t");
}

#[tokio::test]
async fn stories_of_a_group_are_written_with_their_records() {
    let world = World::new();
    // Each write costs the store a sync.
    world.table.allow_writes(15);
    let stories: Vec<ImportStory> =
        (0..100).map(|n| story(&format!("{n:03}.md"), &format!("Story {n}"), "Text.")).collect();
    let (outcomes, record) = import(&world, "s", stories).await;
    assert_eq!(outcomes, "c".repeat(100));
    let record = record.expect("a record");
    assert_eq!((record.number, record.created, record.updated), (1, 100, 0));
    assert_eq!(world.operator.imports(Limit::MAX).await.expect("listed"), [record]);
    assert_eq!(headlines(&world.desk, Feed::All).await.len(), 100);
}

#[tokio::test]
async fn one_bad_story_does_not_stop_the_others() {
    let world = World::new();
    let bad = story("b.md", "Bad", "\u{1}");
    let stories = vec![story("a.md", "A", "x"), bad, story("c.md", "C", "x")];
    assert_eq!(import(&world, "s", stories).await.0, "crc");
}

#[tokio::test]
async fn an_import_is_taken_back_as_one_act() {
    let world = World::new();
    let first = vec![story("a.md", "A", "One."), story("b.md", "B", "One.")];
    import(&world, "s", first).await;
    let second =
        || vec![story("a.md", "A", "Two."), story("c.md", "C", "One."), story("d.md", "D", "One.")];
    let number = import(&world, "s", second()).await.1.expect("a record").number;
    correct(&world, "d", "Corrected.").await;
    let undone = undo(&world, number).await;
    assert_eq!((undone.trashed, undone.reverted, undone.kept), (1, 1, vec!["D".to_owned()]));
    assert_eq!(read(&world, "a").await.expect("a story").body, "One.");
    assert_eq!(read(&world, "d").await.expect("a story").body, "Corrected.");
    assert_eq!(read(&world, "c").await.map(|story| story.body), None);
    let again = world.operator.undo_import(number).await;
    assert!(matches!(again, Err(UndoError::Done(2))), "{again:?}");
    assert!(matches!(world.operator.undo_import(9).await, Err(UndoError::Unknown(9))));
    // Moved in again: the same addresses.
    assert_eq!(import(&world, "s", second()).await.0, "uc=");
    assert_eq!(read(&world, "a").await.expect("a story").body, "Two.");
    assert_eq!(read(&world, "c").await.expect("a story").body, "One.");
    let undone = undo(&world, 3).await;
    assert_eq!((undone.trashed, undone.reverted, undone.kept.len()), (1, 1, 0));
    let undone = undo(&world, 1).await;
    assert_eq!((undone.trashed, undone.reverted, undone.kept.len()), (2, 0, 0));
    assert_eq!(headlines(&world.desk, Feed::All).await, ["D"]);
    assert_eq!(import(&world, "s", second()).await.0, "cc=");
}

#[tokio::test]
async fn an_interrupted_undo_goes_on() {
    let world = World::new();
    let stories: Vec<ImportStory> =
        (0..40).map(|n| story(&format!("{n:03}.md"), &format!("Story {n}"), "Text.")).collect();
    import(&world, "s", stories).await;
    world.table.allow_writes(2);
    let stopped = world.operator.undo_import(1).await;
    assert!(matches!(stopped, Err(UndoError::Desk(DeskError::Table(_)))), "{stopped:?}");
    let world = world.restarted();
    let left = headlines(&world.desk, Feed::All).await.len();
    assert!((1..40).contains(&left), "{left}");
    let undone = undo(&world, 1).await;
    assert_eq!((undone.trashed, undone.kept.len()), (left, 0));
}

#[tokio::test]
async fn only_admins_take_back_an_import() {
    let world = World::new();
    import(&world, "s", vec![story("a.md", "A", "One.")]).await;
    for caller in [Caller::Anonymous, member("editor")] {
        let refused = world.desk.undo_import(&caller, 1).await;
        assert!(matches!(refused, Err(UndoError::Desk(DeskError::Denied(_)))), "{refused:?}");
        assert!(world.desk.imports(&caller, Limit::MAX).await.is_err());
    }
    let admin = member("admin");
    assert_eq!(world.desk.imports(&admin, Limit::MAX).await.expect("listed").len(), 1);
    assert_eq!(world.desk.undo_import(&admin, 1).await.expect("undone").trashed, 1);
}

#[tokio::test]
async fn a_story_of_an_earlier_release_is_adopted_if_it_is_the_same() {
    let world = World::new();
    let old = StoryInput { source: Some("a.md".to_owned()), ..input("The bridge", 5) };
    crate::world::publish(&world, old).await;
    let pont = vec![story("a.md", "Le pont", "Un.")];
    assert_eq!(import(&world, "fr", pont).await.0, "c");
    let changed = vec![story("a.md", "The bridge", "Another text.")];
    assert_eq!(import(&world, "en", changed).await.0, "k");
    assert_eq!(
        import(&world, "en", vec![story("a.md", "The bridge", "One two three.")]).await.0,
        "u"
    );
    assert_eq!(import(&world, "en", vec![story("a.md", "The bridge", "Four.")]).await.0, "u");
    let key = Key::new("source#a.md", "current");
    assert!(gazette_table::Table::get(&*world.table, &key).await.expect("read").is_none());
}

#[tokio::test]
async fn a_draft_and_its_slug_are_free_again_after_an_undo() {
    let world = World::new();
    let draft = |body: &str| {
        let mut draft = story("a.md", "The bridge", body);
        draft.input.status = Status::Draft;
        vec![draft]
    };
    import(&world, "s", draft("One.")).await;
    assert_eq!(undo(&world, 1).await.trashed, 1);
    assert_eq!(import(&world, "s", draft("Two.")).await.0, "c");
    let admin = member("admin");
    let found = world.desk.find(&admin, &slug("the-bridge")).await.expect("asked");
    assert!(matches!(found, Lookup::Found(story) if story.body == "Two."));
}

#[tokio::test]
async fn a_story_that_comes_back_is_not_updated_for_readers() {
    let world = World::new();
    import(&world, "s", vec![story("a.md", "The bridge", "One.")]).await;
    undo(&world, 1).await;
    world.pass(60);
    assert_eq!(import(&world, "s", vec![story("a.md", "The bridge", "One.")]).await.0, "c");
    let read = async || {
        let found = world.desk.find(&member("admin"), &slug("the-bridge")).await.expect("asked");
        let Lookup::Found(story) = found else { panic!("the story was not found") };
        story.teaser
    };
    let back = read().await;
    assert_eq!(back.updated_at, back.published_at);
    assert_eq!(import(&world, "s", vec![story("a.md", "The bridge", "Two.")]).await.0, "u");
    let changed = read().await;
    assert!(changed.updated_at > changed.published_at);
}

fn image(number: u128) -> NewImage {
    let id = ImageId::new(number);
    NewImage {
        name: ImageName { id, width: 9, height: 9, format: ImageFormat::Png },
        alt: None,
        credit: None,
        licence: None,
        file_name: "a.png".to_owned(),
    }
}

#[tokio::test]
async fn taking_back_an_import_removes_its_unused_pictures() {
    let world = World::new();
    let shows = |number: u128| format!("![A]({})", image(number).name.path());
    world.operator.add_image(gazette_domain::SystemTask::Setup, image(9)).await.expect("added");
    let bring = async || {
        let mut import = world.operator.begin_story_import("s", false);
        let mut new = Vec::new();
        for number in [1, 2, 3, 9] {
            new.push(import.add_image(image(number)).await.expect("added").1);
        }
        for (key, body) in [("a", shows(1)), ("b", shows(2)), ("c", shows(9))] {
            import.add(story(key, key, &body)).await.expect("added");
        }
        import.flush().await.expect("written");
        (new, import.finish().await.expect("finished").expect("a record").number)
    };
    let (new, number) = bring().await;
    assert_eq!(new, [true, true, true, false]);
    correct(&world, "b", &format!("Corrected. {}", shows(2))).await;
    let undone = undo(&world, number).await;
    let ids: Vec<ImageId> = undone.images.iter().map(|image| image.id).collect();
    assert_eq!(ids, [1, 3].map(ImageId::new), "the others are used or were here before");
    for (number, is_here) in [(1, false), (2, true), (3, false), (9, true)] {
        let found = world.operator.image(ImageId::new(number)).await.expect("asked");
        assert_eq!(found.is_some(), is_here, "{number}");
    }
    assert_eq!(bring().await.0, [true, false, true, false]);
}
