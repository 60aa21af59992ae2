//! The labels of stories: each slug has one name, the first that was used, until an editor renames
//! or merges it.

use gazette_table::{Item, Key, Order, Range, TableError, Write};

use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::Feed;
use crate::label::{Label, LabelKind};
use crate::records;
use crate::slug::Slug;
use crate::story::{Story, Teaser};

/// Merges that are followed from one label to the next.
const MAX_MERGES: usize = 8;

impl Newsroom {
    /// Gives the labels of a story their registered names and slugs, and returns the writes that
    /// register the new ones.
    pub(super) async fn register_labels(&self, story: &mut Story) -> Result<Vec<Write>, DeskError> {
        let wanted = labels_of(&story.teaser);
        let keys: Vec<Key> =
            wanted.iter().map(|(kind, label)| records::label_key(*kind, &label.slug)).collect();
        let registered = self.table.get_many(&keys).await?;
        let mut labels = Vec::new();
        let mut writes = Vec::new();
        for ((kind, wanted), item) in wanted.into_iter().zip(registered) {
            let label = if let Some(item) = item {
                self.merged_label(kind, item).await?
            } else {
                let label = self.used_label(kind, &wanted).await?.unwrap_or(wanted);
                let write = put_label(kind, &label.slug, &label)?;
                if !writes.iter().any(|other: &Write| other.key() == write.key()) {
                    writes.push(write);
                }
                label
            };
            labels.push((kind, label));
        }
        set_labels(&mut story.teaser, labels);
        Ok(writes)
    }

    /// Returns the label of a slug, if it is registered.
    pub(super) async fn registered_label(
        &self,
        kind: LabelKind,
        slug: &Slug,
    ) -> Result<Option<Label>, DeskError> {
        match self.table.get(&records::label_key(kind, slug)).await? {
            Some(item) => self.merged_label(kind, item).await.map(Some),
            None => Ok(None),
        }
    }

    /// Returns the label of a registered item; follows merges.
    async fn merged_label(&self, kind: LabelKind, item: Item) -> Result<Label, DeskError> {
        let mut slug = item.key.sort.clone();
        let mut label: Label = item.parse()?;
        for _ in 0..MAX_MERGES {
            if label.slug.as_str() == slug {
                break;
            }
            let key = records::label_key(kind, &label.slug);
            let Some(next) = self.table.get(&key).await? else { break };
            slug.clone_from(&next.key.sort);
            label = next.parse()?;
        }
        Ok(label)
    }

    /// Returns the label that stories from before the register have for this name.
    async fn used_label(
        &self,
        kind: LabelKind,
        wanted: &Label,
    ) -> Result<Option<Label>, DeskError> {
        if let Some(label) = self.oldest_label(kind, &wanted.slug).await? {
            return Ok(Some(label));
        }
        let Some(legacy) = Slug::legacy(&wanted.name) else { return Ok(None) };
        let label = match self.registered_label(kind, &legacy).await? {
            Some(label) => Some(label),
            None => self.oldest_label(kind, &legacy).await?,
        };
        Ok(label.filter(|label| label.name == wanted.name))
    }

    /// Returns the label with this slug of the oldest published story that has one.
    async fn oldest_label(&self, kind: LabelKind, slug: &Slug) -> Result<Option<Label>, DeskError> {
        let feed = records::feed_partition(&Feed::of_label(kind, slug.clone()));
        let page = self.table.query(&feed, &Range::all(), Order::Ascending, 1).await?;
        let Some(item) = page.items.first() else { return Ok(None) };
        let labels = labels_of(&item.parse()?);
        Ok(labels.into_iter().find(|(k, label)| *k == kind && label.slug == *slug).map(|(_, l)| l))
    }
}

/// Returns all labels of a story.
pub(super) fn labels_of(teaser: &Teaser) -> Vec<(LabelKind, Label)> {
    let mut labels = vec![(LabelKind::Section, teaser.section.clone())];
    labels.extend(teaser.tags.iter().map(|tag| (LabelKind::Tag, tag.clone())));
    labels.extend(teaser.authors.iter().map(|author| (LabelKind::Author, author.clone())));
    labels
}

/// Sets the labels of a story, each once.
fn set_labels(teaser: &mut Teaser, labels: Vec<(LabelKind, Label)>) {
    teaser.tags.clear();
    teaser.authors.clear();
    for (kind, label) in labels {
        let list = match kind {
            LabelKind::Section => {
                teaser.section = label;
                continue;
            }
            LabelKind::Tag => &mut teaser.tags,
            LabelKind::Author => &mut teaser.authors,
        };
        if !list.iter().any(|other| other.slug == label.slug) {
            list.push(label);
        }
    }
}

/// Returns the write that makes a slug stand for a label.
pub(super) fn put_label(kind: LabelKind, slug: &Slug, label: &Label) -> Result<Write, TableError> {
    Ok(Write::put(Item::new(records::label_key(kind, slug), label)?))
}
