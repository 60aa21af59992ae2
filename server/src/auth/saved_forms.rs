//! Forms that were submitted after the session had ended, saved until their user signs in again.

mod person;
mod quota;

use std::sync::Arc;

use gazette_table::{Item, Key, Order, Range, Table, TableError, Write};
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit};

use self::quota::Quota;
use crate::auth::partitions::SAVED_FORM;
use crate::auth::sealing::SealingKeys;
use crate::auth::secret::Secret;
use crate::sha256::sha256;

/// Size of the fields of a form as JSON. Bodies of 1 MiB with many line breaks fit.
const MAX_FORM_BYTES: usize = 1_280 * 1024;
/// Bytes of a sealed form in one item. Sealed forms are base64, so any cut is valid text.
const PART_BYTES: usize = 256 * 1024;
/// Parts of the longest form: base64 has four characters for three bytes.
const MAX_PARTS: usize = (MAX_FORM_BYTES + 64).div_ceil(3) * 4 / PART_BYTES + 1;

/// Forms of unknown users that are read at the same time.
const MAX_UNKNOWN_AT_ONCE: usize = 8;

/// Submitted form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedForm {
    /// Path that the form was posted to.
    pub(crate) path: String,
    /// Names and values of the fields.
    pub(crate) fields: Vec<(String, String)>,
    /// Time at which it was saved.
    pub(crate) saved_at: i64,
}

/// Browser and user that submitted a form. Only both together find it again.
#[derive(Clone, Copy)]
pub(crate) struct FormSender<'a> {
    /// Secret in a cookie of the browser.
    pub(crate) browser: &'a Secret,
    /// Subject of the user; `None` if the browser did not tell who had been signed in. Anyone who
    /// signs in on the browser then gets the form.
    pub(crate) sub: Option<&'a str>,
}

/// Stores one form per sender for an hour, sealed.
pub(crate) struct SavedForms {
    table: Arc<dyn Table>,
    keys: SealingKeys,
    quota: Quota,
    /// Forms of unknown users that are being read.
    unknown: Semaphore,
}

#[derive(Serialize, Deserialize)]
struct Part {
    sealed: String,
}

impl SavedForms {
    /// Time for which a form is kept, in seconds.
    pub(crate) const LIFETIME_SECONDS: i64 = 60 * 60;

    /// Seals forms with `keys` and stores them in `table`.
    pub(crate) fn new(keys: SealingKeys, table: Arc<dyn Table>) -> Self {
        let unknown = Semaphore::new(MAX_UNKNOWN_AT_ONCE);
        Self { table, keys, quota: Quota::default(), unknown }
    }

    /// Admits the form of an unknown user, so that it may be read; `None` if too many are being
    /// read. The memory for the bodies of others is not used up by them.
    pub(crate) fn admit_unknown(&self) -> Option<SemaphorePermit<'_>> {
        self.unknown.try_acquire().ok()
    }

    /// Saves a form in place of an earlier one of the same sender.
    ///
    /// Returns `false` if the form is too large, or its user has saved too many.
    pub(crate) async fn save(
        &self,
        sender: &FormSender<'_>,
        form: &SavedForm,
    ) -> Result<bool, TableError> {
        let Ok(text) = serde_json::to_string(form) else { return Ok(false) };
        if text.len() > MAX_FORM_BYTES || !self.quota.allows(sender.sub, form.saved_at, text.len())
        {
            return Ok(false);
        }
        let partition = partition(sender);
        let Ok(sealed) = self.keys.seal(&text, &partition) else { return Ok(false) };
        let mut parts = sealed.as_bytes().chunks(PART_BYTES);
        let expires_at = form.saved_at + Self::LIFETIME_SECONDS;
        let mut batch = Vec::new();
        // Every part is written or deleted, so that no part of a longer earlier form remains.
        for number in 0..MAX_PARTS {
            let key = Key::new(&partition, number.to_string());
            batch.push(match parts.next() {
                None => Write::delete(key),
                Some(part) => {
                    let part = Part { sealed: String::from_utf8_lossy(part).into_owned() };
                    Write::put(Item::new(key, &part)?.expires_at(expires_at))
                }
            });
        }
        self.table.write(batch).await?;
        Ok(true)
    }

    /// Returns the form of the browser that this user may see: their own, or one of an unknown
    /// user; the one saved last, with its sender.
    pub(crate) async fn find<'a>(
        &self,
        browser: &'a Secret,
        sub: &'a str,
    ) -> Result<Option<(SavedForm, FormSender<'a>)>, TableError> {
        let mut found: Option<(SavedForm, FormSender<'a>)> = None;
        for sub in [Some(sub), None] {
            let sender = FormSender { browser, sub };
            if let Some(form) = self.of(&sender).await?
                && found.as_ref().is_none_or(|(other, _)| form.saved_at > other.saved_at)
            {
                found = Some((form, sender));
            }
        }
        Ok(found)
    }

    async fn of(&self, sender: &FormSender<'_>) -> Result<Option<SavedForm>, TableError> {
        let mut sealed = String::new();
        for item in self.parts(sender).await? {
            // Another version of the program stored forms in another way.
            let Ok(part) = item.parse::<Part>() else { return Ok(None) };
            sealed.push_str(&part.sealed);
        }
        let text = self.keys.open(&sealed, &partition(sender));
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Deletes the sender's form.
    pub(crate) async fn delete(&self, sender: &FormSender<'_>) -> Result<(), TableError> {
        let parts = self.parts(sender).await?;
        if parts.is_empty() {
            return Ok(());
        }
        self.table.write(parts.into_iter().map(|item| Write::delete(item.key)).collect()).await
    }

    async fn parts(&self, sender: &FormSender<'_>) -> Result<Vec<Item>, TableError> {
        let partition = partition(sender);
        let page = self.table.query(&partition, &Range::all(), Order::Ascending, MAX_PARTS).await?;
        Ok(page.items)
    }
}

fn partition(sender: &FormSender<'_>) -> String {
    // The secret has a fixed length, so no two pairs concatenate to the same text.
    let both = format!("{}{}", sender.browser.as_str(), sender.sub.unwrap_or_default());
    format!("{SAVED_FORM}{}", sha256(both.as_bytes()))
}
