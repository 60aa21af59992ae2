//! The search over a table in memory, with its index on disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use gazette_domain::{Language, OperatorDesk, Ports, StoryInput, SystemTask, current_story};
use gazette_table::{MemoryTable, Table};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::clock::{Clock, new_id};
use crate::samples;
use crate::search::find::Found;
use crate::search::index::StoryIndex;
use crate::search::{Search, SearchError, SearchQuery};

struct Site {
    table: Arc<MemoryTable>,
    desk: OperatorDesk,
    clock: Clock,
}

impl Site {
    fn new() -> Self {
        let clock = Clock::system();
        Self::on(Arc::new(MemoryTable::new(clock.seconds())), clock)
    }

    fn on(table: Arc<MemoryTable>, clock: Clock) -> Self {
        let ports = Ports {
            table: Arc::clone(&table) as Arc<dyn Table>,
            clock: clock.timestamps(),
            new_id: Arc::new(new_id),
        };
        Self { table, desk: OperatorDesk::new(ports), clock }
    }

    fn search(&self, data: &TempDir) -> Search {
        Search::new(self.desk.clone(), self.clock.clone(), english(), Some(data.path()))
    }

    async fn publish(&self, headline: &str) {
        let at = Timestamp::now() - SignedDuration::from_hours(1);
        let input = StoryInput::new(headline.to_owned(), "A text.", at);
        self.desk.publish(SystemTask::Setup, input).await.expect("published");
    }
}

