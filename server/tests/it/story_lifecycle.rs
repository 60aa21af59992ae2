//! The life of a story: drafts, scheduling, corrections and changed slugs.

use axum::http::{Method, StatusCode};
use gazette_domain::{StoryInput, SystemTask};
use jiff::Timestamp;
use serde_json::json;

use crate::browser::Browser;
use crate::world::{SITE, World};
use crate::writer::{Writer, id, json_of, story};

#[tokio::test]
async fn an_editor_publishes_and_corrects_a_story() {
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
    assert_eq!(story["authors"][0]["name"], "ed");
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
    assert_eq!(same["version"], 2, "an update that changes nothing keeps the version");
}

#[tokio::test]
async fn omitted_fields_stay_and_a_generated_summary_follows_the_body() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let draft = json!({ "headline": "Begun", "body": "First words.", "status": "draft" });
    let created = ed.post(&draft).await;
    let id = id(&created);
    let published = ed.put(&id, "*", &json!({ "status": "published" })).await.json();
    assert_eq!(
        (&published["headline"], &published["status"]),
        (&json!("Begun"), &json!("published"))
    );
    let other = ed.put(&id, "*", &json!({ "body": "Entirely new words." })).await.json();
    assert_eq!(other["summary"], "Entirely new words.");
    let own = json!({ "summary": "In a word." });
    assert_eq!(ed.put(&id, "*", &own).await.json()["summary"], "In a word.");
    let again = ed.put(&id, "*", &json!({ "body": "Newer words." })).await.json();
    assert_eq!((&again["summary"], &again["version"]), (&json!("In a word."), &json!(5)));
    let empty = ed.put(&id, "*", &json!({ "headline": "" })).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let withdrawn = ed.put(&id, "*", &json!({ "status": "draft" })).await;
    assert_eq!(withdrawn.status, StatusCode::OK);
    let mut ada = Browser::signed_in(&world, "ada").await;
    let activity = ada.get("/desk/audit").await.body;
    for (verb, times) in [("created", 1), ("published", 1), ("changed", 3), ("unpublished", 1)] {
        let sentence = format!("<b><bdi>ed</bdi></b> {verb} ");
        assert_eq!(activity.matches(&sentence).count(), times, "{verb}: {activity}");
    }
}

#[tokio::test]
async fn activity_tells_the_tasks_of_the_system_from_each_other_and_from_users() {
    let world = World::peopled().await;
    world.publish(1).await;
    let imported = StoryInput::new("Imported", "Text.", Timestamp::now());
    world.operator.publish(SystemTask::Import, imported).await.expect("published");
    let mut ada = Browser::signed_in(&world, "ada").await;
    let activity = ada.get("/desk/audit").await.body;
    for task in ["import", "setup"] {
        assert!(activity.contains(&format!("<em>System ({task})</em>")), "{activity}");
    }
    assert!(activity.contains("<dt>Version</dt><dd>1</dd>"), "{activity}");
}

#[tokio::test]
async fn drafts_and_scheduled_stories_are_visible_to_the_newsroom_only() {
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
async fn old_slugs_redirect_to_the_current_one() {
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

#[tokio::test]
async fn a_scheduled_story_leaves_no_trace_for_readers() {
    let world = World::peopled().await;
    let (ed, ada) = (Writer::new(&world, "ed").await, Writer::new(&world, "ada").await);
    let mut ahead = story("Secret deal");
    let in_an_hour = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3600);
    ahead["publish_at"] = json!(in_an_hour.to_string());
    ahead["section"] = json!("Project Zeus");
    ahead["tags"] = json!(["Olympus"]);
    let ahead = ed.post(&ahead).await;
    let pages = ["/section/project-zeus", "/tag/olympus", "/author/ed", "/news/secret-deal"];
    let hidden = async |when: &str| {
        for path in pages {
            assert_eq!(world.page(path).await.status, StatusCode::NOT_FOUND, "{path} {when}");
        }
        for path in ["/", "/news", "/section/none"] {
            assert!(!world.page(path).await.body.contains("Zeus"), "{path} {when}");
        }
    };
    hidden("before its time").await;
    world.pass(3600);
    world.operator.sync_with_log().await.expect("checked");
    for path in pages {
        assert_eq!(world.page(path).await.status, StatusCode::OK, "{path}");
    }
    assert!(world.page("/").await.body.contains("Project Zeus"));
    let path = format!("/news/{}", id(&ahead));
    assert!(ada.send(Method::DELETE, &path, &[], &json!(null)).await.status.is_success());
    assert_eq!(world.get("/news/secret-deal").await.status, StatusCode::GONE);
    assert_eq!(world.page("/section/project-zeus").await.status, StatusCode::NOT_FOUND);
    assert!(!world.page("/").await.body.contains("Project Zeus"));
}

#[tokio::test]
async fn a_draft_that_was_never_public_is_not_found_before_and_after_its_deletion() {
    let world = World::peopled().await;
    let (ed, ada) = (Writer::new(&world, "ed").await, Writer::new(&world, "ada").await);
    let mut draft = story("Secret");
    draft["status"] = json!("draft");
    let draft = ed.post(&draft).await;
    let unknown = world.page("/news/absent").await;
    assert_eq!(world.page("/news/secret").await.status, StatusCode::NOT_FOUND);
    let path = format!("/news/{}", id(&draft));
    assert!(ada.send(Method::DELETE, &path, &[], &json!(null)).await.status.is_success());
    let deleted = world.page("/news/secret").await;
    assert_eq!(deleted.status, StatusCode::NOT_FOUND);
    assert_eq!(deleted.body.len(), unknown.body.len(), "the pages do not differ");
    assert_eq!(ed.get("/news/secret").await.status, StatusCode::GONE);
}
