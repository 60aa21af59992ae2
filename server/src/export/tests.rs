//! Export and import of random newsrooms, from one engine to another: the tables end up equal.

#![expect(clippy::disallowed_methods, reason = "the tests need an admin as a caller")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use gazette_domain::{
    Caller, Erasure, Identity, NewsDesk, OperatorDesk, Policy, Ports, Selection, Slug, Status,
    StoryId, StoryPatch, TokenUse, VerifiedClaims,
};
use gazette_table::{Export, Item, Key, MemoryTable, Table, Write};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::partitions::export_of;
use super::{export_file, import_file};
use crate::store::EmbeddedTable;

#[derive(Clone, Debug)]
enum Step {
    Write { headline: String, body: String, tags: Vec<String>, draft: bool },
    Revise { story: usize, headline: String, slug: Option<u8> },
    Delete { story: usize },
    DeleteAll,
    Restore { story: usize },
    Empty,
    Pass { seconds: i64 },
    Other { partition: &'static str, sort: String, value: f64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let story = 0..8_usize;
    let text = "[a-z\\PC]{1,40}";
    let name = "[a-z]{1,8}";
    let tags = proptest::collection::vec(name, 0..4);
    let partition = prop_oneof![
        Just("saved#reader"),
        Just("pool#local#users"),
        Just("pool#local#codes"),
        Just("session#x"),
    ];
    let step = prop_oneof![
        4 => (name, text, tags, any::<bool>()).prop_map(|(headline, body, tags, draft)| {
            Step::Write { headline, body: format!("x{body}"), tags, draft }
        }),
        3 => (story.clone(), name, proptest::option::of(any::<u8>()))
            .prop_map(|(story, headline, slug)| Step::Revise { story, headline, slug }),
        2 => story.clone().prop_map(|story| Step::Delete { story }),
        1 => Just(Step::DeleteAll),
        2 => story.prop_map(|story| Step::Restore { story }),
        1 => Just(Step::Empty),
        1 => (1..200_000_i64).prop_map(|seconds| Step::Pass { seconds }),
        1 => (partition, name, any::<i32>()).prop_map(|(partition, sort, value)| {
            Step::Other { partition, sort, value: f64::from(value) / 8.0 }
        }),
    ];
    proptest::collection::vec(step, 1..30)
}

struct Newsroom {
    desk: NewsDesk,
    operator: OperatorDesk,
    table: Arc<dyn Table>,
    now: Arc<AtomicI64>,
    stories: Vec<StoryId>,
}

impl Newsroom {
    fn on(table: Arc<dyn Table>, now: Arc<AtomicI64>) -> Self {
        let ids = AtomicU64::new(1);
        let seconds = Arc::clone(&now);
        let ports = Ports {
            table: Arc::clone(&table),
            clock: Arc::new(move || {
                Timestamp::from_second(seconds.load(Ordering::SeqCst)).expect("in range")
            }),
            new_id: Arc::new(move || {
                Uuid::from_u128(u128::from(ids.fetch_add(1, Ordering::SeqCst)))
            }),
        };
        let operator = OperatorDesk::new(ports);
        Self {
            desk: operator.news_desk(Policy::default()),
            operator,
            table,
            now,
            stories: Vec::new(),
        }
    }

