//! Forms that were submitted after the session had ended, saved until their user signs in again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gazette_table::{Item, Key, Order, Range, Table, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::auth::partitions::SAVED_FORM;
use crate::auth::secret::{Secret, hash};

const MAX_FORM_BYTES: usize = 512 * 1024;
/// Bytes of a form in one item. Encoded forms are ASCII, so any cut is valid text.
const PART_BYTES: usize = 256 * 1024;
const MAX_PARTS: usize = MAX_FORM_BYTES.div_ceil(PART_BYTES);
/// Forms that one user may save in a minute, per process.
const MAX_FORMS_PER_MINUTE: usize = 10;
/// Bytes that one user may save in a minute, per process.
const MAX_BYTES_PER_MINUTE: usize = 2 * 1024 * 1024;

/// Submitted form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SavedForm {
    /// Path that the form was posted to.
    pub(crate) path: String,
    /// Fields, URL-encoded.
    pub(crate) body: String,
}

/// Browser and user that submitted a form. Only both together find it again.
pub(crate) struct FormSender<'a> {
    /// Secret in a cookie of the browser.
    pub(crate) browser: &'a Secret,
    /// Subject of the user whose session had ended.
    pub(crate) sub: &'a str,
}

/// Stores one form per sender for an hour.
pub(crate) struct SavedForms {
    table: Arc<dyn Table>,
    usage: Mutex<MinuteUsage>,
}

/// Forms and bytes that each user saved in one minute.
#[derive(Default)]
struct MinuteUsage {
    minute: i64,
    by_sub: HashMap<String, (usize, usize)>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    path: String,
    text: String,
}

impl SavedForms {
    /// Time for which a form is kept, in seconds.
    pub(crate) const LIFETIME_SECONDS: i64 = 60 * 60;

    /// Stores forms in `table`.
    pub(crate) fn new(table: Arc<dyn Table>) -> Self {
        Self { table, usage: Mutex::default() }
    }

    /// Saves a form in place of an earlier one of the same sender.
    ///
    /// Returns `false` if the form is empty or too large, or its user has saved too many.
    pub(crate) async fn save(
        &self,
        sender: &FormSender<'_>,
        form: &SavedForm,
        now: i64,
    ) -> Result<bool, TableError> {
        let fits = (1..=MAX_FORM_BYTES).contains(&form.body.len()) && form.body.is_ascii();
        if !fits || !self.count_against_quota(sender.sub, now, form.body.len()) {
            return Ok(false);
        }
        let mut parts = form.body.as_bytes().chunks(PART_BYTES);
        let mut batch = Vec::new();
        // Every part is written or deleted, so that no part of a longer earlier form remains.
        for number in 0..MAX_PARTS {
            let key = Key::new(partition(sender), number.to_string());
            batch.push(match parts.next() {
                None => Write::delete(key),
                Some(part) => {
                    let text = String::from_utf8_lossy(part).into_owned();
                    let part = Part { path: form.path.clone(), text };
                    Write::put(Item::new(key, &part)?.expires_at(now + Self::LIFETIME_SECONDS))
                }
            });
        }
        self.table.write(batch).await?;
        Ok(true)
    }

    /// Returns the sender's form.
    pub(crate) async fn find(
        &self,
        sender: &FormSender<'_>,
    ) -> Result<Option<SavedForm>, TableError> {
        let mut form: Option<SavedForm> = None;
        for item in self.parts(sender).await? {
            let Part { path, text } = item.parse()?;
            form.get_or_insert_with(|| SavedForm { path, body: String::new() })
                .body
                .push_str(&text);
        }
        Ok(form)
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

    /// Counts a form against its user's quota; `false` if that is used up. One user cannot exhaust
    /// the quota of others.
    fn count_against_quota(&self, sub: &str, now: i64, bytes: usize) -> bool {
        let minute = now.div_euclid(60);
        // The counts remain valid if another thread panicked.
        let mut usage = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        if usage.minute != minute {
            *usage = MinuteUsage { minute, ..MinuteUsage::default() };
        }
        let (forms, total) = usage.by_sub.entry(sub.to_owned()).or_default();
        *forms += 1;
        *total += bytes;
        *forms <= MAX_FORMS_PER_MINUTE && *total <= MAX_BYTES_PER_MINUTE
    }
}

fn partition(sender: &FormSender<'_>) -> String {
    // The secret has a fixed length, so no two pairs concatenate to the same text.
    let both = format!("{}{}", sender.browser.as_str(), sender.sub);
    format!("{SAVED_FORM}{}", hash(both.as_bytes()))
}
