//! First reading of a Ghost export: what posts refer to, and what is left out.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use serde_json::Value;

use crate::import::ghost::walk::{Row, rows, text};

/// Tables that posts refer to, and the posts.
const TABLES: [&str; 6] = ["posts", "users", "posts_authors", "tags", "posts_tags", "posts_meta"];
/// Maximum number of rows that are remembered of each table.
const MAX_ROWS: usize = 1_000_000;

/// The picture of a post.
#[derive(Clone, Debug, Default)]
pub(super) struct Meta {
    /// Text alternative.
    pub(super) alt: String,
    /// Caption, as HTML.
    pub(super) caption: String,
    /// Description for search engines.
    pub(super) description: String,
    /// `true` if it was sent and never published.
    pub(super) is_email_only: bool,
}

/// Data of an export other than its posts.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Names of users by id.
    pub(super) users: HashMap<String, String>,
    /// Names of public tags by id.
    tags: HashMap<String, String>,
    authors_of: HashMap<String, Vec<(i64, String)>>,
    tags_of: HashMap<String, Vec<(i64, String)>>,
    /// Pictures by the id of the post.
    pub(super) meta: HashMap<String, Meta>,
    /// Number of posts that are read.
    pub(super) posts: usize,
    /// Numbers of records that are left out, by kind.
    pub(super) skipped: BTreeMap<String, usize>,
}

impl Index {
    /// Reads an export to its end, or as far as it can be read.
    pub(super) fn read(input: impl Read) -> Self {
        let mut index = Self::default();
        // The second reading reports the error.
        let _ = rows(input, &TABLES, |table, row| {
            index.add(table, &row);
            true
        });
        for list in index.authors_of.values_mut().chain(index.tags_of.values_mut()) {
            list.sort_by_key(|(order, _)| *order);
        }
        index
    }

    /// Returns the names of the authors of a post, the first one first.
    pub(super) fn authors(&self, post: &str) -> Vec<String> {
        named(&self.authors_of, &self.users, post)
    }

    /// Returns the names of the public tags of a post, the first one first.
    pub(super) fn tags(&self, post: &str) -> Vec<String> {
        named(&self.tags_of, &self.tags, post)
    }

    fn add(&mut self, table: &str, row: &Row) {
        let id = text(row, "id").into_owned();
        let name = text(row, "name").into_owned();
        match table {
            "posts" => match skipped_kind(row) {
                None => self.posts += 1,
                Some(kind) => *self.skipped.entry(kind.to_owned()).or_default() += 1,
            },
            "users" if self.users.len() < MAX_ROWS => {
                self.users.insert(id, name);
            }
            "tags" if self.tags.len() < MAX_ROWS && is_public_tag(row) => {
                self.tags.insert(id, name);
            }
            "posts_authors" => add_relation(&mut self.authors_of, row, "author_id"),
            "posts_tags" => add_relation(&mut self.tags_of, row, "tag_id"),
            "posts_meta" if self.meta.len() < MAX_ROWS => {
                self.meta.insert(text(row, "post_id").into_owned(), meta_of(row));
            }
            _ => {}
        }
    }
}

/// Returns what a row says of the picture of a post.
pub(super) fn meta_of(row: &Row) -> Meta {
    Meta {
        alt: text(row, "feature_image_alt").into_owned(),
        caption: text(row, "feature_image_caption").into_owned(),
        description: text(row, "meta_description").into_owned(),
        is_email_only: is_true(row, "email_only"),
    }
}

/// Returns the kind of a row that is no story.
pub(super) fn skipped_kind(row: &Row) -> Option<&'static str> {
    (text(row, "type") == "page" || is_true(row, "page")).then_some("page")
}

/// Returns a value that is `true`, 1 or `"1"`.
fn is_true(row: &Row, key: &str) -> bool {
    row.get(key) == Some(&Value::Bool(true)) || text(row, key) == "1"
}

fn is_public_tag(row: &Row) -> bool {
    text(row, "visibility") != "internal" && !text(row, "name").starts_with('#')
}

fn add_relation(lists: &mut HashMap<String, Vec<(i64, String)>>, row: &Row, key: &str) {
    if lists.len() >= MAX_ROWS {
        return;
    }
    let list = lists.entry(text(row, "post_id").into_owned()).or_default();
    if list.len() < 1_000 {
        let order = row.get("sort_order").and_then(Value::as_i64).unwrap_or_default();
        list.push((order, text(row, key).into_owned()));
    }
}

fn named(
    lists: &HashMap<String, Vec<(i64, String)>>,
    names: &HashMap<String, String>,
    post: &str,
) -> Vec<String> {
    let mut found = Vec::new();
    for name in lists.get(post).into_iter().flatten().filter_map(|(_, id)| names.get(id)) {
        if !name.is_empty() && !found.contains(name) {
            found.push(name.clone());
        }
    }
    found
}
