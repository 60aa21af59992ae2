//! The newsroom's list: the index of each process has exactly the stories of the table.

use std::collections::HashMap;

use gazette_domain::{
    Caller, DeskError, Erasure, NewsDesk, STORIES_PER_PAGE, Selection, Status, Story, StoryCounts,
    StoryFilter, StoryId, StoryInput, StoryList, StoryListQuery, StoryPatch, StorySort, StoryState,
    TimePatch,
};
use gazette_table::{Item, Key, Table as _, Write};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use tokio::task::JoinSet;

use crate::world::{NOW, World, input, member, patch, person, publish};

const HOUR: i64 = 60 * 60;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOW + seconds).expect("in range")
}

async fn list(desk: &NewsDesk, caller: &Caller, query: &StoryListQuery) -> StoryList {
    desk.story_list(caller, query).await.expect("listed")
}

async fn headlines(world: &World, query: StoryListQuery) -> Vec<String> {
    let list = list(&world.desk, &member("editor"), &query).await;
    list.rows.into_iter().map(|row| row.teaser.headline).collect()
}

fn filtered(filter: StoryFilter) -> StoryListQuery {
    StoryListQuery { filter, ..StoryListQuery::default() }
}

fn searched(text: &str) -> StoryListQuery {
    StoryListQuery { text: text.to_owned(), ..StoryListQuery::default() }
}

async fn draft(world: &World, caller: &Caller, headline: &str) -> Story {
    let patch = StoryPatch { status: Some(Status::Draft), ..patch(headline, "Words.") };
    world.desk.write(caller, patch, None).await.expect("written")
}

/// A change of one of two processes.
#[derive(Clone, Debug)]
enum Step {
    Write { status: Status, minutes: i64 },
    Revise { story: usize, status: Status, minutes: i64, end: Option<i64> },
    Delete { story: usize },
    DeleteAll,
    Restore { story: usize },
    EmptyTrash,
    Pass { minutes: i64 },
}

fn steps() -> impl Strategy<Value = Vec<(bool, Step)>> {
    let status = || prop_oneof![Just(Status::Published), Just(Status::Draft), Just(Status::Review)];
    let minutes = || -100_i64..100;
    let story = || 0..8_usize;
    let step = prop_oneof![
        5 => (status(), minutes()).prop_map(|(status, minutes)| Step::Write { status, minutes }),
        5 => (story(), status(), minutes(), prop::option::of(minutes()))
            .prop_map(|(story, status, minutes, end)| Step::Revise { story, status, minutes, end }),
        2 => story().prop_map(|story| Step::Delete { story }),
        1 => Just(Step::DeleteAll),
        2 => story().prop_map(|story| Step::Restore { story }),
        1 => Just(Step::EmptyTrash),
        2 => (1..2_000_i64).prop_map(|minutes| Step::Pass { minutes }),
    ];
    prop::collection::vec((any::<bool>(), step), 1..30)
}

async fn run_step(world: World, known: Vec<StoryId>, step: Step) {
    let admin = member("admin");
    let desk = &world.desk;
    let id = |story: usize| known.get(story % known.len().max(1)).copied();
    let time = |minutes: i64| at(minutes * 60);
    let outcome = match step {
        Step::Write { status, minutes } => {
            let patch = StoryPatch {
                status: Some(status),
                publish_at: Some(time(minutes)),
                ..patch("Story", "Words.")
            };
            desk.write(&admin, patch, None).await.map(|_| ())
        }
        Step::Revise { story, status, minutes, end } => {
            let Some(id) = id(story) else { return };
            let Ok(current) = desk.story(&admin, id).await else { return };
            let end = end.map(|end| time(minutes + end.abs() + 1));
            let patch = StoryPatch {
                status: Some(status),
                publish_at: Some(time(minutes)),
                unpublish_at: end.map(TimePatch::Set),
                ..StoryPatch::default()
            };
            desk.revise(&admin, id, current.version, patch).await.map(|_| ())
        }
        Step::Delete { story } => {
            let Some(id) = id(story) else { return };
            desk.delete(&admin, &Selection::Ids(vec![id])).await.map(|_| ())
        }
        Step::DeleteAll => desk.delete(&admin, &Selection::All).await.map(|_| ()),
        Step::Restore { story } => {
            let Some(id) = id(story) else { return };
            desk.restore(&admin, &[id]).await.map(|_| ())
        }
        Step::EmptyTrash => desk.erase(&admin, &Erasure::All).await.map(|_| ()),
        Step::Pass { minutes } => {
            world.pass(minutes * 60);
            Ok(())
        }
    };
    match outcome {
        // An end may be before the new time of publication.
        Ok(())
        | Err(
            DeskError::Unacceptable(_) | DeskError::Stale | DeskError::Gone | DeskError::Missing,
        ) => {}
        Err(error) => panic!("{error:?}"),
    }
}

