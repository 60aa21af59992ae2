//! Feeds: Atom, RSS 2.0 and JSON Feed of the site and of each section, tag and author.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_domain::{LabelKind, Selection, Status, StoryInput, SystemTask};
use gazette_table::{FaultyTable, MemoryTable, Table};
use jiff::{SignedDuration, Timestamp};

use crate::world::{PUBLIC, SITE, TestResponse, World, admin, request};

const FORMATS: [(&str, &str); 3] = [
    ("atom", "application/atom+xml; charset=utf-8"),
    ("rss", "application/rss+xml; charset=utf-8"),
    ("json", "application/feed+json; charset=utf-8"),
];

const BRIDGE: &str = "/tag/%E6%A9%8B";
const YAMADA: &str = "/author/%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E";

fn input(headline: &str, minutes_ago: i64) -> StoryInput {
    let published_at = Timestamp::now() - SignedDuration::from_mins(minutes_ago);
    StoryInput {
        summary: format!("About {headline}."),
        section: "Κόσμος".to_owned(),
        tags: vec!["橋".to_owned()],
        authors: ["Ada Reed", "山田太郎", "نجيب محفوظ"].map(str::to_owned).to_vec(),
        ..StoryInput::new(headline, "See [it](/news/x).", published_at)
    }
}

async fn publish(world: &World, input: StoryInput) {
    world.operator.publish(SystemTask::Import, input).await.expect("published");
}

async fn conditional(world: &World, path: &str, name: &str, value: &str) -> TestResponse {
    let request = request(Method::GET, path).header(name, value);
    world.send(request.body(Body::empty()).expect("a request")).await
}

fn headlines(feed: &TestResponse) -> Vec<String> {
    assert_eq!(feed.status, StatusCode::OK, "{}", feed.body);
    let feed = feed_rs::parser::parse(feed.body.as_bytes()).expect("a feed");
    feed.entries.into_iter().map(|entry| entry.title.expect("a title").content).collect()
}

#[tokio::test]
async fn every_list_has_a_feed_in_every_format() {
    let world = World::new().await;
    publish(&world, input("橋 <opens> & closes", 5)).await;
    publish(&world, StoryInput { section: "Sport".to_owned(), ..input("Older", 9) }).await;
    let section = "/section/%CE%BA%CF%8C%CF%83%CE%BC%CE%BF%CF%82";
    for (list, count) in [("", 2), (section, 1), (BRIDGE, 2), ("/author/ada-reed", 2), (YAMADA, 2)]
    {
        for (extension, content_type) in FORMATS {
            let path = format!("{list}/feed.{extension}");
            let answer = world.get(&path).await;
            assert_eq!(answer.header("content-type"), content_type, "{path}: {}", answer.body);
            assert_eq!(answer.header("cache-control"), PUBLIC, "{path}");
            assert_eq!(answer.header("vary"), "Accept-Encoding", "{path}");
            assert_eq!(headlines(&answer).len(), count, "{path}");
            let feed = feed_rs::parser::parse(answer.body.as_bytes()).expect("a feed");
            let first = &feed.entries[0];
            assert_eq!(first.title.as_ref().expect("a title").content, "橋 <opens> & closes");
            let names: Vec<_> = first.authors.iter().flat_map(|author| &author.name).collect();
            assert_eq!(names, ["Ada Reed", "山田太郎", "نجيب محفوظ"], "{path}");
            let text = first.content.as_ref().and_then(|content| content.body.as_ref());
            let link = format!("<a href=\"{SITE}/news/x\"");
            assert!(text.is_some_and(|text| text.contains(&link)), "{path}");
            let head = world.anonymous(Method::HEAD, &path).await;
            assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
            assert_eq!(head.header("content-length"), answer.body.len().to_string());
        }
    }
}

