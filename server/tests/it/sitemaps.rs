//! Sitemaps, and the other files that describe the site to programs.

use axum::http::{Method, StatusCode};
use gazette_domain::{Selection, Status, StoryInput, SystemTask};
use jiff::{SignedDuration, Timestamp};
use quick_xml::events::Event;
use serde_json::Value;

use crate::world::{PUBLIC, SITE, TestResponse, World, admin};
use crate::writer::json_of;

const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const NEWS: &str = "http://www.google.com/schemas/sitemap-news/0.9";

async fn publish(
    world: &World,
    headline: &str,
    hours_ago: i64,
    change: impl FnOnce(&mut StoryInput),
) {
    let published_at = Timestamp::now() - SignedDuration::from_hours(hours_ago);
    let mut input = StoryInput::new(headline, "Words.", published_at);
    "World".clone_into(&mut input.section);
    change(&mut input);
    world.operator.publish(SystemTask::Import, input).await.expect("published");
}

/// Reads a sitemap by the rules of its schema: element names, their order and their namespaces.
/// Returns the texts of the elements of each entry.
fn entries(answer: &TestResponse) -> Vec<Vec<(String, String)>> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
    assert_eq!(answer.header("cache-control"), PUBLIC);
    let mut reader = quick_xml::Reader::from_str(&answer.body);
    let (mut path, mut entries) = (Vec::<String>::new(), Vec::new());
    let mut text = String::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                path.push(String::from_utf8(name.into()).expect("a name"));
                if path.len() == 1 {
                    let namespace = start.try_get_attribute("xmlns").expect("attributes");
                    assert_eq!(&*namespace.expect("a namespace").value, SITEMAP);
                }
                if path.len() == 2 {
                    entries.push(Vec::new());
                }
                text.clear();
            }
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(name) => {
                let entity = format!("&{};", name.as_ref());
                text.push_str(&quick_xml::escape::unescape(&entity).expect("a known entity"));
            }
            Event::End(_) => {
                let name = path.pop().expect("balanced");
                if path.len() >= 2 && !text.trim().is_empty() {
                    entries.last_mut().expect("an entry").push((name, std::mem::take(&mut text)));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(path.is_empty());
    entries
}

fn locations(answer: &TestResponse) -> Vec<String> {
    let first = |entry: Vec<(String, String)>| {
        let (name, url) = entry.into_iter().next().expect("a location");
        assert_eq!(name, "loc");
        assert!(
            url.starts_with(&format!("{SITE}/")) && url.is_ascii() && url.len() < 2_048,
            "{url}"
        );
        url
    };
    entries(answer).into_iter().map(first).collect()
}

#[tokio::test]
async fn the_index_leads_to_every_public_story_and_to_no_other() {
    let world = World::peopled().await;
    publish(&world, "Today & <now>", 1, |_| {}).await;
    publish(&world, "橋", 2, |_| {}).await;
    publish(&world, "Long ago", 24 * 800, |_| {}).await;
    publish(&world, "Removed", 3, |_| {}).await;
    publish(&world, "Draft", 4, |input| input.status = Status::Draft).await;
    publish(&world, "Tomorrow", -24, |input| input.section = "Secret".to_owned()).await;
    let removed =
        json_of(&world, "/news/removed").await.json()["id"].as_str().expect("an id").parse();
    let removed = Selection::Ids(vec![removed.expect("an id")]);
    world.desk.delete(&admin(), &removed).await.expect("deleted");

    let index = world.get("/sitemap.xml").await;
    assert!(index.body.contains("<sitemapindex "));
    let mut urls = Vec::new();
    for part in locations(&index) {
        let part = world.get(&part[SITE.len()..]).await;
        urls.extend(locations(&part));
    }
    urls.sort();
    let mut expected: Vec<_> = [
        "/",
        "/news",
        "/archive",
        "/corrections",
        "/about",
        "/privacy",
        "/accessibility",
        "/section/world",
        "/news/today-now",
        "/news/%E6%A9%8B",
        "/news/long-ago",
    ]
    .map(|path| format!("{SITE}{path}"))
    .into();
    expected.sort();
    assert_eq!(urls, expected);
    for url in urls {
        assert_eq!(world.page(&url[SITE.len()..]).await.status, StatusCode::OK, "{url}");
    }
    for path in
        ["/sitemaps/2001-01.xml", "/sitemaps/2026-99.xml", "/sitemaps/x", "/sitemaps/2026-11-2.xml"]
    {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_last_change_of_a_month_is_that_of_its_stories() {
    let world = World::new().await;
    publish(&world, "Old", 24 * 400, |_| {}).await;
    let story = json_of(&world, "/news/old").await.json();
    let month = &story["published_at"].as_str().expect("a time")[..7];
    let part = format!("{SITE}/sitemaps/{month}.xml");
    let index = entries(&world.get("/sitemap.xml").await);
    let entry = index.iter().find(|entry| entry[0].1 == part).expect("its month");
    let second = |time: &Value| {
        let time: Timestamp = time.as_str().and_then(|time| time.parse().ok()).expect("a time");
        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    assert_eq!(entry[1], ("lastmod".to_owned(), second(&story["updated_at"])));
    let listed = entries(&world.get(&part[SITE.len()..]).await);
    assert_eq!(listed[0][1].1, second(&story["updated_at"]));
}

#[tokio::test]
async fn the_news_are_those_of_two_days() {
    let world = World::new().await;
    publish(&world, "New & <true>", 1, |input| input.language = "pt-BR".parse().ok()).await;
    publish(&world, "Still new", 47, |_| {}).await;
    publish(&world, "Old", 49, |_| {}).await;
    publish(&world, "Not yet", -1, |_| {}).await;
    let news = world.get("/sitemap-news.xml").await;
    assert!(news.body.contains(NEWS));
    let entries = entries(&news);
    let names: Vec<_> = entries[0].iter().map(|(name, _)| name.as_str()).collect();
    let expected =
        ["loc", "lastmod", "news:name", "news:language", "news:publication_date", "news:title"];
    assert_eq!(names, expected);
    let texts =
        |number: usize| entries.iter().map(|entry| entry[number].1.as_str()).collect::<Vec<_>>();
    assert_eq!(texts(2), ["Gazette", "Gazette"]);
    assert_eq!(texts(3), ["pt", "en"]);
    assert_eq!(texts(5), ["New & <true>", "Still new"]);
    world.pass(2 * 60 * 60);
    assert_eq!(
        locations(&world.get("/sitemap-news.xml").await).len(),
        2,
        "one begins, one is too old"
    );
}

#[tokio::test]
async fn files_about_the_site_have_its_name_and_address() {
    let contact = ("GAZETTE_SECURITY_CONTACT", "mailto:security@news.example");
    let settings = [("GAZETTE_TITLE", "The [Harbour] Post"), ("GAZETTE_LANGUAGE", "ar"), contact];
    let world = World::with(|variables| {
        for (name, value) in settings {
            variables.set(name, value);
        }
    })
    .await;
    world.publish(3).await;
    for (path, content_type) in [
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/llms.txt", "text/plain; charset=utf-8"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ] {
        let answer = world.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, content_type));
        assert_eq!(answer.header("cache-control"), PUBLIC, "{path}");
        assert!(answer.header("etag").starts_with('"'), "{path}");
        let head = world.anonymous(Method::HEAD, path).await;
        assert_eq!((head.status, head.header("etag")), (StatusCode::OK, answer.header("etag")));
    }
    let robots = world.get("/robots.txt").await.body;
    for line in ["User-agent: *", "Disallow: /desk", "Disallow: /auth/", "Disallow: /account"] {
        assert!(robots.lines().any(|own| own == line), "{line} in {robots}");
    }
    for path in ["/sitemap.xml", "/sitemap-news.xml"] {
        assert!(robots.lines().any(|own| own == format!("Sitemap: {SITE}{path}")), "{robots}");
    }
    let manifest = world.get("/manifest.webmanifest").await.json();
    assert_eq!(
        (&manifest["name"], &manifest["dir"]),
        (&"The [Harbour] Post".into(), &"rtl".into())
    );
    let purposes: Vec<_> =
        manifest["icons"].as_array().expect("icons").iter().map(|it| &it["purpose"]).collect();
    assert_eq!(purposes, ["any", "any", "maskable"]);
    let security = world.get("/.well-known/security.txt").await.body;
    assert!(security.starts_with("Contact: mailto:security@news.example\nExpires: "), "{security}");
    let expires = security.split("Expires: ").nth(1).and_then(|rest| rest.lines().next());
    let expires: Timestamp = expires.and_then(|time| time.parse().ok()).expect("a time");
    let left = expires.duration_since(Timestamp::now()).as_hours() / 24;
    assert!((100..365).contains(&left), "{left} days");
    let llms = world.get("/llms.txt").await.body;
    assert!(llms.starts_with("# The [Harbour] Post\n\n> "), "{llms}");
    assert!(
        llms.contains(&format!("- [Story 0]({SITE}/news/story-0): What story 0 is about.")),
        "{llms}"
    );
}

/// Returns all JSON-LD of a page.
fn structured_data(page: &str) -> Vec<Value> {
    let scripts = page.split("<script type=\"application/ld+json\">").skip(1);
    let json = scripts.map(|rest| rest.split("</script>").next().unwrap_or_default());
    json.map(|json| serde_json::from_str(json).expect("JSON")).collect()
}

#[tokio::test]
async fn pages_describe_themselves_to_other_sites() {
    let world = World::new().await;
    publish(&world, "A </script> bridge", 1, |input| {
        input.summary = "It \"opens\".".to_owned();
        input.tags = vec!["Rivers".to_owned()];
        input.authors = vec!["Ada Reed".to_owned(), "橋".to_owned()];
        input.image = Some(gazette_domain::Image {
            url: "/images/0123456789abcdef0123456789abcdef-1920x1080.jpg".to_owned(),
            alt: "A bridge".to_owned(),
            width: 1920,
            height: 1080,
            caption: None,
            credit: None,
        });
    })
    .await;
    let page = world.page("/news/a-script-bridge").await.body;
    for tag in [
        r#"property="og:type" content="article""#,
        r#"property="og:site_name" content="Gazette""#,
        r#"property="og:description" content="It &quot;opens&quot;.""#,
        r#"property="og:image" content="http://localhost:3000/images/0123456789abcdef0123456789abcdef-1280x720.jpg""#,
        r#"property="og:image:width" content="1280""#,
        r#"property="og:image:height" content="720""#,
        r#"property="og:image:alt" content="A bridge""#,
        r#"property="article:author" content="http://localhost:3000/author/ada-reed""#,
        r#"property="article:section" content="World""#,
        r#"property="article:tag" content="Rivers""#,
        r#"name="twitter:card" content="summary_large_image""#,
        r#"rel="manifest" href="/manifest.webmanifest""#,
    ] {
        assert!(page.contains(tag), "{tag} in {page}");
    }
    let data = structured_data(&page);
    let [article, breadcrumbs] = data.as_slice() else { panic!("{data:?}") };
    for field in [
        "headline",
        "description",
        "image",
        "datePublished",
        "dateModified",
        "author",
        "publisher",
        "mainEntityOfPage",
        "articleSection",
        "keywords",
        "inLanguage",
        "wordCount",
        "url",
    ] {
        assert!(!article[field].is_null() && article[field] != "", "{field} in {article}");
    }
    assert_eq!(
        (&article["@type"], &article["isAccessibleForFree"]),
        (&"NewsArticle".into(), &true.into())
    );
    assert_eq!(article["headline"], "A </script> bridge");
    assert_eq!(
        article["image"].as_array().map(Vec::len),
        Some(4),
        "640, 960, 1280 and 1920 pixels"
    );
    assert_eq!(article["author"][1]["@type"], "Person");
    assert_eq!(article["author"][1]["url"], format!("{SITE}/author/%E6%A9%8B"));
    assert_eq!(article["publisher"]["logo"]["width"], 512);
    let places = breadcrumbs["itemListElement"].as_array().expect("a list");
    let urls: Vec<_> = places.iter().map(|place| &place["item"]).collect();
    let expected =
        ["/", "/section/world", "/news/a-script-bridge"].map(|path| format!("{SITE}{path}"));
    assert_eq!(urls, expected.iter().collect::<Vec<_>>());

    let front = world.page("/").await.body;
    assert_eq!(structured_data(&front)[0]["@type"], "NewsMediaOrganization");
    assert!(front.contains(r#"property="og:type" content="website""#));
    assert!(front.contains(r#"property="og:image" content="http://localhost:3000/icon-512.png""#));
    assert!(!world.page("/nowhere").await.body.contains("og:"), "an error is not shared");
}