async fn stories(world: &World) -> Vec<Story> {
    let items = world.table.inner().scan(None, 1_000).await.expect("readable").items;
    let current =
        |item: &&Item| item.key.partition.starts_with("article#") && item.key.sort == "current";
    items.iter().filter(current).map(|item| item.parse().expect("a story")).collect()
}

/// Returns the state that the list must show, without the index.
fn expected_state(story: &Story, now: Timestamp) -> StoryState {
    match story.status {
        Status::Draft if story.was_public => StoryState::Withdrawn,
        Status::Draft => StoryState::Draft,
        Status::Review => StoryState::Review,
        Status::Published if story.teaser.published_at > now => {
            StoryState::Scheduled(story.teaser.published_at)
        }
        Status::Published if story.is_public(now) => StoryState::Published,
        Status::Published => StoryState::Ended(story.teaser.unpublish_at.expect("an end")),
    }
}

/// Checks that the list of a process has exactly the stories of the table.
async fn check(world: &World) {
    let now = Timestamp::from_second(world.time.load(std::sync::atomic::Ordering::SeqCst));
    let now = now.expect("in range");
    let shown = list(&world.desk, &member("admin"), &StoryListQuery::default()).await;
    let stories = stories(world).await;
    let present: HashMap<StoryId, &Story> = stories
        .iter()
        .filter(|story| story.trashed.is_none())
        .map(|story| (story.teaser.id, story))
        .collect();
    let rows: HashMap<StoryId, _> =
        shown.rows.iter().map(|row| (row.teaser.id, (&row.teaser, row.state))).collect();
    let expected: HashMap<StoryId, _> = present
        .iter()
        .map(|(id, story)| (*id, (&story.teaser, expected_state(story, now))))
        .collect();
    assert_eq!(rows, expected);
    let count = |is: fn(&StoryState) -> bool| {
        present.values().filter(|story| is(&expected_state(story, now))).count()
    };
    let is_kept = |story: &&Story| {
        let trashed = story.trashed.as_ref();
        trashed
            .is_some_and(|it| !it.erasing && it.at.as_second() + 30 * 24 * HOUR > now.as_second())
    };
    let expected = StoryCounts {
        all: present.len(),
        published: count(|state| *state == StoryState::Published),
        scheduled: count(|state| matches!(state, StoryState::Scheduled(_))),
        review: count(|state| *state == StoryState::Review),
        draft: count(|state| {
            matches!(state, StoryState::Draft | StoryState::Withdrawn | StoryState::Ended(_))
        }),
        mine: present.values().filter(|story| story.owner.as_deref() == Some("admin")).count(),
        trash: stories.iter().filter(is_kept).count(),
    };
    assert_eq!(shown.counts, expected);
}

fn run(steps: &[(bool, Step)], concurrency: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let world = World::new();
        let other = world.restarted();
        for chunk in steps.chunks(concurrency) {
            let known: Vec<StoryId> =
                stories(&world).await.iter().map(|story| story.teaser.id).collect();
            let mut tasks = JoinSet::new();
            for (is_other, step) in chunk {
                let process = if *is_other { other.clone() } else { world.clone() };
                tasks.spawn(run_step(process.clone(), known.clone(), step.clone()));
                tasks.spawn(async move {
                    list(&process.desk, &member("admin"), &StoryListQuery::default()).await;
                });
            }
            tasks.join_all().await;
            check(&world).await;
            check(&other).await;
        }
        // An index that is built now is the same.
        check(&world.restarted()).await;
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_index_is_a_walk_of_the_table_after_sequential_changes(steps in steps()) {
        run(&steps, 1);
    }

    #[test]
    fn the_index_is_a_walk_of_the_table_after_concurrent_changes(
        steps in steps(), concurrency in 2..8_usize
    ) {
        run(&steps, concurrency);
    }
}