#[tokio::test]
async fn a_client_with_the_current_feed_gets_304_from_every_instance() {
    let world = World::new().await;
    publish(&world, input("One", 5)).await;
    let other = world.beside().await;
    for (extension, _) in FORMATS {
        let path = format!("{YAMADA}/feed.{extension}");
        let first = world.get(&path).await;
        let again = other.get(&path).await;
        let (etag, date) = (first.header("etag"), first.header("last-modified"));
        assert!(etag.starts_with('"') && date.ends_with(" GMT"), "{etag} {date}");
        assert_eq!((&again.body, again.header("etag")), (&first.body, etag));
        assert_eq!(again.header("last-modified"), date);
        for (name, value, status) in [
            ("if-none-match", etag, StatusCode::NOT_MODIFIED),
            ("if-none-match", "\"other\"", StatusCode::OK),
            ("if-modified-since", date, StatusCode::NOT_MODIFIED),
            ("if-modified-since", "Tue, 01 Jan 2030 00:00:00 GMT", StatusCode::NOT_MODIFIED),
            ("if-modified-since", "Thu, 01 Jan 2015 00:00:00 GMT", StatusCode::OK),
            ("if-modified-since", "yesterday", StatusCode::OK),
        ] {
            let answer = conditional(&other, &path, name, value).await;
            assert_eq!(answer.status, status, "{path} {name}: {value}");
            assert_eq!(answer.body.is_empty(), status == StatusCode::NOT_MODIFIED);
            assert_eq!((answer.header("etag"), answer.header("last-modified")), (etag, date));
        }
        // The entity tag is more exact than the date.
        let both = request(Method::GET, &path).header("if-modified-since", date);
        let both = both.header("if-none-match", "\"other\"").body(Body::empty());
        assert_eq!(world.send(both.expect("a request")).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_removed_story_is_a_change_although_no_story_is_newer() {
    let world = World::new().await;
    for (headline, minutes) in [("One", 5), ("Two", 9)] {
        publish(&world, input(headline, minutes)).await;
    }
    let before = world.get("/feed.atom").await;
    world.pass(5);
    let id = before.body.split("<id>urn:uuid:").nth(1).and_then(|rest| rest.split('<').next());
    let one = Selection::Ids(vec![id.and_then(|id| id.parse().ok()).expect("an id")]);
    world.desk.delete(&admin(), &one).await.expect("deleted");
    for (name, validator) in [("if-modified-since", "last-modified"), ("if-none-match", "etag")] {
        let after = conditional(&world, "/feed.atom", name, before.header(validator)).await;
        assert_eq!(headlines(&after), ["Two"], "{name}");
    }
    world.desk.delete(&admin(), &Selection::All).await.expect("deleted");
    assert!(headlines(&world.get("/feed.atom").await).is_empty());
    assert_eq!(world.get(&format!("{BRIDGE}/feed.atom")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_public_is_in_no_feed() {
    let world = World::peopled().await;
    publish(&world, input("Public", 5)).await;
    let secret = |headline: &str, minutes| StoryInput {
        section: "Secret".to_owned(),
        tags: vec!["Secret".to_owned(), "橋".to_owned()],
        authors: vec!["Secret".to_owned()],
        ..input(headline, minutes)
    };
    publish(&world, StoryInput { status: Status::Draft, ..secret("Draft", 1) }).await;
    publish(&world, secret("Later", -60)).await;
    let token = world.access_token("ada").await;
    for (extension, _) in FORMATS {
        for list in ["", BRIDGE] {
            let path = format!("{list}/feed.{extension}");
            let public = world.get(&path).await;
            assert_eq!(headlines(&public), ["Public"]);
            // Not for an admin either, whose reader might share it.
            let seen_by_admin = world.bearer(Method::GET, &path, &token).await;
            assert_eq!(seen_by_admin.body, public.body);
        }
        for kind in ["section", "tag", "author"] {
            for label in ["secret", "nothing", "%FF", "a--b"] {
                let path = format!("/{kind}/{label}/feed.{extension}");
                assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }
    world.pass(2 * 60 * 60);
    assert_eq!(headlines(&world.get("/section/secret/feed.rss").await), ["Later"]);
}

#[tokio::test]
async fn a_merged_label_and_another_spelling_redirect_to_the_feed() {
    let world = World::new().await;
    let tagged =
        |headline: &str, tag: &str| StoryInput { tags: vec![tag.to_owned()], ..input(headline, 5) };
    publish(&world, tagged("One", "Bridges")).await;
    publish(&world, tagged("Two", "橋")).await;
    let old = "bridges".parse().expect("a slug");
    world.desk.rename_label(&admin(), LabelKind::Tag, &old, "橋").await.expect("merged");
    for (extension, _) in FORMATS {
        for (path, target) in [
            (format!("/tag/bridges/feed.{extension}"), format!("{BRIDGE}/feed.{extension}")),
            (
                format!("/author/Ada-Reed/feed.{extension}"),
                format!("/author/ada-reed/feed.{extension}"),
            ),
        ] {
            let answer = world.get(&path).await;
            assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{path}");
            assert_eq!(answer.header("location"), target);
            assert_eq!(world.get(&target).await.status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn a_feed_of_long_stories_is_bounded() {
    let world = World::new().await;
    for number in 0..12 {
        let body = format!("{}\n\n", "A long text & more. ".repeat(10)).repeat(1_000);
        publish(&world, StoryInput { body, ..input(&format!("Story {number}"), number) }).await;
    }
    publish(&world, StoryInput { body: "A&B\n\n".repeat(40_000), ..input("Newest", 0) }).await;
    for (extension, _) in FORMATS {
        let answer = world.get(&format!("/feed.{extension}")).await;
        assert!(answer.body.len() < 2 * 1024 * 1024, "{extension}: {}", answer.body.len());
        let feed = feed_rs::parser::parse(answer.body.as_bytes()).expect("a feed");
        assert_eq!(feed.entries.len(), 13);
        let starts = feed.entries.iter().map(|entry| {
            let text = entry.content.as_ref().and_then(|content| content.body.as_deref());
            text.is_some_and(|text| text.starts_with("<p>"))
        });
        // The newest text is too long; those after it have 220 KB each.
        let has_text: Vec<bool> = starts.collect();
        assert_eq!(has_text, [vec![false; 1], vec![true; 4], vec![false; 8]].concat());
        assert!(feed.entries.iter().all(|entry| entry.summary.is_some() || extension == "json"));
    }
}

#[tokio::test]
async fn web_09_a_feed_is_written_once_whatever_is_added_to_its_url() {
    let table = MemoryTable::new(Arc::new(|| jiff::Timestamp::now().as_second()));
    let table = Arc::new(FaultyTable::new(Arc::new(table)));
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    publish(&world, input("One", 5)).await;
    let plain = world.get(&format!("{BRIDGE}/feed.rss")).await;
    let before = table.reads();
    for path in ["/tag/%e6%a9%8b/feed.rss", "/tag/%E6%A9%8B/feed.rss?utm_source=x"] {
        let answer = world.get(path).await;
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, &plain.body), "{path}");
        assert_eq!(answer.header("last-modified"), plain.header("last-modified"));
    }
    assert_eq!(table.reads(), before);
}

#[tokio::test]
async fn pages_of_lists_link_to_their_feeds() {
    let world = World::new().await;
    publish(&world, input("One", 5)).await;
    for (page, list, title) in [
        ("/", "", "Gazette"),
        ("/news", "", "Gazette"),
        (BRIDGE, BRIDGE, "橋 \u{2014} Gazette"),
        (YAMADA, YAMADA, "山田太郎 \u{2014} Gazette"),
    ] {
        let body = world.page(page).await.body;
        for (extension, name) in [("atom", "Atom"), ("rss", "RSS"), ("json", "JSON Feed")] {
            let media_type =
                if extension == "json" { "feed+json" } else { &format!("{extension}+xml") };
            let link = format!(
                "<link rel=\"alternate\" type=\"application/{media_type}\" \
                 title=\"{title} ({name})\" href=\"{list}/feed.{extension}\">"
            );
            assert!(body.contains(&link), "{page}: {link}");
        }
    }
    assert!(!world.page("/about-nothing").await.body.contains("rel=\"alternate\""));
}