    async fn run(&mut self, step: Step) {
        let (desk, caller) = (&self.desk, admin());
        let story = |at: usize| self.stories.get(at).copied();
        match step {
            Step::Write { headline, body, tags, draft } => {
                let status = draft.then_some(Status::Draft);
                let patch = patch(Some(headline), Some(body), Some(tags), status, None);
                let written = desk.write(&caller, patch, None).await.expect("written");
                self.stories.push(written.teaser.id);
            }
            Step::Revise { story: at, headline, slug } => {
                let Some(id) = story(at) else { return };
                let Ok(now) = desk.story(&caller, id).await else { return };
                let slug = slug.and_then(|slug| Slug::from_text(&format!("place {slug}")));
                let patch =
                    patch(Some(headline), Some("Other words.".to_owned()), None, None, slug);
                // The slug may belong to another story.
                let _ = desk.revise(&caller, id, now.version, patch).await;
            }
            Step::Delete { story: at } => {
                let Some(id) = story(at) else { return };
                desk.delete(&caller, &Selection::Ids(vec![id])).await.expect("deleted");
            }
            Step::DeleteAll => {
                desk.delete(&caller, &Selection::All).await.expect("deleted");
            }
            Step::Restore { story: at } => {
                let Some(id) = story(at) else { return };
                desk.restore(&caller, &[id]).await.expect("restored");
            }
            Step::Empty => {
                desk.erase(&caller, &Erasure::All).await.expect("emptied");
            }
            Step::Pass { seconds } => {
                self.now.fetch_add(seconds, Ordering::SeqCst);
            }
            Step::Other { partition, sort, value } => {
                let item = Item::new(Key::new(partition, sort), &json!({ "value": value }));
                let write = Write::put(item.expect("an item"));
                self.table.write(vec![write]).await.expect("written");
            }
        }
    }
}

fn admin() -> Caller {
    Caller::SignedIn(Identity::from_verified(VerifiedClaims {
        sub: "sub-of-admin".to_owned(),
        username: "admin".to_owned(),
        email: None,
        email_verified: false,
        groups: vec!["admin".to_owned()],
        scope: String::new(),
        client_role: None,
        token_use: TokenUse::Id,
        expires_at: i64::MAX,
    }))
}

fn patch(
    headline: Option<String>,
    body: Option<String>,
    tags: Option<Vec<String>>,
    status: Option<Status>,
    slug: Option<Slug>,
) -> StoryPatch {
    StoryPatch { headline, body, tags, status, slug, ..StoryPatch::default() }
}

/// Returns all items that survive an export and an import.
async fn lasting(table: &dyn Table) -> Vec<(Key, u64, Value)> {
    let items = table.scan(None, 1_000).await.expect("readable").items;
    let mut items: Vec<_> = items
        .into_iter()
        .filter(|item| export_of(&item.key) != Some(Export::Transient))
        .map(|item| (item.key, item.version, Arc::unwrap_or_clone(item.body)))
        .collect();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items
}

fn sorted(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("an export");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

async fn round_trip(steps: Vec<Step>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let now = Arc::new(AtomicI64::new(1_790_000_000));
    let clock: gazette_table::Clock = {
        let now = Arc::clone(&now);
        Arc::new(move || now.load(Ordering::SeqCst))
    };
    let here = Arc::new(MemoryTable::new(Arc::clone(&clock))) as Arc<dyn Table>;
    let mut newsroom = Newsroom::on(Arc::clone(&here), Arc::clone(&now));
    for step in steps {
        newsroom.run(step).await;
    }
    let written = export_file(&*here, &path("one"), |_| {}).await.expect("exported");
    let there = EmbeddedTable::open(&path("store"), clock).expect("opened");
    let there = Arc::new(there) as Arc<dyn Table>;
    let other = Newsroom::on(Arc::clone(&there), now);
    let first = import_file(&*there, &other.operator, &path("one"), |_, _| {}).await.expect("in");
    assert_eq!((first.updated, first.kept), (0, 0));
    assert_eq!(first.created + first.unchanged, written, "every item is counted");
    assert_eq!(first.refused, Vec::<String>::new());
    export_file(&*there, &path("two"), |_| {}).await.expect("exported");
    assert_eq!(sorted(&path("one")), sorted(&path("two")));
    assert_eq!(lasting(&*here).await, lasting(&*there).await);
    let again = import_file(&*there, &other.operator, &path("two"), |_, _| {}).await.expect("in");
    assert_eq!((again.created, again.updated, again.kept), (0, 0, 0));
    assert_eq!(again.unchanged, written);
    assert_eq!(again.refused, Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_import_on_another_engine_restores_everything(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build();
        runtime.expect("a runtime").block_on(round_trip(steps));
    }
}