#[tokio::test]
async fn a_scheduled_story_is_published_when_its_time_passes() {
    let world = World::new();
    publish(&world, input("Now", 5)).await;
    publish(&world, input("Later", -10)).await;
    assert_eq!(headlines(&world, filtered(StoryFilter::Scheduled)).await, ["Later"]);
    assert_eq!(headlines(&world, filtered(StoryFilter::Published)).await, ["Now"]);
    let reads = world.table.reads();
    world.pass(11 * 60);
    assert_eq!(headlines(&world, filtered(StoryFilter::Published)).await, ["Later", "Now"]);
    assert!(headlines(&world, filtered(StoryFilter::Scheduled)).await.is_empty());
    let counts = world.desk.story_counts(&member("editor")).await.expect("counted");
    assert_eq!((counts.all, counts.published, counts.scheduled), (2, 2, 0));
    assert!(world.table.reads() - reads < 12, "the index is not built again");
}

#[tokio::test]
async fn changes_of_another_process_are_seen_at_once() {
    let world = World::new();
    publish(&world, input("First", 5)).await;
    let other = world.restarted();
    assert_eq!(headlines(&world, StoryListQuery::default()).await, ["First"]);
    assert_eq!(headlines(&other, StoryListQuery::default()).await, ["First"]);
    let id = publish(&other, input("Second", 4)).await.teaser().id;
    assert_eq!(headlines(&world, StoryListQuery::default()).await, ["Second", "First"]);
    other.desk.delete(&member("admin"), &Selection::Ids(vec![id])).await.expect("deleted");
    assert_eq!(headlines(&world, StoryListQuery::default()).await, ["First"]);
    // Days later, too.
    for days in [1, 40] {
        world.pass(days * 24 * HOUR);
        publish(&other, input(&format!("After {days}"), 0)).await;
        let shown = headlines(&world, StoryListQuery::default()).await;
        assert!(shown.contains(&format!("After {days}")), "{shown:?}");
    }
}

#[tokio::test]
async fn a_change_whose_outcome_is_unknown_is_found() {
    let world = World::new();
    publish(&world, input("First", 5)).await;
    assert_eq!(headlines(&world, StoryListQuery::default()).await, ["First"]);
    world.table.allow_writes(0);
    let input = input("Second", 4);
    let task = gazette_domain::SystemTask::Import;
    assert!(world.operator.publish(task, input.clone()).await.is_err());
    world.table.allow_all_writes();
    world.operator.publish(task, input).await.expect("published");
    assert_eq!(headlines(&world, StoryListQuery::default()).await, ["Second", "First"]);
}

#[tokio::test]
async fn the_search_finds_words_without_case_and_accents_in_headlines_and_labels() {
    let world = World::new();
    publish(&world, input("Flood in Kőbánya", 3)).await;
    publish(&world, input("The Trams of Brno", 2)).await;
    let mut by_ben = input("Night trains", 1);
    by_ben.authors = vec!["Ben Ærø".to_owned()];
    by_ben.section = "Cities".to_owned();
    by_ben.tags = vec!["Rails".to_owned()];
    publish(&world, by_ben).await;
    for (text, found) in [
        ("kobanya", vec!["Flood in Kőbánya"]),
        ("FLOOD kőb", vec!["Flood in Kőbánya"]),
        ("tram", vec!["The Trams of Brno"]),
        ("aero", vec!["Night trains"]),
        ("cities night", vec!["Night trains"]),
        ("trains", vec!["Night trains", "The Trams of Brno", "Flood in Kőbánya"]),
        ("trains brno", vec!["The Trams of Brno"]),
        ("nothing", vec![]),
        ("  ", vec!["Night trains", "The Trams of Brno", "Flood in Kőbánya"]),
    ] {
        assert_eq!(headlines(&world, searched(text)).await, found, "{text}");
    }
}

#[tokio::test]
async fn the_list_is_filtered_by_section_and_author_and_sorted() {
    let world = World::new();
    for (headline, section, author, minutes) in [
        ("Écluse", "World", "Ada Reed", 30),
        ("dam", "World", "Ben Oak", 20),
        ("Flood", "Sport", "Ada Reed", 10),
    ] {
        let mut story = input(headline, minutes);
        (story.section, story.authors) = (section.to_owned(), vec![author.to_owned()]);
        publish(&world, story).await;
    }
    let slug = |text: &str| Some(text.parse().expect("a slug"));
    let by = |section: Option<&str>, author: Option<&str>| StoryListQuery {
        section: section.and_then(slug),
        author: author.and_then(slug),
        sort: StorySort::Oldest,
        ..StoryListQuery::default()
    };
    assert_eq!(headlines(&world, by(Some("world"), None)).await, ["Écluse", "dam"]);
    assert_eq!(headlines(&world, by(None, Some("ada-reed"))).await, ["Écluse", "Flood"]);
    assert_eq!(headlines(&world, by(Some("world"), Some("ben-oak"))).await, ["dam"]);
    assert!(headlines(&world, by(Some("nowhere"), None)).await.is_empty());
    let sorted = |sort| StoryListQuery { sort, ..StoryListQuery::default() };
    assert_eq!(headlines(&world, sorted(StorySort::Headline)).await, ["dam", "Écluse", "Flood"]);
    assert_eq!(headlines(&world, sorted(StorySort::Newest)).await, ["Flood", "dam", "Écluse"]);
    let shown = list(&world.desk, &member("editor"), &StoryListQuery::default()).await;
    let names: Vec<_> = shown.sections.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(names, ["Sport", "World"]);
    let names: Vec<_> = shown.authors.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(names, ["Ada Reed", "Ben Oak"]);
}

