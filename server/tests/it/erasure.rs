//! Permanent deletion as admins see it: its progress, its end, and forms that are sent twice.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use gazette_table::Table;

use crate::browser::Browser;
use crate::trash::{SlowJobs, bearer_form, finished, ids};
use crate::world::World;

fn job_of(page: &str) -> String {
    let job = page.split("name=\"job\" value=\"").nth(1).expect("a job");
    job.split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn the_progress_of_a_slow_erasure_is_shown_by_every_process() {
    let table = Arc::new(SlowJobs::new("erasures"));
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.people().await;
    world.publish(13).await;
    let mut token = world.access_token("ada").await;
    let deleted =
        bearer_form(&world, Method::POST, "/desk/delete", &token, "all=yes&word=delete").await;
    let deleted = deleted.header("location").to_owned();
    let page = bearer_form(&world, Method::GET, &deleted, &token, "").await;
    assert!(page.body.contains("Moved 13 stories to Trash"), "{}", page.body);
    // The erasure begins and marks its first stories; then the table blocks it.
    let begun = bearer_form(&world, Method::POST, "/desk/trash/empty", &token, "word=erase").await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let path = begun.header("location").to_owned();
    assert!(path.starts_with("/desk/trash/erase/"), "{path}");
    let other = world.beside().await;
    for process in [&world, &other] {
        token = process.access_token("ada").await;
        let page = bearer_form(process, Method::GET, &path, &token, "").await;
        assert_eq!((page.status, page.header("refresh")), (StatusCode::OK, "1"));
        assert!(page.body.contains("Deleting stories permanently"), "{}", page.body);
        assert!(page.body.contains("max=\"13\"") && page.body.contains("value=\"5\""));
    }
    table.allowed.add_permits(100);
    let done = async {
        loop {
            let page = bearer_form(&other, Method::GET, &path, &token, "").await;
            if page.header("refresh").is_empty() {
                return page;
            }
            tokio::task::yield_now().await;
        }
    };
    let done = tokio::time::timeout(std::time::Duration::from_secs(30), done).await;
    let page = done.expect("done in time").body;
    assert!(page.contains("Permanently deleted 13 stories"), "{page}");
}

#[tokio::test]
async fn a_form_that_is_sent_twice_erases_once() {
    let world = World::peopled().await;
    world.publish(3).await;
    let ids = ids(&world).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let begun = ada.post("/desk/delete", "all=yes&word=delete").await;
    finished(&mut ada, begun.header("location")).await;
    let page = ada.get(&format!("/desk/trash/erase?id={}", ids[0])).await.body;
    let first = job_of(&page);
    let form = format!("id={}&job={first}", ids[0]);
    assert_eq!(ada.post("/desk/trash/erase", &form).await.header("location"), "/desk/trash");
    let path = format!("/desk/trash/erase/{first}");
    assert_eq!(ada.post("/desk/trash/erase", &form).await.header("location"), path);
    let result = ada.get(&path).await;
    assert!(result.body.contains("Permanently deleted 1 story"), "{}", result.body);
    assert!(result.body.contains("<bdi>ada</bdi>") && result.header("refresh").is_empty());
    let second = job_of(&ada.get("/desk/trash/empty").await.body);
    assert_ne!(first, second);
    let form = format!("word=erase&job={second}");
    assert_eq!(ada.post("/desk/trash/empty", &form).await.header("location"), "/desk/trash");
    let path = format!("/desk/trash/erase/{second}");
    assert_eq!(ada.post("/desk/trash/empty", &form).await.header("location"), path);
    let result = ada.get(&path).await.body;
    assert!(result.contains("Permanently deleted 2 stories"), "{result}");
    assert_eq!(ada.post("/desk/trash/empty", "word=erase&job=x").await.status, 400);
    for path in ["/desk/trash/erase/x", "/desk/trash/erase/00000000-0000-0000-0000-000000000000"] {
        assert_eq!(ada.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for name in ["rhea", "ed"] {
        let mut browser = Browser::signed_in(&world, name).await;
        assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn f_01_an_erasure_begun_in_the_newsroom_goes_on_after_a_crash() {
    let world = World::peopled().await;
    world.publish(7).await;
    let token = world.access_token("ada").await;
    bearer_form(&world, Method::POST, "/desk/delete", &token, "all=yes&word=delete").await;
    world.table.allow_writes(2);
    let begun = bearer_form(&world, Method::POST, "/desk/trash/empty", &token, "word=erase").await;
    let path = begun.header("location").to_owned();
    world.table.allow_all_writes();
    let page = bearer_form(&world, Method::GET, &path, &token, "").await;
    assert!(page.body.contains("value=\"5\"") && page.header("refresh") == "1", "{}", page.body);
    let restarted = world.beside().await;
    assert_eq!(restarted.operator.resume_jobs().await.expect("resumed"), 7);
    let page = bearer_form(&world, Method::GET, &path, &token, "").await;
    assert!(page.body.contains("Permanently deleted 7 stories"), "{}", page.body);
}
