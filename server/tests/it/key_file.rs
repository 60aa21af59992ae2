//! `COGNITO_JWKS_FILE`: the site verifies tokens of a pool whose issuer it cannot reach.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::RsaKeyPair;
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::gate::jwt::{jwk, sign};
use crate::golden::now;
use crate::server_process::{serving, start, terminate};

/// Nothing listens there.
const ISSUER: &str = "http://127.0.0.1:9/local_emulated";
const CLIENT: &str = "1example23456789";

fn serve(folder: &Path, keys: &str) -> Command {
    let mut command = serving(folder);
    command.env("GAZETTE_POOL", "cognito").env("COGNITO_ISSUER", ISSUER);
    command.env("COGNITO_CLIENT_ID", CLIENT).env("GAZETTE_CLIENT_ROLES", "robot=editor");
    command.env("COGNITO_JWKS_FILE", keys).stderr(Stdio::null());
    command
}

fn publish(file: &Path, keys: &[(&RsaKeyPair, &str)]) {
    let keys: Vec<_> = keys.iter().map(|(key, id)| jwk(key, id)).collect();
    std::fs::write(file, json!({ "keys": keys }).to_string()).expect("written");
}

/// Returns the access token of an admin, or of the client `robot` itself.
fn token(key: &RsaKeyPair, id: &str, is_machine: bool) -> String {
    let mut claims = json!({
        "iss": ISSUER, "token_use": "access", "scope": "openid", "version": 2,
        "auth_time": now() - 60, "iat": now() - 60, "exp": now() + 3_540,
    });
    let own = if is_machine {
        json!({ "sub": "robot", "client_id": "robot" })
    } else {
        json!({
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "client_id": CLIENT,
            "username": "ada", "cognito:groups": ["admin"],
        })
    };
    claims.as_object_mut().expect("claims").extend(own.as_object().expect("claims").clone());
    sign(key, &json!({ "kid": id, "alg": "RS256" }), &claims)
}

async fn get(url: &str, path: &str, token: &str) -> StatusCode {
    let request = Client::new().get(format!("{url}{path}")).bearer_auth(token);
    request.send().await.expect("the site answers").status()
}

#[tokio::test]
async fn tokens_of_an_unreachable_pool_are_verified_with_the_keys_of_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("jwks.json");
    let keys = [(); 2].map(|()| RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));
    publish(&file, &[(&keys[0], "first")]);
    let (mut server, url) = start(&mut serve(folder.path(), file.to_str().expect("text")));
    let (first, second) = (token(&keys[0], "first", false), token(&keys[1], "second", false));
    assert_eq!(get(&url, "/desk/trash", &first).await, StatusCode::OK);
    assert_eq!(get(&url, "/desk/trash", &token(&keys[1], "first", false)).await, 401);
    let robot = token(&keys[0], "first", true);
    assert_eq!(get(&url, "/auth/me", &robot).await, StatusCode::OK);
    assert_eq!(get(&url, "/desk/trash", &robot).await, StatusCode::FORBIDDEN);
    // The file is read again: the new key counts, and soon the old one does no more.
    publish(&file, &[(&keys[1], "second")]);
    let begin = Instant::now();
    while get(&url, "/desk/trash", &second).await != StatusCode::OK
        || get(&url, "/desk/trash", &first).await != StatusCode::UNAUTHORIZED
    {
        assert!(begin.elapsed() < Duration::from_secs(30), "the file was not read again");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    terminate(&server);
    server.wait().expect("it ends");
}