#[tokio::test]
async fn every_story_is_on_exactly_one_page_and_the_page_after_the_last_is_the_last() {
    let world = World::new();
    for number in 0..(5 * STORIES_PER_PAGE + 5) {
        let minutes = i64::try_from(number * 7 % 31).expect("small");
        publish(&world, input(&format!("A headline that begins alike {number}"), minutes)).await;
    }
    for sort in StorySort::ALL {
        let mut seen = Vec::new();
        for page in 0..6 {
            let query = StoryListQuery { sort, page, ..StoryListQuery::default() };
            let shown = list(&world.desk, &member("editor"), &query).await;
            assert_eq!((shown.total, shown.pages(), shown.page), (255, 6, page));
            seen.extend(shown.rows.into_iter().map(|row| row.teaser));
        }
        let before = seen.clone();
        seen.sort_by(|a, b| {
            let order = match sort {
                StorySort::Updated => b.updated_at.cmp(&a.updated_at),
                StorySort::Newest => b.published_at.cmp(&a.published_at),
                StorySort::Oldest => a.published_at.cmp(&b.published_at),
                StorySort::Headline => a.headline.cmp(&b.headline),
            };
            order.then_with(|| b.id.cmp(&a.id))
        });
        assert_eq!(before, seen, "{sort:?}");
        seen.dedup_by_key(|teaser| teaser.id);
        assert_eq!(seen.len(), 255, "{sort:?}");
    }
    let query = StoryListQuery { page: 999, ..StoryListQuery::default() };
    let shown = list(&world.desk, &member("editor"), &query).await;
    assert_eq!((shown.page, shown.rows.len()), (5, 5));
}

#[tokio::test]
async fn az_a_writer_sees_what_is_published_and_only_own_stories_besides() {
    let world = World::new();
    let (ada, ben) = (person("ada", "writer"), person("ben", "writer"));
    publish(&world, input("Public", 5)).await;
    let mut later = input("Scheduled", -5);
    later.section = "Secret section".to_owned();
    publish(&world, later).await;
    draft(&world, &ada, "Draft of Ada").await;
    draft(&world, &ben, "Draft of Ben").await;
    let shown = list(&world.desk, &ada, &StoryListQuery::default()).await;
    let mut rows: Vec<_> =
        shown.rows.iter().map(|row| (row.teaser.headline.as_str(), row.may_edit)).collect();
    rows.sort_unstable();
    assert_eq!(rows, [("Draft of Ada", true), ("Public", false)]);
    let counts = &shown.counts;
    assert_eq!((counts.all, counts.published, counts.scheduled), (2, 1, 0));
    assert_eq!((counts.draft, counts.mine), (1, 1));
    assert!(shown.sections.iter().all(|label| label.name != "Secret section"));
    let mine = list(&world.desk, &ben, &filtered(StoryFilter::Mine)).await;
    assert_eq!(mine.rows.len(), 1);
    assert_eq!(list(&world.desk, &ada, &searched("ben")).await.total, 0);
    let editor = list(&world.desk, &member("editor"), &StoryListQuery::default()).await;
    assert_eq!((editor.counts.all, editor.counts.draft), (4, 2));
    assert!(editor.rows.iter().all(|row| row.may_edit));
    for caller in [Caller::Anonymous, member("reader")] {
        let refused = world.desk.story_list(&caller, &StoryListQuery::default()).await;
        assert!(matches!(refused, Err(DeskError::Denied(_))));
        assert!(world.desk.story_counts(&caller).await.is_err());
    }
}

