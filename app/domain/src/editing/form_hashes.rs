//! Short hashes of the fields of a form, which tell the fields that changed since a version.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::editing::story_form::StoryForm;

/// Bytes of a hash: texts of one field that differ have different hashes but once in 2⁴⁸ times.
const HASH_BYTES: usize = 6;
/// Characters of a hash.
const HASH_LENGTH: usize = 8;

/// The hashes of all fields of a form, in the order of [`StoryForm::FIELDS`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct FormHashes(String);

impl FormHashes {
    /// Returns the hashes of a form.
    pub(crate) fn of(form: &StoryForm) -> Self {
        Self(form.values().into_iter().map(hash).collect())
    }

    /// Returns the hash of each field.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        (0..StoryForm::FIELDS.len()).map(|index| {
            let start = index * HASH_LENGTH;
            self.0.get(start..start + HASH_LENGTH).unwrap_or_default()
        })
    }
}

/// Returns the hash of the text of a field.
pub(crate) fn hash(value: &str) -> String {
    let digest = Sha256::digest(value.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.get(..HASH_BYTES).unwrap_or_default())
}
