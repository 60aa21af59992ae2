//! The working copy of a story: what is typed in the editor, apart from the story.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::audit::Actor;
use crate::editing::field_change::FieldChange;
use crate::editing::form_hashes::{FormHashes, hash};
use crate::editing::form_normal::normal;
use crate::editing::story_form::StoryForm;
use crate::image_name::ImageId;
use crate::story::{Story, StoryId};

/// Versions whose fields the working copy remembers, so that changes to different fields merge.
const MAX_RECENT: usize = 24;
/// Tabs that the working copy remembers.
const MAX_TABS: usize = 8;
/// Maximum length of the name of a tab, in bytes.
const MAX_TAB_BYTES: usize = 64;

/// A person of the newsroom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Subject of the verified token; empty for the process.
    pub sub: String,
    /// Display name.
    pub name: String,
}

impl Person {
    /// Returns the person behind a change.
    pub(crate) fn of(actor: &Actor) -> Self {
        Self { sub: actor.sub.clone().unwrap_or_default(), name: actor.name.clone() }
    }
}

/// An editor's note to the writer of a story that was sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewNote {
    /// The note.
    pub text: String,
    /// Its author.
    pub by: Person,
    /// The time at which the story was sent back.
    pub at: Timestamp,
}

/// The last save of a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TabState {
    tab: String,
    /// Number that the tab gave to its save.
    sequence: u64,
    /// The version that it made.
    version: u64,
    /// The form that the tab sent.
    typed: FormHashes,
    /// The form of the version.
    form: FormHashes,
}

/// The text of the editor, as typed. It is made from a version of the story, and has its
/// numbers from the same sequence: a number names one form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WorkingCopy {
    /// The form; `None` while it is that of the story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) form: Option<StoryForm>,
    /// Version of the story that it is made from.
    pub(crate) base: u64,
    /// Normal form of that version.
    base_fields: FormHashes,
    /// Version of the form.
    pub(crate) version: u64,
    /// First version whose later changes are all known here.
    since: u64,
    /// Time of the last save.
    pub(crate) saved_at: Timestamp,
    /// Its author.
    pub(crate) by: Person,
    recent: Vec<(u64, FormHashes)>,
    changes: BTreeMap<String, FieldChange>,
    tabs: Vec<TabState>,
    /// The note of an editor who sent the story back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<ReviewNote>,
    /// Time of the last snapshot, or of the first save.
    pub(crate) snapshot_at: Timestamp,
}

/// An entry of the list of stories whose working copy differs from the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditEntry {
    /// The story.
    pub story: StoryId,
    /// Headline as typed.
    pub headline: String,
    /// Version of the form.
    pub version: u64,
    /// Time of the last save.
    pub at: Timestamp,
    /// Display name of its author.
    pub by: String,
    /// Uploaded pictures that the form names. `None` if they are not known, as in older entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<ImageId>>,
}

/// A person who opened a story in the editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Display name.
    pub by: String,
    /// The last time.
    pub at: Timestamp,
}

/// The author, the tab and the time of a save.
pub(crate) struct SavedBy<'a> {
    pub(crate) person: Person,
    pub(crate) tab: Option<&'a str>,
    pub(crate) sequence: u64,
    pub(crate) at: Timestamp,
}

impl WorkingCopy {
    /// Makes the working copy of a story without one, whose form is `form`.
    pub(crate) fn new(story: &Story, form: &StoryForm, by: Person, at: Timestamp) -> Self {
        Self {
            form: None,
            base: story.version,
            base_fields: FormHashes::of(&normal(form)),
            version: story.version,
            since: story.version,
            saved_at: at,
            by,
            recent: vec![(story.version, FormHashes::of(form))],
            changes: BTreeMap::new(),
            tabs: Vec::new(),
            note: None,
            snapshot_at: at,
        }
    }

    /// Returns the form, given the story that it is made from.
    pub(crate) fn form_on(&self, story: &Story, zone: &TimeZone) -> StoryForm {
        self.form.clone().unwrap_or_else(|| StoryForm::of(story, zone))
    }

    /// Bases the working copy on the present story, which was changed without it: fields that are as
    /// they were in the story become those of the story now.
    pub(crate) fn rebase(&mut self, story: &Story, zone: &TimeZone) {
        let present = StoryForm::of(story, zone);
        let fields = FormHashes::of(&normal(&present));
        let version = self.version.max(story.version) + 1;
        let mut form = self.form.take().unwrap_or_else(|| present.clone());
        let old = normal(&form);
        let hashes = self.base_fields.fields().zip(fields.fields());
        let values = form.values_mut().into_iter().zip(old.values()).zip(present.values());
        let mut changed = Vec::new();
        for (field, (hashes, values)) in StoryForm::FIELDS.into_iter().zip(hashes.zip(values)) {
            let ((base, now), ((value, normal), present)) = (hashes, values);
            if base != now && (hash(normal) == base || *value == present) {
                present.clone_into(value);
                changed.push(field);
            }
        }
        self.form = (form != present).then_some(form);
        (self.base, self.base_fields) = (story.version, fields);
        let at = Some(story.teaser.updated_at);
        let (sub, name) = (String::new(), String::new());
        let change = FieldChange { version, tab: None, sub, name, at };
        self.changes.extend(changed.into_iter().map(|field| (field.to_owned(), change.clone())));
        self.advance(version, story, zone);
    }

