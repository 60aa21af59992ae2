//! Each label and each owner once, so that an entry has numbers instead of names.

use std::collections::HashMap;

use crate::label::{Label, LabelKind};
use crate::slug::{Slug, folded};

/// Number of a label.
pub(super) type LabelNumber = u32;

/// Number of an owner; 0 is nobody.
pub(super) type OwnerNumber = u32;

/// The labels and owners that entries refer to.
#[derive(Default)]
pub(super) struct Labels {
    numbers: HashMap<(LabelKind, Slug), LabelNumber>,
    labels: Vec<KnownLabel>,
    owners: HashMap<Box<str>, OwnerNumber>,
}

pub(super) struct KnownLabel {
    pub(super) kind: LabelKind,
    pub(super) label: Label,
    folded: String,
}

impl Labels {
    /// Returns the number of a label. Its latest name is kept.
    pub(super) fn number(&mut self, kind: LabelKind, label: Label) -> LabelNumber {
        if let Some(number) = self.find(kind, &label.slug) {
            if let Some(known) = self.labels.get_mut(number as usize)
                && known.label.name != label.name
            {
                *known = KnownLabel::new(kind, label);
            }
            return number;
        }
        let number = LabelNumber::try_from(self.labels.len()).unwrap_or(LabelNumber::MAX);
        self.numbers.insert((kind, label.slug.clone()), number);
        self.labels.push(KnownLabel::new(kind, label));
        number
    }

    pub(super) fn find(&self, kind: LabelKind, slug: &Slug) -> Option<LabelNumber> {
        self.numbers.get(&(kind, slug.clone())).copied()
    }

    pub(super) fn owner(&mut self, sub: Option<&str>) -> OwnerNumber {
        let Some(sub) = sub else { return 0 };
        if let Some(number) = self.owners.get(sub) {
            return *number;
        }
        let number = OwnerNumber::try_from(self.owners.len() + 1).unwrap_or(OwnerNumber::MAX);
        self.owners.insert(sub.into(), number);
        number
    }

    pub(super) fn find_owner(&self, sub: &str) -> Option<OwnerNumber> {
        self.owners.get(sub).copied()
    }

    /// Returns for each label whether its name contains a folded word.
    pub(super) fn containing(&self, word: &str) -> Vec<bool> {
        self.labels.iter().map(|label| label.folded.contains(word)).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Returns the labels of a kind with the most uses, at most `limit`, by name.
    pub(super) fn most_used(&self, kind: LabelKind, uses: &[u32], limit: usize) -> Vec<Label> {
        let used =
            self.labels.iter().zip(uses).filter(|(label, uses)| label.kind == kind && **uses > 0);
        let mut used: Vec<_> = used.collect();
        if used.len() > limit {
            used.sort_by_key(|(_, uses)| std::cmp::Reverse(**uses));
            used.truncate(limit);
        }
        used.sort_by(|(a, _), (b, _)| a.folded.cmp(&b.folded));
        used.into_iter().map(|(label, _)| label.label.clone()).collect()
    }
}

impl KnownLabel {
    fn new(kind: LabelKind, label: Label) -> Self {
        Self { kind, folded: folded(&label.name), label }
    }
}
