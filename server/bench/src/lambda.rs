//! Time from the start of a function to its first answer, on a Runtime API of our own.

use std::convert::Infallible;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use lambda_http::{Body, Request, Response, service_fn};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::rounds::Spread;
use crate::site::{Site, gazette};
use crate::table::{Goal, Line};

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
fn first_answer(command: &mut Command) -> f64 {
    // A Runtime API of its own: the function before may still be waiting for an event.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    let (sender, answers) = channel();
    std::thread::spawn(move || serve(listener, runtime_api(sender)));
    command
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        // It says that an embedded store is for one process.
        .env("RUST_LOG", "error")
        .stdout(Stdio::null());
    let began = Instant::now();
    let mut function = command.spawn().expect("the function runs");
    let answer = answers.recv_timeout(PATIENCE);
    let time = began.elapsed();
    function.kill().expect("stopped");
    function.wait().expect("it ends");
    let answer = answer.expect("an answer");
    assert_eq!(answer["statusCode"], 200, "{answer}");
    time.as_secs_f64() * 1e3
}

#[tokio::main(flavor = "current_thread")]
async fn serve(listener: std::net::TcpListener, router: Router) {
    listener.set_nonblocking(true).expect("set");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    axum::serve(listener, router).await.expect("it serves");
}

/// The Runtime API of Lambda, for one function and one event.
fn runtime_api(answers: Sender<Value>) -> Router {
    let next = async |State(invocation): State<Arc<Notify>>| {
        invocation.notified().await;
        let headers = [
            ("lambda-runtime-aws-request-id", "1"),
            ("lambda-runtime-deadline-ms", "9999999999999"),
            ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:1:function:bench"),
        ];
        (headers, event().to_string())
    };
    let answered = async move |answer: Bytes| {
        answers.send(serde_json::from_slice(&answer).expect("JSON")).expect("it is awaited");
        StatusCode::ACCEPTED
    };
    let invocation = Arc::new(Notify::new());
    invocation.notify_one();
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/1/response", post(answered))
        .with_state(invocation)
}

/// Event of an HTTP API: `GET /news`.
fn event() -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/news",
        "rawQueryString": "",
        "headers": { "host": "abcdef1234.execute-api.eu-west-1.amazonaws.com" },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abcdef1234",
            "domainName": "abcdef1234.execute-api.eu-west-1.amazonaws.com",
            "domainPrefix": "abcdef1234",
            "http": {
                "method": "GET",
                "path": "/news",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "curl/8",
            },
            "requestId": "AbCdEfGhIjKlMnO=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Jan/2030:00:00:00 +0000",
            "timeEpoch": 1_893_456_000_000_i64,
        },
        "isBase64Encoded": false,
    })
}
