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
    known: Vec<KnownLabel>,
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
            if let Some(old) = self.known.get_mut(number as usize)
                && old.label.name != label.name
            {
                *old = KnownLabel::new(kind, label);
            }
            return number;
        }
        let number = LabelNumber::try_from(self.known.len()).unwrap_or(LabelNumber::MAX);
        self.numbers.insert((kind, label.slug.clone()), number);
        self.known.push(KnownLabel::new(kind, label));
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
        self.known.iter().map(|label| label.folded.contains(word)).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Returns the labels of a kind with the most uses, at most `limit`, by name.
    pub(super) fn most_used(&self, kind: LabelKind, uses: &[u32], limit: usize) -> Vec<Label> {
        let with_uses =
            self.known.iter().zip(uses).filter(|(label, count)| label.kind == kind && **count > 0);
        let mut most: Vec<_> = with_uses.collect();
        if most.len() > limit {
            most.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            most.truncate(limit);
        }
        most.sort_by(|(a, _), (b, _)| a.folded.cmp(&b.folded));
        most.into_iter().map(|(label, _)| label.label.clone()).collect()
    }
}

impl KnownLabel {
    fn new(kind: LabelKind, label: Label) -> Self {
        Self { kind, folded: folded(&label.name), label }
    }
}
