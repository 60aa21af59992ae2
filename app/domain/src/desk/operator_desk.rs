//! The desk that acts on behalf of the process, without a caller.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::audit::{Actor, SystemTask};
use crate::desk::import::{BodyRule, NewsImport};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::{Newsroom, Ports};
use crate::desk::publish::Published;
use crate::desk::redirect_list::RedirectPage;
use crate::desk::redirects::AddedRedirect;
use crate::error::DeskError;
use crate::policy::Policy;
use crate::redirect::Redirect;
use crate::redirect_error::RedirectError;
use crate::slug::Slug;
use crate::story::TRASH_SECONDS;
use crate::story_input::StoryInput;

/// Changes the news without asking the policy.
///
/// Only the command line, the code that starts the process and its background tasks have one;
/// request handlers have the [`NewsDesk`] that [`OperatorDesk::news_desk`] returns.
/// The audit log names the task as the author of its changes.
#[derive(Clone)]
pub struct OperatorDesk {
    pub(super) newsroom: Arc<Newsroom>,
}

impl OperatorDesk {
    /// Opens the newsroom over a table.
    pub fn new(ports: Ports) -> Self {
        Self { newsroom: Arc::new(Newsroom::new(ports)) }
    }

    /// Returns the desk for callers, which shares this one's cache and audit writer.
    pub fn news_desk(&self, policy: Policy) -> NewsDesk {
        NewsDesk::new(Arc::clone(&self.newsroom), policy)
    }

    pub(super) fn newsroom(&self) -> &Newsroom {
        &self.newsroom
    }

    /// Checks that nothing was ever written here, drafts included.
    pub async fn is_empty(&self) -> Result<bool, DeskError> {
        Ok(self.newsroom.is_untouched().await?)
    }

    /// Claims the publication of the sample stories. Of all processes on a table, only one gets
    /// `true`, and only if nothing was ever written there.
    pub async fn claim_samples(&self) -> Result<bool, DeskError> {
        self.newsroom.claim_samples().await
    }

    /// Publishes a story; one with a `source` updates the story of the same source.
    pub async fn publish(
        &self,
        task: SystemTask,
        input: StoryInput,
    ) -> Result<Published, DeskError> {
        self.newsroom.publish(&Actor::system(task), input).await
    }

    /// Publishes new stories, oldest first, many in one batch. Their sources are ignored.
    ///
    /// # Errors
    /// Of the first story that could not be published; those of the batches before it are.
    pub async fn publish_all(
        &self,
        task: SystemTask,
        mut inputs: Vec<StoryInput>,
    ) -> Result<usize, DeskError> {
        inputs.sort_by_key(|input| input.published_at);
        let count = inputs.len();
        self.newsroom.publish_all(&Actor::system(task), inputs).await?;
        Ok(count)
    }

    /// Returns the slug of the story that was imported from a file.
    pub async fn slug_of_source(&self, source: &str) -> Result<Option<Slug>, DeskError> {
        Ok(self.newsroom.story_of_source(source).await?.map(|story| story.teaser.slug))
    }

    /// Returns the slug that a new story would get that asks for `wanted`, if those in `reserved`
    /// were taken; `None` if none of its numbers is free.
    pub async fn free_slug(
        &self,
        wanted: &Slug,
        reserved: &HashSet<Slug>,
    ) -> Result<Option<Slug>, DeskError> {
        Ok(self.newsroom.planned_slug(wanted, reserved).await?)
    }

    /// Begins an import of the stories and the audit log of an export.
    ///
    /// `body_rule` is checked in addition to the rules of [`StoryInput`].
    pub fn begin_import(&self, body_rule: BodyRule) -> NewsImport<'_> {
        NewsImport::new(&self.newsroom, body_rule)
    }

    /// Adds redirects, many in one batch, and returns the outcome of each. The same redirect again is
    /// unchanged; an old address that has another redirect keeps it, which is an error.
    ///
    /// # Errors
    /// [`DeskError::Table`] when the table failed. What was added before stays; a repetition adds
    /// the rest.
    pub async fn add_redirects(
        &self,
        redirects: &[Redirect],
    ) -> Result<Vec<Result<AddedRedirect, RedirectError>>, DeskError> {
        self.newsroom.add_redirects(&Actor::system(SystemTask::Import), redirects).await
    }

    /// Removes the redirects that the import of this number added, except for those to stories of it
    /// that stay, and returns their number. Reads all redirects.
    pub async fn remove_redirects_of_import(&self, import: u64) -> Result<usize, DeskError> {
        self.newsroom.remove_redirects_of(&Actor::system(SystemTask::Import), import).await
    }

    /// Reads the redirects after a position, some at a time, each with the target at the end of its
    /// chain.
    pub async fn redirects(&self, after: Option<&str>) -> Result<RedirectPage, DeskError> {
        self.newsroom.exported_redirects(after).await
    }

    /// Finishes interrupted deletions of all stories and erasures, and returns how many stories
    /// those jobs changed in total. A job that is older than a day is abandoned.
    ///
    /// Each job continues in the name of the caller who started it.
    pub async fn resume_jobs(&self) -> Result<usize, DeskError> {
        self.newsroom.resume_jobs().await
    }

    /// Erases the stories that have been in the trash for 30 days and returns their number.
    pub async fn empty_old_trash(&self) -> Result<usize, DeskError> {
        let until = self.newsroom.now().as_second() - TRASH_SECONDS;
        let until = Timestamp::from_second(until).unwrap_or(Timestamp::MIN);
        self.newsroom.erase_until(&Actor::system(SystemTask::EmptyTrash), until).await
    }

    /// Turns the stories that readers no longer see into drafts, and returns their number.
    pub async fn unpublish_ended(&self) -> Result<usize, DeskError> {
        self.newsroom.unpublish_ended(&Actor::system(SystemTask::Unpublish)).await
    }

    /// Checks for changes by other processes on the same table and for stories whose time has come
    /// or ended, and raises [`NewsDesk::content_version`] when there are any.
    ///
    /// Costs one read of one item, and three queries when the content version is new.
    pub async fn sync_with_log(&self) -> Result<(), DeskError> {
        self.newsroom.sync_with_log().await
    }
}
