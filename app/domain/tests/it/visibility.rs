//! Every list for readers agrees with `Story::is_public`, at any time.

use gazette_domain::{
    Caller, Feed, FormAct, FrontStories, LabelKind, LabelLookup, Limit, ListQuery, Lookup,
    NewCorrection, StoryId, StoryInput, Teaser,
};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::editor::{Tab, UTC};
use crate::world::{NOW, World, member, publish, slug};

/// Times of a story, in minutes from the start.
#[derive(Clone, Debug)]
struct Times {
    publish: i64,
    /// Minutes after the publication, as the next one.
    unpublish: Option<i64>,
    pin: Option<i64>,
    section: usize,
}

fn times() -> impl Strategy<Value = Times> {
    let end = prop::option::of(1_i64..120);
    let pin = prop::option::weighted(0.3, 1_i64..120);
    (-60_i64..60, end, pin, 0_usize..3).prop_map(|(publish, unpublish, pin, section)| Times {
        publish,
        unpublish,
        pin,
        section,
    })
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(NOW + 60 * minutes).expect("in range")
}

const SECTIONS: [&str; 3] = ["World", "Sport", "Science"];

async fn create(world: &World, number: usize, times: &Times) -> StoryId {
    let input = StoryInput {
        section: SECTIONS[times.section].to_owned(),
        tags: vec!["Rivers".to_owned()],
        unpublish_at: times.unpublish.map(|minutes| at(times.publish + minutes)),
        pin_until: times.pin.map(|minutes| at(times.publish + minutes)),
        ..StoryInput::new(format!("Story {number}"), "Text.", at(times.publish))
    };
    publish(world, input).await.teaser().id
}

/// Reads a whole feed, some stories at a time.
async fn all_of(world: &World, feed: Feed) -> Vec<StoryId> {
    let limit = Limit::try_from(3).expect("a limit");
    let mut query = ListQuery::newest(feed, limit);
    let mut ids = Vec::new();
    loop {
        let page = world.desk.list(&Caller::Anonymous, &query).await.expect("listed");
        ids.extend(page.items.iter().map(|teaser| teaser.id));
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return ids,
        }
    }
}

/// The ids of the stories that are public, newest first.
fn public(stories: &[(StoryId, Times)], minutes: i64, section: Option<usize>) -> Vec<StoryId> {
    let is_public = |times: &Times| {
        times.publish <= minutes
            && times.unpublish.is_none_or(|end| minutes < times.publish + end)
            && section.is_none_or(|section| section == times.section)
    };
    let mut public: Vec<_> = stories.iter().filter(|(_, times)| is_public(times)).collect();
    public.sort_by_key(|(id, times)| std::cmp::Reverse((times.publish, *id)));
    public.into_iter().map(|(id, _)| *id).collect()
}

async fn check(
    world: &World,
    stories: &[(StoryId, Times)],
    minutes: i64,
) -> Result<(), TestCaseError> {
    let anyone = Caller::Anonymous;
    let expected = public(stories, minutes, None);
    prop_assert_eq!(&all_of(world, Feed::All).await, &expected);
    prop_assert_eq!(&all_of(world, Feed::Tag(slug("rivers"))).await, &expected);
    prop_assert_eq!(&all_of(world, Feed::Author(slug("staff"))).await, &expected);
    let counts = world.desk.story_counts(&member("admin")).await.expect("counted");
    prop_assert_eq!(counts.published, expected.len());
    let counted = world.desk.published_by_section(&member("admin")).await.expect("counted");
    prop_assert_eq!(counted.iter().map(|it| it.stories).sum::<usize>(), expected.len());
    let ids: Vec<StoryId> = stories.iter().map(|(id, _)| *id).collect();
    let mut whole = world.desk.public_stories(&anyone, &ids).await.expect("read");
    whole.sort_by_key(|story| expected.iter().position(|id| *id == story.teaser.id));
    let whole: Vec<StoryId> = whole.iter().map(|story| story.teaser.id).collect();
    prop_assert_eq!(&whole, &expected);
    for (number, (id, _)) in stories.iter().enumerate() {
        let slug = slug(&format!("story-{number}"));
        let found = world.desk.find(&anyone, &slug).await.expect("asked");
        let is_found = matches!(found, Lookup::Found(story) if story.teaser.id == *id);
        prop_assert_eq!(is_found, expected.contains(id));
        let saved = world.desk.save(&member("reader"), *id).await.is_ok();
        prop_assert_eq!(saved, expected.contains(id));
    }
    let mut saved = world.desk.saved(&member("reader")).await.expect("listed");
    saved.retain(|teaser| !expected.contains(&teaser.id));
    prop_assert!(saved.is_empty());
    check_sections(world, stories, minutes).await?;
    check_front(world, stories, minutes, &expected).await
}

