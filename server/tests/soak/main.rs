//! Kills the server repeatedly while clients write to it, and checks the store.
//!
//! `cargo test --test soak` runs a few cycles on a small store; `make soak CYCLES=1000
//! STORIES=100000` runs the given number on a store with that many sample stories.
#![expect(clippy::expect_used, reason = "a check fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "a check fails by panicking")]
#![expect(clippy::print_stdout, reason = "the test prints its progress")]

mod check;
mod ledger;
mod server;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use check::{Found, check};
use ledger::Ledger;
use server::Server;
use writer::Writer;

/// The default number of cycles.
const CYCLES: usize = 30;
const WRITERS: usize = 8;
/// Number of the first cycles, of which every second one is checked: the store is still small.
const SMALL_CYCLES: usize = 40;
/// The interval of later checks.
const CHECK_INTERVAL: usize = 100;
/// Maximum median of the start-up time. Single starts may take longer on a busy machine.
const MAX_START_TIME: Duration = Duration::from_secs(2);

fn main() {
    let arguments: Result<Vec<usize>, _> =
        std::env::args().skip(1).map(|argument| argument.parse()).collect();
    // An argument that is not a number is a filter for other tests.
    let Ok(arguments) = arguments else { return };
    let cycles = arguments.first().copied().unwrap_or(CYCLES);
    let stories = arguments.get(1).copied().unwrap_or(0);
    Runtime::new().expect("a runtime").block_on(soak(cycles, stories));
}

async fn soak(cycles: usize, stories: usize) {
    let data = tempfile::tempdir().expect("a folder");
    let ledger = Arc::new(Ledger::open(&data.path().join("ledger")));
    let server = Server::new(data.path());
    if stories > 0 {
        server.seed(stories);
    }
    let mut starts = Vec::new();
    for cycle in 1..=cycles {
        let (mut running, ready) = server.start().await;
        starts.push(ready);
        let writing = write(&server, &ledger, cycle).await;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(5..=500))).await;
        running.kill().expect("killed");
        running.wait().expect("gone");
        writing.join_all().await;
        let reports = cycle % CHECK_INTERVAL == 0 || cycle == cycles;
        // After unchecked cycles the server has to recover the store by itself.
        if reports || (stories == 0 && cycle <= SMALL_CYCLES && cycle % 2 == 0) {
            let found = check(&data.path().join("gazette.redb"), &ledger).await;
            if reports {
                report(cycle, &found, &ledger, &mut starts);
            }
        }
    }
}

/// Starts the writers, which write until the server is killed.
async fn write(server: &Server, ledger: &Arc<Ledger>, cycle: usize) -> JoinSet<()> {
    let token = server.token().await;
    let mut writing = JoinSet::new();
    for number in 0..WRITERS {
        let writer = Writer::new(server, &token, Arc::clone(ledger));
        writing.spawn(writer.write(format!("{cycle} {number}")));
    }
    writing
}

fn report(cycle: usize, found: &Found, ledger: &Ledger, starts: &mut [Duration]) {
    starts.sort_unstable();
    let (median, longest) = (starts[starts.len() / 2], starts[starts.len() - 1]);
    let unanswered = found.changes.saturating_sub(ledger.acknowledged() + found.before);
    println!(
        "{cycle} kills: {} changes acknowledged and found, {unanswered} more found, {} stories, \
         {} records in the audit log; ready after {median:.0?} (median), {longest:.0?} (longest)",
        ledger.acknowledged(),
        found.stories,
        found.entries,
    );
    assert!(median < MAX_START_TIME, "{median:?}");
}
