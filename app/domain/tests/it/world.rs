//! A newsroom in memory with a manual clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use gazette_domain::{
    AuditFilter, AuditRecord, Caller, Feed, Identity, Limit, ListQuery, NewsDesk, OperatorDesk,
    Policy, Ports, Published, Slug, StoryInput, StoryPatch, SystemTask, TokenUse, VerifiedClaims,
};
use gazette_table::{FaultyTable, MemoryTable, Table};
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) const NOW: i64 = 1_790_000_000;

/// Both desks of a process, their table and the time.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) desk: NewsDesk,
    pub(crate) operator: OperatorDesk,
    pub(crate) table: Arc<FaultyTable>,
    pub(crate) time: Arc<AtomicI64>,
}

impl World {
    pub(crate) fn new() -> Self {
        let time = Arc::new(AtomicI64::new(NOW));
        let seconds = Arc::clone(&time);
        let table = MemoryTable::new(Arc::new(move || seconds.load(Ordering::SeqCst)));
        let table = Arc::new(FaultyTable::new(Arc::new(table)));
        // Other tasks run between two calls, as with a table behind a network.
        table.set_max_yields(1);
        Self::on(table, time)
    }

    fn on(table: Arc<FaultyTable>, time: Arc<AtomicI64>) -> Self {
        let operator = operator_on(Arc::clone(&table) as Arc<dyn Table>, &time);
        Self { desk: operator.news_desk(Policy::default()), operator, table, time }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.time.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Starts another process on the same table, which accepts writes again.
    pub(crate) fn restarted(&self) -> Self {
        self.table.allow_all_writes();
        Self::on(Arc::clone(&self.table), Arc::clone(&self.time))
    }
}

fn operator_on(table: Arc<dyn Table>, time: &Arc<AtomicI64>) -> OperatorDesk {
    static IDS: AtomicU64 = AtomicU64::new(1);
    let seconds = Arc::clone(time);
    let ports = Ports {
        table,
        clock: Arc::new(move || {
            Timestamp::from_second(seconds.load(Ordering::SeqCst)).expect("in range")
        }),
        new_id: Arc::new(|| Uuid::from_u128(u128::from(IDS.fetch_add(1, Ordering::Relaxed)))),
    };
    OperatorDesk::new(ports)
}

pub(crate) fn member(group: &str) -> Caller {
    person(group, group)
}

pub(crate) fn person(sub: &str, group: &str) -> Caller {
    named(sub, group, group)
}

pub(crate) fn named(sub: &str, name: &str, group: &str) -> Caller {
    Caller::SignedIn(Identity::from_verified(VerifiedClaims {
        sub: sub.to_owned(),
        username: name.to_owned(),
        email: None,
        email_verified: false,
        groups: vec![group.to_owned()],
        scope: String::new(),
        client_role: None,
        token_use: TokenUse::Access,
        expires_at: NOW + 60,
    }))
}

pub(crate) fn input(headline: &str, minutes_ago: i64) -> StoryInput {
    let published_at = Timestamp::from_second(NOW - 60 * minutes_ago).expect("in range");
    StoryInput {
        summary: "What it is about.".to_owned(),
        section: "World".to_owned(),
        tags: vec!["Rivers".to_owned(), "Trains".to_owned()],
        authors: vec!["Ada Reed".to_owned()],
        ..StoryInput::new(headline, "One two three.", published_at)
    }
}

pub(crate) async fn publish(world: &World, input: StoryInput) -> Published {
    world.operator.publish(SystemTask::Import, input).await.expect("published")
}

/// Returns the audit log, the latest record first.
pub(crate) async fn audit_log(desk: &NewsDesk) -> Vec<AuditRecord> {
    let everything = AuditFilter::default();
    let page = desk.search_audit(&member("admin"), &everything, None, usize::MAX).await;
    let page = page.expect("searched");
    assert!(page.checked.iter().all(|day| day.is_intact), "{page:?}");
    assert_eq!(page.next, None);
    page.records
}

pub(crate) async fn headlines(desk: &NewsDesk, feed: Feed) -> Vec<String> {
    let query = ListQuery::newest(feed, Limit::MAX);
    let page = desk.list(&Caller::Anonymous, &query).await.expect("listed");
    page.items.into_iter().map(|teaser| teaser.headline).collect()
}

pub(crate) fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}

/// Returns a patch of the required fields.
pub(crate) fn patch(headline: &str, body: &str) -> StoryPatch {
    StoryPatch {
        headline: Some(headline.to_owned()),
        body: Some(body.to_owned()),
        ..StoryPatch::default()
    }
}