async fn check_sections(
    world: &World,
    stories: &[(StoryId, Times)],
    minutes: i64,
) -> Result<(), TestCaseError> {
    let anyone = Caller::Anonymous;
    let shown = world.desk.sections(&anyone).await.expect("listed");
    for (number, name) in SECTIONS.iter().enumerate() {
        let expected = public(stories, minutes, Some(number));
        let slug = slug(&name.to_lowercase());
        prop_assert_eq!(&all_of(world, Feed::Section(slug.clone())).await, &expected);
        let is_shown = shown.iter().any(|label| label.slug == slug);
        prop_assert_eq!(is_shown, !expected.is_empty());
        let (kind, limit) = (LabelKind::Section, Limit::MAX);
        let found = world.desk.stories_of_label(&anyone, kind, &slug, limit, None).await;
        let is_found = matches!(found.expect("asked"), LabelLookup::Found(..));
        prop_assert_eq!(is_found, !expected.is_empty());
    }
    Ok(())
}

async fn check_front(
    world: &World,
    stories: &[(StoryId, Times)],
    minutes: i64,
    expected: &[StoryId],
) -> Result<(), TestCaseError> {
    let front = world.desk.front(&Caller::Anonymous, Limit::MAX).await.expect("listed");
    let FrontStories { pinned, newest } = front;
    let ids = |teasers: &[Teaser]| teasers.iter().map(|teaser| teaser.id).collect::<Vec<_>>();
    let is_pinned = |id: &StoryId| {
        let times = stories.iter().find(|(known, _)| known == id).map(|(_, times)| times);
        times.is_some_and(|times| times.pin.is_some_and(|end| minutes < times.publish + end))
    };
    let wanted = expected.iter().filter(|id| is_pinned(id)).count().min(3);
    prop_assert_eq!(pinned.len(), wanted);
    prop_assert!(ids(&pinned).iter().all(|id| is_pinned(id) && expected.contains(id)));
    let rest: Vec<StoryId> =
        expected.iter().copied().filter(|id| !ids(&pinned).contains(id)).collect();
    prop_assert_eq!(ids(&newest), rest);
    Ok(())
}

#[test]
fn lists_for_readers_agree_with_each_other_at_every_time() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let strategy = (prop::collection::vec(times(), 1..9), prop::collection::vec(1_i64..60, 1..5));
    let outcome = TestRunner::new(config).run(&strategy, |(all, steps)| {
        runtime.block_on(async {
            let world = World::new();
            let mut stories = Vec::new();
            for (number, times) in all.iter().enumerate() {
                stories.push((create(&world, number, times).await, times.clone()));
            }
            let mut minutes = 0;
            for step in steps {
                check(&world, &stories, minutes).await?;
                // Once more after the job, which changes nothing for readers.
                world.operator.unpublish_ended().await.expect("unpublished");
                check(&world, &stories, minutes).await?;
                world.pass(60 * step);
                minutes += step;
            }
            check(&world, &stories, minutes).await
        })
    });
    outcome.expect("the lists agree");
}

#[tokio::test]
async fn corrections_are_listed_while_their_story_is_public() {
    let world = World::new();
    let times = Times { publish: -1, unpublish: Some(61), pin: None, section: 0 };
    let id = create(&world, 0, &times).await;
    let editor = member("editor");
    let new = |text: &str| NewCorrection { text: text.to_owned(), ..NewCorrection::default() };
    world.desk.correct(&editor, id, new("One.")).await.expect("corrected");
    world.desk.correct(&editor, id, new("Two.")).await.expect("corrected");
    let listed = async || {
        let page = world.desk.corrections(&Caller::Anonymous, Limit::MAX, None).await;
        let items = page.expect("listed").items.into_iter();
        items.map(|item| item.correction.text).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, ["Two.", "One."]);
    world.pass(60 * 60);
    assert!(listed().await.is_empty());
    world.operator.unpublish_ended().await.expect("unpublished");
    assert!(listed().await.is_empty());
}

#[tokio::test]
async fn a_correction_and_an_end_keep_what_is_typed_and_what_was_corrected() {
    let world = World::new();
    let times = Times { publish: -1, unpublish: Some(61), pin: None, section: 0 };
    let id = create(&world, 0, &times).await;
    let editor = member("editor");
    let mut tab = Tab::open(&world, "ana", Some("one"), id).await;
    tab.form.body = "Typed before the correction.".to_owned();
    let request = tab.request();
    tab.receive(&tab.send(&world, request).await.expect("saved"));
    let new = NewCorrection { text: "It was two.".to_owned(), ..NewCorrection::default() };
    let corrected = world.desk.correct(&editor, id, new).await.expect("corrected");
    assert_eq!(corrected.body, "Text.", "what is typed is not published by a correction");
    tab.form.summary = "Typed after it.".to_owned();
    let request = tab.request();
    tab.receive(&tab.send(&world, request).await.expect("no conflict with a correction"));
    let request = tab.request();
    let published = world
        .desk
        .save_form(&editor, id, request, &FormAct::Publish, &UTC)
        .await
        .expect("published");
    assert_eq!(published.story.body, "Typed before the correction.");
    assert_eq!(published.story.corrections, corrected.corrections);
    let mut tab = Tab::open(&world, "ana", Some("two"), id).await;
    tab.form.body = "Typed before the end.".to_owned();
    let request = tab.request();
    tab.receive(&tab.send(&world, request).await.expect("saved"));
    world.pass(60 * 60);
    assert_eq!(world.operator.unpublish_ended().await.expect("unpublished"), 1);
    let opened = Tab::open(&world, "ana", None, id).await;
    assert_eq!(opened.form.body, "Typed before the end.");
}
