//! Random concurrent changes: no change is lost, no list has a stray entry, and the audit log has
//! exactly the changes that happened.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use gazette_domain::{
    AuditAction, AuditRecord, Caller, DeskError, Feed, IdempotencyKey, Limit, ListQuery, Lookup,
    NewsDesk, Selection, Status, Story, StoryId, StoryPatch, Teaser, TrashEntry,
};
use gazette_table::{Item, Table};
use proptest::prelude::*;
use tokio::task::JoinSet;

use crate::world::{self, World, member};

#[derive(Clone, Debug)]
enum Step {
    Write { story: usize, key: bool },
    Revise { story: usize, status: Status, section: usize },
    Delete { story: usize },
    DeleteVersion { story: usize },
    DeleteAll,
    Restore { story: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let story = 0..6_usize;
    let status = prop_oneof![Just(Status::Published), Just(Status::Draft)];
    let step = prop_oneof![
        3 => (story.clone(), any::<bool>()).prop_map(|(story, key)| Step::Write { story, key }),
        4 => (story.clone(), status, 0..3_usize)
            .prop_map(|(story, status, section)| Step::Revise { story, status, section }),
        2 => story.clone().prop_map(|story| Step::Delete { story }),
        1 => story.clone().prop_map(|story| Step::DeleteVersion { story }),
        1 => Just(Step::DeleteAll),
        2 => story.prop_map(|story| Step::Restore { story }),
    ];
    proptest::collection::vec(step, 1..40)
}

fn patch(story: usize) -> StoryPatch {
    let tags = Some(vec!["Rivers".to_owned()]);
    StoryPatch { tags, ..world::patch(&format!("Story {story}"), "Words.") }
}

/// The stories that the callers created: the last one of each kind, and all of them.
#[derive(Default)]
struct Stories {
    last: HashMap<usize, StoryId>,
    all: HashSet<StoryId>,
}

type Known = Arc<Mutex<Stories>>;

/// Runs one step and returns the number of changes that the desk reported.
async fn run_step(desk: NewsDesk, known: Known, step: Step, number: usize) -> usize {
    let id = |story: usize| known.lock().expect("not poisoned").last.get(&story).copied();
    let admin = member("admin");
    let outcome = match step {
        Step::Write { story, key } => {
            let key = IdempotencyKey::new(&format!("key-{story}")).ok().filter(|_| key);
            desk.write(&admin, patch(story), key.as_ref()).await.map(|written| {
                let mut known = known.lock().expect("not poisoned");
                known.last.insert(story, written.teaser.id);
                // With a key, several requests return the same story.
                usize::from(known.all.insert(written.teaser.id))
            })
        }
        Step::Revise { story, status, section } => {
            let Some(id) = id(story) else { return 0 };
            let Ok(current) = desk.story(&admin, id).await else { return 0 };
            let patch = StoryPatch {
                body: Some(format!("Words {number}.")),
                status: Some(status),
                section: Some(format!("Section {section}")),
                ..patch(story)
            };
            let revised = desk.revise(&admin, id, current.version, patch).await;
            revised.map(|revised| usize::from(revised.version > current.version))
        }
        Step::Delete { story } => {
            let Some(id) = id(story) else { return 0 };
            desk.delete(&admin, &Selection::Ids(vec![id])).await
        }
        Step::DeleteVersion { story } => {
            let Some(id) = id(story) else { return 0 };
            let Ok(story) = desk.story(&admin, id).await else { return 0 };
            desk.delete(&admin, &Selection::Version(id, story.version)).await
        }
        Step::DeleteAll => desk.delete(&admin, &Selection::All).await,
        Step::Restore { story } => {
            let Some(id) = id(story) else { return 0 };
            desk.restore(&admin, &[id]).await
        }
    };
    match outcome {
        Ok(count) => count,
        Err(DeskError::Stale | DeskError::Gone | DeskError::Missing | DeskError::KeyOfDeleted) => 0,
        Err(error) => panic!("{error:?}"),
    }
}

/// Fills the cache of the sections while stories change.
async fn read_sections(desk: NewsDesk) -> usize {
    desk.sections(&Caller::Anonymous).await.expect("listed");
    0
}

/// Reads the whole table.
async fn dump(world: &World) -> Vec<Item> {
    world.table.scan(None, 1_000).await.expect("readable").items
}

fn stories(items: &[Item]) -> HashMap<StoryId, Story> {
    let current =
        |item: &&Item| item.key.partition.starts_with("article#") && item.key.sort == "current";
    items
        .iter()
        .filter(current)
        .map(|item| item.parse::<Story>().expect("a story"))
        .map(|story| (story.teaser.id, story))
        .collect()
}

/// Checks that every list has exactly the stories that belong to it.
fn check_lists(items: &[Item], stories: &HashMap<StoryId, Story>) {
    fn in_list<'a>(items: &'a [Item], name: &'a str) -> impl Iterator<Item = &'a Item> {
        items.iter().filter(move |item| item.key.partition == name)
    }
    let public = |story: &&Story| story.trashed.is_none() && story.status == Status::Published;
    for (list, belongs) in [
        ("feed#all", Box::new(public) as Box<dyn Fn(&&Story) -> bool>),
        ("feed#tag:rivers", Box::new(public)),
        ("drafts", Box::new(|a| a.trashed.is_none() && a.status != Status::Published)),
    ] {
        let teasers: Vec<Teaser> =
            in_list(items, list).map(|item| item.parse().expect("a teaser")).collect();
        for teaser in &teasers {
            assert_eq!(Some(teaser), stories.get(&teaser.id).map(|story| &story.teaser), "{list}");
        }
        assert_eq!(teasers.len(), stories.values().filter(belongs).count(), "{list}");
    }
    let trash: Vec<TrashEntry> =
        in_list(items, "trash").map(|item| item.parse().expect("an entry")).collect();
    for entry in &trash {
        let story = &stories[&entry.teaser.id];
        assert_eq!(Some(&entry.trashed), story.trashed.as_ref());
    }
    assert_eq!(trash.len(), stories.values().filter(|a| a.trashed.is_some()).count());
}

/// Checks that the log has every version of every story: 1, 2, 3 and so on.
fn check_log(entries: &[AuditRecord], stories: &HashMap<StoryId, Story>) {
    let mut versions: HashMap<StoryId, u64> = HashMap::new();
    for entry in entries {
        let event = &entry.event;
        let version = versions.entry(event.story.expect("a story")).or_default();
        assert_eq!(event.version_before.unwrap_or_default(), *version, "{event:?}");
        match event.action {
            AuditAction::Created => assert_eq!(event.version_before, None, "{event:?}"),
            AuditAction::Published => {}
            _ => assert!(event.version_before.is_some(), "{event:?}"),
        }
        *version += 1;
        assert_eq!(event.version_after, Some(*version));
    }
    let current: HashMap<StoryId, u64> =
        stories.iter().map(|(id, story)| (*id, story.version)).collect();
    assert_eq!(versions, current);
}

/// Checks that the navigation has exactly the sections with a public story.
async fn check_sections(world: &World, stories: &HashMap<StoryId, Story>) {
    let now = jiff::Timestamp::from_second(world::NOW).expect("in range");
    let mut expected: Vec<&str> = stories
        .values()
        .filter(|story| story.is_public(now))
        .map(|story| story.teaser.section.slug.as_str())
        .collect();
    expected.sort_unstable();
    expected.dedup();
    let labels = world.desk.sections(&Caller::Anonymous).await.expect("listed");
    let slugs: Vec<&str> = labels.iter().map(|label| label.slug.as_str()).collect();
    assert_eq!(slugs, expected);
}

fn run_history(steps: &[Step], concurrency: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let world = World::new();
        let known = Known::default();
        let mut reported = 0;
        for (round, chunk) in steps.chunks(concurrency).enumerate() {
            let mut tasks = JoinSet::new();
            for (index, step) in chunk.iter().enumerate() {
                let number = round * concurrency + index;
                let known = Arc::clone(&known);
                tasks.spawn(run_step(world.desk.clone(), known, step.clone(), number));
            }
            tasks.spawn(read_sections(world.desk.clone()));
            reported += tasks.join_all().await.into_iter().sum::<usize>();
        }
        let items = dump(&world).await;
        let stories = stories(&items);
        check_lists(&items, &stories);
        let mut log: Vec<AuditRecord> = items
            .iter()
            .filter(|item| item.key.partition.starts_with("audit#"))
            .map(|item| item.parse().expect("an entry"))
            .collect();
        log.sort_by_key(|entry| entry.number);
        check_log(&log, &stories);
        assert_eq!(reported, log.len(), "every reported change is in the log, and no other");
        for story in stories.values() {
            let found = world.desk.find(&Caller::Anonymous, &story.teaser.slug).await;
            let found = found.expect("asked");
            match (&story.trashed, story.status) {
                // Readers never saw some of the deleted stories.
                (Some(_), Status::Published) => assert!(matches!(found, Lookup::Gone(_))),
                (Some(_), Status::Draft | Status::Review) if story.was_public => {
                    assert!(matches!(found, Lookup::Gone(_)));
                }
                (Some(_) | None, Status::Draft | Status::Review) => {
                    assert_eq!(found, Lookup::Missing);
                }
                (None, Status::Published) => assert!(matches!(found, Lookup::Found(_))),
            }
        }
        check_sections(&world, &stories).await;
        let all = ListQuery::newest(Feed::All, Limit::MAX);
        world.desk.list(&Caller::Anonymous, &all).await.expect("listed");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn f_37_sequential_changes_keep_lists_and_log_consistent(steps in steps()) {
        run_history(&steps, 1);
    }

    #[test]
    fn f_37_concurrent_changes_keep_lists_and_log_consistent(steps in steps(), concurrency in 2..12_usize) {
        run_history(&steps, concurrency);
    }
}

#[test]
fn f_36_of_concurrent_changes_of_one_version_exactly_one_succeeds() {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().expect("a runtime");
    runtime.block_on(async {
        // A second site keeps the processors busy while the first waits for its last writer.
        let sites = JoinSet::from_iter([race_for_versions(5_000), race_for_versions(5_000)]);
        sites.join_all().await;
    });
}

/// Lets ten writers change each version of a story at once.
async fn race_for_versions(versions: u64) {
    let world = World::new();
    let admin = member("admin");
    let written = world.desk.write(&admin, patch(1), None).await.expect("written");
    let id = written.teaser.id;
    for version in 1..=versions {
        let mut tasks = JoinSet::new();
        for number in 0..10 {
            let (desk, admin) = (world.desk.clone(), admin.clone());
            let patch = StoryPatch { body: Some(format!("By {number} on {version}.")), ..patch(1) };
            tasks.spawn(async move { desk.revise(&admin, id, version, patch).await });
        }
        let outcomes = tasks.join_all().await;
        let succeeded = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(succeeded, 1);
        let stale = |o: &&Result<Story, DeskError>| matches!(o, Err(DeskError::Stale));
        assert_eq!(outcomes.iter().filter(stale).count(), 9);
    }
}
