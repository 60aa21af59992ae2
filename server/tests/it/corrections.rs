//! Corrections: the API, the newsroom's form, and what readers see.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{SITE, TestResponse, World};
use crate::writer::{Writer, id, json_of, story};

async fn correct(
    by: &Writer<'_>,
    id: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> TestResponse {
    by.send(Method::POST, &format!("/news/{id}/corrections"), headers, body).await
}

fn text(text: &str) -> Value {
    json!({ "text": text })
}

/// Returns the JSON-LD of a story's page.
fn structured_data(page: &str) -> Value {
    let data = page.split("application/ld+json\">").nth(1).expect("JSON-LD");
    serde_json::from_str(data.split("</script>").next().expect("its end")).expect("JSON")
}

#[tokio::test]
async fn a_correction_is_on_the_story_on_the_page_of_all_and_in_the_data() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let created = ed.post(&story("The bridge is open")).await;
    let id = id(&created);
    let before = json_of(&world, "/news/the-bridge-is-open").await;
    assert_eq!(before.json()["corrections"], json!([]));
    assert!(world.page("/corrections").await.body.contains("No corrections yet."));
    world.pass(60);
    let answer = correct(&ed, &id, &[], &text(" It is <b>closed</b>.\r\nSorry. ")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.header("location"), format!("{SITE}/news/the-bridge-is-open#corrections"));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let correction = answer.json()["corrections"][0].clone();
    assert_eq!(correction["text"], "It is <b>closed</b>.\nSorry.");
    assert_eq!((&answer.json()["id"], &answer.json()["version"]), (&json!(id), &json!(2)));

    let shown = json_of(&world, "/news/the-bridge-is-open").await;
    assert_eq!(shown.json()["corrections"], json!([correction]));
    assert_ne!(shown.header("etag"), before.header("etag"));
    assert!(shown.json()["updated_at"].as_str() > before.json()["updated_at"].as_str());
    let page = world.page("/news/the-bridge-is-open").await.body;
    assert!(page.contains("id=\"corrections\"") && page.contains("href=\"#corrections\""));
    assert!(page.contains("It is &lt;b&gt;closed&lt;/b&gt;."), "{page}");
    let data = structured_data(&page);
    assert_eq!(data["correction"][0]["@type"], "CorrectionComment");
    assert_eq!(data["correction"][0]["datePublished"], correction["at"]);
    assert_eq!(data["correction"][0]["text"], correction["text"]);
    assert_eq!(data["dateModified"], shown.json()["updated_at"]);
    let all = world.page("/corrections").await;
    assert!(all.header("cache-control").starts_with("public"));
    assert!(all.body.contains("href=\"/news/the-bridge-is-open#corrections\""), "{}", all.body);
    assert!(world.page("/").await.body.contains("href=\"/corrections\""), "the footer links to it");

    let put = ed.put(&id, answer.header("etag"), &json!({ "headline": "Closed" })).await;
    assert_eq!(put.status, StatusCode::OK, "the ETag is that of the new version: {}", put.body);
    assert_eq!(put.json()["corrections"], json!([correction]), "a new version keeps them");
    assert!(world.page("/corrections").await.body.contains(">Closed</a>"));
    let mut ada = Browser::signed_in(&world, "ada").await;
    assert!(ada.get("/desk/audit").await.body.contains(">Corrected<"));
}