#[tokio::test]
async fn what_was_saved_in_the_editor_is_in_the_list() {
    let world = World::new();
    let id = publish(&world, input("Before", 5)).await.teaser().id;
    publish(&world, input("Other", 4)).await;
    let edit = json!({
        "story": id, "headline": "Afterwards", "version": 2,
        "at": at(60), "by": "Ada",
    });
    let item = Item::new(Key::new("edits", id.to_string()), &edit).expect("an item");
    world.table.write(vec![Write::put(item)]).await.expect("written");
    let shown = list(&world.desk, &member("editor"), &StoryListQuery::default()).await;
    let first = &shown.rows[0];
    assert_eq!(first.teaser.headline, "Afterwards");
    assert_eq!((first.state, first.has_changes), (StoryState::Published, true));
    assert_eq!(first.changed_at, at(60));
    assert!(!shown.rows[1].has_changes);
    assert_eq!(headlines(&world, searched("afterw")).await, ["Afterwards"]);
    assert!(headlines(&world, searched("before")).await.is_empty());
    let writer = list(&world.desk, &member("writer"), &StoryListQuery::default()).await;
    assert!(writer.rows.iter().all(|row| row.teaser.headline != "Afterwards" && !row.has_changes));
    assert_eq!(list(&world.desk, &member("writer"), &searched("afterwards")).await.total, 0);
}

#[tokio::test]
async fn a_page_costs_three_reads_however_many_stories_there_are() {
    let world = World::new();
    for count in [3, 300] {
        for number in 0..count {
            publish(&world, input(&format!("Story {count} {number}"), number)).await;
        }
        let editor = member("editor");
        list(&world.desk, &editor, &StoryListQuery::default()).await;
        let reads = world.table.reads();
        list(&world.desk, &editor, &searched("story")).await;
        assert_eq!(world.table.reads() - reads, 3, "log, saved changes, rows");
        world.desk.story_counts(&editor).await.expect("counted");
        assert_eq!(world.table.reads() - reads, 4);
    }
}

#[tokio::test]
async fn a_scheduled_story_was_last_changed_when_it_was_changed() {
    let world = World::new();
    let editor = member("editor");
    let scheduled = StoryPatch { publish_at: Some(at(24 * HOUR)), ..patch("Later", "Words.") };
    let story = world.desk.write(&editor, scheduled, None).await.expect("written");
    publish(&world, input("Imported", -60)).await;
    let shown = list(&world.desk, &editor, &StoryListQuery::default()).await;
    assert!(shown.rows.iter().all(|row| matches!(row.state, StoryState::Scheduled(_))));
    assert!(shown.rows.iter().all(|row| row.changed_at == at(0)), "{:?}", shown.rows);
    world.pass(HOUR);
    let change = StoryPatch { body: Some("More words.".to_owned()), ..StoryPatch::default() };
    let id = story.teaser.id;
    let changed = world.desk.revise(&editor, id, story.version, change).await.expect("revised");
    let shown = list(&world.desk, &editor, &StoryListQuery::default()).await;
    assert_eq!((shown.rows[0].teaser.id, shown.rows[0].changed_at), (id, at(HOUR)));
    assert_eq!(changed.teaser.updated_for_readers(), at(24 * HOUR));
}

#[tokio::test]
async fn a_story_that_readers_could_see_is_unpublished_not_a_draft() {
    let world = World::new();
    let editor = member("editor");
    draft(&world, &editor, "Never seen").await;
    publish(&world, input("By hand", 2)).await;
    let end = StoryInput { unpublish_at: Some(at(HOUR)), ..input("By the clock", 1) };
    publish(&world, end).await;
    let states = async |world: &World| {
        let query = StoryListQuery { sort: StorySort::Headline, ..StoryListQuery::default() };
        let rows = list(&world.desk, &member("editor"), &query).await.rows;
        rows.into_iter().map(|row| row.state).collect::<Vec<_>>()
    };
    let shown = list(&world.desk, &editor, &searched("hand")).await;
    let withdrawn = StoryPatch { status: Some(Status::Draft), ..StoryPatch::default() };
    world.desk.revise(&editor, shown.rows[0].teaser.id, 1, withdrawn).await.expect("withdrawn");
    world.pass(HOUR);
    let ended = StoryState::Ended(at(HOUR));
    assert_eq!(states(&world).await, [StoryState::Withdrawn, ended, StoryState::Draft]);
    world.operator.unpublish_ended().await.expect("unpublished");
    let expected = [StoryState::Withdrawn, StoryState::Withdrawn, StoryState::Draft];
    assert_eq!(states(&world).await, expected);
    assert_eq!(states(&world.restarted()).await, expected);
}
