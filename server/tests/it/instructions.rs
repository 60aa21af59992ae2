//! Instructions that requests take, counted by callgrind and compared with `instructions.txt`.
//!
//! Counts are repeatable, unlike times. The test profile optimizes little, so the counts show added
//! work, not the time that a visitor waits. Without valgrind the test is skipped with a message.

use std::fmt::Write as _;
use std::path::Path;
use std::pin::Pin;
use std::process::{Command, Output};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_authorizer::{Authorizer, AuthorizerConfig, KeySet, KeySource};
use gazette_domain::{Feed, Limit, ListQuery, TokenUse};
use tokio::runtime::{Builder, Runtime};

use crate::browser::Browser;
use crate::golden::now;
use crate::token_signer::{TokenSigner, cases};
use crate::world::{World, admin, request};

const BASELINE: &str = include_str!("instructions.txt");
/// Names of the measured work, in the order of `measured_work`.
const NAMES: [&str; 10] = [
    "cached front page",
    "cached front page that did not change",
    "GET /news past the cache",
    "front page of a signed-in person",
    "story page of a signed-in person",
    "GET /auth/me with a token seen before",
    "list of 20 stories",
    "accept a token",
    "refuse a forged token",
    "refuse an expired token",
];
/// Function whose instructions are counted.
const COUNTED: &str = "it::instructions::run_measured";
/// Repetitions of each, because random seeds and background tasks change the count a little.
const TIMES: usize = 10;
/// Largest change of a count that passes, in percent.
const TOLERANCE: f64 = 2.0;
/// The same with another compiler or CPU than the baseline's: compilers generate different code, and
/// libraries choose code by the CPU.
const TOLERANCE_ELSEWHERE: f64 = 15.0;

type Work<'w> = Box<dyn FnMut() -> Pin<Box<dyn Future<Output = ()> + 'w>> + 'w>;

#[test]
fn requests_take_the_instructions_of_the_baseline() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("skipped: valgrind is not installed");
        return;
    }
    let counts = count_instructions();
    let machine = format!("# {}, {}", compiler(), processor());
    let (header, lines) = BASELINE.split_once('\n').expect("the machine, then counts");
    let tolerance = if header == machine { TOLERANCE } else { TOLERANCE_ELSEWHERE };
    let known: Vec<(&str, u64)> = lines.lines().filter_map(baseline_of).collect();
    let mut table = format!("{machine}\n");
    let mut changed = Vec::new();
    assert_eq!(known.len(), NAMES.len(), "a line for each");
    for ((name, count), (known_name, known)) in NAMES.into_iter().zip(counts).zip(known) {
        assert_eq!(name, known_name);
        let _ = writeln!(table, "{count:>10}  {name}");
        #[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
        let percent = (count as f64 / known as f64 - 1.0) * 100.0;
        if percent.abs() > tolerance {
            changed.push(format!("{name}: {known} before, {count} now ({percent:+.1} %)"));
        }
    }
    assert!(
        changed.is_empty(),
        "{}\nIf it is meant, write these counts into tests/it/instructions.txt, each raised one \
         with its reason behind a #:\n{table}",
        changed.join("\n"),
    );
}

/// Splits a line of the baseline into its name and its count.
fn baseline_of(line: &str) -> Option<(&str, u64)> {
    let line = line.split('#').next()?.trim();
    let (count, name) = line.split_once(' ')?;
    Some((name.trim(), count.parse().ok()?))
}

/// Returns the compiler's version, as `rustc` prints it.
fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output().expect("a compiler");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// Returns the name of the processor.
fn processor() -> String {
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = processors.lines().find_map(|line| line.strip_prefix("model name"));
    name.unwrap_or_default().trim_start_matches([':', ' ', '\t']).to_owned()
}

/// Returns the instructions of each run of `measured_work` under callgrind.
fn count_instructions() -> Vec<u64> {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let mut run = run_under_callgrind(&out);
    // Under valgrind on a busy machine, the sign-in may time out.
    for _ in 0..2 {
        if !run.status.success() {
            run = run_under_callgrind(&out);
        }
    }
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let total = |number: usize| {
        let dump = std::fs::read_to_string(format!("{}.{number}", out.display())).ok()?;
        let totals = dump.lines().find_map(|line| line.strip_prefix("totals: "))?;
        totals.trim().parse::<u64>().ok()
    };
    (1..=NAMES.len())
        .map(|number| {
            let total = total(number).unwrap_or_else(|| panic!("no dump {number}"));
            total / u64::try_from(TIMES).expect("few")
        })
        .collect()
}

