//! Writing news as a program: who may, what is refused and how, and that no change is lost.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{Answer, SITE, World, request};

/// Somebody with a token who writes.
struct Writer<'w> {
    world: &'w World,
    token: String,
}

impl<'w> Writer<'w> {
    async fn new(world: &'w World, name: &str) -> Self {
        Self { world, token: world.access_token(name).await }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request = request(method, path)
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.world.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    async fn post(&self, body: &Value) -> Answer {
        self.send(Method::POST, "/news", &[], body).await
    }

    async fn put(&self, id: &str, tag: &str, body: &Value) -> Answer {
        self.send(Method::PUT, &format!("/news/{id}"), &[("if-match", tag)], body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.bearer(Method::GET, path, &self.token).await
    }
}

fn story(headline: &str) -> Value {
    json!({ "headline": headline, "body": "One two three." })
}

async fn json_of(world: &World, path: &str) -> Answer {
    let request = request(Method::GET, path).header("accept", "application/json");
    world.send(request.body(Body::empty()).expect("a request")).await
}

fn id(answer: &Answer) -> String {
    answer.json()["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn an_editor_publishes_and_corrects() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let created = ed
        .post(&json!({
            "headline": "  The  bridge is open ", "body": "It *is*.", "section": "City",
            "tags": ["Rivers", "Traffic"],
        }))
        .await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    assert_eq!(created.header("location"), format!("{SITE}/news/the-bridge-is-open"));
    assert_eq!(created.header("cache-control"), "private, no-store");
    let story = created.json();
    assert_eq!(story["headline"], "The bridge is open");
    assert_eq!(story["summary"], "It is.");
    assert_eq!(story["author"]["name"], "ed");
    assert_eq!((&story["version"], &story["status"]), (&json!(1), &json!("published")));
    assert_eq!(story["html"], "<p>It <em>is</em>.</p>\n");
    assert_eq!(
        world.get("/news?section=city&tag=rivers").await.json()["items"][0]["id"],
        story["id"]
    );

    let id = id(&created);
    let shown = json_of(&world, "/news/the-bridge-is-open").await;
    let correction = json!({ "headline": "The bridge is closed", "body": "It is not." });
    let put = ed.put(&id, shown.header("etag"), &correction).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.body);
    let corrected = put.json();
    assert_eq!((&corrected["version"], &corrected["slug"]), (&json!(2), &story["slug"]));
    assert_eq!((&corrected["section"], &corrected["tags"]), (&story["section"], &story["tags"]));
    let shown = json_of(&world, "/news/the-bridge-is-open").await.json();
    assert_eq!(shown["headline"], "The bridge is closed");
    let same = ed.put(&id, put.header("etag"), &correction).await.json();
    assert_eq!(same["version"], 2, "an edit that changes nothing is no new version");
}

#[tokio::test]
async fn what_a_change_leaves_away_stays_and_a_made_summary_follows_the_body() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let draft = json!({ "headline": "Begun", "body": "First words.", "status": "draft" });
    let created = ed.post(&draft).await;
    let id = id(&created);
    let published = ed.put(&id, "\"1\"", &json!({ "status": "published" })).await.json();
    assert_eq!(
        (&published["headline"], &published["status"]),
        (&json!("Begun"), &json!("published"))
    );
    let other = ed.put(&id, "\"2\"", &json!({ "body": "Entirely new words." })).await.json();
    assert_eq!(other["summary"], "Entirely new words.");
    let own = json!({ "summary": "In a word." });
    assert_eq!(ed.put(&id, "\"3\"", &own).await.json()["summary"], "In a word.");
    let again = ed.put(&id, "\"4\"", &json!({ "body": "Newer words." })).await.json();
    assert_eq!((&again["summary"], &again["version"]), (&json!("In a word."), &json!(5)));
    let empty = ed.put(&id, "\"5\"", &json!({ "headline": "" })).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let withdrawn = ed.put(&id, "\"5\"", &json!({ "status": "draft" })).await;
    assert_eq!(withdrawn.status, StatusCode::OK);
    let mut ada = Browser::signed_in(&world, "ada").await;
    let log = ada.get("/desk/audit").await.body;
    for (action, times) in [("created", 1), ("published", 1), ("updated", 3), ("withdrawn", 1)] {
        assert_eq!(log.matches(&format!(">{action}<")).count(), times, "{action}");
    }
}

#[tokio::test]
async fn az_02_only_editors_write_and_the_author_is_never_taken_from_the_body() {
    let world = World::peopled().await;
    let anonymous = request(Method::POST, "/news").header(CONTENT_TYPE, "application/json");
    let anonymous = anonymous.body(Body::from(story("No").to_string())).expect("a request");
    assert_eq!(world.send(anonymous).await.status, StatusCode::UNAUTHORIZED);
    let rhea = Writer::new(&world, "rhea").await;
    assert_eq!(rhea.post(&story("No")).await.status, StatusCode::FORBIDDEN);
    let nobody = "00000000-0000-7000-8000-000000000000";
    assert_eq!(rhea.put(nobody, "\"1\"", &story("No")).await.status, StatusCode::FORBIDDEN);
    let ada = Writer::new(&world, "ada").await;
    let mut named = story("Mine");
    named["author"] = json!("ed");
    assert_eq!(ada.post(&named).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ada.post(&story("Mine")).await.json()["author"]["name"], "ada");
    assert_eq!(world.get("/news").await.json()["items"].as_array().expect("items").len(), 1);
}

#[tokio::test]
async fn csrf_03_a_browser_writes_json_from_this_site_only() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let body = story("By cookie").to_string();
    let headers = [("content-type", "application/json"), ("origin", "https://evil.example")];
    let foreign = ed.send(Method::POST, "/news", &headers, &body).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let form = [("content-type", "text/plain"), ("origin", SITE)];
    let plain = ed.send(Method::POST, "/news", &form, &body).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let ours = [("content-type", "application/json"), ("origin", SITE)];
    assert_eq!(ed.send(Method::POST, "/news", &ours, &body).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_cannot_be_saved_is_told_by_field() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let missing = ed.post(&json!({})).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(missing.json()["fields"]["body"], "must not be empty");
    assert!(missing.json()["fields"]["headline"].as_str().expect("a fault").contains("empty"));
    let wrong = json!({
        "headline": 7, "body": ["x"], "tags": "x", "publish_at": "soon", "status": "live",
        "slug": "No Slug", "section": "?",
    });
    let wrong = ed.post(&wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = wrong.json()["fields"].as_object().expect("fields").clone();
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    assert_eq!(names, ["body", "headline", "publish_at", "slug", "status", "tags"]);
    let mut unknown = story("X");
    unknown["colour"] = json!("red");
    let unknown = ed.post(&unknown).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.json()["message"].as_str().expect("text").starts_with("colour is no field"));
    let mut deep = story("Deep");
    deep["body"] = json!("> ".repeat(5_000));
    assert!(ed.post(&deep).await.json()["fields"]["body"].is_string());
    for (body, status) in [
        ("{".to_owned(), StatusCode::BAD_REQUEST),
        ("[]".to_owned(), StatusCode::BAD_REQUEST),
        ("\u{1}".to_owned(), StatusCode::BAD_REQUEST),
        (format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000)), StatusCode::BAD_REQUEST),
        (" ".repeat(1024 * 1024 + 1), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let sent = request(Method::POST, "/news")
            .header(AUTHORIZATION, format!("Bearer {}", ed.token))
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .expect("a request");
        assert_eq!(world.send(sent).await.status, status);
    }
    assert_eq!(world.get("/news").await.json()["items"], json!([]));
}

