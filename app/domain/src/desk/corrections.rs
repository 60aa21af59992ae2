//! Corrections of published stories, and their list.

use std::collections::HashMap;

use gazette_table::{Item, Order, Range, TableError, Write};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::action::Action;
use crate::audit::{Actor, AuditAction, AuditEvent, hex};
use crate::caller::Caller;
use crate::correction::{self, MAX_CORRECTIONS};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::desk::write::key_record;
use crate::error::DeskError;
use crate::feed::{Cursor, FeedPosition, Limit};
use crate::field_errors::FieldError;
use crate::idempotency_key::IdempotencyKey;
use crate::story::{Correction, Story, StoryId, Teaser, whole_seconds};
use crate::story_times::{CORRECTIONS, StoryEntry};
use crate::story_writes;

/// Tries of a correction while other writers change the same story.
const MAX_ATTEMPTS: usize = 5;
/// Queries of one list: corrections of deleted stories are skipped.
const MAX_QUERIES: usize = 10;

/// A correction as submitted.
#[derive(Clone, Debug, Default)]
pub struct NewCorrection {
    /// Text: 1 to 2,000 characters.
    pub text: String,
    /// The version that the story must have.
    pub version: Option<u64>,
    /// Makes repeating the request safe.
    pub key: Option<IdempotencyKey>,
}

/// A correction with its story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCorrection {
    /// The corrected story.
    pub teaser: Teaser,
    /// The correction.
    pub correction: Correction,
}

/// A page of corrections, latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorrectionPage {
    /// At most as many as the limit.
    pub items: Vec<ListedCorrection>,
    /// Position of the next page; `None` on the last page.
    pub next: Option<Cursor>,
}

impl NewsDesk {
    /// Adds a dated correction to a published story.
    ///
    /// # Errors
    /// [`DeskError::NotPublic`] if readers cannot see the story, [`DeskError::Stale`] if it does not
    /// have the wanted version.
    pub async fn correct(
        &self,
        caller: &Caller,
        id: StoryId,
        new: NewCorrection,
    ) -> Result<Story, DeskError> {
        let actor = self.authorize(caller, Action::WriteNews)?;
        let text = correction::normal_text(&new.text).map_err(DeskError::Unacceptable)?;
        let sub = actor.sub.as_deref().unwrap_or_default();
        let hash = new.key.as_ref().map(|key| key.hash(sub));
        let digest = digest(id, &text);
        let newsroom = &self.newsroom;
        for _ in 0..MAX_ATTEMPTS {
            if let Some(story) = newsroom.answered_story(hash.as_deref(), &digest).await? {
                return Ok(story);
            }
            let current = newsroom.present_story(id).await?;
            if new.version.is_some_and(|version| version != current.version) {
                return Err(DeskError::Stale);
            }
            let now = newsroom.now();
            let mut story = corrected(&current, &text, now)?;
            story.version = newsroom.next_version(&current).await?;
            let record = hash.as_deref().map(|hash| key_record(hash, id, &digest, now));
            match newsroom.write_correction(&actor, &current, &story, record.transpose()?).await {
                Err(TableError::Conflict { .. }) => {}
                outcome => return Ok(outcome.map(|()| story)?),
            }
        }
        Err(DeskError::Stale)
    }

    /// Lists the corrections of public stories, latest first. A page may have fewer than the limit
    /// although there are more.
    pub async fn corrections(
        &self,
        caller: &Caller,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<CorrectionPage, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let newsroom = &self.newsroom;
        let mut range =
            Range { after: None, before: cursor.map(|cursor| cursor.position().to_string()) };
        let mut items = Vec::new();
        for _ in 0..MAX_QUERIES {
            let missing = limit.get() - items.len();
            let table = &newsroom.table;
            let page = table.query(CORRECTIONS, &range, Order::Descending, missing).await?;
            items.extend(newsroom.listed_corrections(&page.items).await?);
            let last = page.items.last().filter(|_| page.more);
            let Some(last) = last else { return Ok(CorrectionPage { items, next: None }) };
            range.before = Some(last.key.sort.clone());
            if items.len() == limit.get() {
                break;
            }
        }
        let next = range.before.and_then(|position| position.parse().ok()).map(Cursor::at);
        Ok(CorrectionPage { items, next })
    }
}

impl Newsroom {
    async fn write_correction(
        &self,
        actor: &Actor,
        current: &Story,
        story: &Story,
        record: Option<Write>,
    ) -> Result<(), TableError> {
        let mut batch = story_writes::new_version(Some(current), story)?;
        batch.extend(record);
        let event = AuditEvent::of(self.now(), actor, AuditAction::Corrected, story);
        let event = event.replacing(current.version);
        self.audit.commit(batch, vec![event]).await
    }

    /// Returns the corrections of these entries whose stories are public, in the same order.
    async fn listed_corrections(
        &self,
        entries: &[Item],
    ) -> Result<Vec<ListedCorrection>, DeskError> {
        let now = self.now();
        let mut stories: HashMap<StoryId, Option<Story>> = HashMap::new();
        let mut listed = Vec::new();
        for entry in entries {
            let id = entry.parse::<StoryEntry>()?.story;
            let at = entry.key.sort.parse::<FeedPosition>().ok().map(|position| position.time());
            let story = match stories.remove(&id) {
                Some(story) => story,
                None => {
                    self.story(id).await?.filter(|story| story.is_public(now)).map(without_body)
                }
            };
            let correction = story.as_ref().and_then(|story| {
                story.corrections.iter().find(|correction| Some(correction.at) == at)
            });
            if let (Some(story), Some(correction)) = (&story, correction) {
                let (teaser, correction) = (story.teaser.clone(), correction.clone());
                listed.push(ListedCorrection { teaser, correction });
            }
            stories.insert(id, story);
        }
        Ok(listed)
    }
}

/// Frees the longest part of a story.
fn without_body(story: Story) -> Story {
    Story { body: String::new(), ..story }
}

/// Returns the next version of a story, with one more correction.
fn corrected(current: &Story, text: &str, now: Timestamp) -> Result<Story, DeskError> {
    if !current.is_public(now) {
        return Err(DeskError::NotPublic);
    }
    if current.corrections.len() >= MAX_CORRECTIONS {
        let message =
            format!("cannot be added: the story has {MAX_CORRECTIONS} corrections, the maximum");
        return Err(DeskError::Unacceptable(vec![FieldError { field: "text", message }]));
    }
    // Each correction has a time of its own, which is its place in the list.
    let second = SignedDuration::from_secs(1);
    let last = current.corrections.last().and_then(|last| last.at.checked_add(second).ok());
    let at = last.map_or(whole_seconds(now), |next| next.max(whole_seconds(now)));
    let mut story = current.clone();
    story.corrections.push(Correction { at, text: text.to_owned() });
    story.advance(current, now);
    correction::check_size(&story, "text").map_err(DeskError::Unacceptable)?;
    Ok(story)
}

fn digest(id: StoryId, text: &str) -> String {
    hex(Sha256::digest(format!("correction\0{id}\0{text}")).as_slice())
}
