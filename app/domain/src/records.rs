//! How news lies in the table: which items a story is made of.
//!
//! | partition | sort | body |
//! |---|---|---|
//! | `article#<id>` | `current` | the whole story |
//! | `slug#<slug>` | `current` | the id of the story |
//! | `source#<file>` | `current` | the id of the story imported from it |
//! | `feed#all`, `feed#section:<slug>`, `feed#tag:<slug>`, `feed#author:<slug>` | time and id | its card |
//! | `sections` | the section's slug | its label |
//! | `trash` | time of deletion and id | what lies there and since when, until it expires |
//!
//! A feed is one partition: a newsroom writes far less than a partition bears,
//! so a page of any feed costs one query, however old the stories are.

use gazette_table::{Item, Key, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::article::{Article, ArticleId, Card, TrashEntry, Trashed};
use crate::feed::{Feed, Place};
use crate::slug::Slug;

const CURRENT: &str = "current";

/// The partition of the labels of all sections.
pub(crate) const SECTIONS: &str = "sections";

/// The partition of what lies in the trash.
pub(crate) const TRASH: &str = "trash";

/// Seconds a story lies in the trash before it is gone for good: 30 days.
pub(crate) const TRASH_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Points from a slug or an import's file to the story.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Pointer {
    pub(crate) article: ArticleId,
}

pub(crate) fn article_key(id: ArticleId) -> Key {
    Key::new(format!("article#{id}"), CURRENT)
}

pub(crate) fn slug_key(slug: &Slug) -> Key {
    Key::new(format!("slug#{slug}"), CURRENT)
}

pub(crate) fn source_key(source: &str) -> Key {
    Key::new(format!("source#{source}"), CURRENT)
}

pub(crate) fn section_key(slug: &Slug) -> Key {
    Key::new(SECTIONS, slug.as_str())
}

pub(crate) fn feed_partition(feed: &Feed) -> String {
    match feed {
        Feed::All => "feed#all".to_owned(),
        Feed::Section(slug) => format!("feed#section:{slug}"),
        Feed::Tag(slug) => format!("feed#tag:{slug}"),
        Feed::Author(slug) => format!("feed#author:{slug}"),
    }
}

/// The keys of a card in every feed it stands in.
pub(crate) fn feed_keys(card: &Card) -> Vec<Key> {
    let place = Place::of(card).to_string();
    let mut feeds = vec![
        Feed::All,
        Feed::Section(card.section.slug.clone()),
        Feed::Author(card.author.slug.clone()),
    ];
    feeds.extend(card.tags.iter().map(|tag| Feed::Tag(tag.slug.clone())));
    feeds.iter().map(|feed| Key::new(feed_partition(feed), place.clone())).collect()
}

/// Puts a story that nobody wrote before, or replaces the version before it.
pub(crate) fn put_article(article: &Article) -> Result<Write, TableError> {
    let item = Item::new(article_key(article.card.id), article)?.version(article.version);
    Ok(match article.version {
        0 | 1 => Write::create(item),
        version => Write::replace(item, version - 1),
    })
}

/// Lists the story: its cards in every feed, and its section.
pub(crate) fn put_cards(card: &Card) -> Result<Vec<Write>, TableError> {
    let section = Item::new(section_key(&card.section.slug), &card.section)?;
    let mut writes = vec![Write::put(section)];
    for key in feed_keys(card) {
        writes.push(Write::put(Item::new(key, card)?));
    }
    Ok(writes)
}

/// Takes the story's cards out of the feeds, except from places where `kept` stands.
pub(crate) fn delete_cards(card: &Card, kept: Option<&Card>) -> Vec<Write> {
    let kept = kept.map(feed_keys).unwrap_or_default();
    feed_keys(card).into_iter().filter(|key| !kept.contains(key)).map(Write::delete).collect()
}

/// Points a new slug to a story.
pub(crate) fn create_slug(slug: &Slug, article: ArticleId) -> Result<Write, TableError> {
    Ok(Write::create(Item::new(slug_key(slug), &Pointer { article })?))
}

/// Remembers the file a story was imported from.
pub(crate) fn put_source(source: &str, article: ArticleId) -> Result<Write, TableError> {
    Ok(Write::put(Item::new(source_key(source), &Pointer { article })?))
}

/// Everything that moves a published story to the trash; `article` is its trashed version.
pub(crate) fn trash(article: &Article, expires_at: i64) -> Result<Vec<Write>, TableError> {
    let card = &article.card;
    let item = Item::new(article_key(card.id), article)?;
    let item = item.version(article.version).expires_at(expires_at);
    let mut writes = vec![Write::replace(item, article.version.saturating_sub(1))];
    if let Some(trashed) = &article.trashed {
        let entry = TrashEntry { card: card.clone(), trashed: trashed.clone() };
        let entry = Item::new(trash_key(card.id, trashed), &entry)?;
        writes.push(Write::put(entry.expires_at(expires_at)));
    }
    writes.extend(delete_cards(card, None));
    Ok(writes)
}

/// Everything that brings a story back; `article` is its restored version.
pub(crate) fn restore(article: &Article, trashed: &Trashed) -> Result<Vec<Write>, TableError> {
    let mut writes = vec![put_article(article)?];
    writes.push(Write::delete(trash_key(article.card.id, trashed)));
    writes.extend(put_cards(&article.card)?);
    Ok(writes)
}

fn trash_key(id: ArticleId, trashed: &Trashed) -> Key {
    Key::new(TRASH, Place::at(trashed.at, id).to_string())
}
