//! Real clients of Cognito at the pool, unmodified and over its port, with the examples of
//! `docs/user-pool.md`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use gazette_server::config::Variables;
use tempfile::TempDir;

use crate::server_process::{gazette, serving, start, start_pool, terminate};
use crate::world::World;

const GUIDE: &str = include_str!("../../../docs/user-pool.md");
/// A client with a secret, beside the guide's client `shop`.
const SECRET: &str = "Secret1Of2The3Client4web";

/// A server that stops at the end of a test.
struct Server {
    process: Child,
    /// URL of a site, issuer of a pool.
    url: String,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        terminate(&self.process);
        let _ = self.process.wait();
    }
}

/// Starts a pool with the command of the guide.
fn pool() -> Server {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = gazette();
    command.args(guide_command()).arg("--data-dir").arg(folder.path());
    let client = format!("web:{SECRET}=http://localhost:3000/api/auth/callback/cognito");
    command.args(["--pool-clock", "movable", "--pool-client", &client]);
    let (process, url) = start_pool(&mut command);
    Server { process, url, _folder: folder }
}

/// Starts a pool with the table of the guide: the client `shop`, with a secret.
fn pool_of_the_table() -> Server {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("gazette.toml");
    let table = guide_code("## Clients", "toml").replace("24 to 64 letters or digits", SECRET);
    std::fs::write(&file, table).expect("a file");
    let mut command = gazette();
    command.args(["pool", "--addr", "127.0.0.1:0", "--pool-user", "ada:correct-horse-ada"]);
    command.arg("--config").arg(file).arg("--data-dir").arg(folder.path());
    let (process, url) = start_pool(&mut command);
    Server { process, url, _folder: folder }
}

/// Returns the first code of a language in the guide, after a text.
fn guide_code(after: &str, language: &str) -> &'static str {
    let rest = GUIDE.split_once(after).expect("the text").1;
    let code = rest.split_once(&format!("```{language}\n")).expect("code").1;
    code.split_once("```").expect("an end").0
}

/// Returns the arguments of the guide's command, with a free port.
fn guide_command() -> Vec<&'static str> {
    let words = guide_code("# The user pool", "sh").split_whitespace().filter(|word| *word != "\\");
    let words: Vec<_> =
        words.map(|word| if word == "127.0.0.1:4000" { "127.0.0.1:0" } else { word }).collect();
    let [program, arguments @ ..] = words.as_slice() else { panic!("an empty command") };
    assert_eq!(*program, "gazette");
    arguments.to_vec()
}

fn end2end(path: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end")).join(path)
}

/// Returns a program of the Python packages, or says that a test is skipped.
#[expect(clippy::print_stderr, reason = "a skipped test prints a note")]
fn python_program(name: &str) -> Option<PathBuf> {
    let path = end2end(".venv/bin").join(name);
    if !path.exists() {
        eprintln!("skipped: {name} is missing; scripts/setup.sh test installs it where possible");
    }
    path.exists().then_some(path)
}