fn run_under_callgrind(out: &Path) -> Output {
    Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .args([format!("--toggle-collect={COUNTED}"), format!("--dump-after={COUNTED}")])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe().expect("this test"))
        .args(["--exact", "instructions::measured_work", "--ignored", "--nocapture"])
        .output()
        .expect("valgrind")
}

/// Runs each kind of work in a call of `run_measured`, which callgrind counts separately.
#[test]
#[ignore = "it runs under callgrind"]
fn measured_work() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let world = runtime.block_on(World::peopled());
    runtime.block_on(world.publish(40));
    let cookies = runtime.block_on(Browser::signed_in(&world, "ada")).cookie_header();
    // Pages expire with the minute; none may while it is measured.
    world.stop_clock();
    let (authorizer, tokens) = runtime.block_on(authorizer(&world));
    let bearer = format!("Bearer {}", tokens.good);
    let etag = runtime.block_on(world.page("/")).header("etag").to_owned();
    let html = || ("accept", "text/html".to_owned());
    let asked = |path: &'static str, headers: Vec<(&'static str, String)>, status: StatusCode| {
        let world = &world;
        let work: Work<'_> = Box::new(move || {
            let request =
                headers.iter().fold(request(Method::GET, path), |request, (name, value)| {
                    request.header(*name, value)
                });
            let request = request.body(Body::empty()).expect("a request");
            Box::pin(async move { assert_eq!(world.send(request).await.status, status, "{path}") })
        });
        work
    };
    let query = ListQuery::newest(Feed::All, Limit::DEFAULT);
    let caller = admin();
    let verify = |token: String, is_accepted: bool| {
        let authorizer = &authorizer;
        let work: Work<'_> = Box::new(move || {
            let token = token.clone();
            Box::pin(async move {
                let verified = authorizer.verify_bearer(&token, now()).await;
                assert_eq!(verified.is_ok(), is_accepted);
            })
        });
        work
    };
    let works: [Work<'_>; NAMES.len()] = [
        asked("/", vec![html()], StatusCode::OK),
        asked("/", vec![html(), ("if-none-match", etag)], StatusCode::NOT_MODIFIED),
        asked("/news", vec![("authorization", bearer.clone())], StatusCode::OK),
        asked("/", vec![html(), ("cookie", cookies.clone())], StatusCode::OK),
        asked("/news/story-7", vec![html(), ("cookie", cookies)], StatusCode::OK),
        asked("/auth/me", vec![("authorization", bearer)], StatusCode::OK),
        Box::new(|| {
            let (desk, caller, query) = (&world.desk, &caller, &query);
            Box::pin(async move {
                assert_eq!(desk.list(caller, query).await.expect("a list").items.len(), 20);
            })
        }),
        verify(tokens.good, true),
        verify(tokens.forged, false),
        verify(tokens.expired, false),
    ];
    for mut work in works {
        // Warm the caches first.
        for _ in 0..3 {
            runtime.block_on(work());
        }
        run_measured(&runtime, &mut work);
    }
}

#[inline(never)]
fn run_measured(runtime: &Runtime, work: &mut Work<'_>) {
    for _ in 0..TIMES {
        runtime.block_on(work());
    }
}

struct Tokens {
    good: String,
    forged: String,
    expired: String,
}

/// Returns an authorizer that verifies each token anew, and tokens for it.
async fn authorizer(world: &World) -> (Authorizer, Tokens) {
    let issuer = format!("{}/local_gazette", world.pool_origin);
    let keys = reqwest::get(format!("{issuer}/.well-known/jwks.json")).await.expect("the keys");
    let keys = KeySet::parse(&keys.bytes().await.expect("the keys")).expect("good keys");
    let config = AuthorizerConfig {
        issuer,
        client_ids: vec!["gazettecli".to_owned()],
        client_roles: Vec::new(),
        token_uses: vec![TokenUse::Access],
        resource: None,
        clock_skew_seconds: 30,
    };
    let authorizer =
        Authorizer::new(config, Arc::new(KeySource::fixed(keys))).expect("an authorizer");
    let cases = cases(&TokenSigner::of(world));
    let token = |wanted: &str| {
        let found = cases.iter().find(|(name, _)| *name == wanted);
        found.expect("a case").1.clone()
    };
    let good = token("admin");
    let tokens = Tokens { forged: with_another_signature(&good), good, expired: token("expired") };
    (authorizer.without_cache(), tokens)
}

/// Changes the middle of the token's signature.
///
/// The signature of another key may be larger than this key's modulus. Such a number is refused
/// without the computation that is to be counted (RFC 8017, section 5.2.2).
fn with_another_signature(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let (start, end) = signature.split_at(signature.len() / 2);
    let other = if end.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{start}{other}{}", end.get(1..).expect("a longer signature"))
}
