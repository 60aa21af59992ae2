//! The reader's site: archive, lists, saving without a session, and pages that help.

use axum::http::{Method, StatusCode};
use gazette_domain::{StoryInput, SystemTask};
use jiff::Timestamp;

use crate::browser::Browser;
use crate::world::{SITE, World};

async fn publish(world: &World, slug: &str, section: &str, at: &str) {
    let at: Timestamp = at.parse().expect("a time");
    let input = StoryInput {
        slug: Some(slug.parse().expect("a slug")),
        section: section.to_owned(),
        ..StoryInput::new(format!("About {slug}"), "Words.", at)
    };
    world.operator.publish(SystemTask::Import, input).await.expect("published");
}

/// Returns the slugs of the stories in the main part of a page, in order.
fn slugs(page: &str) -> Vec<&str> {
    let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main").next());
    let links = main.unwrap_or_default().split("href=\"/news/").skip(1);
    links.filter_map(|link| link.split('"').next()).collect()
}

#[tokio::test]
async fn months_are_those_of_the_sites_time_zone_everywhere() {
    let zone = |variables: &mut gazette_server::config::Variables| {
        variables.set("GAZETTE_TIME_ZONE", "America/New_York");
    };
    let world = World::with(zone).await;
    publish(&world, "january", "World", "2016-02-01T04:59:59Z").await;
    publish(&world, "february", "World", "2016-02-01T05:00:00Z").await;
    publish(&world, "march", "World", "2016-03-15T12:00:00Z").await;
    let archive = world.page("/archive").await;
    assert_eq!(archive.status, StatusCode::OK);
    for month in ["/archive/2016/01", "/archive/2016/02", "/archive/2016/03"] {
        assert!(archive.body.contains(&format!("href=\"{month}\"")), "{month}");
    }
    let january = world.page("/archive/2016/01").await;
    assert_eq!(slugs(&january.body), ["january"]);
    assert!(january.body.contains("href=\"/archive/2016/02\" rel=\"next\""), "{}", january.body);
    assert_eq!(slugs(&world.page("/archive/2016/02").await.body), ["february"]);
    let list = world.get("/news?month=2016-02").await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["items"][0]["slug"], "february");
    assert_eq!(slugs(&world.page("/news?month=2016-01&section=world").await.body), ["january"]);
}

#[tokio::test]
async fn a_month_without_public_stories_has_no_page() {
    let world = World::new().await;
    publish(&world, "old", "World", "2016-02-10T12:00:00Z").await;
    publish(&world, "planned", "World", "2999-02-10T12:00:00Z").await;
    for path in ["/archive/2016/03", "/archive/2999/02", "/archive/2016/13", "/archive/x/1"] {
        assert_eq!(world.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let short = world.page("/archive/2016/2").await;
    assert_eq!(short.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(short.header("location"), "/archive/2016/02");
    assert!(!world.page("/archive").await.body.contains("2999"));
}

#[tokio::test]
async fn a_day_of_a_month_begins_the_list_there() {
    let world = World::new().await;
    for day in 1..=9 {
        publish(&world, &format!("day-{day}"), "World", &format!("2016-02-0{day}T23:30:00Z")).await;
    }
    let page = world.page("/archive/2016/02?day=3").await;
    assert_eq!(slugs(&page.body), ["day-3", "day-2", "day-1"]);
    assert!(page.body.contains("content=\"noindex\""));
    for day in ["0", "30", "x", "-1"] {
        let page = world.page(&format!("/archive/2016/02?day={day}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{day}");
    }
}

#[tokio::test]
async fn a_story_shows_others_of_its_section_and_not_itself() {
    let world = World::new().await;
    for number in 0..6 {
        let at = format!("2016-02-0{}T12:00:00Z", number + 1);
        publish(&world, &format!("world-{number}"), "World", &at).await;
    }
    publish(&world, "sport-0", "Sport", "2016-02-09T12:00:00Z").await;
    let page = world.page("/news/world-3").await.body;
    assert_eq!(slugs(&page), ["world-5", "world-4", "world-2", "world-1"]);
    let lonely = world.page("/news/sport-0").await.body;
    assert!(lonely.contains("More news"));
    assert_eq!(slugs(&lonely).len(), 4);
    assert!(!slugs(&lonely).contains(&"sport-0"));
}

#[tokio::test]
async fn saving_without_a_session_leads_through_the_sign_in_and_says_so() {
    let world = World::peopled().await;
    world.publish(2).await;
    let anonymous = world.page("/news/story-0").await.body;
    let link = anonymous.split("href=\"").find(|link| link.contains("save=")).expect("a link");
    let link = link.split('"').next().unwrap_or_default().replace("&amp;", "&");
    let return_to = link.strip_prefix("/auth/login?return_to=").expect("a login");
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("rhea", return_to).await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.header("location"), "/news/story-0");
    let page = browser.get("/news/story-0").await.body;
    assert!(
        page.contains("Saved for later.") && page.contains("action=\"/saved/remove\""),
        "{page}"
    );
    assert!(!browser.get("/news/story-0").await.body.contains("Saved for later."), "said once");
    assert_eq!(slugs(&browser.get("/saved").await.body), ["story-0"]);
    assert_eq!(world.page("/news/story-0").await.body, anonymous, "the same bytes as before");
}

#[tokio::test]
async fn csrf_02_a_link_on_another_site_saves_nothing() {
    let world = World::peopled().await;
    world.publish(1).await;
    let id = world.get("/news").await.json()["items"][0]["id"].as_str().expect("an id").to_owned();
    let mut browser = Browser::signed_in(&world, "rhea").await;
    let path = format!("/auth/login?return_to=/saved&save={id}");
    for (site, saved) in [("cross-site", 0), ("same-site", 0), ("none", 0), ("same-origin", 1)] {
        let headers = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate")];
        let answer = browser.send(Method::GET, &path, &headers, "").await;
        let mut location = answer.header("location").to_owned();
        // The pool knows the person already, and asks for nothing.
        while !location.starts_with(SITE) {
            let step = browser.follow_to_pool(&location).await;
            let next = step.headers().get("location").expect("a redirect");
            let base = url::Url::parse(&location).expect("a URL");
            location = base.join(next.to_str().expect("text")).expect("a URL").to_string();
        }
        let back = browser.get(&location[SITE.len()..]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        assert_eq!(slugs(&browser.get("/saved").await.body).len(), saved, "{site}");
    }
}

#[tokio::test]
async fn pages_in_place_of_a_story_have_a_search_and_headlines() {
    let world = World::new().await;
    world.publish(3).await;
    let page = world.page("/nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(slugs(&page.body), ["story-0", "story-1", "story-2"]);
    assert!(page.body.contains("id=\"find-here\""));
}

#[tokio::test]
async fn the_page_about_privacy_says_what_is_configured() {
    let settings = |variables: &mut gazette_server::config::Variables| {
        variables.set("GAZETTE_SESSION_IDLE", "45");
        variables.set("GAZETTE_SESSION_ABSOLUTE", "1440");
        variables.set("GAZETTE_ACCESS_LOG", "on");
    };
    let page = World::with(settings).await.page("/privacy").await.body;
    for part in ["45 minutes", "1 day", "gazette-3000-form", "For each request, the log has"] {
        assert!(page.contains(part), "{part} in {page}");
    }
}