/// Runs a program, which must succeed, and returns what it printed.
fn succeed(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("it started");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (printed, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{printed}\n{errors}");
    printed
}

/// Runs a script of Node.js at a pool of its own. It must print the names of these checks.
fn run_script(name: &str, checks: &[&str]) {
    run(Command::new("node"), name, checks);
}

fn run(interpreter: Command, name: &str, checks: &[&str]) {
    run_at(&pool(), interpreter, name, checks);
}

fn run_at(pool: &Server, mut interpreter: Command, name: &str, checks: &[&str]) {
    let origin = pool.url.strip_suffix("/local_gazette").expect("an issuer");
    interpreter.arg(end2end("reference").join(name)).args([origin, SECRET]);
    let printed = succeed(&mut interpreter);
    let passed: Vec<_> = printed.lines().filter_map(|line| line.strip_prefix("ok   ")).collect();
    assert_eq!(passed, checks, "if packages are missing, run scripts/setup.sh test");
}

#[test]
fn amazon_cognito_identity_js_finds_a_user_pool() {
    run_script(
        "amazon-cognito-identity-js.mjs",
        &[
            "sign-up",
            "SRP sign-in",
            "refresh",
            "attributes",
            "SOFTWARE_TOKEN_MFA",
            "forgotten and changed password",
            "sign-out and deletion",
            "NEW_PASSWORD_REQUIRED",
        ],
    );
}

#[test]
fn aws_amplify_finds_a_user_pool() {
    run_script(
        "aws-amplify.mjs",
        &[
            "sign-up",
            "SRP sign-in",
            "refresh",
            "attributes",
            "SOFTWARE_TOKEN_MFA and changed password",
            "reset password",
            "sign-out and deletion",
        ],
    );
}

#[test]
fn openid_client_finds_an_openid_provider() {
    run_script(
        "openid-client.mjs",
        &[
            "code with PKCE",
            "userInfo",
            "refresh",
            "max_age",
            "prompt",
            "revocation",
            "a code is good once",
            "end of the session",
        ],
    );
}

#[test]
fn auth_js_signs_in_with_its_cognito_provider() {
    run_script("auth-js.mjs", &["authorization request", "callback", "session"]);
}

#[test]
fn aws_jwt_verify_takes_the_tokens_of_its_client_only() {
    let checks = ["an access token of the client", "other tokens are refused"];
    run_script("token-verifier.mjs", &checks);
}

#[test]
fn pycognito_finds_a_user_pool() {
    let Some(python) = python_program("python") else { return };
    let checks = [
        "sign-up",
        "SRP sign-in",
        "refresh",
        "attributes",
        "SOFTWARE_TOKEN_MFA",
        "forgotten and changed password",
        "sign-out and deletion",
    ];
    run(Command::new(python), "pycognito_client.py", &checks);
}

#[test]
fn authlib_signs_in_with_the_table_of_the_guide() {
    let Some(python) = python_program("python") else { return };
    let checks = ["authorization request", "callback", "userInfo"];
    run_at(&pool_of_the_table(), Command::new(python), "authlib_client.py", &checks);
}

/// boto3 calls every operation and compares each answer with botocore's model of the service;
/// pycognito signs in by proving the password.
#[tokio::test(flavor = "multi_thread")]
async fn boto3_and_pycognito_find_a_user_pool() {
    let Some(python) = python_program("python") else { return };
    let client = "spa=http://localhost:5173/";
    let settings = |settings: &mut Variables| settings.set("GAZETTE_POOL_CLIENT", client);
    let world = World::by_system_clock(settings).await;
    let mut command = Command::new(python);
    command.arg(end2end("reference/user_pool.py")).arg(&world.pool_origin).arg("spa");
    tokio::task::spawn_blocking(move || succeed(&mut command)).await.expect("it ran");
}

/// Runs `examples/tutorial.sh` with the AWS CLI at a site of its own.
async fn walk(token: &str, token_use: Option<&str>) {
    let Some(aws) = python_program("aws") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = serving(folder.path());
    command.envs(token_use.map(|value| ("GAZETTE_TOKEN_USE", value)));
    let (process, url) = start(&mut command);
    let site = Server { process, url, _folder: folder };
    let no_redirects = reqwest::redirect::Policy::none();
    let browser = reqwest::Client::builder().redirect(no_redirects).build().expect("a client");
    let login = format!("{}/auth/login", site.url);
    let answer = browser.get(login).send().await.expect("an answer");
    let hosted_ui = answer.headers()["location"].to_str().expect("a URL");
    let pool = hosted_ui.split_once("/oauth2/").expect("the hosted UI").0;
    let mut command = Command::new("bash");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/tutorial.sh"));
    command.args([&site.url, pool]).env("AWS_CLI", aws).env("GAZETTE_TUTORIAL_TOKEN", token);
    let walked = tokio::task::spawn_blocking(move || succeed(&mut command));
    let printed = walked.await.expect("it ran");
    let deletions = printed.lines().filter(|line| line.starts_with("DELETE /news: "));
    assert_eq!(deletions.collect::<Vec<_>>(), ["DELETE /news: 403", "DELETE /news: 200"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_of_the_tutorials_passes_with_the_aws_cli() {
    walk("AccessToken", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_passes_with_id_tokens_where_they_are_accepted() {
    walk("IdToken", Some("access,id")).await;
}

/// The second command of the guide lists the client of its table.
#[test]
fn the_commands_and_the_table_of_the_guide_work() {
    let Some(aws) = python_program("aws") else { return };
    let pool = pool_of_the_table();
    let origin = pool.url.strip_suffix("/local_gazette").expect("an issuer");
    let code = guide_code("**AWS CLI and SDKs**", "sh").replace("http://localhost:4000", origin);
    let describe = "aws cognito-idp describe-user-pool-client --user-pool-id local_gazette \
                    --client-id shop";
    let mut command = Command::new("bash");
    let aws = aws.parent().expect("a folder").to_string_lossy().into_owned();
    command.arg("-euc").arg(format!("PATH={aws}:$PATH\n{code}\n{describe}"));
    let printed = succeed(command.env("AWS_PAGER", ""));
    assert!(printed.contains(r#""Username": "ada""#), "{printed}");
    assert!(printed.contains(&format!(r#""ClientSecret": "{SECRET}""#)), "{printed}");
}

/// Checks the pool row by row against what Cognito does, and replays captures of it. `make scoreboard`
/// sends the same to other pools.
#[test]
fn the_scoreboard_finds_no_difference_to_cognito() {
    let Some(python) = python_program("python") else { return };
    let pool = pool();
    let origin = pool.url.rsplit_once('/').expect("an issuer").0;
    let mut command = Command::new(python);
    command.arg(end2end("scoreboard/scoreboard.py")).args(["--ours", origin]);
    succeed(&mut command);
}
