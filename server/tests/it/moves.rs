//! Newsrooms that move in from `WordPress` and Ghost, move out, and move in again.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use gazette_domain::{Feed, Limit, ListQuery};
use gazette_server::store::EmbeddedTable;
use jiff::Timestamp;
use serde_json::json;
use tempfile::TempDir;

use crate::export::{dynamodb_endpoint, sorted};
use crate::world::{World, admin};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Zprávy</title><link>https://noviny.example/blog</link><language>cs-CZ</language>
<wp:base_blog_url>https://noviny.example/blog</wp:base_blog_url>
<wp:author><wp:author_login>eva</wp:author_login><wp:author_display_name>Eva Nováková</wp:author_display_name></wp:author>
<wp:author><wp:author_login>jan</wp:author_login><wp:author_display_name>Jan Říha</wp:author_display_name></wp:author>
"#;

/// A folder with the data and the sources of a test.
struct Newsroom(TempDir);

/// The answer to a reader.
struct Answer {
    status: u16,
    location: String,
    body: String,
}

impl Newsroom {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
        self.path(name)
    }

    fn gazette(&self, arguments: &[&str]) -> Output {
        let data = self.path("data");
        run(arguments, &[("GAZETTE_DATA_DIR", &data)])
    }

    /// Runs a command and returns its exit code and the counts of its last line that are not 0.
    fn counts(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.gazette(arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().last().unwrap_or_default();
        let counts: Vec<&str> = line.split(", ").filter(|count| !count.starts_with("0 ")).collect();
        assert!(!counts.is_empty(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code(), counts.join(", "))
    }

    /// Opens the site, and returns what a closure finds.
    fn open<T>(&self, look: impl AsyncFnOnce(&World) -> T) -> T {
        // Its tasks hold the store, which the next command needs.
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let store = self.0.path().join("data/gazette.redb");
        runtime.block_on(async {
            let clock = Arc::new(|| Timestamp::now().as_second());
            let table = EmbeddedTable::open(&store, clock).expect("the store");
            look(&World::on(Arc::new(table)).await).await
        })
    }

    fn answers(&self, paths: &[&str]) -> Vec<Answer> {
        self.open(async |world| {
            let mut answers = Vec::new();
            for path in paths {
                let answer = world.page(path).await;
                let (status, location) = (answer.status.as_u16(), answer.header("location"));
                let location = location.to_owned();
                answers.push(Answer { status, location, body: answer.body });
            }
            answers
        })
    }

    fn assert_statuses(&self, expected: &[(&str, u16)]) {
        let paths: Vec<&str> = expected.iter().map(|(path, _)| *path).collect();
        let answers = self.answers(&paths);
        let found: Vec<(&str, u16)> =
            paths.iter().zip(&answers).map(|(path, answer)| (*path, answer.status)).collect();
        assert_eq!(found, expected);
    }

    fn assert_moved(&self, expected: &[(&str, &str)]) {
        let paths: Vec<&str> = expected.iter().map(|(path, _)| *path).collect();
        let answers = self.answers(&paths);
        let found: Vec<(&str, u16, &str)> = paths
            .iter()
            .zip(&answers)
            .map(|(path, answer)| (*path, answer.status, answer.location.as_str()))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(path, to)| (*path, 301, *to)).collect();
        assert_eq!(found, expected);
    }
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gazette"));
    command.args(arguments).envs(variables.iter().copied()).env_remove("GAZETTE_TIME_ZONE");
    command.output().expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A post of `WordPress`: id, slug, status, login, date, further elements, text.
fn post(id: u32, slug: &str, status: &str, login: &str, more: &str, content: &str) -> String {
    let (year, link) = match status {
        "future" => (2099, format!("https://noviny.example/blog/?p={id}")),
        "draft" => (2024, format!("https://noviny.example/blog/?p={id}")),
        _ => (2024, format!("https://noviny.example/blog/2024/03/05/{slug}/")),
    };
    format!(
        "<item><title>{slug} č. {id}</title><link>{link}</link><dc:creator>{login}</dc:creator>\
         <content:encoded><![CDATA[{content}]]></content:encoded><wp:post_id>{id}</wp:post_id>\
         <wp:post_date>{year}-03-05 0{}:30:00</wp:post_date><wp:post_name>{slug}</wp:post_name>\
         <wp:status>{status}</wp:status><wp:post_type>post</wp:post_type>{more}</item>\n",
        id % 10
    )
}

fn wordpress() -> String {
    let labels = "<category domain=\"category\" nicename=\"mesto\">Město</category>\
                  <category domain=\"category\" nicename=\"svet\">Svět</category>\
                  <category domain=\"post_tag\" nicename=\"c\">C++</category>";
    let links = r#"<p>Viz <a href="https://noviny.example/blog/2024/03/05/reka/#dva">a</a>,
        <a href="http://www.noviny.example/blog/2024/03/05/reka">b</a>,
        <a href="/blog/2024/03/05/reka/">c</a>, <a href="https://noviny.example/blog/?p=13">d</a>,
        <a href="https://jinde.example/blog/2024/03/05/reka/">e</a>,
        <a href="https://noviny.example/blog/o-nas/">f</a>. [gallery-box id="1"]</p>"#;
    let old_slug = "<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key>\
                    <wp:meta_value>rika</wp:meta_value></wp:postmeta>\
                    <wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>";
    let password = "<wp:post_password>heslo</wp:post_password>";
    [
        HEAD,
        &post(12, "most", "publish", "eva", labels, links),
        &post(13, "reka", "publish", "jan", old_slug, "<h2 id=\"dva\">Dva</h2><p>Text.</p>"),
        &post(14, "koncept", "draft", "eva", "", "<p>Koncept.</p>"),
        &post(15, "zitra", "future", "eva", "", "<p>Zítra.</p>"),
        &post(16, "soukrome", "private", "eva", "", "<p>Soukromé.</p>"),
        &post(17, "tajne", "publish", "eva", password, "<p>Tajné.</p>"),
        "<item><title>O nás</title><wp:post_id>2</wp:post_id><wp:post_type>page</wp:post_type></item>",
        "</channel></rss>",
    ]
    .concat()
}

#[test]
fn a_newsroom_moves_in_from_wordpress_out_and_in_again() {
    let newsroom = Newsroom::new();
    let file = newsroom.write("noviny.2024-03-05.xml", &wordpress());
    let dry = newsroom.gazette(&["import", "--dry-run", &file]);
    assert!(!Path::new(&newsroom.path("data/gazette.redb")).exists());
    let first = newsroom.gazette(&["import", &file]);
    assert_eq!(stdout(&first).lines().last(), stdout(&dry).lines().last());
    let lines = stdout(&first);
    for line in [
        "passed over page: 1 left out",
        "passed over comment: 1 left out",
        "note post/16: it is private; imported as a draft",
        "note post/17: it is protected by a password; imported as a draft",
        "1 story still holds [gallery-box]",
        "import number 1; --undo 1 takes it back",
    ] {
        assert!(lines.lines().any(|found| found == line), "{line} in {lines}");
    }
    let counts = "6 created, 0 updated, 0 unchanged, 0 kept, 0 in the trash, 3 drafts, 1 scheduled, \
                  0 refused, 0 pictures, 11 redirects";
    assert_eq!((lines.lines().last(), first.status.code()), (Some(counts), Some(0)));
    let moved = [
        ("/blog/2024/03/05/most/", "/news/most"),
        ("/blog/2024/03/05/most?a=1", "/news/most?a=1"),
        ("/blog/?p=12", "/news/most"),
        ("/blog/2024/03/05/reka/", "/news/reka"),
        ("/blog/2024/03/05/rika", "/news/reka"),
        ("/blog/?p=13", "/news/reka"),
    ];
    let hidden = [
        ("/blog/?p=14", 404),
        ("/blog/?p=15", 404),
        ("/blog/2024/03/05/soukrome/", 404),
        ("/blog/2024/03/05/tajne/", 404),
        ("/news/koncept", 404),
        ("/news/zitra", 404),
        ("/news/soukrome", 404),
        ("/news/tajne", 404),
    ];
    newsroom.assert_moved(&moved);
    newsroom.assert_statuses(&hidden);
    let page = newsroom.answers(&["/news/most"]).remove(0);
    for part in [
        "href=\"/news/reka#s-dva\"",
        "<a href=\"/news/reka\" rel=\"noopener noreferrer\">b</a>",
        "<a href=\"/news/reka\" rel=\"noopener noreferrer\">c</a>",
        "<a href=\"/news/reka\" rel=\"noopener noreferrer\">d</a>",
        "https://jinde.example/blog/2024/03/05/reka/",
        "https://noviny.example/blog/o-nas/",
        "Eva Nováková",
        "Město",
        "C++",
        "Svět",
        "lang=\"cs-CZ\"",
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    // A newer export has another name.
    let newer = newsroom.write("noviny.2024-04-01.xml", &wordpress());
    assert_eq!(newsroom.counts(&["import", &newer]), (Some(0), "6 unchanged".to_owned()));
    let undone = newsroom.counts(&["import", "--undo", "1"]);
    assert_eq!(undone, (Some(0), "6 moved to the trash, 11 redirects removed".to_owned()));
    newsroom.assert_statuses(&moved.map(|(path, _)| (path, 404)));
    newsroom.assert_statuses(&[("/news/most", 410), ("/news/reka", 410), ("/news/tajne", 404)]);
    let again = newsroom.counts(&["import", &file]).1;
    assert_eq!(again, "6 created, 3 drafts, 1 scheduled, 11 redirects");
    newsroom.assert_moved(&moved);
    newsroom.assert_statuses(&hidden);
}

#[test]
fn what_was_changed_here_is_kept_with_its_old_addresses() {
    let newsroom = Newsroom::new();
    let file = newsroom.write("a.xml", &wordpress());
    newsroom.counts(&["import", &file]);
    newsroom.open(async |world| correct(world, "most", "Opraveno.").await);
    let changed = wordpress().replace("Viz ", "Nově ").replace("Text.", "Jiný text.");
    newsroom.write("a.xml", &changed);
    assert_eq!(newsroom.counts(&["import", &file]).1, "1 updated, 4 unchanged, 1 kept");
    assert!(newsroom.answers(&["/news/most"])[0].body.contains("Opraveno."));
    let undone = newsroom.counts(&["import", "--undo", "1"]).1;
    assert_eq!(undone, "4 moved to the trash, 2 kept, 6 redirects removed");
    newsroom.assert_moved(&[("/blog/?p=12", "/news/most"), ("/blog/?p=13", "/news/reka")]);
    newsroom.assert_statuses(&[("/blog/?p=17", 404)]);
    let theirs = newsroom.counts(&["import", &file, "--theirs"]).1;
    assert_eq!(theirs, "4 created, 1 updated, 1 unchanged, 3 drafts, 1 scheduled, 6 redirects");
    assert!(newsroom.answers(&["/news/most"])[0].body.contains("Nově"));
}

async fn correct(world: &World, slug: &str, body: &str) {
    let query = ListQuery::newest(Feed::All, Limit::MAX);
    let page = world.desk.list(&admin(), &query).await.expect("listed");
    let story = page.items.iter().find(|story| story.slug.as_str() == slug).expect("the story");
    let patch = gazette_domain::StoryPatch { body: Some(body.to_owned()), ..Default::default() };
    world.desk.revise(&admin(), story.id, 1, patch).await.expect("corrected");
}

fn ghost() -> String {
    let post = |id: &str, slug: &str, status: &str, html: &str| {
        json!({"id": id, "title": format!("Title {id}"), "slug": slug, "status": status, "html": html,
               "visibility": "public", "published_at": "2024-03-05T08:30:00.000Z"})
    };
    let mut members = post("p4", "paid", "published", "<p>For members.</p>");
    members["visibility"] = json!("paid");
    let links = "<p><a href=\"__GHOST_URL__/river/#two\">a</a> <a href=\"/river\">b</a></p>";
    json!({"db": [{"meta": {"version": "5.80.0"}, "data": {
        "posts": [
            post("p1", "bridge", "published", links),
            post("p2", "river", "published", "<h2 id=\"two\">Two</h2><p>Text.</p>"),
            post("p3", "idea", "draft", "<p>Idea.</p>"),
            members,
            {"id": "p5", "title": "About", "type": "page", "status": "published"},
        ],
        "posts_authors": [{"post_id": "p1", "author_id": "a1", "sort_order": 0},
                          {"post_id": "p1", "author_id": "a2", "sort_order": 1}],
        "users": [{"id": "a1", "name": "Eva"}, {"id": "a2", "name": "山田"}],
    }}]})
    .to_string()
}

#[test]
fn a_newsroom_moves_in_from_ghost_with_its_redirects() {
    let newsroom = Newsroom::new();
    let file = newsroom.write("site.ghost.json", &ghost());
    newsroom.write(
        "redirects.yaml",
        "301:\n  /old-river/: /river/\n  /feed-old: /feed.xml\n  ^/tag/(.*)$: /section/$1\n  \
         /shop: https://shop.example\n302:\n  /bridge/: /x\n",
    );
    let first = newsroom.gazette(&["import", &file, "--source", "The site"]);
    let lines = stdout(&first);
    for line in [
        "passed over page: 1 left out",
        "passed over redirect: ^/tag/(.*)$ → /section/$1: a pattern",
        "passed over redirect: /shop → https://shop.example: to: leads to another site",
        "note redirect: no redirect from /bridge: ",
        "note post/p4: it was for paid only; imported as a draft",
    ] {
        assert!(lines.lines().any(|found| found.starts_with(line)), "{line} in {lines}");
    }
    assert!(lines.ends_with("4 created, 0 updated, 0 unchanged, 0 kept, 0 in the trash, 2 drafts, 0 scheduled, 0 refused, 0 pictures, 6 redirects\n"), "{lines}");
    newsroom.assert_moved(&[
        ("/bridge/", "/news/bridge"),
        ("/river", "/news/river"),
        ("/old-river/", "/news/river"),
        ("/feed-old", "/feed.xml"),
    ]);
    newsroom.assert_statuses(&[("/idea/", 404), ("/paid/", 404), ("/shop", 404)]);
    let page = newsroom.answers(&["/news/bridge"]).remove(0).body;
    for part in ["/news/river#s-two", "<a href=\"/news/river\" rel", "Eva", "山田"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let renamed = newsroom.write("newer.json", &ghost());
    let newer = newsroom.counts(&["import", &renamed, "--source", "The site"]);
    assert_eq!(newer, (Some(0), "4 unchanged".to_owned()));
    let undone = newsroom.counts(&["import", "--undo", "1"]).1;
    assert_eq!(undone, "4 moved to the trash, 6 redirects removed");
    newsroom.assert_statuses(&[("/old-river/", 404), ("/bridge", 404), ("/feed-old", 404)]);
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let newsroom = Newsroom::new();
    let whole = wordpress();
    let cut = whole.find("koncept").expect("a post");
    let between = whole.find("<item><title>koncept").expect("a post");
    for (name, text, reason) in [
        ("empty.xml", "", "is empty"),
        ("page.xml", "<html><body>x</body></html>", "is not an export of WordPress"),
        (
            "feed.xml",
            "<?xml version=\"1.0\"?><rss><channel/></rss>",
            "is not an export of WordPress",
        ),
        ("other.json", "{\"posts\": 1}", "is not an export of Gazette or Ghost"),
        ("none.json", "{\"data\": {\"users\": []}}", "no story"),
        ("text.md", "Text.", "name a folder of Markdown files"),
    ] {
        let file = newsroom.write(name, text);
        let output = newsroom.gazette(&["import", &file]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(error.contains(reason), "{name}: {error}");
    }
    let ghost = ghost();
    for (name, text, count) in [
        ("cut.xml", whole.get(..cut), "2 created, 1 refused, 5 redirects"),
        ("between.xml", whole.get(..between), "2 unchanged, 1 refused"),
        ("cut.json", ghost.get(..ghost.find("For members").expect("a post")), "1 refused"),
    ] {
        let file = newsroom.write(name, text.expect("a part"));
        let output = newsroom.counts(&["import", &file]);
        assert_eq!(output.0, Some(1), "{name}");
        assert!(output.1.ends_with(count) || name == "cut.json", "{name}: {}", output.1);
        let lines = stdout(&newsroom.gazette(&["import", &file]));
        assert!(lines.contains("what comes after it was not read"), "{name}: {lines}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newsroom_that_moved_in_moves_to_the_other_engine() {
    let endpoint = dynamodb_endpoint().await;
    tokio::task::block_in_place(|| {
        let newsroom = Newsroom::new();
        let (xml, json) =
            (newsroom.write("a.xml", &wordpress()), newsroom.write("b.json", &ghost()));
        newsroom.write("posts/pont.fr.md", "---\ntitle: Le pont\ndate: 2024-03-05\naliases: [/vieux]\nauthors: [Eva, 山田]\n---\nTexte.\n");
        let (one, two) = (newsroom.path("one.ndjson"), newsroom.path("two.ndjson"));
        for source in [&xml, &json, &newsroom.path("posts")] {
            assert_eq!(newsroom.counts(&["import", source]).0, Some(0));
        }
        newsroom.counts(&["import", "--undo", "2"]);
        newsroom.gazette(&["export", &one]);
        let other = newsroom.path("other");
        let variables = [
            ("GAZETTE_STORE", "dynamodb"),
            ("GAZETTE_SESSION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ("GAZETTE_DATA_DIR", &other),
            ("AWS_ENDPOINT_URL_DYNAMODB", &endpoint),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ];
        for arguments in [["table", "create"], ["import", &one], ["export", &two]] {
            let output = run(&arguments, &variables);
            let error = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {error}");
        }
        let (one, two) = (sorted(Path::new(&one)), sorted(Path::new(&two)));
        for part in
            ["\"redirect", "/vieux", "\"authors\"", "\"cs-CZ\"", "\"fr\"", "noviny.example/blog"]
        {
            assert!(one.iter().any(|line| line.contains(part)), "{part}");
        }
        assert_eq!(one, two);
        // The sources are known there too, and what was undone comes back.
        for (source, counts) in [(&xml, "6 unchanged"), (&json, "4 created, 2 drafts, 4 redirects")]
        {
            let output = run(&["import", source], &variables);
            let line = stdout(&output).lines().last().unwrap_or_default().to_owned();
            let found: Vec<&str> =
                line.split(", ").filter(|count| !count.starts_with("0 ")).collect();
            assert_eq!(found.join(", "), counts);
        }
    });
}
