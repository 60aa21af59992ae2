//! Forms that were sent after a session had ended, until their sender is back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gazette_table::{Item, Key, Order, Range, Table, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::auth::secret::Secret;

/// The largest form that is kept, in bytes.
const MAX_KEPT_BYTES: usize = 512 * 1024;
/// Seconds for which it is kept.
const LIFETIME_SECONDS: i64 = 60 * 60;
/// The part of a form that one item holds, in bytes: encoded forms are ASCII.
const PART_BYTES: usize = 256 * 1024;
const MOST_PARTS: usize = MAX_KEPT_BYTES.div_ceil(PART_BYTES);
/// How many forms a process keeps in a minute, since nobody is signed in who could be asked.
const MOST_PER_MINUTE: i64 = 60;
/// How many bytes all of them may have: whoever sends them need not have been anybody here.
const MOST_BYTES_PER_MINUTE: i64 = 4 * 1024 * 1024;

/// A form as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptForm {
    /// Where it was sent.
    pub(crate) path: String,
    /// Its fields, encoded as they came.
    pub(crate) body: String,
}

/// The forms that are kept, each under the secret of its browser.
pub struct KeptForms {
    table: Arc<dyn Table>,
    minute: AtomicI64,
    kept_in_minute: AtomicI64,
    bytes_in_minute: AtomicI64,
}

#[derive(Serialize, Deserialize)]
struct Part {
    path: String,
    text: String,
}

impl KeptForms {
    /// Keeps them in a table.
    pub fn new(table: Arc<dyn Table>) -> Self {
        Self {
            table,
            minute: AtomicI64::new(0),
            kept_in_minute: AtomicI64::new(0),
            bytes_in_minute: AtomicI64::new(0),
        }
    }

    /// Keeps a form for an hour from `now` on, in place of one that this browser sent before;
    /// `false` when it is empty or too large, or there are too many.
    pub(crate) async fn keep(
        &self,
        browser: &Secret,
        form: &KeptForm,
        now: i64,
    ) -> Result<bool, TableError> {
        let fits = (1..=MAX_KEPT_BYTES).contains(&form.body.len()) && form.body.is_ascii();
        if !fits || !self.has_room(now, form.body.len()) {
            return Ok(false);
        }
        let mut parts = form.body.as_bytes().chunks(PART_BYTES);
        let mut batch = Vec::new();
        // Every place is written to, so that nothing of a longer form before shows through.
        for number in 0..MOST_PARTS {
            let key = Key::new(partition(browser), number.to_string());
            batch.push(match parts.next() {
                None => Write::delete(key),
                Some(part) => {
                    let text = String::from_utf8_lossy(part).into_owned();
                    let part = Part { path: form.path.clone(), text };
                    Write::put(Item::new(key, &part)?.expires_at(now + LIFETIME_SECONDS))
                }
            });
        }
        self.table.write(batch).await?;
        Ok(true)
    }

    /// The form that this browser has sent.
    pub(crate) async fn find(&self, browser: &Secret) -> Result<Option<KeptForm>, TableError> {
        let items = self.items(browser).await?;
        let mut form: Option<KeptForm> = None;
        for item in items {
            let Part { path, text } = item.parse()?;
            form.get_or_insert_with(|| KeptForm { path, body: String::new() }).body.push_str(&text);
        }
        Ok(form)
    }

    /// Forgets the form of this browser.
    pub(crate) async fn forget(&self, browser: &Secret) -> Result<(), TableError> {
        let items = self.items(browser).await?;
        if items.is_empty() {
            return Ok(());
        }
        self.table.write(items.into_iter().map(|item| Write::delete(item.key)).collect()).await
    }

    async fn items(&self, browser: &Secret) -> Result<Vec<Item>, TableError> {
        let (kept, all) = (partition(browser), Range::all());
        let page = self.table.query(&kept, &all, Order::Ascending, MOST_PARTS).await?;
        Ok(page.items)
    }

    fn has_room(&self, now: i64, bytes: usize) -> bool {
        let minute = now.div_euclid(60);
        if self.minute.swap(minute, Ordering::Relaxed) != minute {
            self.kept_in_minute.store(0, Ordering::Relaxed);
            self.bytes_in_minute.store(0, Ordering::Relaxed);
        }
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.kept_in_minute.fetch_add(1, Ordering::Relaxed) < MOST_PER_MINUTE
            && self.bytes_in_minute.fetch_add(bytes, Ordering::Relaxed) < MOST_BYTES_PER_MINUTE
    }
}

fn partition(browser: &Secret) -> String {
    format!("kept#{}", browser.hash())
}
