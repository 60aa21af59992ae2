//! `/desk/status`: the numbers of the server for admins.

use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::world::{COMMIT, World};

/// Returns the sum of the samples of a counter that have a label.
fn sum(metrics: &str, beginning: &str, label: &str) -> u64 {
    let samples = metrics.lines().filter(|line| line.starts_with(beginning));
    let values =
        samples.filter(|line| line.contains(label)).filter_map(|line| line.rsplit(' ').next());
    values.map(|value| value.parse::<u64>().expect("a number")).sum()
}

/// Returns the number in large type of a chart of the last hour.
fn headline(page: &str, title: &str) -> String {
    let hour = page.split("<h2").nth(1).expect("the last hour");
    let chart = hour.split(&format!("<h3>{title}</h3>")).nth(1).expect("a chart");
    let number = chart.split("<strong>").nth(1).expect("a number");
    number.split('<').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn az_08_only_admins_see_the_status() {
    let world = World::peopled().await;
    let anonymous = world.get("/desk/status").await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
    for (name, status) in [
        ("rhea", StatusCode::FORBIDDEN),
        ("wim", StatusCode::FORBIDDEN),
        ("ed", StatusCode::FORBIDDEN),
        ("ada", StatusCode::OK),
    ] {
        let mut browser = Browser::signed_in(&world, name).await;
        assert_eq!(browser.get("/desk/status").await.status, status, "{name}");
        let token = world.access_token(name).await;
        let answer = world.bearer(Method::GET, "/desk/status", &token).await;
        assert_eq!(answer.status, status, "{name}");
        let navigation = browser.get("/desk").await.body;
        assert_eq!(navigation.contains("href=\"/desk/status\""), name == "ada", "{name}");
    }
}

#[tokio::test]
async fn the_numbers_are_those_of_the_counters() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.status.sample().await;
    let new = ada.get("/desk/status").await.body;
    assert!(new.contains("The first numbers come with the next minute"), "{new}");
    assert!(new.contains(COMMIT), "{new}");
    let before = world.metrics().await;
    for _ in 0..5 {
        world.get("/").await;
    }
    world.get("/desk").await;
    let editor = world.access_token("ed").await;
    world.bearer(Method::GET, "/desk/status", &editor).await;
    world.bearer(Method::GET, "/desk", "x.y.z").await;
    world.pass(60);
    world.status.sample().await;
    let after = world.metrics().await;
    let counted = |beginning: &str, label: &str| {
        sum(&after, beginning, label) - sum(&before, beginning, label)
    };
    let page = ada.get("/desk/status").await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.body;
    // The request for the page was counted after the first text was read.
    let requests = counted("gazette_http_requests_total", "") + 1;
    assert_eq!(headline(&page, "Requests"), requests.to_string());
    assert_eq!(
        headline(&page, "Errors"),
        counted("gazette_http_requests_total", "status=\"5").to_string()
    );
    let denied = counted("gazette_decisions_total", "deny.");
    assert_eq!((headline(&page, "Refusals"), denied), (denied.to_string(), 3));
    for reason in
        ["deny.<wbr>not-signed-in", "deny.<wbr>role-missing.<wbr>admin", "deny.<wbr>token."]
    {
        assert!(page.contains(reason), "{reason}: {page}");
    }
    let (hits, misses) = (
        counted("gazette_page_cache_requests_total", "hit"),
        counted("gazette_page_cache_requests_total", "miss"),
    );
    assert!(hits > 0 && page.contains(&format!("<td>{hits} of {}</td>", hits + misses)), "{page}");
    assert_ne!(headline(&page, "Response time"), "\u{2013}");
    assert_ne!(headline(&page, "Store"), "\u{2013}");
    assert!(headline(&page, "Memory").ends_with("MiB"), "{page}");
    assert!(!page.contains("style=") && !page.contains("<script"), "{page}");
}

#[tokio::test]
async fn an_hour_has_sixty_minutes_and_a_day_96_quarters() {
    let world = World::peopled().await;
    world.status.sample().await;
    for _ in 0..25 * 60 {
        world.pass(60);
        world.status.sample().await;
    }
    let mut ada = Browser::signed_in(&world, "ada").await;
    let page = ada.get("/desk/status").await.body;
    let rows = |id: &str| {
        let section = page.split(&format!("id=\"{id}\"")).nth(1).expect("a section");
        let table = section.split("</table>").next().expect("a table");
        table.matches("<tr><th scope=\"row\">").count()
    };
    assert_eq!(rows("last-hour"), 60);
    assert!((95..=96).contains(&rows("last-day")), "{}", rows("last-day"));
}

#[tokio::test]
async fn a_process_that_takes_no_samples_says_so() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let page = ada.get("/desk/status").await.body;
    assert!(page.contains("This process keeps no numbers") && !page.contains("<svg"), "{page}");
}
