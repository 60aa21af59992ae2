//! New drafts of the editor.

use gazette_table::{Item, TableError, Write};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::edit_act::FormAct;
use crate::desk::edit_request::SaveRequest;
use crate::desk::edit_state::{EditState, EditedStory, MAX_ATTEMPTS, put_copy};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::editing::form_normal::normal;
use crate::editing::history::{HistoryKind, Snapshot};
use crate::editing::story_form::{StoryForm, UNTITLED};
use crate::editing::working_copy::{Person, SavedBy, WorkingCopy};
use crate::error::DeskError;
use crate::idempotency_key::IdempotencyKey;
use crate::records;
use crate::story::{Status, Story, StoryId};
use crate::story_input::{DEFAULT_AUTHOR, StoryInput};
use crate::story_writes;

/// Seconds for which a key is remembered: a week, since a form may be open for days.
const KEY_SECONDS: i64 = 7 * 24 * 60 * 60;
/// Digest of the record of a key, which no request to the API has.
const DIGEST: &str = "form";

/// The draft that a key made.
#[derive(Serialize, Deserialize)]
struct KeyRecord {
    // Stored name of this field.
    #[serde(rename = "article")]
    story: StoryId,
    digest: String,
}

impl NewsDesk {
    /// Makes a new draft of what is typed, which belongs to the caller. The same key stands for the
    /// same draft: a repeated call saves what is typed now.
    ///
    /// The draft has its id as its slug until it is saved again or published, unless the form names
    /// a slug: the first letters of a headline must not take one.
    pub async fn create_form(
        &self,
        caller: &Caller,
        form: StoryForm,
        zone: &TimeZone,
        key: &IdempotencyKey,
    ) -> Result<EditedStory, DeskError> {
        let actor = match self.authorize(caller, Action::WriteNews) {
            Ok(actor) => actor,
            Err(_) => self.authorize(caller, Action::DraftNews)?,
        };
        let form = form.with_line_feeds();
        form.check_size().map_err(|error| DeskError::Unacceptable(vec![error]))?;
        let hash = key.hash(actor.sub.as_deref().unwrap_or_default());
        let newsroom = &self.newsroom;
        for _ in 0..MAX_ATTEMPTS {
            if let Some(id) = newsroom.draft_of_key(&hash).await? {
                let request = SaveRequest { version: 1, form, ..SaveRequest::default() };
                return self.save_form(caller, id, request, &FormAct::Save, zone).await;
            }
            let (state, writes, event) =
                newsroom.new_draft(&actor, form.clone(), &hash, zone).await?;
            match newsroom.commit_edit(writes, Some(event)).await {
                Ok(()) => return Ok(state.into_edited(zone)),
                // The slug was taken, or the same call came first.
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::Stale)
    }
}

impl Newsroom {
    async fn draft_of_key(&self, hash: &str) -> Result<Option<StoryId>, DeskError> {
        let item = self.table.get(&records::idempotency_key(hash)).await?;
        let Some(record) = item.map(|item| item.parse::<KeyRecord>()).transpose()? else {
            return Ok(None);
        };
        if record.digest == DIGEST { Ok(Some(record.story)) } else { Err(DeskError::KeyReused) }
    }

    /// Prepares a new draft and its working copy.
    async fn new_draft(
        &self,
        actor: &Actor,
        mut form: StoryForm,
        hash: &str,
        zone: &TimeZone,
    ) -> Result<(EditState, Vec<Write>, AuditEvent), DeskError> {
        let now = self.now();
        let id = StoryId::new(self.new_id());
        let blank = blank_story(actor, id, now)?;
        if normal(&form).authors.is_empty() {
            form.authors = StoryForm::of(&blank, zone).authors;
        }
        form.section = Some(form.section)
            .filter(|name| !name.trim().is_empty())
            .unwrap_or_else(|| blank.teaser.section.name.clone());
        let (mut story, mut writes) = self.drafted(&blank, &form, Status::Draft, zone, now).await?;
        if normal(&form).slug.is_empty() {
            // The headline is not complete yet.
            writes.retain(|write| !write.key().partition.starts_with(records::SLUG));
            story.teaser.slug = id.slug();
        }
        story.set_updated_at(now);
        writes.retain(|write| *write.key() != records::slug_key(&id.slug()));
        if story.teaser.slug == id.slug() {
            writes.push(story_writes::create_slug(&story.teaser.slug, id)?);
        }
        writes.extend(story_writes::new_version(None, &story)?);
        let person = Person::of(actor);
        let by = SavedBy { person: person.clone(), tab: None, sequence: 0, at: now };
        let mut copy = WorkingCopy::new(&story, &StoryForm::of(&story, zone), person.clone(), now);
        copy.save(form.clone(), &[], &by, &form, story.version);
        if StoryForm::of(&story, zone) == form {
            copy.form = None;
        }
        let state = EditState::new(story, Some(copy), zone);
        let snapshot = Snapshot { form, at: now, by: person, kind: HistoryKind::Saved };
        let kept = vec![(state.version, snapshot)];
        let state = self.with_snapshots(state, kept, now, &mut writes).await?;
        if let Some(copy) = &state.copy {
            writes.extend(put_copy(&state.story, copy, None, zone)?);
        }
        let record = KeyRecord { story: id, digest: DIGEST.to_owned() };
        let record = Item::new(records::idempotency_key(hash), &record)?;
        writes.push(Write::create(record.expires_at(now.as_second() + KEY_SECONDS)));
        let event = AuditEvent::of(now, actor, AuditAction::Created, &state.story);
        Ok((state, writes, event))
    }
}

/// Returns the draft that a new one starts from.
fn blank_story(actor: &Actor, id: StoryId, now: Timestamp) -> Result<Story, DeskError> {
    let blank = |author: &str| StoryInput {
        status: Status::Draft,
        authors: vec![author.to_owned()],
        slug: Some(id.slug()),
        ..StoryInput::new(UNTITLED, "", now)
    };
    let valid = blank(&actor.name).check_draft().or_else(|_| blank(DEFAULT_AUTHOR).check_draft());
    let mut story = valid.map_err(DeskError::Unacceptable)?.into_story(id);
    story.owner.clone_from(&actor.sub);
    Ok(story)
}
