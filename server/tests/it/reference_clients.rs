//! Real clients of Cognito against the embedded pool, over its port.

use std::path::PathBuf;
use std::process::Command;

use crate::world::World;

/// boto3 calls every operation and compares each answer with botocore's model of the service;
/// pycognito signs in by proving the password.
#[tokio::test(flavor = "multi_thread")]
async fn boto3_and_pycognito_find_a_user_pool() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end"));
    let python = folder.join(".venv/bin/python");
    if !python.exists() {
        println!("not compared: boto3 is missing; scripts/setup.sh test installs it");
        return;
    }
    let client = "spa=http://localhost:5173/";
    let world = World::with(|settings| settings.set("GAZETTE_POOL_CLIENT", client)).await;
    let mut command = Command::new(python);
    command.arg(folder.join("reference/user_pool.py")).arg(&world.pool_origin).arg("spa");
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.expect("it ran").expect("it started");
    let (text, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}\n{errors}");
}
