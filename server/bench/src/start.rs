//! Start, memory, and what must not change with a restart.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::client::{Connection, get, request};
use crate::http::first_story;
use crate::process::{Server, free_port};
use crate::rounds::Spread;
use crate::site::{Site, gazette};
use crate::table::{Goal, Line};

const STARTS: usize = 11;
const CONNECTIONS: usize = 256;
const PROCESS: &str = "Start and memory";
const CACHES: &str = "What caches and readers see";

/// Measures the start and the memory with an empty store.
pub(crate) fn run(folder: &Path) -> Vec<Line> {
    println!("measuring start and memory");
    let times = (0..STARTS).map(|_| start(folder, "127.0.0.1:0")).map(|(time, _)| time);
    let mut lines = vec![Line {
        value: Spread::of(times.collect()),
        ..line(PROCESS, "start to the first answer, empty store", "ms", Some(Goal::AtMost(12.0)))
    }];
    let (_, server) = start(folder, "127.0.0.1:0");
    lines.push(Line {
        value: Spread::exactly(settled_memory(&server)),
        ..line(PROCESS, "memory at rest, empty store", "MB", Some(Goal::AtMost(22.0)))
    });
    let page = request("GET", server.address, "/", &[("Accept", "text/html")], "");
    let mut connections: Vec<Connection> =
        (0..CONNECTIONS).map(|_| Connection::open(server.address)).collect();
    for connection in &mut connections {
        connection.send(&page);
    }
    for connection in &mut connections {
        assert_eq!(connection.receive(), 200);
    }
    lines.push(Line {
        value: Spread::exactly(settled_memory(&server)),
        ..line(PROCESS, "memory under 256 connections", "MB", Some(Goal::AtMost(40.0)))
    });
    lines
}

/// Starts the site, and returns the milliseconds until it has answered.
fn start(data: &Path, pool: &str) -> (f64, Server) {
    let port = free_port();
    let mut command = gazette(data);
    // By its environment, as services and containers are configured.
    command.arg("serve");
    command.env("GAZETTE_ADDR", format!("127.0.0.1:{port}")).env("GAZETTE_POOL_ADDR", pool);
    // Without a new user, whose password would be hashed, as on each start but the first.
    command.env_remove("GAZETTE_POOL_USER").stdout(std::process::Stdio::null());
    let began = Instant::now();
    let server = Server::start_on(&mut command, port);
    assert_eq!(get(server.address, "/", &[("Accept", "text/html")]).status, 200);
    (began.elapsed().as_secs_f64() * 1e3, server)
}

/// Returns the memory once it no longer changes.
fn settled_memory(server: &Server) -> f64 {
    let mut before = 0.0;
    loop {
        std::thread::sleep(Duration::from_millis(500));
        let now = server.resident_megabytes();
        if (now - before).abs() < 0.05 {
            return now;
        }
        before = now;
    }
}

/// Returns the tags of public answers.
pub(crate) fn tags(site: &Site) -> Vec<(String, String)> {
    let story = first_story(site);
    let answers = ["/news", story.as_str(), "/feed.atom", "/feed.json", "/archive"];
    let mut tags = Vec::new();
    for path in answers {
        for accept in ["text/html", "application/json"] {
            for encoding in ["identity", "br", "gzip"] {
                let headers = [("Accept", accept), ("Accept-Encoding", encoding)];
                let answer = get(site.address(), path, &headers);
                tags.push((
                    format!("{path} {accept} {encoding}"),
                    answer.header("etag").to_owned(),
                ));
            }
        }
    }
    tags
}

/// Counts the tags that a restart kept.
pub(crate) fn compare_tags(before: &[(String, String)], after: &[(String, String)]) -> Line {
    let mut kept = 0_u16;
    for (before, after) in before.iter().zip(after) {
        if before == after && !before.1.is_empty() {
            kept += 1;
        } else {
            println!("  another tag after the restart: {before:?} {after:?}");
        }
    }
    let all = u16::try_from(before.len()).expect("few");
    Line {
        value: Spread::exactly(f64::from(kept)),
        detail: format!("{kept} of {all}"),
        ..line(CACHES, "`ETag`s that a restart keeps", "", Some(Goal::AtLeast(f64::from(all))))
    }
}

/// Counts the bytes of a reader's page: HTML and style sheet with brotli, and scripts.
pub(crate) fn bytes(site: &Site) -> Vec<Line> {
    let story = first_story(site);
    let of_page = |path: &str, name: &str| {
        let html = get(site.address(), path, &[("Accept", "text/html")]).text();
        let brotli = [("Accept", "*/*"), ("Accept-Encoding", "br")];
        let length = |path: &str| get(site.address(), path, &brotli).body.len();
        let sheets: usize =
            linked(&html, "rel=\"stylesheet\"", "href").map(|path| length(&path)).sum();
        let scripts: usize = linked(&html, "<script", "src").map(|path| length(&path)).sum();
        let page = get(site.address(), path, &[("Accept", "text/html"), ("Accept-Encoding", "br")]);
        let kilobytes = |bytes: usize| f64::from(u32::try_from(bytes).expect("few")) / 1e3;
        let detail =
            format!("HTML {} kB, CSS {} kB", kilobytes(page.body.len()), kilobytes(sheets));
        [
            Line {
                value: Spread::exactly(kilobytes(page.body.len() + sheets)),
                detail,
                ..line(
                    CACHES,
                    &format!("HTML and CSS of {name}, brotli"),
                    "kB",
                    Some(Goal::AtMost(14.0)),
                )
            },
            Line {
                value: Spread::exactly(kilobytes(scripts)),
                ..line(CACHES, &format!("scripts of {name}"), "kB", Some(Goal::AtMost(0.0)))
            },
        ]
    };
    [of_page("/", "`/`"), of_page(&story, "an article")].concat()
}

/// Returns the addresses in the tags that contain a text.
fn linked<'h>(
    html: &'h str,
    part: &str,
    attribute: &str,
) -> impl Iterator<Item = String> + use<'h> {
    let (part, attribute) = (part.to_owned(), format!(" {attribute}=\""));
    html.split_inclusive('>').filter_map(move |tag| {
        let tag = &tag[tag.find('<')?..];
        let value = tag.contains(&part).then(|| tag.split_once(&attribute))??.1;
        value.split('"').next().map(str::to_owned)
    })
}

fn line(topic: &str, what: &str, unit: &str, goal: Option<Goal>) -> Line {
    Line {
        topic: topic.to_owned(),
        what: what.to_owned(),
        value: Spread::exactly(0.0),
        unit: unit.to_owned(),
        goal,
        detail: String::new(),
    }
}
