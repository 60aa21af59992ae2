//! Preparing and writing a save: the working copy, its snapshots, and the story.

use gazette_table::{MAX_BATCH, TableError, Write};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::desk::edit_act::FormAct;
use crate::desk::edit_merge::is_late;
use crate::desk::edit_request::SaveRequest;
use crate::desk::edit_state::{EditState, put_copy};
use crate::desk::newsroom::Newsroom;
use crate::editing::history::{HistoryKind, Snapshot};
use crate::editing::story_form::StoryForm;
use crate::editing::working_copy::{Person, ReviewNote, SavedBy, WorkingCopy, tab_name};
use crate::error::DeskError;
use crate::field_errors::FieldError;
use crate::records;
use crate::story::Story;
use crate::story_writes;

/// Age of the last snapshot after which an author's own text is kept before it is replaced.
const SNAPSHOT_SECONDS: i64 = 10 * 60;

/// A change that is ready to be written.
pub(super) struct Edit {
    pub(super) state: EditState,
    pub(super) writes: Vec<Write>,
    pub(super) event: Option<AuditEvent>,
    /// Rules that keep the story from being changed; what is typed is saved all the same.
    pub(super) refused: Option<Vec<FieldError>>,
}

impl Newsroom {
    /// Writes an edit. One that changes no story leaves no record, and readers' pages stay cached.
    pub(super) async fn commit_edit(
        &self,
        mut writes: Vec<Write>,
        event: Option<AuditEvent>,
    ) -> Result<(), TableError> {
        if writes.is_empty() {
            return Ok(());
        }
        let Some(event) = event else { return self.table.write(writes).await };
        // The record of the change and the head of the log.
        if writes.len() + 2 > MAX_BATCH {
            // New labels only say how names are spelt, so they can be written first.
            let (labels, others) = writes.into_iter().partition(records::is_label);
            self.table.write(labels).await?;
            writes = others;
        }
        self.audit.commit(writes, vec![event]).await
    }

    /// Prepares everything that a save changes.
    pub(super) async fn prepared(
        &self,
        state: EditState,
        request: &SaveRequest,
        act: &FormAct,
        actor: &Actor,
        zone: &TimeZone,
    ) -> Result<Edit, DeskError> {
        let now = self.now();
        let (tab, sequence) = (tab_name(request.tab.as_deref()), request.sequence);
        let by = SavedBy { person: Person::of(actor), tab, sequence, at: now };
        let merged = self.merged(&state, request, act, &by, zone).await?;
        let planned = self.planned(&state.story, &merged.form, act, request, zone).await;
        let (planned, refused) = match planned {
            Ok(planned) => (planned, None),
            Err(DeskError::Unacceptable(errors)) => (None, Some(errors)),
            Err(error) => return Err(error),
        };
        let is_late = is_late(&state, request, &by);
        let is_known = by.tab.is_none() || is_late;
        if planned.is_none() && merged.taken.is_empty() && is_known {
            return Ok(Edit { state, writes: Vec::new(), event: None, refused });
        }
        let version = state.version.max(state.story.version) + 1;
        let (story, mut writes) = match planned {
            Some((story, writes)) => (Some(Story { version, ..story }), writes),
            None => (None, Vec::new()),
        };
        let copy = next_copy(&state, merged.form, &merged.taken, request, &by, version);
        let copy = on_story(copy, &state, story.as_ref(), act, &by, zone);
        let mut kept: Vec<(u64, Snapshot)> = Vec::new();
        kept.extend(replaced(&state, &merged.taken, &by, act));
        let next = EditState::new(story.clone().unwrap_or(state.story.clone()), Some(copy), zone);
        let has_news = story.is_some() || !merged.taken.is_empty();
        if !request.is_autosave && has_news {
            let kind = if refused.is_some() { HistoryKind::Saved } else { act.kind() };
            let (form, by) = (next.form.clone(), by.person.clone());
            kept.push((version, Snapshot { form, at: now, by, kind }));
        }
        let next = self.with_snapshots(next, kept, now, &mut writes).await?;
        let replaced = state.copy.as_ref().map(|copy| copy.version);
        if let Some(copy) = &next.copy {
            writes.extend(put_copy(&next.story, copy, replaced, zone)?);
        }
        let event = match &story {
            Some(story) => {
                writes.extend(story_writes::new_version(Some(&state.story), story)?);
                Some(event(&state.story, story, act, actor, now))
            }
            None => None,
        };
        Ok(Edit { state: next, writes, event, refused })
    }
}

/// Returns the working copy with a form, before the story changes.
fn next_copy(
    state: &EditState,
    form: StoryForm,
    taken: &[&'static str],
    request: &SaveRequest,
    by: &SavedBy<'_>,
    version: u64,
) -> WorkingCopy {
    let mut copy = match &state.copy {
        Some(copy) => copy.clone(),
        None => WorkingCopy::new(&state.story, &state.form, by.person.clone(), by.at),
    };
    copy.save(form, taken, by, &request.form, version);
    copy
}

/// Returns the working copy as it is once the story is changed.
fn on_story(
    mut copy: WorkingCopy,
    state: &EditState,
    story: Option<&Story>,
    act: &FormAct,
    by: &SavedBy<'_>,
    zone: &TimeZone,
) -> WorkingCopy {
    let present = story.unwrap_or(&state.story);
    let of_story = StoryForm::of(present, zone);
    let rest = copy.form.clone().filter(|form| *form != of_story);
    match story {
        Some(story) => {
            let rest = rest.filter(|_| !act.publishes());
            copy.set_story(story, zone, rest, by);
        }
        None => copy.form = rest,
    }
    if story.is_some() {
        match act {
            FormAct::SendBack(text) if text.is_empty() => copy.note = None,
            FormAct::SendBack(text) => {
                let (text, by, at) = (text.clone(), by.person.clone(), by.at);
                copy.note = Some(ReviewNote { text, by, at });
            }
            FormAct::Publish | FormAct::Schedule => copy.note = None,
            // After the author handed it in again, the editor compares it with the note.
            FormAct::HandIn | FormAct::Save | FormAct::Unpublish | FormAct::Restore => {}
        }
    }
    copy
}

/// Returns the text to be kept that a save replaces: that of others, so that a version of the
/// history has one author, and an author's own after a while.
fn replaced(
    state: &EditState,
    taken: &[&'static str],
    by: &SavedBy<'_>,
    act: &FormAct,
) -> Option<(u64, Snapshot)> {
    let copy = state.copy.as_ref().filter(|copy| copy.form.is_some() && !taken.is_empty())?;
    let is_old = by.at.as_second() - copy.snapshot_at.as_second() >= SNAPSHOT_SECONDS;
    let is_of_another =
        copy.by.sub != by.person.sub || taken.iter().any(|field| copy.is_of_another(field, by));
    if !is_old && !is_of_another && !matches!(act, FormAct::Restore) {
        return None;
    }
    let (form, at, by) = (state.form.clone(), copy.saved_at, copy.by.clone());
    Some((state.version, Snapshot { form, at, by, kind: HistoryKind::Autosaved }))
}

fn event(
    before: &Story,
    story: &Story,
    act: &FormAct,
    actor: &Actor,
    now: Timestamp,
) -> AuditEvent {
    let event = match act {
        FormAct::Restore => AuditEvent::of(now, actor, AuditAction::Reverted, story),
        _ => AuditEvent::of_version(now, actor, Some(before), story),
    };
    event.replacing(before.version)
}
