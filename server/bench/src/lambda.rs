//! Time from the start of a function to its first answer, on the Runtime API of the tests.

#[path = "../../lambda-authorizer/tests/it/runtime_api.rs"]
mod runtime_api;

use std::convert::Infallible;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lambda_http::{Body, Request, Response, service_fn};
use runtime_api::{Outcome, RuntimeApi};
use serde_json::{Value, json};

use crate::rounds::Spread;
use crate::site::{Site, gazette};
use crate::table::{Goal, Line};

const EVENT: &str = include_str!("../../tests/it/lambda/events/http-api.json");
const STARTS: usize = 11;
const PATIENCE: Duration = Duration::from_secs(30);

/// Compares the first answer of the site as a function with that of one that only says hello.
pub(crate) fn run(site: &Site, folder: &Path) -> Line {
    println!("measuring the function");
    let (mut own, mut hello, mut ratios) = (vec![], vec![], vec![]);
    // The first pair does not count.
    for round in 0..=STARTS {
        let of_site = first_answer(&mut site_function(site, folder));
        let of_hello = first_answer(&mut hello_function());
        if round > 0 {
            own.push(of_site);
            hello.push(of_hello);
            ratios.push(of_site / of_hello);
        }
    }
    let (own, hello) = (Spread::of(own).median, Spread::of(hello).median);
    Line {
        topic: "Start and memory".to_owned(),
        what: "first answer as a function of Lambda".to_owned(),
        value: Spread::of(ratios),
        unit: "× the time of a hello with `lambda_http`".to_owned(),
        goal: Some(Goal::AtMost(1.5)),
        detail: format!("{own:.1} ms, hello {hello:.1} ms"),
    }
}

fn site_function(site: &Site, folder: &Path) -> Command {
    let mut command = gazette(folder);
    command.env_remove("GAZETTE_POOL_USER");
    command
        .env("GAZETTE_PUBLIC_URL", format!("http://{}", site.address()))
        .env("GAZETTE_POOL", "cognito")
        .env("COGNITO_ISSUER", site.issuer())
        // As the template for AWS sets it.
        .env("COGNITO_DOMAIN", site.pool_origin())
        .env("COGNITO_CLIENT_ID", "gazettecli");
    command
}

fn hello_function() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg("hello");
    command
}

/// Serves as the function that only says hello.
pub(crate) fn hello() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let answer =
        |_: Request| async { Ok::<_, Infallible>(Response::new(Body::Text("hello".to_owned()))) };
    runtime.block_on(lambda_http::run(service_fn(answer))).expect("it runs");
}

/// Returns the milliseconds from the start of a function until it has answered one event.
#[tokio::main(flavor = "current_thread")]
async fn first_answer(command: &mut Command) -> f64 {
    // A Runtime API of its own: the function before may still be waiting for an event.
    let mut api = RuntimeApi::start().await;
    command
        .env("AWS_LAMBDA_RUNTIME_API", &api.address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        // It says that an embedded store is for one process.
        .env("RUST_LOG", "error")
        .stdout(Stdio::null());
    let began = Instant::now();
    let mut function = command.spawn().expect("the function runs");
    let outcome = tokio::time::timeout(PATIENCE, api.invoke(event())).await;
    let time = began.elapsed();
    function.kill().expect("stopped");
    function.wait().expect("it ends");
    let Outcome { kind, body } = outcome.expect("an answer in time");
    assert_eq!((kind.as_str(), &body["statusCode"]), ("response", &json!(200)), "{body}");
    time.as_secs_f64() * 1e3
}

/// Event of an HTTP API: `GET /news`.
fn event() -> Value {
    let mut event: Value = serde_json::from_str(EVENT).expect("JSON");
    event["headers"]["host"] = event["requestContext"]["domainName"].clone();
    event
}
