//! The time that a search takes with many stories, as a program asks for it.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark is run by hand"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{ACCEPT, HOST};
use gazette_domain::{OperatorDesk, StoryInput, SystemTask};
use gazette_server::application::{Application, BoundAddresses, StartFiles, build};
use gazette_server::build_info::BuildInfo;
use gazette_server::cached_router::CachedRouter;
use gazette_server::clock::Clock;
use gazette_server::config::{Variables, load};
use gazette_server::http::Assets;
use gazette_table::MemoryTable;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::runtime::Runtime;

const STORIES: usize = 100_000;
const SEARCHES: usize = 2_000;
/// Different words; a word is the more frequent, the smaller its number.
const WORDS: usize = 50_000;
const WORDS_IN_TEXT: usize = 150;

fn main() {
    let number = std::env::args().nth(1).and_then(|number| number.parse().ok());
    let stories = number.unwrap_or(STORIES);
    Runtime::new().expect("a runtime").block_on(measure(stories));
}

async fn measure(stories: usize) {
    let data = tempfile::tempdir().expect("a folder");
    let mut settings = Variables::default();
    settings.set("GAZETTE_DATA_DIR", data.path().to_string_lossy());
    let config = load(&settings).expect("a configuration");
    let clock = Clock::system();
    let table = Arc::new(MemoryTable::new(clock.seconds()));
    let bound = BoundAddresses { site: config.listen.addr(), pool: None };
    let files = StartFiles::unchecked(&config, Assets::default());
    let site =
        build(&config, BuildInfo::default(), bound, table, files, clock).await.expect("a site");
    let Application { router, operator, .. } = site;
    let mut random = fastrand::Rng::with_seed(7);
    publish(&operator, stories, &mut random).await;
    let began = Instant::now();
    while fetch(&router, "/search?q=w1").await.is_none() {}
    println!("the index of {stories} stories was built in {:.1?}", began.elapsed());
    for (name, query) in QUERIES {
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..SEARCHES / QUERIES.len() {
            let path = format!("/search?q={}", query(&mut random));
            let began = Instant::now();
            fetch(&router, &path).await.expect("an answer");
            times.push(began.elapsed());
        }
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        println!("  median {:>9.2?}  p99 {:>9.2?}  {name}", at(50), at(99));
    }
}

type MakeQuery = fn(&mut fastrand::Rng) -> String;

const QUERIES: [(&str, MakeQuery); 8] = [
    ("the most frequent word", |_| "w0".to_owned()),
    ("one word", |random| word(random)),
    ("three words", |random| format!("{}+{}+{}", word(random), word(random), word(random))),
    ("the beginning of a word", |random| format!("w{}", random.u8(1..99))),
    ("a word with an error", |random| format!("x{}", random.u16(1_000..50_000))),
    ("a headline", |random| text(random, 7).replace(' ', "+")),
    ("a headline with an error", |random| {
        format!("{}+x{}", text(random, 6).replace(' ', "+"), random.u16(1_000..50_000))
    }),
    ("a phrase", |random| format!("%22{}+{}%22", word(random), word(random))),
];

/// Returns a word by a distribution like that of a language.
fn word(random: &mut fastrand::Rng) -> String {
    let most = f64::from(u32::try_from(WORDS).unwrap_or(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
    let number = most.powf(random.f64()) as usize - 1;
    format!("w{number}")
}

fn text(random: &mut fastrand::Rng, words: usize) -> String {
    (0..words).map(|_| word(random)).collect::<Vec<_>>().join(" ")
}

async fn publish(desk: &OperatorDesk, stories: usize, random: &mut fastrand::Rng) {
    let stories = (0..stories).map(|number| {
        let minutes = i64::try_from(number).unwrap_or(i64::MAX);
        StoryInput {
            summary: text(random, 15),
            section: ["World", "Cities", "Science", "Sport"][number % 4].to_owned(),
            tags: vec![word(random), word(random)],
            authors: vec![text(random, 2)],
            ..StoryInput::new(
                text(random, 7),
                text(random, WORDS_IN_TEXT),
                Timestamp::now() - SignedDuration::from_mins(minutes + 1),
            )
        }
    });
    let stories: Vec<StoryInput> = stories.collect();
    desk.publish_all(SystemTask::Import, stories).await.expect("published");
}

/// Returns the answer; `None` while the index is being built.
async fn fetch(router: &CachedRouter, path: &str) -> Option<Value> {
    let request = Request::builder().uri(path).header(HOST, "localhost");
    let request = request.header(ACCEPT, "application/json").body(Body::empty());
    let response = router.clone().answer(request.expect("a request")).await;
    let is_ready = response.status().is_success();
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    is_ready.then(|| serde_json::from_slice(&body).expect("JSON"))
}
