//! The whole measurement.

use std::fs;

use crate::process::free_port;
use crate::site::{Site, seed};
use crate::table::Line;
use crate::{http, lambda, report, start, writes};

const STORIES: u32 = 40;

/// Measures everything; with `publish`, writes the documentation.
pub(crate) fn all(publish: bool) {
    fs::create_dir_all("target/bench").expect("a folder");
    // On the disk of the repository: a file system in memory syncs in no time.
    let folder = tempfile::tempdir_in("target/bench").expect("a folder");
    let folder = std::path::absolute(folder.path()).expect("a path");
    let data = folder.join("data");
    seed(&data, STORIES);
    // The address is part of the pages, and so of their tags.
    let port = free_port();
    let site = Site::start(&data, port);
    let tags = start::tags(&site);
    let mut lines: Vec<Line> = http::run(&site, &folder);
    drop(site);
    let site = Site::start(&data, port);
    let empty = folder.join("empty");
    lines.extend(start::run(&empty));
    lines.push(lambda::run(&site, &empty));
    lines.push(start::compare_tags(&tags, &start::tags(&site)));
    lines.extend(start::bytes(&site));
    lines.extend(writes::run(&site, &folder));
    report::write(&lines, &report::in_process(), publish);
}
