//! Answering a query from the index.

use gazette_domain::{Slug, StoryId};
use tantivy::{DocAddress, Searcher};

use crate::search::index::StoryIndex;
use crate::search::query::{Leniency, Queries};
use crate::search::query_text::parse;
use crate::search::ranked::{Best, Ranked};
use crate::search::snippet::Marks;
use crate::search::sought::Sought;

/// Results on a page.
pub(crate) const RESULTS_PER_PAGE: usize = 20;
/// The last page of results.
pub(crate) const MAX_PAGE: usize = 25;
/// With fewer results, words are searched for that differ by a typing error.
const FEW: usize = 3;

/// A query and its filters.
#[derive(Clone, Debug, Default)]
pub(crate) struct SearchQuery {
    /// Text of the query. Without a word, it finds every story.
    pub(crate) text: String,
    /// Only stories of this section.
    pub(crate) section: Option<Slug>,
    /// Only stories that were published at this second or later.
    pub(crate) from: Option<i64>,
    /// Only stories that were published before this second.
    pub(crate) until: Option<i64>,
    /// Number of the page, from 1 to [`MAX_PAGE`].
    pub(crate) page: usize,
}

/// A page of results.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Stories that readers can see, best first.
    pub(crate) stories: Vec<StoryId>,
    /// The number of all results.
    pub(crate) total: usize,
    /// Allowed difference between stories and the query.
    pub(crate) leniency: Leniency,
    /// Matches to mark in their texts.
    pub(crate) marks: Marks,
}

/// Finds the stories that readers can see at `now`, in seconds.
pub(super) fn find(index: &StoryIndex, query: &SearchQuery, now: i64) -> tantivy::Result<Found> {
    let searcher = index.searcher();
    let stems = index.stems();
    let queries = Queries { searcher: &searcher, fields: &index.fields, stems: &stems };
    let wanted = parse(&query.text);
    if wanted.is_empty() && !query.text.trim().is_empty() {
        return Ok(Found::default());
    }
    let rules = Ranked {
        now,
        from: query.from.unwrap_or(i64::MIN),
        until: query.until.unwrap_or(i64::MAX),
        limit: query.page.min(MAX_PAGE) * RESULTS_PER_PAGE,
    };
    let search = |sought: &[Sought], leniency| {
        let query = queries.query(sought, query.section.as_ref(), leniency)?;
        searcher.search(&*query, &rules)
    };
    let mut leniency = Leniency::All;
    let mut sought = queries.forms(&wanted, leniency)?;
    let mut best = search(&sought, leniency)?;
    let exact = best.total;
    if best.total < FEW && !wanted.is_empty() {
        let similar = queries.forms(&wanted, Leniency::Similar)?;
        if similar != sought {
            (sought, leniency) = (similar, Leniency::Similar);
            best = search(&sought, leniency)?;
        }
    }
    if best.total == 0 && wanted.len() > 1 {
        leniency = Leniency::Some;
        best = search(&sought, leniency)?;
    }
    if best.total == exact {
        leniency = Leniency::All;
    }
    let stories = ids(&searcher, &best, query.page)?;
    Ok(Found { stories, total: best.total, leniency, marks: Marks::of(&sought) })
}

/// Reads the ids of a page.
fn ids(searcher: &Searcher, best: &Best, page: usize) -> tantivy::Result<Vec<StoryId>> {
    let first = page.saturating_sub(1) * RESULTS_PER_PAGE;
    let shown = best.stories.iter().skip(first).take(RESULTS_PER_PAGE);
    let ids = shown.map(|address| id(searcher, *address));
    Ok(ids.collect::<tantivy::Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn id(searcher: &Searcher, address: DocAddress) -> tantivy::Result<Option<StoryId>> {
    let segment = searcher.segment_reader(address.segment_ord);
    let Some(column) = segment.fast_fields().str("id")? else { return Ok(None) };
    let Some(number) = column.term_ords(address.doc_id).next() else { return Ok(None) };
    let mut id = String::new();
    column.ord_to_str(number, &mut id)?;
    Ok(id.parse().ok())
}
