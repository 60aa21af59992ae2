//! Checks of a whole store after its process was killed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use gazette_server::store::EmbeddedTable;
use gazette_table::{Item, Key, MAX_PAGE, Table};
use serde_json::Value;

use crate::ledger::{Known, Ledger};

/// Length of a story's id.
const ID_LENGTH: usize = 36;

type Listed<'i> = HashMap<(&'i str, &'i str), usize>;

/// The content of the store, in numbers.
pub(crate) struct Found {
    pub(crate) stories: usize,
    pub(crate) entries: usize,
    /// Number of changes: the sum of the stories' versions.
    pub(crate) changes: u64,
    /// Number of changes that the writers did not make: those of the sample stories.
    pub(crate) before: u64,
}

/// Checks that no acknowledged change is missing, that every change is complete, and that the audit
/// log has each change once.
pub(crate) async fn check(store: &Path, ledger: &Ledger) -> Found {
    let items = items(store).await;
    let stories = stories(&items);
    let entries = log(&items);
    let listed = listed(&items);
    for (id, story) in &stories {
        let version = story["version"].as_u64().expect("a version");
        let logged: Vec<u64> = entries.get(id).cloned().unwrap_or_default();
        assert_eq!(logged, (1..=version).collect::<Vec<_>>(), "the log of {id}");
        check_lists(&items, &listed, id, story);
    }
    assert!(entries.keys().all(|id| stories.contains_key(id)), "the log has no other story");
    let in_feed = items.keys().filter(|key| key.partition == "feed#all").count();
    assert_eq!(in_feed, stories.values().filter(|story| story["trashed"].is_null()).count());
    let ours = |story: &Value| headline(story).is_some_and(|it| ledger.stories().contains_key(it));
    let ours: Vec<&Value> = stories.values().filter(|story| ours(story)).collect();
    let headlines: HashMap<&str, &Value> =
        ours.iter().filter_map(|story| Some((headline(story)?, *story))).collect();
    assert_eq!(headlines.len(), ours.len(), "no story was published twice");
    for (headline, known) in &*ledger.stories() {
        check_acknowledged(headline, known, headlines.get(headline.as_str()).copied());
    }
    let versions = |story: &Value| story["version"].as_u64().expect("a version");
    let changes = stories.values().map(versions).sum::<u64>();
    let before = changes - ours.iter().map(|story| versions(story)).sum::<u64>();
    Found { stories: stories.len(), entries: entries.values().map(Vec::len).sum(), changes, before }
}

fn headline(story: &Value) -> Option<&str> {
    story["card"]["headline"].as_str()
}

async fn items(store: &Path) -> BTreeMap<Key, Item> {
    let table = EmbeddedTable::open(store, Arc::new(|| 0)).expect("the store opens");
    let mut items = BTreeMap::new();
    let mut after: Option<Key> = None;
    loop {
        let page = table.scan(after.as_ref(), MAX_PAGE).await.expect("the store is readable");
        after = page.items.last().map(|item| item.key.clone());
        items.extend(page.items.into_iter().map(|item| (item.key.clone(), item)));
        if !page.more {
            return items;
        }
    }
}

fn stories(items: &BTreeMap<Key, Item>) -> BTreeMap<String, Value> {
    let stories = items.values().filter(|item| item.key.sort == "current");
    let stories = stories.filter_map(|item| {
        let id = item.key.partition.strip_prefix("article#")?;
        assert_eq!(item.body["version"], item.version, "{id}");
        Some((id.to_owned(), (*item.body).clone()))
    });
    stories.collect()
}

/// Returns the versions in the audit log by story, and checks the chain of every day.
fn log(items: &BTreeMap<Key, Item>) -> BTreeMap<String, Vec<u64>> {
    let mut logged: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let days = items.keys().filter(|key| key.partition == "audit").map(|key| key.sort.clone());
    for day in days {
        let partition = format!("audit#{day}");
        let entries = items.values().filter(|item| item.key.partition == partition);
        let (mut number, mut hash) = (0, Value::Null);
        for entry in entries {
            number += 1;
            assert_eq!(entry.body["number"], number, "{day}");
            assert!(number == 1 || entry.body["previous"] == hash, "{day}: {number}");
            hash = entry.body["hash"].clone();
            let id = entry.body["article"].as_str().expect("a story").to_owned();
            let version = entry.body["version_after"].as_u64().expect("a version");
            logged.entry(id).or_default().push(version);
        }
        let head = &items[&Key::new("audit", &day)].body;
        assert_eq!((&head["number"], &head["hash"]), (&Value::from(number), &hash), "{day}");
    }
    logged
}

/// Counts the entries of each story in each list. Their sort keys end with the story's id.
fn listed(items: &BTreeMap<Key, Item>) -> Listed<'_> {
    let mut listed = Listed::new();
    for Key { partition, sort } in items.keys() {
        if let Some((_, id)) = sort.split_at_checked(sort.len().saturating_sub(ID_LENGTH)) {
            *listed.entry((partition, id)).or_default() += 1;
        }
    }
    listed
}

/// Checks that a story is in exactly the lists it belongs to.
fn check_lists(items: &BTreeMap<Key, Item>, listed: &Listed<'_>, id: &str, story: &Value) {
    let teaser = &story["card"];
    let slug = Key::new(format!("slug#{}", teaser["slug"].as_str().expect("a slug")), "current");
    assert_eq!(items[&slug].body["article"], id, "the slug of {id}");
    // A deletion keeps no revision, so only a story out of the trash has one for every version.
    let revised = if story["trashed"].is_null() { story["version"].as_u64() } else { None };
    for version in 1..revised.unwrap_or(1) {
        let revision = Key::new(format!("article#{id}"), format!("revision#{version:010}"));
        assert!(items.contains_key(&revision), "version {version} of {id}");
    }
    let mut feeds = BTreeSet::from(["feed#all".to_owned()]);
    feeds.insert(format!("feed#section:{}", teaser["section"]["slug"].as_str().expect("a slug")));
    for author in teaser["authors"].as_array().expect("a list") {
        feeds.insert(format!("feed#author:{}", author["slug"].as_str().expect("a slug")));
    }
    for tag in teaser["tags"].as_array().expect("tags") {
        feeds.insert(format!("feed#tag:{}", tag["slug"].as_str().expect("a slug")));
    }
    let count = |list: &str| listed.get(&(list, id)).copied().unwrap_or_default();
    let published = usize::from(story["trashed"].is_null());
    for feed in &feeds {
        assert_eq!(count(feed), published, "{id} in {feed}");
    }
    assert_eq!(count("trash"), 1 - published, "{id} in the trash");
}

fn check_acknowledged(headline: &str, known: &Known, story: Option<&Value>) {
    let Some(story) = story else {
        assert_eq!(known.changes, 0, "{headline} is lost");
        return;
    };
    let version = story["version"].as_u64().expect("a version");
    let max = known.changes + u64::from(known.unanswered || known.changes == 0);
    assert!((known.changes..=max).contains(&version), "{headline}: {known:?}, {version}");
    if let Some(id) = &known.id {
        assert_eq!(story["card"]["id"], Value::from(id.as_str()), "{headline}");
    }
    if version == known.changes {
        assert_eq!(!story["trashed"].is_null(), known.trashed, "{headline}");
    }
}
