//! Kills the server again and again while many write to it, and looks at what is left.
//!
//! `cargo test --test soak` does a few rounds on a small store; `make soak CYCLES=1000
//! STORIES=100000` as many as it is told, on a store with so many sample stories.
#![expect(clippy::expect_used, reason = "a check fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "a check fails by panicking")]
#![expect(clippy::print_stdout, reason = "somebody watches")]

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

/// How many rounds there are when nobody says.
const CYCLES: usize = 30;
const WRITERS: usize = 8;
/// Every other round is looked at while the store is small, then every so many.
const SMALL: usize = 40;
const SELDOM: usize = 100;
/// The median of the time from the start to being ready. Single starts wait for a busy machine.
const READY: Duration = Duration::from_secs(2);

fn main() {
    let arguments: Result<Vec<usize>, _> =
        std::env::args().skip(1).map(|argument| argument.parse()).collect();
    // What is no number is the filter of somebody who wants another test.
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
        let told = cycle % SELDOM == 0 || cycle == cycles;
        // After the other rounds the server itself has to mend what the kill left.
        if told || (stories == 0 && cycle <= SMALL && cycle % 2 == 0) {
            let found = check(&data.path().join("gazette.redb"), &ledger).await;
            if told {
                report(cycle, &found, &ledger, &mut starts);
            }
        }
    }
}

/// Lets everybody write until the server is gone.
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
         {} entries in the audit log; ready after {median:.0?} (median), {longest:.0?} (longest)",
        ledger.acknowledged(),
        found.stories,
        found.entries,
    );
    assert!(median < READY, "{median:?}");
}
