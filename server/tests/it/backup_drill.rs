//! A backup of a site that keeps changing, and its restoration.

use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::import_pictures::png;
use crate::server_process::{gazette, serving, start};

/// Time between two writes: 50 a second.
const BETWEEN_WRITES: Duration = Duration::from_millis(20);
const WRITES_AT_ONCE: usize = 8;
/// One story in this many has a picture of its own.
const STORIES_OF_A_PICTURE: usize = 5;
const PATIENCE: Duration = Duration::from_mins(2);

/// A process that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A client program of an editor.
struct Editor {
    client: Client,
    site: String,
    token: String,
    /// Ids of the stories whose creation was acknowledged.
    acknowledged: Mutex<Vec<String>>,
    begun: AtomicUsize,
    is_over: AtomicBool,
}

impl Editor {
    async fn sign_in(site: String) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        let login = client.get(format!("{site}/auth/login")).send().await.expect("an answer");
        let hosted_ui = login.headers()["location"].to_str().expect("text");
        let pool = Url::parse(hosted_ui).expect("a URL").origin().ascii_serialization();
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": "gazettecli",
            "AuthParameters": { "USERNAME": "ed", "PASSWORD": "correct-horse-ed" },
        });
        let answer = client
            .post(pool)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth")
            .body(body.to_string());
        let answer: Value = answer.send().await.expect("an answer").json().await.expect("JSON");
        let token = answer["AuthenticationResult"]["AccessToken"].as_str().expect("a token");
        Self {
            client,
            site,
            token: token.to_owned(),
            acknowledged: Mutex::default(),
            begun: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        }
    }

    fn acknowledged(&self) -> Vec<String> {
        self.acknowledged.lock().expect("no panic before").clone()
    }

    async fn upload(&self, number: usize) -> Value {
        // A picture that nothing else has: the same bytes would be the same file.
        let (width, height) = (u32::try_from(number).expect("small") % 300 + 1, 20);
        let head = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"p.png\"\r\n\
                    content-type: image/png\r\n\r\n";
        let body = [head.as_bytes(), &png(width, height), b"\r\n--b--\r\n"].concat();
        let request = self.client.post(format!("{}/images", self.site)).bearer_auth(&self.token);
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        let answer = request.body(body).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED);
        answer.json().await.expect("JSON")
    }

    /// Publishes a story, and waits until the site acknowledges it.
    async fn publish(&self) {
        let number = self.begun.fetch_add(1, Ordering::SeqCst);
        let mut story = json!({
            "headline": format!("Drill {number}"),
            "body": "The store changes while it is copied.",
            "status": "published",
        });
        if number.is_multiple_of(STORIES_OF_A_PICTURE) {
            let picture = self.upload(number).await;
            story["image"] = json!({ "url": picture["url"], "alt": "A square." });
        }
        let request = self.client.post(format!("{}/news", self.site)).bearer_auth(&self.token);
        let answer = request.json(&story).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED);
        let story: Value = answer.json().await.expect("JSON");
        let id = story["id"].as_str().expect("an id").to_owned();
        self.acknowledged.lock().expect("no panic before").push(id);
    }

    /// Offers 50 stories a second until it is over.
    async fn publish_steadily(self: Arc<Self>) {
        let mut ticks = interval(BETWEEN_WRITES * u32::try_from(WRITES_AT_ONCE).expect("small"));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        while !self.is_over.load(Ordering::SeqCst) {
            ticks.tick().await;
            self.publish().await;
        }
    }

    async fn wait_until(&self, count: usize) {
        let mut ticks = interval(BETWEEN_WRITES);
        let enough = async {
            while self.acknowledged().len() < count {
                ticks.tick().await;
            }
        };
        timeout(PATIENCE, enough).await.expect("the site acknowledges stories");
    }
}

/// Returns the ids of the published stories; each of their pictures is there.
async fn read_all(site: &str) -> Vec<String> {
    let client = Client::new();
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let url = format!("{site}/news?limit=100{cursor}");
        let answer = client.get(&url).header("accept", "application/json").send().await;
        let page: Value = answer.expect("an answer").json().await.expect("JSON");
        for story in page["items"].as_array().expect("a list") {
            // The samples have pictures of the site's own files, which are not there.
            if let Some(path) =
                story["image"]["url"].as_str().filter(|url| url.contains("/images/"))
            {
                let url = Url::parse(site).expect("a URL").join(path).expect("a URL");
                let mut url = url;
                // The pictures of a restored site are at its own address.
                url.set_port(Url::parse(site).expect("a URL").port()).expect("a port");
                let picture = client.get(url.clone()).send().await.expect("an answer");
                assert_eq!(picture.status(), StatusCode::OK, "{url}");
            }
            ids.push(story["id"].as_str().expect("an id").to_owned());
        }
        let Some(next) = page["next_cursor"].as_str() else { return ids };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_50_writes_a_second_has_every_story_and_every_picture() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let file = folder.path().join("backup.tar");
    let mut first = serving(&one);
    first.args(["--pool-user", "ed:correct-horse-ed:editor"]).stderr(Stdio::null());
    let (server, url) = start(&mut first);
    let server = Server(server);
    let editor = Arc::new(Editor::sign_in(url).await);
    let writers: Vec<_> =
        (0..WRITES_AT_ONCE).map(|_| tokio::spawn(Arc::clone(&editor).publish_steadily())).collect();
    editor.wait_until(50).await;

    let before = editor.acknowledged();
    let mut backup = gazette();
    backup.arg("--data-dir").arg(one.join("data")).arg("backup").arg(&file);
    let done = tokio::task::spawn_blocking(move || backup.output()).await;
    let done = done.expect("ended").expect("the binary runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // The writes went on.
    editor.wait_until(before.len() + 50).await;
    editor.is_over.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("each story was acknowledged");
    }
    drop(server);

    let mut restore = gazette();
    restore.arg("--data-dir").arg(two.join("data")).arg("restore").arg(&file);
    let done = restore.output().expect("the binary runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let (server, url) = start(serving(&two).stderr(Stdio::null()));
    let _server = Server(server);
    let restored = read_all(&url).await;
    let missing: Vec<_> = before.iter().filter(|id| !restored.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?} of {}", before.len());
    // Nothing that was never acknowledged, except what was on its way.
    let known = editor.acknowledged();
    let drilled = restored.len() - restored.len().min(26);
    assert!(drilled <= known.len() + WRITES_AT_ONCE, "{drilled} of {}", known.len());
}
