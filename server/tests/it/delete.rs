//! Deletion: permissions, selections and what readers see afterwards.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Browser;
use crate::trash::finished;
use crate::world::{World, request};

#[tokio::test]
async fn az_01_only_an_admin_deletes() {
    let world = World::peopled().await;
    world.publish(2).await;
    let anonymous = world.anonymous(Method::DELETE, "/news").await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
    assert_eq!(anonymous.body, r#"{"message":"Unauthorized"}"#);
    assert_eq!(anonymous.header("www-authenticate"), "Bearer");
    for name in ["rhea", "ed"] {
        let token = world.access_token(name).await;
        for path in ["/news", "/news?ids=nonsense", "/news/nonsense"] {
            let response = world.bearer(Method::DELETE, path, &token).await;
            assert_eq!(response.status, StatusCode::FORBIDDEN, "{name} {path}");
            assert_eq!(response.body, r#"{"message":"Forbidden"}"#);
            let challenge = response.header("www-authenticate");
            assert_eq!(challenge, r#"Bearer error="insufficient_scope""#);
        }
        assert_eq!(world.bearer(Method::GET, "/news", &token).await.status, StatusCode::OK);
    }
    assert_eq!(world.get("/news").await.json()["items"].as_array().expect("items").len(), 2);
    let token = world.access_token("ada").await;
    let deleted = world.bearer(Method::DELETE, "/news", &token).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (StatusCode::OK, r#"{"deleted":2}"#));
    assert_eq!(world.get("/news").await.json(), json!({ "items": [], "next_cursor": null }));
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::GONE);
    let gone = world.get("/news/story-0").await.json();
    assert_eq!(gone, json!({ "message": "Gone", "removed_at": gone["removed_at"] }));
}

#[tokio::test]
async fn stories_are_deleted_by_id() {
    let world = World::peopled().await;
    world.publish(4).await;
    let listing = world.get("/news").await.json();
    let id = |at: usize| listing["items"][at]["id"].as_str().expect("an id").to_owned();
    let token = world.access_token("ada").await;
    let delete = |path: String| {
        let (world, token) = (&world, &token);
        async move { world.bearer(Method::DELETE, &path, token).await }
    };
    let two = delete(format!("/news?ids={},{}", id(0), id(2))).await;
    assert_eq!(two.body, r#"{"deleted":2}"#);
    let again = delete(format!("/news?ids={},{}", id(0), id(2))).await;
    assert_eq!(again.body, r#"{"deleted":0}"#);
    assert_eq!(delete(format!("/news/{}", id(1))).await.status, StatusCode::NO_CONTENT);
    assert_eq!(delete(format!("/news/{}", id(1))).await.status, StatusCode::NOT_FOUND);
    let remaining = world.get("/news").await.json();
    assert_eq!(remaining["items"].as_array().expect("items").len(), 1);
    assert_eq!(remaining["items"][0]["slug"], "story-3");
}

#[tokio::test]
async fn a_malformed_request_deletes_nothing() {
    let world = World::peopled().await;
    world.publish(1).await;
    let token = world.access_token("ada").await;
    for path in ["/news?ids=", "/news?id=1", "/news?ids=1,2", "/news?IDS=1", "/news/1", "/news?ids"]
    {
        let answer = world.bearer(Method::DELETE, path, &token).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_admin_deletes_with_plain_forms() {
    let world = World::peopled().await;
    world.publish(3).await;
    let listing = world.get("/news").await.json();
    let id = listing["items"][0]["id"].as_str().expect("an id").to_owned();
    let mut ada = Browser::signed_in(&world, "ada").await;
    let confirmation = ada.get(&format!("/desk/delete?id={id}")).await;
    assert!(confirmation.body.contains("Delete 1 story") && confirmation.body.contains("Story 0"));
    let done = ada.post("/desk/delete", &format!("id={id}")).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/desk"));
    let list = ada.get("/desk").await.body;
    assert!(list.contains("Moved 1 story to Trash.") && list.contains(">Undo</button>"));
    assert!(!ada.get("/desk").await.body.contains("to Trash."), "the notice appears once");
    let undone = ada.post("/desk/stories/restore", &format!("id={id}")).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK);
    ada.post("/desk/delete", &format!("id={id}")).await;
    let wrong = ada.post("/desk/delete", "all=yes&word=remove").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("That doesn't match.") && wrong.body.contains("value=\"remove\""));
    assert_eq!(world.get("/news/story-1").await.status, StatusCode::OK);
    let done = ada.post("/desk/delete", "all=yes&word=%20Delete%20").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let result = finished(&mut ada, done.header("location")).await;
    assert!(result.body.contains("Moved 2 stories to Trash"), "{}", result.body);
    for name in ["ed", "rhea"] {
        let mut browser = Browser::signed_in(&world, name).await;
        let response = browser.post("/desk/delete", "all=yes&word=delete").await;
        assert_eq!(response.status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn an_admin_restores_stories_with_plain_forms() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let begun = ada.post("/desk/delete", "all=yes&word=delete").await;
    finished(&mut ada, begun.header("location")).await;
    let trash = ada.get("/desk/trash").await;
    assert!(trash.body.contains("Story 0") && trash.body.contains("ada"));
    let id = trash.body.split("name=\"id\" value=\"").nth(1).expect("a check box");
    let id = id.split('"').next().expect("a closing quote").to_owned();
    let none_selected = ada.post("/desk/restore", "").await;
    assert_eq!(none_selected.header("location"), "/desk/trash?selected=none");
    let done = ada.post("/desk/restore", &format!("id={id}")).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/desk/trash"));
    assert!(ada.get("/desk/trash").await.body.contains("1 story restored."));
    assert_eq!(world.get("/news").await.json()["items"].as_array().expect("items").len(), 1);
    for name in ["ed", "rhea"] {
        let mut browser = Browser::signed_in(&world, name).await;
        assert_eq!(browser.get("/desk/trash").await.status, StatusCode::FORBIDDEN);
        let response = browser.post("/desk/restore", &format!("id={id}")).await;
        assert_eq!(response.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn if_match_must_name_the_current_version() {
    let world = World::peopled().await;
    world.publish(1).await;
    let id = world.get("/news").await.json()["items"][0]["id"].as_str().expect("an id").to_owned();
    let token = world.access_token("ada").await;
    let story = request(Method::GET, "/news/story-0").header("accept", "application/json");
    let story = world.send(story.body(Body::empty()).expect("a request")).await;
    let etag = story.header("etag").to_owned();
    let delete = |path: String, tag: &str| {
        let request = request(Method::DELETE, &path).header("authorization", &token);
        let request = request.header("if-match", tag).body(Body::empty()).expect("a request");
        world.send(request)
    };
    for (path, tag) in [
        (format!("/news/{id}"), "\"stale\""),
        (format!("/news/{id}"), "\"2\""),
        (format!("/news?ids={id}"), "\"1\""),
        ("/news".to_owned(), &etag),
    ] {
        let answer = delete(path.clone(), tag).await;
        assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{path} {tag}");
    }
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK);
    assert_eq!(delete(format!("/news/{id}"), &etag).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn f_39_a_deletion_continues_after_the_client_disconnects() {
    let world = World::peopled().await;
    world.publish(60).await;
    let token = world.access_token("ada").await;
    let remaining = async || {
        let listing = world.get("/news?limit=100").await.json();
        listing["items"].as_array().expect("items").len()
    };
    let mut request = Box::pin(world.bearer(Method::DELETE, "/news", &token));
    while remaining().await == 60 {
        tokio::select! {
            biased;
            answer = &mut request => panic!("finished before the client disconnected: {answer:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    drop(request);
    let done = async {
        while remaining().await > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), done)
        .await
        .expect("all stories deleted");
    let trash = world.bearer(Method::GET, "/desk/trash", &token).await;
    assert_eq!(trash.body.matches("Select \u{201c}").count(), 60);
}
