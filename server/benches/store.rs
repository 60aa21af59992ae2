//! The embedded store with many stories relative to one with few, its memory, and the time to open it
//! after its process was killed.
//!
//! Run it with `make bench-store`; it needs about fifteen gigabytes of disk space for some minutes.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark is run by hand"
)]

mod measure;

use std::cell::Cell;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gazette_server::store::EmbeddedTable;
use gazette_table::{Item, Key, Order, Range, Table, Write};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::measure::{ratio, show};

const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
const ROUNDS: usize = 15;
/// A batch has at most 100 writes, and a story is two items here.
const STORIES_PER_BATCH: usize = 50;
/// Stories are as long as the median post of the Rust blog: 4.3 kB of Markdown.
const PARAGRAPH: &str = "The compiler team is \"happy\" to announce what many have *asked* for. To \
    get it, run the following, or see [the notes](https://example.org/notes) for what has changed:\n\
    \n\
    ```console\n\
    $ rustup update stable\n\
    ```\n\
    \n\
    What's in it? Thanks to the work of `many` people, the borrow checker tells more precisely \
    what is wrong, and where. Libraries need not be changed.\n\
    \n";
const PARAGRAPHS: usize = 12;
/// Number of stories that are read before the memory is measured.
const READS: usize = 200_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = Runtime::new().expect("a runtime");
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["write", path] => runtime.block_on(write_until_killed(Path::new(path))),
        ["read", path, stories] => runtime.block_on(read_many(Path::new(path), stories)),
        [number, ..] if number.parse::<usize>().is_ok() => {
            compare(&runtime, number.parse().expect("a number"));
        }
        _ => compare(&runtime, MANY),
    }
}

fn compare(runtime: &Runtime, many: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (few_path, many_path) = (folder.path().join("few.redb"), folder.path().join("many.redb"));
    let few_store = runtime.block_on(filled(&few_path, FEW));
    let many_store = runtime.block_on(filled(&many_path, many));
    let size = std::fs::metadata(&many_path).expect("the store").len() / 1_000_000;
    println!("the engine with {many} stories ({size} MB) relative to {FEW}\n");
    let turn = Cell::new(0_usize);
    let subjects: [(&str, u32, Subject<'_>); 5] = [
        ("latest 20", 200, &|table, _, _| runtime.block_on(latest(table))),
        ("by id, among the latest thousand", 1_000, &|table, stories, n| {
            runtime.block_on(by_id(table, stories - 1 - n % FEW));
        }),
        ("by id, a thousand spread over all of them", 1_000, &|table, stories, n| {
            runtime.block_on(by_id(table, n.wrapping_mul(7_919) % stories));
        }),
        // The cache has a fraction of the stories, so most of these are read from the file.
        ("by id, a different one each time", 1_000, &|table, stories, _| {
            let n = turn.replace(turn.get() + 1);
            runtime.block_on(by_id(table, n.wrapping_mul(7_919) % stories));
        }),
        ("a write", 20, &|table, stories, n| runtime.block_on(publish(table, stories + n, 1))),
    ];
    for (name, times, subject) in subjects {
        let few = || (0..times as usize).for_each(|n| subject(&few_store, FEW, n));
        let many = || (0..times as usize).for_each(|n| subject(&many_store, many, n));
        show(name, ratio(ROUNDS, 1, few, many));
    }
    drop((few_store, many_store));
    println!("\nafter kill -9 during writes, with {many} stories");
    let ready: Vec<Duration> = (0..5).map(|_| ready_after_kill(&many_path)).collect();
    println!("  {:>8.3}  seconds until it is open (median of 5)", median(ready).as_secs_f64());
    println!("\nmemory of a process that has read {READS} of {many} stories");
    println!("  {:>8}  MB", memory(&many_path, many));
}

type Subject<'a> = &'a dyn Fn(&EmbeddedTable, usize, usize);

async fn filled(path: &Path, stories: usize) -> EmbeddedTable {
    let table = open(path);
    for first in (0..stories).step_by(STORIES_PER_BATCH) {
        publish(&table, first, STORIES_PER_BATCH.min(stories - first)).await;
    }
    table
}

fn open(path: &Path) -> EmbeddedTable {
    EmbeddedTable::open(path, Arc::new(|| 0)).expect("a store")
}

/// Writes stories and their feed entries in one batch.
async fn publish(table: &EmbeddedTable, first: usize, count: usize) {
    let batch = (first..first + count).flat_map(|number| {
        let teaser = json!({ "headline": format!("Story {number}"), "summary": "s".repeat(200) });
        let story = json!({ "card": teaser, "body": PARAGRAPH.repeat(PARAGRAPHS) });
        let feed = Key::new("feed#all", format!("{number:012}"));
        [Item::new(story_key(number), &story), Item::new(feed, &teaser)]
    });
    let batch = batch.map(|item| Write::put(item.expect("an item"))).collect();
    table.write(batch).await.expect("written");
}

fn story_key(number: usize) -> Key {
    Key::new(format!("article#{number:012}"), "current")
}

async fn latest(table: &EmbeddedTable) {
    let page = table.query("feed#all", &Range::all(), Order::Descending, 20).await;
    assert_eq!(black_box(page.expect("readable")).items.len(), 20);
}

async fn by_id(table: &EmbeddedTable, number: usize) {
    let item = table.get(&story_key(number)).await.expect("readable");
    assert!(black_box(item).is_some());
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Kills a process that writes to the store, and returns the time to open the store.
fn ready_after_kill(path: &Path) -> Duration {
    let mut writer = child(&["write", &path.to_string_lossy()]);
    let mut output = BufReader::new(writer.stdout.take().expect("its output")).lines();
    assert!(output.next().is_some(), "it writes");
    writer.kill().expect("killed");
    writer.wait().expect("gone");
    let begun = Instant::now();
    let table = open(path);
    let ready = begun.elapsed();
    drop(table);
    ready
}

async fn write_until_killed(path: &Path) {
    let table = open(path);
    for round in 0.. {
        publish(&table, 0, STORIES_PER_BATCH).await;
        if round == 20 {
            println!("writing");
        }
    }
}

/// Returns the resident memory in megabytes of a process that reads many stories.
fn memory(path: &Path, stories: usize) -> u64 {
    let mut reader = child(&["read", &path.to_string_lossy(), &stories.to_string()]);
    let mut output = BufReader::new(reader.stdout.take().expect("its output")).lines();
    let kilobytes = output.next().expect("it says").expect("text");
    reader.wait().expect("gone");
    kilobytes.parse::<u64>().expect("a number") / 1_000
}

async fn read_many(path: &Path, stories: &str) {
    let stories: usize = stories.parse().expect("a number");
    let table = open(path);
    for number in 0..READS {
        by_id(&table, number.wrapping_mul(7_919) % stories).await;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    println!("{}", resident.and_then(|line| line.split_whitespace().next()).unwrap_or("0"));
}

fn child(arguments: &[&str]) -> std::process::Child {
    let executable = std::env::current_exe().expect("its own path");
    Command::new(executable).args(arguments).stdout(Stdio::piped()).spawn().expect("it runs")
}
