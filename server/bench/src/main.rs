//! Measures the release server over HTTP, relative to references of the same run. Run it with
//! `make bench-http`; it needs Linux.
#![expect(
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark is run by hand"
)]

mod chart;
mod client;
mod http;
mod lambda;
mod nginx;
mod page;
mod page_data;
mod process;
mod reference;
mod report;
mod rounds;
mod run;
mod site;
mod start;
mod table;
mod teasers;
mod writes;

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["reference", file] => reference::serve(Path::new(file)),
        ["hello"] => lambda::hello(),
        [] => run::all(false),
        ["publish"] => run::all(true),
        _ => panic!("usage: gazette-bench [publish]"),
    }
}
