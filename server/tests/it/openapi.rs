//! `/openapi.json`, `/docs` and `gazette openapi`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use axum::body::Body;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use gazette_domain::ROUTES;
use serde_json::Value;

use crate::route_matrix::address;
use crate::world::{World, request};

async fn document(world: &World) -> Value {
    let answer = world.get("/openapi.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers[CONTENT_TYPE], "application/json");
    serde_json::from_str(&answer.body).expect("JSON")
}

#[tokio::test]
async fn every_get_route_that_answers_programs_with_something_else_than_a_page_is_described() {
    let world = World::peopled().await;
    world.publish(1).await;
    let document = document(&world).await;
    let token = world.access_token("ada").await;
    let mut described = 0;
    for route in ROUTES.iter().filter(|route| route.method.names() == ["GET", "HEAD"]) {
        let path = match route.path {
            "/sitemaps/{part}" => "/sitemaps/pages.xml".to_owned(),
            path => address(path).replace("/author/world", "/author/ada-reed"),
        };
        let asked = request(Method::GET, &path)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, format!("Bearer {token}"));
        let answer = world.send(asked.body(Body::empty()).expect("a request")).await;
        let is_described = !document["paths"][route.path]["get"].is_null();
        described += usize::from(is_described);
        let is_page = answer
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html"));
        if answer.status.is_success() {
            assert_eq!(is_described, !is_page, "{} {}", route.path, answer.status);
        }
    }
    assert!(described > 25, "{described}");
}

#[tokio::test]
async fn answers_have_the_members_that_the_document_names() {
    let world = World::peopled().await;
    world.publish(2).await;
    let document = document(&world).await;
    let properties = |schema: &str| -> BTreeSet<String> {
        let properties = &document["components"]["schemas"][schema]["properties"];
        properties.as_object().expect(schema).keys().cloned().collect()
    };
    let names = |value: &Value| -> BTreeSet<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    let list: Value = serde_json::from_str(&world.get("/news").await.body).expect("JSON");
    assert_eq!(names(&list), properties("StoryList"));
    let asked = request(Method::GET, "/news/story-0").header(ACCEPT, "application/json");
    let story = world.send(asked.body(Body::empty()).expect("a request")).await;
    let story: Value = serde_json::from_str(&story.body).expect("JSON");
    assert_eq!(names(&story), properties("Story"));
    let token = world.access_token("ed").await;
    let me = world.bearer(Method::GET, "/auth/me", &token).await;
    let me: Value = serde_json::from_str(&me.body).expect("JSON");
    assert_eq!(names(&me), properties("Me"));
    let get = &document["paths"]["/news/{name}"]["get"]["parameters"][0];
    assert_eq!((&get["name"], &get["in"]), (&"name".into(), &"path".into()));
    assert!(document["paths"]["/news/{name}"]["put"].is_object());
    assert!(document["paths"]["/news/{name}"]["delete"].is_object());
}

/// A program that follows the document sends no field that the site does not know.
#[tokio::test]
async fn the_fields_of_a_story_are_those_that_the_site_takes() {
    let world = World::peopled().await;
    let document = document(&world).await;
    let token = world.access_token("ed").await;
    let asked = request(Method::POST, "/news")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"nothing":1}"#));
    let answer = world.send(asked.expect("a request")).await;
    let fields = document["components"]["schemas"]["StoryInput"]["properties"].as_object();
    for field in fields.expect("fields").keys() {
        assert!(answer.body.contains(field.as_str()), "{field}: {}", answer.body);
    }
    let message = answer.json()["message"].as_str().expect("a message").to_owned();
    assert_eq!(message.matches(',').count(), fields.expect("fields").len() - 1);
    let input = &document["components"]["schemas"]["StoryInput"];
    assert_eq!(input["properties"]["headline"]["maxLength"], 200);
    assert_eq!(input["properties"]["image"]["properties"]["credit"]["type"][1], "null");
    assert!(input["properties"]["image"]["properties"]["width"].is_null());
}

#[tokio::test]
async fn the_command_prints_what_the_site_serves() {
    let world = World::new().await;
    let output = Command::new(env!("CARGO_BIN_EXE_gazette")).arg("openapi").output();
    let output = output.expect("it ran");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), world.get("/openapi.json").await.body);
}

/// Checks it against the JSON Schema of `OpenAPI` 3.1.
#[tokio::test]
async fn the_document_is_valid() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end"));
    let validator = folder.join(".venv/bin/openapi-spec-validator");
    if !validator.exists() {
        println!("not validated: the validator is missing; scripts/setup.sh test installs it");
        return;
    }
    let world = World::new().await;
    let file = world.data.path().join("openapi.json");
    std::fs::write(&file, world.get("/openapi.json").await.body).expect("written");
    let output = Command::new(validator).args(["--schema", "3.1"]).arg(&file).output();
    let output = output.expect("it ran");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_shows_every_operation() {
    let world = World::new().await;
    let document = document(&world).await;
    let page = world.page("/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script"), "no scripts");
    for source in ["src=\"http", "<link rel=\"stylesheet\" href=\"http", "@import"] {
        assert!(!page.body.contains(source), "{source}");
    }
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            let id = item[method]["operationId"].as_str().expect("an id");
            assert!(page.body.contains(&format!("id=\"{id}\"")), "{method} {path}");
        }
    }
    assert!(page.body.contains("curl -i "));
    let commands = page.body.split("curl -i '").skip(1).filter_map(|rest| rest.split('\'').next());
    assert!(commands.into_iter().all(|url| !url.contains('{')), "curl reads braces as a list");
}
