//! Times to publish a story, relative to syncs of the disk.

use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::json;

use crate::client::{Connection, request};
use crate::rounds::Spread;
use crate::site::Site;
use crate::table::{Goal, Line, number};

const TOPIC: &str = "Writes";
const ROUNDS: usize = 9;
/// Stories of a writer and syncs of a round.
const TIMES: usize = 20;
const WRITERS: usize = 20;

/// Compares one writer with the disk and with many writers, in turn.
pub(crate) fn run(site: &Site, folder: &Path) -> Vec<Line> {
    println!("measuring writes");
    let token = site.access_token();
    let writers: Vec<Writer> = (0..WRITERS).map(|_| Writer::new(site.address(), &token)).collect();
    let mut file = File::create(folder.join("synced")).expect("a file");
    let (mut syncs, mut posts, mut of_sync, mut of_one) = (vec![], vec![], vec![], vec![]);
    let mut writers = writers;
    for _ in 0..ROUNDS {
        let sync = median_milliseconds(TIMES, || {
            file.write_all(&[7; 4096]).expect("written");
            file.sync_data().expect("synced");
        });
        let began = Instant::now();
        let post = median_milliseconds(TIMES, || writers[0].post());
        let one = rate(TIMES, began);
        let began = Instant::now();
        std::thread::scope(|scope| {
            for writer in &mut writers {
                scope.spawn(|| (0..TIMES).for_each(|_| writer.post()));
            }
        });
        let many = rate(TIMES * WRITERS, began);
        syncs.push(sync);
        posts.push(post);
        of_sync.push(post / sync);
        of_one.push(many / one);
    }
    let (post, sync) = (Spread::of(posts).median, Spread::of(syncs).median);
    vec![
        Line {
            topic: TOPIC.to_owned(),
            what: "`POST /news`, median time".to_owned(),
            value: Spread::of(of_sync),
            unit: "× one sync of the disk".to_owned(),
            goal: Some(Goal::AtMost(2.0)),
            detail: format!("{} ms, sync {} ms", number(post), number(sync)),
        },
        Line {
            topic: TOPIC.to_owned(),
            what: format!("`POST /news` by {WRITERS} writers, stories a second"),
            value: Spread::of(of_one),
            unit: "× those of one writer".to_owned(),
            goal: Some(Goal::AtLeast(5.0)),
            detail: String::new(),
        },
    ]
}

fn median_milliseconds(times: usize, mut work: impl FnMut()) -> f64 {
    let time = |_| {
        let began = Instant::now();
        work();
        began.elapsed().as_secs_f64() * 1e3
    };
    Spread::of((0..times).map(time).collect()).median
}

fn rate(times: usize, began: Instant) -> f64 {
    f64::from(u32::try_from(times).expect("few")) / began.elapsed().as_secs_f64()
}

struct Writer {
    address: SocketAddr,
    connection: Connection,
    authorization: String,
}

static NUMBER: AtomicUsize = AtomicUsize::new(0);

impl Writer {
    fn new(address: SocketAddr, token: &str) -> Self {
        let connection = Connection::open(address);
        Self { address, connection, authorization: format!("Bearer {token}") }
    }

    fn post(&mut self) {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let story = json!({
            "headline": format!("Measured story {number}"),
            "summary": "What it is about, in a sentence of ordinary length.",
            "body": "A paragraph of **ordinary** length.\n\n".repeat(30),
            "section": "Science",
            "tags": ["Rivers", "Trains"],
        });
        let headers =
            [("Authorization", self.authorization.as_str()), ("Content-Type", "application/json")];
        let request = request("POST", self.address, "/news", &headers, &story.to_string());
        let answer = self.connection.ask(&request);
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
}
