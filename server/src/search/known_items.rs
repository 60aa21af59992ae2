//! Searches for known stories, among the posts of the Rust project's blog.
//!
//! A search succeeds if a story with the headline of the wanted one is among the first three.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use gazette_domain::{OperatorDesk, Ports, StoryInput, SystemTask};
use gazette_table::{MemoryTable, Table};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::{Clock, new_id};
use crate::import::{Entry, Source};
use crate::search::{Found, Search, SearchError, SearchQuery, words};

/// Stories that are searched for, evenly spread over all posts.
const WANTED: usize = 200;
/// Stories among which the wanted one must be.
const FIRST: usize = 3;

/// Makes what a reader types for a story with a headline.
type Typed = fn(&str) -> String;

/// Part of a headline that a reader searches for.
const WAYS: [(&str, Typed); 4] = [
    ("the headline", str::to_owned),
    ("its first three words", first_three),
    ("its last three words", last_three),
    ("its three longest words", longest_three),
];
/// Shares that are found, in percent: as typed, and with a typing error.
const GOALS: (usize, usize) = (95, 85);

fn posts() -> Option<Vec<StoryInput>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/rust-blog");
    if !root.is_dir() {
        return None;
    }
    let source = Source::open(&root, TimeZone::UTC, Timestamp::now()).expect("a folder");
    let Some(Source::Folder(folder)) = source else {
        return None;
    };
    let stories = folder.entries().filter_map(|entry| match entry {
        Entry::Story(story) => Some(*story),
        _ => None,
    });
    let input = |story: crate::import::SourceStory| {
        let published_at = story.published_at.expect("a time");
        StoryInput {
            summary: story.summary.unwrap_or_default(),
            section: story.section.unwrap_or_else(|| "News".to_owned()),
            tags: story.tags,
            authors: story.authors,
            ..StoryInput::new(story.headline, story.body, published_at)
        }
    };
    Some(stories.map(input).collect())
}

async fn search_of(stories: Vec<StoryInput>, data: &Path) -> (OperatorDesk, Search) {
    let clock = Clock::system();
    let table: Arc<dyn Table> = Arc::new(MemoryTable::new(clock.seconds()));
    let ports = Ports { table, clock: clock.timestamps(), new_id: Arc::new(new_id) };
    let desk = OperatorDesk::new(ports);
    for story in stories {
        desk.publish(SystemTask::Import, story).await.expect("published");
    }
    let english = gazette_domain::Language::english().expect("a language");
    (desk.clone(), Search::new(desk, clock, english, Some(data)))
}

/// Searches as soon as the index is built.
async fn answer_of(search: &Search, query: SearchQuery) -> Found {
    loop {
        match search.find(query.clone()).await {
            Err(SearchError::Building) => {}
            answer => return answer.expect("found"),
        }
    }
}

fn words(headline: &str) -> Vec<&str> {
    headline.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).collect()
}

fn first_three(headline: &str) -> String {
    words(headline).into_iter().take(3).collect::<Vec<_>>().join(" ")
}

fn last_three(headline: &str) -> String {
    let words = words(headline);
    words[words.len().saturating_sub(3)..].join(" ")
}

fn longest_three(headline: &str) -> String {
    let words = words(headline);
    let mut longest: Vec<usize> = (0..words.len()).collect();
    longest.sort_by_key(|at| std::cmp::Reverse(words[*at].chars().count()));
    longest.truncate(3);
    longest.sort_unstable();
    longest.into_iter().map(|at| words[at]).collect::<Vec<_>>().join(" ")
}

/// Swaps two letters in the longest word.
fn with_error(text: &str) -> String {
    let longest = text.split(' ').max_by_key(|word| word.len()).unwrap_or_default();
    let mut letters: Vec<char> = longest.chars().collect();
    if letters.len() > 3 {
        letters.swap(2, 3);
    }
    text.replacen(longest, &letters.into_iter().collect::<String>(), 1)
}

/// Returns how many different headlines have all words of a text.
fn headlines_with(text: &str, headlines: &BTreeSet<BTreeSet<String>>) -> usize {
    let words = folded_words(text);
    headlines.iter().filter(|headline| words.is_subset(headline)).count()
}

fn folded_words(text: &str) -> BTreeSet<String> {
    words::words(text).into_iter().map(|word| word.folded).collect()
}

#[tokio::test]
async fn known_posts_are_among_the_first_three() {
    let Some(posts) = posts() else {
        eprintln!("skipped: the Rust blog is not available");
        return;
    };
    let data = tempfile::tempdir().expect("a folder");
    let headlines = posts.iter().map(|post| folded_words(&post.headline)).collect();
    let wanted: Vec<String> =
        posts.iter().step_by(posts.len() / WANTED).map(|post| post.headline.clone()).collect();
    let (desk, search) = search_of(posts, data.path()).await;
    for (way, typed) in WAYS {
        // Words of many headlines, such as those of a monthly report, name none of them.
        let names_one = |headline: &&String| headlines_with(&typed(headline), &headlines) <= FIRST;
        let wanted: Vec<&String> = wanted.iter().filter(names_one).collect();
        let (mut found, mut found_with_error) = (0, 0);
        for headline in &wanted {
            let text = typed(headline);
            found_with_error +=
                usize::from(finds(&desk, &search, with_error(&text), headline).await);
            found += usize::from(finds(&desk, &search, text, headline).await);
        }
        let percent = |count: usize| count * 100 / wanted.len();
        let shares = (percent(found), percent(found_with_error));
        eprintln!("{way}: {} and with an error {} percent of {}", shares.0, shares.1, wanted.len());
        assert!(wanted.len() * 10 >= WANTED * 8, "{way}: only {} queries", wanted.len());
        assert!(shares.0 >= GOALS.0 && shares.1 >= GOALS.1, "{way}: {shares:?} percent");
    }
}

/// Checks whether a story with the headline is among the first ones.
async fn finds(desk: &OperatorDesk, search: &Search, text: String, headline: &str) -> bool {
    let query = SearchQuery { text, page: 1, ..SearchQuery::default() };
    let mut ids = answer_of(search, query).await.stories;
    ids.truncate(FIRST);
    let first = desk.published_stories(&ids).await.expect("stories");
    first.iter().any(|story| story.teaser.headline == headline)
}
