//! The write API: permissions, validation, idempotency and preconditions.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::json;

use crate::browser::Browser;
use crate::world::{SITE, World, request};
use crate::writer::{Writer, id, json_of, story};

#[tokio::test]
async fn az_02_only_editors_write_and_the_body_cannot_set_the_author() {
    let world = World::peopled().await;
    let anonymous = request(Method::POST, "/news").header(CONTENT_TYPE, "application/json");
    let anonymous = anonymous.body(Body::from(story("No").to_string())).expect("a request");
    assert_eq!(world.send(anonymous).await.status, StatusCode::UNAUTHORIZED);
    let rhea = Writer::new(&world, "rhea").await;
    assert_eq!(rhea.post(&story("No")).await.status, StatusCode::FORBIDDEN);
    let unknown = "00000000-0000-7000-8000-000000000000";
    assert_eq!(rhea.put(unknown, "\"1\"", &story("No")).await.status, StatusCode::FORBIDDEN);
    let ada = Writer::new(&world, "ada").await;
    let mut named = story("Mine");
    named["author"] = json!("ed");
    assert_eq!(ada.post(&named).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ada.post(&story("Mine")).await.json()["authors"][0]["name"], "ada");
    assert_eq!(world.get("/news").await.json()["items"].as_array().expect("items").len(), 1);
}