#[tokio::test]
async fn az_02_only_editors_correct_and_only_what_readers_see() {
    let world = World::peopled().await;
    let (ed, rhea) = (Writer::new(&world, "ed").await, Writer::new(&world, "rhea").await);
    let published = id(&ed.post(&story("Out")).await);
    assert_eq!(correct(&rhea, &published, &[], &text("No")).await.status, StatusCode::FORBIDDEN);
    let path = format!("/news/{published}/corrections");
    let anonymous = world.anonymous(Method::POST, &path).await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
    let mut draft = story("Draft");
    draft["status"] = json!("draft");
    let mut later = story("Later");
    later["publish_at"] =
        json!((jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)).to_string());
    for hidden in [draft, later] {
        let answer = correct(&ed, &id(&ed.post(&hidden).await), &[], &text("x")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
        assert!(answer.json()["message"].as_str().expect("text").contains("published"));
    }
    let unknown = "00000000-0000-7000-8000-000000000000";
    assert_eq!(correct(&ed, unknown, &[], &text("x")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(correct(&ed, "nonsense", &[], &text("x")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_text_and_the_body_of_the_request_follow_rules() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let id = id(&ed.post(&story("Out")).await);
    for (body, message) in [
        (json!({}), "must not be empty"),
        (text(" \n"), "must not be empty"),
        (json!({ "text": 7 }), "must be text"),
        (text(&"a".repeat(2_001)), "at most 2000"),
        (text("a\u{202e}b"), "U+202E"),
        (text("a\0b"), "U+0000"),
    ] {
        let answer = correct(&ed, &id, &[], &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let field = answer.json()["fields"]["text"].as_str().expect("a message").to_owned();
        assert!(field.contains(message), "{field}");
    }
    let extra = correct(&ed, &id, &[], &json!({ "text": "x", "at": "now" })).await;
    assert_eq!(extra.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(extra.json()["message"], "Unknown field `at`. Allowed: text.");
    for number in 0..50 {
        let answer = correct(&ed, &id, &[], &text(&format!("No. {number}"))).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{number}");
    }
    let answer = correct(&ed, &id, &[], &text("One more")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("50 corrections"), "{}", answer.body);
    let first = world.page("/corrections").await.body;
    let next = first.split("rel=\"next\" href=\"").nth(1).expect("an older page");
    let next = next.split('"').next().expect("a quote");
    let second = world.page(next).await.body;
    assert!(first.contains("No. 30<") && second.contains("No. 29<"), "{second}");
    assert!(second.contains("noindex"));
}

#[tokio::test]
async fn f_12_f_36_a_correction_can_be_repeated_and_meant_for_a_version() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let created = ed.post(&story("Out")).await;
    let id = id(&created);
    let key = [("idempotency-key", "one")];
    let first = correct(&ed, &id, &key, &text("Once")).await;
    let again = correct(&ed, &id, &key, &text("Once")).await;
    assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.json()));
    let other = correct(&ed, &id, &key, &text("Other")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stale = [("if-match", created.header("etag"))];
    let stale = correct(&ed, &id, &stale, &text("Stale")).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let current = [("if-match", first.header("etag"))];
    let answer = correct(&ed, &id, &current, &text("Current")).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.json()["corrections"].as_array().expect("a list").len(), 2);
}

#[tokio::test]
async fn corrections_disappear_and_come_back_with_their_story() {
    let world = World::peopled().await;
    let (ed, ada) = (Writer::new(&world, "ed").await, Writer::new(&world, "ada").await);
    let created = ed.post(&story("Out")).await;
    let id = id(&created);
    correct(&ed, &id, &[], &text("A slip of the pen.")).await;
    let is_listed = async || world.page("/corrections").await.body.contains("A slip of the pen.");
    assert!(is_listed().await);
    ed.put(&id, "*", &json!({ "status": "draft" })).await;
    assert!(!is_listed().await);
    ed.put(&id, "*", &json!({ "status": "published" })).await;
    assert!(is_listed().await);
    ada.send(Method::DELETE, &format!("/news/{id}"), &[], &json!(null)).await;
    assert!(!is_listed().await);
    world
        .desk
        .restore(&crate::world::admin(), &[id.parse().expect("an id")])
        .await
        .expect("restored");
    assert!(is_listed().await);
    ada.send(Method::DELETE, &format!("/news/{id}"), &[], &json!(null)).await;
    world.desk.erase(&crate::world::admin(), &gazette_domain::Erasure::All).await.expect("emptied");
    assert!(!world.table.everything().await.contains("slip of the pen"), "erased for good");
}

#[tokio::test]
async fn editors_correct_with_a_form_that_loses_nothing() {
    let world = World::peopled().await;
    let writer = Writer::new(&world, "ed").await;
    let id = id(&writer.post(&story("Out")).await);
    let path = format!("/desk/{id}/corrections");
    let mut ed = Browser::signed_in(&world, "ed").await;
    let form = ed.get(&path).await;
    assert!(form.body.contains("name=\"text\"") && form.body.contains("Publish correction"));
    let key = form.body.split("name=\"key\" value=\"").nth(1).expect("a key");
    let key = key.split('"').next().expect("a quote").to_owned();
    let bad = "%0A</textarea><script>alert(1)</script>%26amp;".to_owned() + &"x".repeat(2_000);
    let refused = ed.post(&path, &format!("key={key}&text={bad}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("aria-invalid=\"true\""), "{}", refused.body);
    let typed = "\n\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;";
    assert!(refused.body.contains(typed) && !refused.body.contains("<script>alert"));
    for _ in 0..2 {
        let sent = ed.post(&path, &format!("key={key}&text=It+was+closed.")).await;
        assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    }
    let after = ed.get(&path).await.body;
    assert!(after.contains("Correction published."));
    let shown = json_of(&world, "/news/out").await.json();
    assert_eq!(shown["corrections"].as_array().expect("a list").len(), 1, "sent twice, added once");
    writer.put(&id, "*", &json!({ "status": "draft" })).await;
    let key = "another";
    let late = ed.post(&path, &format!("key={key}&text=Too+late")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("Too late"), "what was typed is still there");
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    assert_eq!(rhea.get(&path).await.status, StatusCode::FORBIDDEN);
}