    /// Stores a form as the next version.
    pub(crate) fn save(
        &mut self,
        form: StoryForm,
        taken: &[&'static str],
        by: &SavedBy<'_>,
        typed: &StoryForm,
        version: u64,
    ) {
        let fields = FormHashes::of(&form);
        let tab = by.tab.map(str::to_owned);
        let Person { sub, name } = by.person.clone();
        let change = FieldChange { version, tab, sub, name, at: Some(by.at) };
        self.changes.extend(taken.iter().map(|field| ((*field).to_owned(), change.clone())));
        if let Some(tab) = by.tab {
            self.tabs.retain(|state| state.tab != tab);
            self.tabs.push(TabState {
                tab: tab.to_owned(),
                sequence: by.sequence,
                version,
                typed: FormHashes::of(typed),
                form: fields.clone(),
            });
            let excess = self.tabs.len().saturating_sub(MAX_TABS);
            self.tabs.drain(..excess);
        }
        if !taken.is_empty() {
            // A save of nothing new is not that of the text of others.
            (self.saved_at, self.by) = (by.at, by.person.clone());
        }
        self.form = Some(form);
        self.version = version;
        self.remember(version, fields);
    }

    /// Makes the working copy that of a new version of the story.
    pub(crate) fn set_story(
        &mut self,
        story: &Story,
        zone: &TimeZone,
        form: Option<StoryForm>,
        by: &SavedBy<'_>,
    ) {
        let before = self.form.take();
        self.base = story.version;
        self.base_fields = FormHashes::of(&normal(&StoryForm::of(story, zone)));
        self.form = form;
        let after = self.form_on(story, zone);
        let (sub, name) = (String::new(), by.person.name.clone());
        let at = Some(by.at);
        let change = FieldChange { version: story.version, tab: None, sub, name, at };
        for field in before.map(|before| before.differing(&after)).unwrap_or_default() {
            self.changes.insert(field.to_owned(), change.clone());
        }
        self.advance(story.version, story, zone);
    }

    fn advance(&mut self, version: u64, story: &Story, zone: &TimeZone) {
        self.version = version;
        self.remember(version, FormHashes::of(&self.form_on(story, zone)));
    }

    fn remember(&mut self, version: u64, fields: FormHashes) {
        self.recent.retain(|(known, _)| *known != version);
        self.recent.push((version, fields));
        let excess = self.recent.len().saturating_sub(MAX_RECENT);
        self.recent.drain(..excess);
    }

    /// Returns the fields of a version, if they are still known here.
    pub(crate) fn fields_of(&self, version: u64) -> Option<&FormHashes> {
        let recent = self.recent.iter().find(|(known, _)| *known == version);
        let tab = self.tabs.iter().find(|state| state.version == version);
        recent.map(|(_, fields)| fields).or_else(|| tab.map(|state| &state.form))
    }

    /// Checks whether all changes since a version are known.
    pub(crate) fn covers(&self, version: u64) -> bool {
        (self.since..=self.version).contains(&version)
    }

    /// Returns the last change of a field.
    pub(crate) fn last_change(&self, field: &str) -> Option<&FieldChange> {
        self.changes.get(field)
    }

    /// Checks whether a save came too late: its tab has saved again since and does not know the
    /// result yet, or this is the same save again.
    pub(crate) fn is_late(
        &self,
        version: u64,
        tab: &str,
        sequence: u64,
        typed: &StoryForm,
    ) -> bool {
        self.tabs.iter().any(|last| {
            let is_repeat = last.sequence == sequence && last.typed == FormHashes::of(typed);
            last.tab == tab && version < last.version && (last.sequence > sequence || is_repeat)
        })
    }

    /// Checks whether a field was last changed by someone else, or in another tab.
    pub(crate) fn is_of_another(&self, field: &str, by: &SavedBy<'_>) -> bool {
        self.changes.get(field).is_some_and(|last| {
            let is_same_tab = by.tab.is_some() && last.tab.as_deref() == by.tab;
            !(is_same_tab && last.sub == by.person.sub)
        })
    }
}

/// Returns the name of a tab that a client sent, unless it is too long to be kept.
pub(crate) fn tab_name(tab: Option<&str>) -> Option<&str> {
    tab.filter(|tab| !tab.is_empty() && tab.len() <= MAX_TAB_BYTES)
}
