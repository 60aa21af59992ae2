//! The search of a process: one index, which is made in the background.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use gazette_domain::{Language, OperatorDesk};
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::clock::Clock;
use crate::search::error::SearchError;
use crate::search::find::{Found, SearchQuery, find};
use crate::search::index::StoryIndex;
use crate::search::keep::Kept;

/// Folder of the index, in the data folder.
const FOLDER: &str = "search";
/// The longest time a search waits for the index, and for the changes of a moment ago.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// The longest time a search waits for others.
const MAX_QUEUE: Duration = Duration::from_secs(2);
/// Searches that run at once.
const MAX_SEARCHES: usize = 4;
/// Time between two looks at the log.
const FOLLOW_INTERVAL: Duration = Duration::from_secs(1);
/// Time after a failure before the next attempt.
const RETRY_INTERVAL: Duration = Duration::from_secs(5);

/// Finds stories; cheap to clone.
#[derive(Clone)]
pub struct Search(Arc<Shared>);

struct Shared {
    desk: OperatorDesk,
    clock: Clock,
    /// Language of the site.
    language: Language,
    /// `None` if no folder would last.
    folder: Option<PathBuf>,
    has_begun: AtomicBool,
    phase: watch::Sender<Phase>,
    kept: Mutex<Option<Kept>>,
    /// Content version that the index contains.
    content_version: AtomicU64,
    running: Semaphore,
}

/// State of the index.
#[derive(Clone)]
enum Phase {
    Building,
    Ready(Arc<StoryIndex>),
    Off,
}

impl Search {
    /// Makes a search whose index is in the data folder; without one it is off. Nothing is read
    /// before [`Search::keep_current`] runs or something is searched for.
    pub(crate) fn new(
        desk: OperatorDesk,
        clock: Clock,
        language: Language,
        data_folder: Option<&std::path::Path>,
    ) -> Self {
        let phase = if data_folder.is_some() { Phase::Building } else { Phase::Off };
        let (phase, _) = watch::channel(phase);
        Self(Arc::new(Shared {
            desk,
            clock,
            language,
            folder: data_folder.map(|folder| folder.join(FOLDER)),
            has_begun: AtomicBool::new(false),
            phase,
            kept: Mutex::new(None),
            content_version: AtomicU64::new(0),
            running: Semaphore::new(MAX_SEARCHES),
        }))
    }

    /// Builds the index, and keeps it right as long as the process runs.
    pub(crate) async fn keep_current(self) {
        self.begin();
        let mut is_failing = false;
        loop {
            sleep(FOLLOW_INTERVAL).await;
            let outcome = Arc::clone(&self.0).update_and_rest().await;
            if let Err(error) = &outcome
                && !is_failing
            {
                tracing::warn!(%error, "cannot bring the search index up to date");
            }
            is_failing = outcome.is_err();
        }
    }

    /// Finds stories that readers can see now. Waits for a short time until the index is ready.
    pub(crate) async fn find(&self, query: SearchQuery) -> Result<Found, SearchError> {
        self.begin();
        let index = self.current_index().await?;
        let running = timeout(MAX_QUEUE, self.0.running.acquire());
        let _running = running.await.ok().and_then(Result::ok).ok_or(SearchError::Busy)?;
        let now = self.0.clock.now().as_second();
        let found = spawn_blocking(move || find(&index, &query, now)).await;
        match found.map_err(SearchError::from).and_then(|found| Ok(found?)) {
            Ok(found) => Ok(found),
            Err(error) => {
                if let SearchError::Index(_) = error {
                    tracing::error!(%error, "the search index failed and is built again");
                    self.0.discard().await;
                }
                Err(error)
            }
        }
    }

    /// Starts to build the index, once.
    fn begin(&self) {
        if !self.0.has_begun.swap(true, Ordering::SeqCst) {
            tokio::spawn(Arc::clone(&self.0).open());
        }
    }

    /// Returns the index with every change that this process knows of, unless these take long.
    async fn current_index(&self) -> Result<Arc<StoryIndex>, SearchError> {
        self.0.wait_until_built().await?;
        if self.0.is_behind() {
            // A task of its own, because a client that goes away must not stop it halfway.
            let update = tokio::spawn(Arc::clone(&self.0).update());
            if let Ok(updated) = timeout(MAX_WAIT, update).await {
                updated??;
            }
        }
        self.0.wait_until_built().await
    }
}

impl Shared {
    async fn wait_until_built(&self) -> Result<Arc<StoryIndex>, SearchError> {
        let mut phase = self.phase.subscribe();
        let is_built = |phase: &Phase| !matches!(phase, Phase::Building);
        let Ok(Ok(phase)) = timeout(MAX_WAIT, phase.wait_for(is_built)).await else {
            return Err(SearchError::Building);
        };
        match &*phase {
            Phase::Ready(index) => Ok(Arc::clone(index)),
            Phase::Off => Err(SearchError::Off),
            Phase::Building => Err(SearchError::Building),
        }
    }

    fn is_behind(&self) -> bool {
        self.content_version.load(Ordering::SeqCst) != self.desk.content_version()
    }

    /// Opens the index and builds it; tries again until that succeeds.
    async fn open(self: Arc<Self>) {
        let Some(folder) = &self.folder else { return };
        let mut kept = self.kept.lock().await;
        loop {
            let version = self.desk.content_version();
            match Kept::open(folder.clone(), self.language.clone(), &self.desk).await {
                Ok(opened) => {
                    self.content_version.store(version, Ordering::SeqCst);
                    self.phase.send_replace(Phase::Ready(Arc::clone(&opened.index)));
                    *kept = Some(opened);
                    return;
                }
                Err(SearchError::Off) => {
                    self.phase.send_replace(Phase::Off);
                    return;
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot build the search index yet");
                    sleep(RETRY_INTERVAL).await;
                }
            }
        }
    }

    /// Takes over the changes that this process knows of.
    async fn update(self: Arc<Self>) -> Result<(), SearchError> {
        let mut kept = self.kept.lock().await;
        let version = self.desk.content_version();
        let Some(open) = kept.as_mut() else { return Ok(()) };
        if self.content_version.load(Ordering::SeqCst) == version {
            return Ok(());
        }
        if !open.follow(&self.desk).await? {
            tracing::info!("the search index cannot follow the log and is built again");
            self.phase.send_replace(Phase::Building);
            if let Err(error) = open.build(&self.desk).await {
                *kept = None;
                tokio::spawn(Arc::clone(&self).open());
                return Err(error);
            }
            self.phase.send_replace(Phase::Ready(Arc::clone(&open.index)));
        }
        self.content_version.store(version, Ordering::SeqCst);
        Ok(())
    }

    async fn update_and_rest(self: Arc<Self>) -> Result<(), SearchError> {
        if self.is_behind() {
            Arc::clone(&self).update().await?;
        }
        let mut kept = self.kept.lock().await;
        match kept.as_mut() {
            Some(kept) => kept.rest().await,
            None => Ok(()),
        }
    }

    /// Deletes an index that failed, and begins a new one.
    async fn discard(self: &Arc<Self>) {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.take() {
            self.phase.send_replace(Phase::Building);
            kept.delete().await;
            tokio::spawn(Arc::clone(self).open());
        }
    }
}
