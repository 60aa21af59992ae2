//! Stories in any script: addresses, labels and authors.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Browser;
use crate::world::{SITE, World};
use crate::writer::{Writer, json_of};

#[tokio::test]
async fn a_story_in_any_script_has_an_address() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    for (headline, path) in [
        ("市長が橋を開通", "/news/%E5%B8%82%E9%95%B7%E3%81%8C%E6%A9%8B%E3%82%92%E9%96%8B%E9%80%9A"),
        ("Міст", "/news/%D0%BC%D1%96%D1%81%D1%82"),
        ("افتتاح", "/news/%D8%A7%D9%81%D8%AA%D8%AA%D8%A7%D8%AD"),
        ("Řím Těšín", "/news/rim-tesin"),
    ] {
        let created = ed.post(&json!({ "headline": headline, "body": "Text." })).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
        assert_eq!(created.header("location"), format!("{SITE}{path}"));
        assert_eq!(created.json()["url"], format!("{SITE}{path}"));
        let page = world.page(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(&format!("<link rel=\"canonical\" href=\"{SITE}{path}\"")));
        let lower = path.to_lowercase();
        assert_eq!(world.page(&lower).await.status, StatusCode::OK, "{lower}");
    }
    let latest = world.page("/news").await;
    assert!(latest.body.contains("href=\"/news/%D0%BC%D1%96%D1%81%D1%82\""));
    for spelling in ["/news/%D0%9C%D0%86%D0%A1%D0%A2", "/news/Rim-Tesin"] {
        let moved = world.page(spelling).await;
        assert_eq!(moved.status, StatusCode::MOVED_PERMANENTLY, "{spelling}");
    }
    let moved = world.page("/news/%D0%9C%D0%86%D0%A1%D0%A2").await;
    assert_eq!(moved.header("location"), "/news/%D0%BC%D1%96%D1%81%D1%82");
    assert_eq!(world.page("/news/%FF").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn authors_are_a_list_in_json_and_on_pages() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let story = json!({
        "headline": "Bridge", "body": "Text.", "authors": ["Ana Δ", "山田太郎", "Ann"],
        "tags": ["C", "C++", "C#"], "section": "国際",
    });
    let created = ed.post(&story).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let authors = json!([
        { "name": "Ana Δ", "slug": "ana-δ" },
        { "name": "山田太郎", "slug": "山田太郎" },
        { "name": "Ann", "slug": "ann" },
    ]);
    assert_eq!(created.json()["authors"], authors);
    assert_eq!(json_of(&world, "/news/bridge").await.json()["authors"], authors);
    let page = world.page("/news/bridge").await.body;
    let text = "\">Ana Δ</a>, <a";
    assert!(page.replace("<!>", "").contains(text), "{page}");
    assert!(page.contains("\"@type\":\"Person\",\"name\":\"山田太郎\""), "{page}");
    for path in [
        "/author/%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E",
        "/section/%E5%9B%BD%E9%9A%9B",
        "/tag/c-plus-plus",
        "/tag/c-sharp",
        "/tag/c",
    ] {
        assert_eq!(world.page(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(world.get("/news?tag=C%2B%2B").await.json()["items"][0]["slug"], "bridge");
}

#[tokio::test]
async fn an_editor_renames_and_merges_labels() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    for (headline, section) in [("One", "Poltics"), ("Two", "Politics")] {
        let story = json!({ "headline": headline, "body": "Text.", "section": section });
        assert_eq!(ed.post(&story).await.status, StatusCode::CREATED);
    }
    let mut browser = Browser::signed_in(&world, "ed").await;
    let page = browser.get("/desk/labels?kind=section").await;
    assert!(page.body.contains("value=\"Poltics\""), "{}", page.body);
    let form = |name: &str| format!("kind=section&slug=poltics&name={name}");
    let long = "x".repeat(61);
    let refused = browser.post("/desk/labels", &form(&long)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in [format!("value=\"{long}\"").as_str(), "aria-describedby=\"name-poltics-error\""] {
        assert!(refused.body.contains(part), "{part} in {}", refused.body);
    }
    let renamed = browser.post("/desk/labels", &form("Politics")).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER);
    let page = browser.get(renamed.header("location")).await;
    assert!(page.body.contains("Label renamed in 1 story."), "{}", page.body);
    assert!(!page.body.contains("Poltics"));
    let moved = world.page("/section/poltics").await;
    assert_eq!(moved.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(moved.header("location"), "/section/politics");
    let list = world.get("/news?section=politics").await.json();
    assert_eq!(list["items"].as_array().expect("items").len(), 2);
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    let refused = rhea.send(Method::POST, "/desk/labels", &[("origin", SITE)], "kind=tag").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