fn english() -> Language {
    Language::english().expect("a language")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

async fn total(search: &Search, text: &str) -> usize {
    let query = SearchQuery { text: text.to_owned(), page: 1, ..SearchQuery::default() };
    find(search, query).await.total
}

/// Asks until the index is built, which a busy machine may take longer for than a reader waits.
async fn find(search: &Search, query: SearchQuery) -> Found {
    loop {
        match search.find(query.clone()).await {
            Err(SearchError::Building) => {}
            answer => return answer.expect("found"),
        }
    }
}

fn files(data: &TempDir) -> BTreeSet<String> {
    let names = fs::read_dir(index_folder(data)).expect("a folder");
    names.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect()
}

fn index_folder(data: &TempDir) -> std::path::PathBuf {
    data.path().join("search").join("index")
}

/// Waits until the index is closed, as at the end of a process.
async fn stop(search: Search, data: &TempDir) {
    drop(search);
    let lock = fs::File::open(data.path().join("search").join("lock")).expect("a lock");
    tokio::task::spawn_blocking(move || lock.lock()).await.expect("waited").expect("locked");
}

#[tokio::test]
async fn a_restart_goes_on_with_the_index_and_takes_over_what_changed() {
    let (site, data) = (Site::new(), folder());
    site.publish("Elephants").await;
    let search = site.search(&data);
    assert_eq!(total(&search, "elephant").await, 1);
    stop(search, &data).await;
    let before = files(&data);
    let site = Site::on(site.table, site.clock);
    site.publish("Giraffes").await;
    let search = site.search(&data);
    assert_eq!((total(&search, "giraffe").await, total(&search, "elephant").await), (1, 1));
    let segments = |names: &BTreeSet<String>| -> BTreeSet<String> {
        names.iter().filter(|name| name.rsplit('.').next() == Some("idx")).cloned().collect()
    };
    assert!(segments(&before).is_subset(&segments(&files(&data))), "it was built again");
}

#[tokio::test]
async fn a_damaged_older_or_foreign_index_is_built_again() {
    let (site, data) = (Site::new(), folder());
    site.publish("Elephants").await;
    let damages: [fn(&Path); 4] = [
        |folder| fs::write(folder.join("meta.json"), "{").expect("written"),
        |folder| {
            for file in fs::read_dir(folder).expect("a folder").flatten() {
                if file.path().extension().is_some_and(|kind| kind == "idx" || kind == "pos") {
                    let mut bytes = fs::read(file.path()).expect("a file");
                    bytes.iter_mut().take(4).for_each(|byte| *byte ^= 0xff);
                    fs::write(file.path(), bytes).expect("written");
                }
            }
        },
        |folder| {
            let meta = fs::read_to_string(folder.join("meta.json")).expect("a file");
            let older = meta.replace("\\\"format\\\":", "\\\"format\\\":9");
            assert_ne!(older, meta);
            fs::write(folder.join("meta.json"), older).expect("written");
        },
        |folder| fs::remove_dir_all(folder).expect("removed"),
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let search = site.search(&data);
        assert_eq!(total(&search, "elephant").await, 1, "before {number}");
        stop(search, &data).await;
        damage(&index_folder(&data));
    }
    let search = site.search(&data);
    assert_eq!(total(&search, "elephant").await, 1);
    stop(search, &data).await;
    // The same folder with another table: its log says that the index is of another one.
    let other = Site::new();
    other.publish("Giraffes").await;
    let search = other.search(&data);
    assert_eq!((total(&search, "giraffe").await, total(&search, "elephant").await), (1, 0));
}

#[tokio::test]
async fn an_import_that_brings_its_own_records_is_found() {
    let (site, data) = (Site::new(), folder());
    site.publish("Elephants").await;
    let other = Site::new();
    let search = other.search(&data);
    assert_eq!(total(&search, "elephant").await, 0);
    let items = site.table.scan(None, 1_000).await.expect("items").items;
    let mut import = other.desk.begin_import(Arc::new(|_| Ok(())));
    for (line, item) in items.into_iter().enumerate() {
        if current_story(&item).is_some() {
            import.add(line, item).await.expect("added");
        }
    }
    import.flush().await.expect("written");
    import.finish().await.expect("finished");
    assert_eq!(total(&search, "elephant").await, 1);
}

#[tokio::test]
async fn two_processes_on_one_folder_have_an_index_each() {
    let (site, data) = (Site::new(), folder());
    site.publish("Elephants").await;
    let (one, two) = (site.search(&data), site.search(&data));
    assert_eq!((total(&one, "elephant").await, total(&two, "elephant").await), (1, 1));
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_turns_search_off() {
    let (site, data) = (Site::new(), folder());
    fs::write(data.path().join("search"), "a file").expect("written");
    let query = SearchQuery { text: "x".to_owned(), page: 1, ..SearchQuery::default() };
    let error = site.search(&data).find(query).await.expect_err("off");
    assert_eq!(error.to_string(), "there is no folder for the search index");
}

#[test]
fn an_index_of_another_language_is_built_again() {
    let data = folder();
    let (index, position) = StoryIndex::open(data.path(), &english()).expect("opened");
    assert!(position.is_none());
    index.commit(&gazette_domain::LogPosition::default()).expect("committed");
    drop(index);
    let open = |language: &Language| StoryIndex::open(data.path(), language).expect("opened").1;
    assert!(open(&english()).is_some());
    assert!(open(&"de".parse().expect("a language")).is_none());
}

/// Swaps two letters in the longest word.
fn with_typing_error(headline: &str) -> String {
    let longest = headline.split(' ').max_by_key(|word| word.len()).unwrap_or_default();
    let mut letters: Vec<char> = longest.chars().collect();
    letters.swap(2, 3);
    headline.replacen(longest, &letters.into_iter().collect::<String>(), 1)
}

#[tokio::test]
async fn known_stories_are_among_the_first_three_even_with_a_typing_error() {
    const STORIES: usize = 200;
    let (site, data) = (Site::new(), folder());
    let inputs = samples::stories(STORIES, 7, Timestamp::now());
    site.desk.publish_all(SystemTask::Setup, inputs.clone()).await.expect("published");
    let search = site.search(&data);
    let (mut found, mut found_with_error) = (0, 0);
    for input in &inputs {
        for (text, count) in [
            (input.headline.clone(), &mut found),
            (with_typing_error(&input.headline), &mut found_with_error),
        ] {
            let query = SearchQuery { text, page: 1, ..SearchQuery::default() };
            let mut ids = find(&search, query).await.stories;
            ids.truncate(3);
            let stories = site.desk.published_stories(&ids).await.expect("stories");
            // Some generated stories have the same headline.
            let is_it = |headline: &str| headline == input.headline;
            *count += usize::from(stories.iter().any(|story| is_it(&story.teaser.headline)));
        }
    }
    let percent = |count: usize| count * 100 / STORIES;
    let (found, found_with_error) = (percent(found), percent(found_with_error));
    assert!(found >= 95 && found_with_error >= 85, "{found} and {found_with_error} percent");
}
