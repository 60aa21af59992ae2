//! The page of the imports, and its form.

use axum::http::StatusCode;
use gazette_domain::{ImportStory, StoryInput};
use jiff::Timestamp;

use crate::browser::Browser;
use crate::world::World;

async fn import(world: &World, headline: &str) {
    let mut import = world.operator.begin_story_import("/srv/<old>", false);
    let input = StoryInput::new(headline, "Text.", Timestamp::now());
    let (key, digest) = (headline.to_owned(), headline.to_owned());
    import.add(ImportStory { key, digest, input, old_paths: Vec::new() }).await.expect("added");
    import.flush().await.expect("written");
    import.finish().await.expect("finished");
}

#[tokio::test]
async fn an_admin_undoes_an_import_with_a_plain_form() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    assert!(ada.get("/desk/imports").await.body.contains("Nothing was imported yet."));
    import(&world, "The bridge").await;
    import(&world, "The river").await;
    let page = ada.get("/desk/imports").await.body;
    assert!(page.contains("/srv/&lt;old&gt;") && page.contains("1 new, 0 changed"), "{page}");
    for name in ["ed", "rhea"] {
        let mut browser = Browser::signed_in(&world, name).await;
        assert_eq!(browser.get("/desk/imports").await.status, StatusCode::FORBIDDEN);
        let refused = browser.post("/desk/imports/undo", "number=1").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    let done = ada.post("/desk/imports/undo", "number=1").await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/desk/imports"));
    let page = ada.get("/desk/imports").await.body;
    assert!(page.contains("Import undone. 1 story moved to Trash."), "{page}");
    assert_eq!(world.get("/news/the-bridge").await.status, StatusCode::GONE);
    assert_eq!(world.get("/news/the-river").await.status, StatusCode::OK);
    for number in ["1", "7", "x", ""] {
        let refused = ada.post("/desk/imports/undo", &format!("number={number}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{number}");
    }
    import(&world, "The bridge").await;
    assert_eq!(world.get("/news/the-bridge").await.status, StatusCode::OK);
}
