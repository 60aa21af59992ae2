//! Rendering on threads of its own, and the cache of rendered bodies.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::{Semaphore, oneshot};

use super::error::RenderError;
use super::pictures::{Pictures, StoredPictures};
use super::render::{Rendered, render};

/// Maximum size of all cached HTML together, in bytes.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// Bodies for which the cache makes room at first.
const EXPECTED_BODIES: usize = 1_000;
/// Stack of a rendering thread; the parser's recursion is bounded far below it.
const STACK_BYTES: usize = 16 * 1024 * 1024;

type Outcome = Result<Rendered, RenderError>;

/// Renders bodies, and keeps the result in memory.
///
/// A cached body is found by its content: it is the same for each version of a story that did not
/// change it, and a rendering that was made to check a body is there when the story is read.
pub(crate) struct BodyRenderer {
    cache: Cache<BodyKey, Arc<Outcome>, ByBytes>,
    hashers: [RandomState; 2],
    pictures: Arc<dyn Pictures>,
    /// Bounds the memory and the processors that renderings take.
    permits: Arc<Semaphore>,
}

/// Length and keyed hashes of a body, and the version of the pictures. The keys are random for each process, so an attacker cannot
/// prepare two bodies with the same hashes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct BodyKey(usize, u64, u64, u64);

#[derive(Clone)]
struct ByBytes;

impl Weighter<BodyKey, Arc<Outcome>> for ByBytes {
    fn weight(&self, _: &BodyKey, outcome: &Arc<Outcome>) -> u64 {
        let text = outcome.as_ref().as_ref();
        let bytes = text.map_or(0, |rendered| rendered.html.len() + rendered.excerpt.len());
        // The structures around the bytes take memory too.
        (bytes + 512) as u64
    }
}

impl Default for BodyRenderer {
    /// Makes one that knows the stored pictures.
    fn default() -> Self {
        Self::with_pictures(Arc::new(StoredPictures::default()))
    }
}

impl BodyRenderer {
    /// Makes one that knows pictures of this site.
    pub(crate) fn with_pictures(pictures: Arc<dyn Pictures>) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get() / 2);
        Self {
            cache: Cache::with_weighter(EXPECTED_BODIES, CAPACITY, ByBytes),
            hashers: [RandomState::new(), RandomState::new()],
            permits: Arc::new(Semaphore::new(threads.max(1))),
            pictures,
        }
    }

    /// Returns the rendered body, from memory if possible. Concurrent requests for the same body
    /// share one rendering.
    pub(crate) async fn render(&self, markdown: &str) -> StoryHtml {
        let [one, other] = self.hashers.each_ref().map(|hasher| hasher.hash_one(markdown));
        let key = BodyKey(markdown.len(), one, other, self.pictures.version());
        let rendering = async {
            match self.run(markdown).await {
                // Says nothing about the body, so it is not kept.
                Err(RenderError::NoThread) => Err(RenderError::NoThread),
                outcome => Ok(Arc::new(outcome)),
            }
        };
        let outcome = self.cache.get_or_insert_async(&key, rendering).await;
        StoryHtml(outcome.unwrap_or_else(|error| Arc::new(Err(error))))
    }

    async fn run(&self, markdown: &str) -> Outcome {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let (markdown, pictures) = (markdown.to_owned(), Arc::clone(&self.pictures));
        let (sender, receiver) = oneshot::channel();
        spawn(move || {
            // Sending fails only if the request has ended.
            let _ = sender.send(render(&markdown, &*pictures));
            drop(permit);
        })?;
        // The sender is dropped without a message if the thread panics.
        receiver.await.unwrap_or(Err(RenderError::Failed))
    }
}

/// Checks that a body can be rendered. Blocks the current thread until then.
///
/// # Errors
/// [`RenderError`] with the broken limit.
pub(crate) fn check(markdown: &str) -> Result<(), RenderError> {
    render_now(markdown).map(drop)
}

/// Returns the first words of a body as plain text, to be its summary. Blocks the current thread
/// until then. Empty for a body that cannot be rendered.
pub(crate) fn excerpt(markdown: &str) -> String {
    render_now(markdown).map_or_else(|_| String::new(), |rendered| rendered.excerpt)
}

fn render_now(markdown: &str) -> Outcome {
    let markdown = markdown.to_owned();
    let thread = spawn(move || render(&markdown, &StoredPictures::default()))?;
    thread.join().unwrap_or(Err(RenderError::Failed))
}

fn spawn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<std::thread::JoinHandle<T>, RenderError> {
    let builder = std::thread::Builder::new().name("render".to_owned()).stack_size(STACK_BYTES);
    builder.spawn(work).map_err(|error| {
        tracing::error!(%error, "no thread for rendering");
        RenderError::NoThread
    })
}

/// HTML of a story's body, or the reason there is none.
#[derive(Clone)]
pub(crate) struct StoryHtml(Arc<Outcome>);

impl StoryHtml {
    /// Returns the rendered body.
    pub(crate) fn rendered(&self) -> Result<&Rendered, RenderError> {
        self.0.as_ref().as_ref().map_err(|error| *error)
    }

    /// Returns the HTML for readers: a notice in place of a body that cannot be rendered.
    pub(crate) fn for_readers(&self) -> String {
        self.html(|_| "This story cannot be shown at the moment.".to_owned())
    }

    /// Returns the HTML for the newsroom: the notice says why, and what to do.
    pub(crate) fn for_newsroom(&self) -> String {
        self.html(|error| {
            format!("Readers cannot see the text of this story (body: {error}). Change it and save it again.")
        })
    }

    #[cfg(test)]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn html(&self, notice: impl FnOnce(RenderError) -> String) -> String {
        match self.rendered() {
            Ok(rendered) => rendered.html.clone(),
            Err(error) => format!("<p class=\"notice\">{}</p>", notice(error)),
        }
    }
}
