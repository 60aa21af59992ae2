//! Result of an import.

use std::collections::BTreeMap;

use crate::import::source_story::Refused;

/// Notes that are kept; memory must not grow with the source.
const MAX_NOTES: usize = 10_000;

/// The result of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// New stories.
    pub created: usize,
    /// Changed stories.
    pub updated: usize,
    /// Unchanged stories.
    pub unchanged: usize,
    /// Stories that were changed here since they were imported, and stay as they are.
    pub kept: Vec<String>,
    /// Stories that are in the trash and stay there.
    pub in_trash: usize,
    /// Stories that were written as drafts, among the created and updated ones.
    pub drafts: usize,
    /// Stories that were written with a time of publication ahead.
    pub scheduled: usize,
    /// Pictures that were imported.
    pub pictures: usize,
    /// Pictures that were not imported.
    pub missing_pictures: usize,
    /// Redirects that were made.
    pub redirects: usize,
    /// Files and records that could not be imported.
    pub refused: Vec<Refused>,
    /// Files that are not meant to be stories.
    pub passed_over: Vec<Refused>,
    /// Values that could not be used: the key of the story, and a line.
    pub notes: Vec<(String, String)>,
    /// Number of notes that were too many to keep.
    pub more_notes: usize,
    /// Number of stories that still hold a kind of shortcode, Liquid or component.
    pub leftovers: BTreeMap<String, usize>,
}

impl Report {
    /// Returns the number of stories that are here now, or were.
    pub(crate) fn stories(&self) -> usize {
        self.created + self.updated + self.unchanged + self.kept.len() + self.in_trash
    }

    /// Adds a note about a story.
    pub(crate) fn note(&mut self, key: &str, note: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push((key.to_owned(), note));
        } else {
            self.more_notes += 1;
        }
    }

    /// Returns the counts on one line.
    pub(crate) fn counts(&self) -> String {
        let Self { created, updated, unchanged, in_trash, drafts, scheduled, .. } = self;
        let (kept, refused) = (self.kept.len(), self.refused.len());
        let (pictures, redirects) = (self.pictures, self.redirects);
        format!(
            "{created} created, {updated} updated, {unchanged} unchanged, {kept} kept, \
             {in_trash} in the trash, {drafts} drafts, {scheduled} scheduled, {refused} refused, \
             {pictures} pictures, {redirects} redirects"
        )
    }
}