#[tokio::test]
async fn f_12_the_same_request_again_finds_the_first_answer() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let key = [("idempotency-key", "7f1c-retry")];
    let first = ed.send(Method::POST, "/news", &key, &story("Once")).await;
    let again = ed.send(Method::POST, "/news", &key, &story("Once")).await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!((first.json(), first.header("location")), (again.json(), again.header("location")));
    let other = ed.send(Method::POST, "/news", &key, &story("Another")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ada = Writer::new(&world, "ada").await;
    let listed = world.get("/news").await.json()["items"].as_array().expect("items").len();
    assert_eq!(listed, 1);
    let hers = ada.send(Method::POST, "/news", &key, &story("Once")).await;
    assert_ne!(hers.json()["id"], first.json()["id"], "a key belongs to whoever used it");
    let key = [("idempotency-key", "many at once")];
    let bad = ed.send(Method::POST, "/news", &key, &story("Once")).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let many = story("Many");
    let mut tasks = Vec::new();
    for _ in 0..20 {
        tasks.push(ed.send(Method::POST, "/news", &[("idempotency-key", "many")], &many));
    }
    let mut ids = Vec::new();
    for answer in join_all(tasks).await {
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        ids.push(id(&answer));
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn f_36_a_change_names_the_version_it_is_meant_for() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let created = ed.post(&story("First")).await;
    let id = id(&created);
    let path = format!("/news/{id}");
    let missing = ed.send(Method::PUT, &path, &[], &story("Second")).await;
    assert_eq!(missing.status, StatusCode::PRECONDITION_REQUIRED);
    for stale in ["\"9\"", "W/\"1\"", "nonsense", "\"\""] {
        let refused = ed.put(&id, stale, &story("Second")).await;
        assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED, "{stale}");
    }
    let tag = created.header("etag").to_owned();
    let writers = (0..10).map(|number| {
        let (ed, id, tag) = (&ed, &id, &tag);
        async move { ed.put(id, tag, &story(&format!("By {number}"))).await.status }
    });
    let mut statuses = join_all(writers).await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], StatusCode::OK);
    assert!(statuses[1..].iter().all(|status| *status == StatusCode::PRECONDITION_FAILED));
    assert_eq!(ed.put(&id, "*", &story("Whatever it was")).await.json()["version"], 3);
    let nobody = "00000000-0000-7000-8000-000000000000";
    assert_eq!(ed.put(nobody, "*", &story("No")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ed.put("nonsense", "*", &story("No")).await.status, StatusCode::BAD_REQUEST);
    let ada = Writer::new(&world, "ada").await;
    ada.send(Method::DELETE, &path, &[], &json!(null)).await;
    assert_eq!(ed.put(&id, "\"4\"", &story("No")).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn drafts_and_scheduled_stories_are_seen_by_the_newsroom_alone() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let rhea = Writer::new(&world, "rhea").await;
    let mut draft = story("Not yet");
    draft["status"] = json!("draft");
    let draft = ed.post(&draft).await;
    assert_eq!(draft.json()["status"], "draft");
    let in_an_hour = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3600);
    let mut ahead = story("Later");
    ahead["publish_at"] = json!(in_an_hour.to_string());
    let ahead = ed.post(&ahead).await;
    assert_eq!(ahead.json()["status"], "scheduled");
    assert_eq!(world.get("/news").await.json()["items"], json!([]));
    for path in ["/news/not-yet", "/news/later"] {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(rhea.get(path).await.status, StatusCode::NOT_FOUND);
        let preview = ed.get(path).await;
        assert_eq!(preview.status, StatusCode::OK);
        assert_eq!(preview.header("cache-control"), "private, no-store");
    }
    let mut patch = story("Not yet");
    patch["status"] = json!("published");
    let published = ed.put(&id(&draft), draft.header("etag"), &patch).await;
    assert_eq!(published.json()["status"], "published");
    assert_eq!(world.get("/news").await.json()["items"][0]["slug"], "not-yet");
    world.pass(3600);
    assert_eq!(world.get("/news").await.json()["items"][0]["slug"], "later");
    patch["status"] = json!("draft");
    let withdrawn = ed.put(&id(&draft), published.header("etag"), &patch).await;
    assert_eq!(withdrawn.json()["status"], "draft");
    assert_eq!(world.get("/news/not-yet").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn old_addresses_lead_to_the_new_one() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    ed.post(&story("Taken")).await;
    let created = ed.post(&story("First name")).await;
    let id = id(&created);
    let mut moved = story("First name");
    for (slug, status) in
        [("taken", 422), ("second-name", 200), ("third", 200), ("first-name", 200)]
    {
        moved["slug"] = json!(slug);
        let put = ed.put(&id, "*", &moved).await;
        assert_eq!(put.status.as_u16(), status, "{slug}: {}", put.body);
    }
    assert_eq!(world.get("/news/first-name").await.status, StatusCode::OK);
    for old in ["second-name", "third"] {
        let old = world.get(&format!("/news/{old}")).await;
        assert_eq!(old.status, StatusCode::MOVED_PERMANENTLY);
        assert_eq!(old.header("location"), "/news/first-name");
    }
}
