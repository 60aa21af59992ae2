//! Forms that were sent after a session had ended, until their sender is back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gazette_table::{Item, Key, Order, Range, Table, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::auth::secret::{Secret, hash};

/// The largest form that is kept, in bytes.
const MAX_KEPT_BYTES: usize = 512 * 1024;
/// Seconds for which it is kept.
const LIFETIME_SECONDS: i64 = 60 * 60;
/// The part of a form that one item holds, in bytes: encoded forms are ASCII.
const PART_BYTES: usize = 256 * 1024;
const MOST_PARTS: usize = MAX_KEPT_BYTES.div_ceil(PART_BYTES);
/// How many forms of one person a process keeps in a minute.
const MOST_PER_MINUTE: usize = 10;
/// How many bytes they may have together.
const MOST_BYTES_PER_MINUTE: usize = 2 * 1024 * 1024;

/// A form as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SavedForm {
    /// Where it was sent.
    pub(crate) path: String,
    /// Its fields, encoded as they came.
    pub(crate) body: String,
}

/// Whose form it is: the secret of the browser that sent it, and whose session had ended there.
/// Only both together find it again.
pub(crate) struct Sender<'a> {
    /// The secret of the browser.
    pub(crate) browser: &'a Secret,
    /// The subject of the person.
    pub(crate) sub: &'a str,
}

/// The forms that are kept, each under its sender.
pub struct SavedForms {
    table: Arc<dyn Table>,
    minute: Mutex<Minute>,
}

/// What was kept in a minute.
#[derive(Default)]
struct Minute {
    number: i64,
    /// How many forms of each person, and their bytes.
    of_person: HashMap<String, (usize, usize)>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    path: String,
    text: String,
}

impl SavedForms {
    /// Keeps them in a table.
    pub fn new(table: Arc<dyn Table>) -> Self {
        Self { table, minute: Mutex::default() }
    }

    /// Keeps a form for an hour from `now` on, in place of one that its sender sent before;
    /// `false` when it is empty or too large, or there are too many.
    pub(crate) async fn keep(
        &self,
        sender: &Sender<'_>,
        form: &SavedForm,
        now: i64,
    ) -> Result<bool, TableError> {
        let fits = (1..=MAX_KEPT_BYTES).contains(&form.body.len()) && form.body.is_ascii();
        if !fits || !self.has_room(sender.sub, now, form.body.len()) {
            return Ok(false);
        }
        let mut parts = form.body.as_bytes().chunks(PART_BYTES);
        let mut batch = Vec::new();
        // Every place is written to, so that nothing of a longer form before shows through.
        for number in 0..MOST_PARTS {
            let key = Key::new(partition(sender), number.to_string());
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

    /// The form that its sender has sent.
    pub(crate) async fn find(&self, sender: &Sender<'_>) -> Result<Option<SavedForm>, TableError> {
        let items = self.items(sender).await?;
        let mut form: Option<SavedForm> = None;
        for item in items {
            let Part { path, text } = item.parse()?;
            form.get_or_insert_with(|| SavedForm { path, body: String::new() })
                .body
                .push_str(&text);
        }
        Ok(form)
    }

    /// Forgets it.
    pub(crate) async fn forget(&self, sender: &Sender<'_>) -> Result<(), TableError> {
        let items = self.items(sender).await?;
        if items.is_empty() {
            return Ok(());
        }
        self.table.write(items.into_iter().map(|item| Write::delete(item.key)).collect()).await
    }

    async fn items(&self, sender: &Sender<'_>) -> Result<Vec<Item>, TableError> {
        let (kept, all) = (partition(sender), Range::all());
        let page = self.table.query(&kept, &all, Order::Ascending, MOST_PARTS).await?;
        Ok(page.items)
    }

    /// Whether a person may have another form kept; who floods us takes the room of nobody else.
    fn has_room(&self, sub: &str, now: i64, bytes: usize) -> bool {
        let number = now.div_euclid(60);
        // A count that a panic left behind is still a count.
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        let (forms, size) = minute.of_person.entry(sub.to_owned()).or_default();
        *forms += 1;
        *size += bytes;
        *forms <= MOST_PER_MINUTE && *size <= MOST_BYTES_PER_MINUTE
    }
}

fn partition(sender: &Sender<'_>) -> String {
    // The secret has one length, so no other pair reads the same.
    let both = format!("{}{}", sender.browser.as_str(), sender.sub);
    format!("kept#{}", hash(both.as_bytes()))
}
