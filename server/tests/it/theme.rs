//! The theme that a reader chose.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::world::{PUBLIC, TestResponse, World, request};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SAME_ORIGIN: (&str, &str) = ("sec-fetch-site", "same-origin");

async fn choose(browser: &mut Browser<'_>, form: &str) -> TestResponse {
    browser.send(Method::POST, "/theme", &[FORM, SAME_ORIGIN], form).await
}

#[tokio::test]
async fn a_page_has_the_chosen_theme_until_it_is_automatic_again() {
    let world = World::peopled().await;
    world.publish(3).await;
    let mut reader = Browser::new(&world);
    let automatic = reader.get("/news/story-1").await;
    assert!(!automatic.body.contains("data-theme"));
    let answer = choose(&mut reader, "theme=dark&return_to=%2Fnews%2Fstory-1").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/news/story-1#theme");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
        assert!(answer.header("set-cookie").contains(attribute), "{attribute}");
    }
    for path in ["/", "/news/story-1", "/search?q=story", "/about", "/no-such-page"] {
        let page = reader.get(path).await;
        assert!(page.body.contains(r#"data-theme="dark""#), "{path}");
        assert!(!page.header("cache-control").starts_with("public"), "{path}");
        let colors: Vec<_> = page.body.matches(r#"name="theme-color""#).collect();
        assert_eq!(colors.len(), 1, "{path}");
        assert!(!world.page(path).await.body.contains("data-theme"), "{path}");
    }
    choose(&mut reader, "theme=light").await;
    assert!(reader.get("/").await.body.contains(r#"data-theme="light""#));
    choose(&mut reader, "theme=auto").await;
    assert_eq!(reader.get("/news/story-1").await.body, automatic.body);
}

#[tokio::test]
async fn the_theme_of_one_reader_is_never_that_of_another() {
    let world = World::new().await;
    world.publish(3).await;
    let ask = |theme: &'static str| {
        let asked = request(Method::GET, "/").header("accept", "text/html");
        let asked = asked.header("cookie", format!("a=b; gazette-3000-theme={theme}; c=d"));
        world.send(asked.body(Body::empty()).expect("a request"))
    };
    for _ in 0..2 {
        let (dark, light, anonymous) =
            (ask("dark").await, ask("light").await, world.page("/").await);
        assert!(dark.body.contains(r#"data-theme="dark""#));
        assert!(light.body.contains(r#"data-theme="light""#));
        assert_eq!(dark.header("cache-control"), "private, no-cache");
        assert_eq!(anonymous.header("cache-control"), PUBLIC);
        assert_ne!(dark.header("etag"), anonymous.header("etag"));
        for other in ["", "DARK", "\"dark\"", "dark'><script>", "auto"] {
            let answer = ask(other).await;
            assert_eq!(answer.body, anonymous.body, "{other}");
            assert_eq!(answer.header("cache-control"), PUBLIC);
        }
    }
}

#[tokio::test]
async fn oau_07_choosing_a_theme_leads_to_no_other_site() {
    let world = World::new().await;
    let mut reader = Browser::new(&world);
    for path in ["//evil.example", "https://evil.example/", "/\\evil.example", "/auth/logout", ""] {
        let path: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let answer = choose(&mut reader, &format!("theme=dark&return_to={path}")).await;
        assert_eq!(answer.header("location"), "/#theme");
    }
    let answer = choose(&mut reader, "theme=blue").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("auto, light or dark"));
    let foreign = [FORM, ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let answer = reader.send(Method::POST, "/theme", &foreign, "theme=light").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
