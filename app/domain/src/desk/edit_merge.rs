//! Merging a save with what is stored.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::desk::edit_act::FormAct;
use crate::desk::edit_request::SaveRequest;
use crate::desk::edit_state::{EditState, UNKNOWN, author};
use crate::desk::newsroom::Newsroom;
use crate::editing::form_hashes::FormHashes;
use crate::editing::form_merge::{Base, Merged, merge};
use crate::editing::items::base_key;
use crate::editing::story_form::StoryForm;
use crate::editing::working_copy::{SavedBy, WorkingCopy};
use crate::error::{DeskError, EditConflict};
use crate::story::Story;

impl Newsroom {
    /// Merges what is typed with what is stored.
    pub(super) async fn merged(
        &self,
        state: &EditState,
        request: &SaveRequest,
        act: &FormAct,
        by: &SavedBy<'_>,
        zone: &TimeZone,
    ) -> Result<Merged, DeskError> {
        if is_late(state, request, by) {
            return Ok(Merged { form: state.form.clone(), ..Merged::default() });
        }
        let hashes = self.fields_of(state, request.version, zone).await?;
        let copy = state.copy.as_ref();
        let last_change = |field: &str| copy.and_then(|copy| copy.last_change(field));
        let base = Base {
            hashes: hashes.as_ref(),
            last_change: &last_change,
            version: request.version,
            is_covered: match copy {
                Some(copy) => copy.covers(request.version),
                None => request.version == state.version,
            },
            tab: by.tab,
        };
        let merged = merge(&request.form, &state.form, &base);
        let fields = if merged.conflicts.is_empty() && act.publishes() {
            unseen(&request.form, &merged.form, &state.story, zone)
        } else {
            merged.conflicts.clone()
        };
        if fields.is_empty() {
            return Ok(merged);
        }
        // The author will start from the stored form.
        self.table.write(vec![self.put_base(state)?]).await?;
        Err(DeskError::Conflict(Box::new(conflict(state, &request.form, merged, fields))))
    }

    /// Returns the fields of a version, if they are known.
    async fn fields_of(
        &self,
        state: &EditState,
        version: u64,
        zone: &TimeZone,
    ) -> Result<Option<FormHashes>, DeskError> {
        if version == state.version {
            return Ok(Some(FormHashes::of(&state.form)));
        }
        if let Some(fields) = state.copy.as_ref().and_then(|copy| copy.fields_of(version)) {
            return Ok(Some(fields.clone()));
        }
        let id = state.story.teaser.id;
        if let Some(base) = self.table.get(&base_key(id, version)).await? {
            return Ok(Some(base.parse()?));
        }
        let form = self.past_form(id, version, zone).await?;
        Ok(form.as_ref().map(FormHashes::of))
    }
}

/// Returns the fields that readers would see as the author has not: others changed them since, and
/// they are not published yet.
fn unseen(
    typed: &StoryForm,
    merged: &StoryForm,
    story: &Story,
    zone: &TimeZone,
) -> Vec<&'static str> {
    let published = merged.differing(&StoryForm::of(story, zone));
    typed.differing(merged).into_iter().filter(|field| published.contains(field)).collect()
}

fn conflict(
    state: &EditState,
    typed: &StoryForm,
    merged: Merged,
    fields: Vec<&'static str>,
) -> EditConflict {
    let changes = fields.iter().map(|field| last_change(state, field));
    let (authors, times): (Vec<String>, Vec<Timestamp>) = changes.unzip();
    let at = times.into_iter().max().unwrap_or(state.story.teaser.updated_at);
    let mut form = merged.form;
    let values = form.values_mut().into_iter().zip(typed.values());
    for (field, (value, typed)) in StoryForm::FIELDS.into_iter().zip(values) {
        if merged.conflicts.contains(&field) {
            typed.clone_into(value);
        }
    }
    EditConflict {
        story: state.story.teaser.id,
        form,
        current: state.form.clone(),
        fields,
        version: state.version,
        by: joined(&authors),
        authors,
        at,
    }
}

/// Returns the display names of those who last changed what differs from a form.
pub(super) fn authors_of_rest(state: &EditState, typed: &StoryForm) -> String {
    let fields = state.form.differing(typed);
    joined(&fields.iter().map(|field| last_change(state, field).0).collect::<Vec<_>>())
}

/// Returns the display name of the last person who changed a field, and the time.
fn last_change(state: &EditState, field: &str) -> (String, Timestamp) {
    let (person, saved_at) = author(state);
    match state.copy.as_ref().and_then(|copy| copy.last_change(field)) {
        Some(change) if !change.name.is_empty() => {
            (change.name.clone(), change.at.unwrap_or(saved_at))
        }
        // A program or an import, or a working copy of an earlier release.
        Some(change) if change.sub != person.sub => {
            (UNKNOWN.to_owned(), change.at.unwrap_or(saved_at))
        }
        _ => (person.name, saved_at),
    }
}

/// Returns "Ana", or "Ana and Bo".
fn joined(names: &[String]) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for name in names {
        if !distinct.contains(&name.as_str()) {
            distinct.push(name);
        }
    }
    distinct.join(" and ")
}

/// Checks whether a save came too late to change anything.
pub(super) fn is_late(state: &EditState, request: &SaveRequest, by: &SavedBy<'_>) -> bool {
    let is_late = |copy: &WorkingCopy| {
        by.tab.is_some_and(|tab| copy.is_late(request.version, tab, by.sequence, &request.form))
    };
    state.copy.as_ref().is_some_and(is_late)
}