#[tokio::test]
async fn csrf_03_a_browser_may_write_json_only_from_this_site() {
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
async fn invalid_fields_are_reported_by_name() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let missing = ed.post(&json!({})).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(missing.json()["fields"]["body"], "must not be empty");
    assert!(missing.json()["fields"]["headline"].as_str().expect("a message").contains("empty"));
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
    assert!(
        unknown.json()["message"].as_str().expect("text").starts_with("Unknown field `colour`.")
    );
    assert_eq!(unknown.json()["fields"], json!({ "colour": "is unknown" }));
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
async fn f_12_a_repeated_request_returns_the_first_response() {
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
    let other_user = ada.send(Method::POST, "/news", &key, &story("Once")).await;
    assert_ne!(other_user.json()["id"], first.json()["id"], "keys are separate for each user");
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
async fn f_36_a_change_must_name_the_current_version() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let created = ed.post(&story("First")).await;
    let id = id(&created);
    let path = format!("/news/{id}");
    let missing = ed.send(Method::PUT, &path, &[], &story("Second")).await;
    assert_eq!(missing.status, StatusCode::PRECONDITION_REQUIRED);
    for stale in ["\"9\"", "W/\"1\"", "nonsense", "\"\""] {
        let response = ed.put(&id, stale, &story("Second")).await;
        assert_eq!(response.status, StatusCode::PRECONDITION_FAILED, "{stale}");
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
    assert_eq!(ed.put(&id, "*", &story("Any version")).await.json()["version"], 3);
    let unknown = "00000000-0000-7000-8000-000000000000";
    assert_eq!(ed.put(unknown, "*", &story("No")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ed.put("nonsense", "*", &story("No")).await.status, StatusCode::BAD_REQUEST);
    let ada = Writer::new(&world, "ada").await;
    ada.send(Method::DELETE, &path, &[], &json!(null)).await;
    assert_eq!(ed.put(&id, "\"4\"", &story("No")).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn f_12_a_repeated_request_for_a_deleted_story_is_a_conflict_without_its_text() {
    let world = World::peopled().await;
    let (ed, ada) = (Writer::new(&world, "ed").await, Writer::new(&world, "ada").await);
    let key = [("idempotency-key", "once")];
    let secret = json!({ "headline": "Once", "body": "Words of the deleted story." });
    let first = ed.send(Method::POST, "/news", &key, &secret).await;
    let path = format!("/news/{}", id(&first));
    assert!(ada.send(Method::DELETE, &path, &[], &json!(null)).await.status.is_success());
    let again = ed.send(Method::POST, "/news", &key, &secret).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    assert!(!again.body.contains("Words") && again.body.contains("Idempotency-Key"));
    assert!(!again.headers.contains_key("location"));
}

#[tokio::test]
async fn editorial_checks_warn_and_refuse_only_when_asked() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let clean = ed.post(&story("Clean")).await;
    assert!(clean.json().get("warnings").is_none(), "{}", clean.body);
    let mut doubtful = story("Doubtful");
    doubtful["body"] = json!("It rose TK metres. ![](/pictures/a.jpg) [more](/news/nothing)");
    let created = ed.post(&doubtful).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let warnings = created.json()["warnings"].as_array().expect("warnings").clone();
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings.iter().all(|it| it["field"] == "body" && it["message"].is_string()));
    // The tag is that of the story, which has no warnings.
    let (tag, id) = (created.header("etag").to_owned(), id(&created));
    let path = "/news?checks=editorial";
    let refused = ed.send(Method::POST, path, &[], &doubtful).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.json()["fields"]["body"].as_str().expect("text").contains("TK"));
    assert_eq!(ed.send(Method::POST, path, &[], &story("Fine")).await.status, StatusCode::CREATED);
    let put = format!("/news/{id}?checks=editorial");
    let headers = [("if-match", tag.as_str())];
    let refused = ed.send(Method::PUT, &put, &headers, &json!({ "headline": "Still" })).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    let warned = ed.put(&id, &tag, &json!({ "headline": "Still" })).await;
    assert_eq!(warned.status, StatusCode::OK, "{}", warned.body);
    assert_eq!(warned.json()["warnings"].as_array().map(Vec::len), Some(3));
    let tag = warned.header("etag").to_owned();
    let headers = [("if-match", tag.as_str())];
    let mended = ed.send(Method::PUT, &put, &headers, &json!({ "body": "Two metres." })).await;
    assert_eq!(mended.status, StatusCode::OK, "{}", mended.body);
    assert!(mended.json().get("warnings").is_none());
    // Drafts may be unfinished.
    doubtful["status"] = json!("draft");
    let draft = ed.send(Method::POST, path, &[], &doubtful).await;
    assert_eq!(draft.status, StatusCode::CREATED, "{}", draft.body);
    assert!(draft.json().get("warnings").is_none());
    for query in ["checks=all", "checks=", "check=editorial"] {
        let answer = ed.send(Method::POST, &format!("/news?{query}"), &[], &story("X")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_compressed_body_is_415() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    for (encoding, status) in [("gzip", 415), ("br", 415), ("identity", 201)] {
        let headers = [("content-encoding", encoding)];
        let answer = ed.send(Method::POST, "/news", &headers, &story(encoding)).await;
        assert_eq!(answer.status.as_u16(), status, "{encoding}: {}", answer.body);
    }
}

#[tokio::test]
async fn an_editor_reads_a_published_story_as_it_was_written() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let mut ending = story("Ending");
    ending["unpublish_at"] = json!("2090-01-01T00:00:00Z");
    let written = ed.post(&ending).await;
    let json = [("accept", "application/json")];
    let read = ed.send(Method::GET, "/news/ending", &json, &json!(null)).await;
    assert_eq!((read.json(), read.header("etag")), (written.json(), written.header("etag")));
    assert_eq!(read.header("cache-control"), "private, no-store");
    assert_eq!(read.json()["unpublish_at"], "2090-01-01T00:00:00Z");
    // A reader gets what readers get.
    let rhea = Writer::new(&world, "rhea").await;
    let rhea = rhea.send(Method::GET, "/news/ending", &json, &json!(null)).await.json();
    assert_eq!(rhea, json_of(&world, "/news/ending").await.json());
    assert!(rhea.get("unpublish_at").is_none());
    assert_eq!(ed.put(&id(&written), read.header("etag"), &ending).await.status, StatusCode::OK);
}
