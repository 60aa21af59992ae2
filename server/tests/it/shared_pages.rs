//! Lists whose content is written once for all, within a document of each person's own.

use axum::http::StatusCode;

use crate::browser::Browser;
use crate::world::World;

const LISTS: [&str; 6] =
    ["/", "/news", "/news?limit=2", "/section/world", "/archive", "/corrections"];

/// Returns the content of a page: its `main` element.
fn content(page: &str) -> &str {
    let start = page.find("<main").expect("a main element");
    let end = page.find("</main>").expect("its end");
    &page[start..end]
}

#[tokio::test]
async fn ses_07_a_list_is_the_same_for_all_and_shows_each_only_their_own_name() {
    let world = World::peopled().await;
    world.publish(3).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    for path in LISTS {
        let (of_ada, of_rhea) = (ada.get(path).await, rhea.get(path).await);
        let of_anyone = world.page(path).await;
        for page in [&of_ada, &of_rhea, &of_anyone] {
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert_eq!(content(&page.body), content(&of_anyone.body), "{path}");
        }
        for (page, present, absent) in [
            (&of_ada, vec![">ada<", ">Newsroom<"], vec![">rhea<", ">Sign in<"]),
            (&of_rhea, vec![">rhea<"], vec![">ada<", ">Newsroom<", ">Sign in<"]),
            (&of_anyone, vec![">Sign in<"], vec![">ada<", ">rhea<", ">Newsroom<"]),
        ] {
            for text in present {
                assert!(page.body.contains(text), "{path}: {text}");
            }
            for text in absent {
                assert!(!page.body.contains(text), "{path}: {text}");
            }
        }
        assert!(of_ada.header("cache-control").starts_with("private"), "{path}");
        assert!(of_anyone.header("cache-control").starts_with("public"), "{path}");
    }
}

#[tokio::test]
async fn a_new_story_is_in_the_lists_of_those_who_saw_them_before() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for count in 2..4 {
        let before = ada.get("/news").await.body;
        assert_eq!(ada.get("/news").await.body, before, "kept");
        world.publish(count).await;
        let after = ada.get("/news").await.body;
        assert_ne!(content(&after), content(&before));
        assert_eq!(content(&after), content(&world.page("/news").await.body));
    }
}
