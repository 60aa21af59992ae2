//! Generated requests against the description of the API, with and without a token.

use std::path::PathBuf;
use std::process::Command;

use gazette_server::listener::{Limits, Stop, serve};
use tokio::net::TcpListener;

use crate::world::World;

/// Seconds of generated requests as each caller.
const SECONDS: &str = "20";
/// What a schema cannot say, such as the order of two dates, makes a valid request a bad one.
const EXCLUDED: &str = "positive_data_acceptance";

#[tokio::test(flavor = "multi_thread")]
async fn az_04_generated_requests_get_the_answers_that_the_document_promises() {
    let program =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/.venv/bin/schemathesis"));
    if !program.exists() {
        println!("not tested: schemathesis is missing; scripts/setup.sh test installs it");
        return;
    }
    let world = World::peopled().await;
    world.publish(3).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let stop = Stop::new();
    tokio::spawn(serve(listener, world.router.clone(), Limits::default(), stop.phases()));
    let address = format!("http://localhost:{port}/openapi.json");
    let mut callers = vec![None];
    for name in ["rhea", "ada"] {
        callers.push(Some(world.access_token(name).await));
    }
    for token in callers {
        let mut command = Command::new(&program);
        command.args(["run", &address, "--max-time", SECONDS, "--max-examples", "10"]);
        command.args(["--phases", "examples,coverage,fuzzing", "--exclude-checks", EXCLUDED]);
        command.args(["--seed", "1", "--generation-database", "none", "--no-color"]);
        if let Some(token) = &token {
            command.arg("--header").arg(format!("Authorization: Bearer {token}"));
        }
        command.current_dir(world.data.path());
        let output = tokio::task::spawn_blocking(move || command.output()).await;
        let output = output.expect("it ran").expect("it started");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}
