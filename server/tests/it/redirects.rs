//! Redirects from old addresses: what readers get, the newsroom's page, and the commands.

use std::path::Path;
use std::process::{Command, Output};

use axum::http::{Method, StatusCode};
use gazette_domain::{Redirect, Status, StoryInput, SystemTask};
use jiff::Timestamp;

use crate::browser::Browser;
use crate::world::{SITE, TestResponse, World, admin};
use crate::writer::{Writer, json_of};

impl World {
    async fn redirect(&self, from: &str, to: &str, status: &str) {
        let redirect = Redirect::by_hand(from, to, status).expect("a redirect");
        self.desk.add_redirect(&admin(), redirect).await.expect("added");
    }
}

fn assert_moved(answer: &TestResponse, location: &str) {
    assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{}", answer.body);
    assert_eq!(answer.header("location"), location);
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn a_page_with_a_slash_at_its_end_is_the_one_without() {
    let world = World::peopled().await;
    world.publish(1).await;
    for (path, expected) in [
        ("/news/", "/news"),
        ("/about/", "/about"),
        ("/archive/", "/archive"),
        ("/search/?q=a", "/search?q=a"),
        ("/section/news/", "/section/news"),
    ] {
        let answer = world.page(path).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{path}");
        assert_eq!(answer.header("location"), expected);
    }
    for path in ["//evil.example/", "/nowhere/", "/desk/", "/auth/me/", "/about//", "/assets/x/"] {
        assert_eq!(world.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn old_addresses_are_answered_by_their_redirects() {
    let world = World::new().await;
    world.publish(1).await;
    world
        .redirect("/2019/\u{441}\u{442}\u{430}\u{440}\u{43e}\u{435}/", "/news/story-0", "301")
        .await;
    world.redirect("/?p=12", "/news/story-0", "301").await;
    world.redirect("/index.php?p=12", "/news/story-0#top", "301").await;
    world.redirect("/elsewhere", "https://example.com/a", "301").await;
    world.redirect("/unicode", "/tag/\u{30cb}\u{30e5}\u{30fc}\u{30b9} x", "301").await;
    for path in [
        "/2019/%D1%81%D1%82%D0%B0%D1%80%D0%BE%D0%B5",
        "/2019/%d1%81%d1%82%d0%b0%d1%80%d0%be%d0%b5/",
        "/2019/%D1%81%D1%82%D0%B0%D1%80%D0%BE%D0%B5/index.html",
        "/?p=12",
    ] {
        assert_moved(&world.get(path).await, "/news/story-0");
        // From memory, and as a browser asks.
        assert_moved(&world.page(path).await, "/news/story-0");
        assert_moved(&world.anonymous(Method::HEAD, path).await, "/news/story-0");
    }
    assert_moved(&world.get("/index.php?p=12").await, "/news/story-0#top");
    assert_moved(&world.get("/elsewhere/?utm=1&x").await, "https://example.com/a?utm=1&x");
    assert_moved(&world.get("/unicode").await, "/tag/%E3%83%8B%E3%83%A5%E3%83%BC%E3%82%B9%20x");
    for path in ["/?p=13", "/?p=12&x", "/"] {
        assert_eq!(world.page(path).await.status, StatusCode::OK, "{path}");
    }
    for path in ["/2019", "/index.php?p=13", "/index.php", "//elsewhere", "/ELSEWHERE"] {
        assert_eq!(world.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let request = crate::world::request(method.clone(), "/elsewhere").header("origin", SITE);
        let answer = world.send(request.body(axum::body::Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method}");
    }
}

#[tokio::test]
async fn a_page_that_is_gone_says_so() {
    let world = World::new().await;
    world.redirect("/gone", "", "410").await;
    let answer = world.page("/gone?x").await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(answer.body.contains("<h1"), "{}", answer.body);
    assert_eq!(world.get("/gone").await.json()["message"], "Gone");
}

#[tokio::test]
async fn stories_labels_and_files_come_before_redirects() {
    let world = World::peopled().await;
    world.publish(2).await;
    for from in
        ["/news/story-0", "/news/old", "/section/world", "/section/old", "/tag/old", "/author/old"]
    {
        world.redirect(from, "/news/story-1", "301").await;
    }
    for path in ["/news/story-0", "/section/world"] {
        assert_eq!(world.page(path).await.status, StatusCode::OK, "{path}");
    }
    for path in
        ["/news/old", "/section/old/", "/section/old", "/tag/old", "/author/old", "/news/old?a"]
    {
        let query = if path.ends_with('a') { "?a" } else { "" };
        assert_moved(&world.page(path).await, &format!("/news/story-1{query}"));
    }
    let ada = Writer::new(&world, "ada").await;
    let story = json_of(&world, "/news/story-0").await.json();
    let id = story["id"].as_str().expect("an id");
    let deleted = world.bearer(Method::DELETE, &format!("/news/{id}"), &ada.token).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(world.page("/news/story-0").await.status, StatusCode::GONE, "the story answers");
}

#[tokio::test]
async fn a_redirect_does_not_reveal_a_hidden_story() {
    let world = World::new().await;
    let in_an_hour = Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let draft = StoryInput {
        status: Status::Draft,
        ..StoryInput::new("Secret draft", "Text.", Timestamp::now())
    };
    for (from, input) in
        [("/old/draft", draft), ("/old/soon", StoryInput::new("Soon here", "Text.", in_an_hour))]
    {
        let published = world.operator.publish(SystemTask::Import, input).await.expect("stored");
        let redirect = Redirect::of_import(from, published.teaser().id, 1).expect("a redirect");
        let added = world.operator.add_redirects(&[redirect]).await.expect("added");
        assert!(added.iter().all(Result::is_ok), "{added:?}");
        let answer = world.page(from).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.header("location"), "");
        assert!(!answer.body.contains("Secret") && !answer.body.contains("Soon"));
    }
    world.pass(2 * 60 * 60);
    world.operator.sync_with_log().await.expect("synced");
    assert_moved(&world.page("/old/soon?a=1").await, "/news/soon-here?a=1");
    assert_eq!(world.operator.remove_redirects_of_import(1).await.expect("removed"), 2);
    assert_eq!(world.page("/old/soon?a=1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_outage_is_not_a_missing_page() {
    let world = World::new().await;
    world.publish(1).await;
    world.redirect("/old", "/news/story-0", "301").await;
    assert_moved(&world.page("/old").await, "/news/story-0");
    assert_eq!(world.page("/?p=1").await.status, StatusCode::OK);
    world.table.set_news_away(true);
    assert_moved(&world.page("/old").await, "/news/story-0");
    assert_eq!(world.page("/other-old").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.page("/?p=2").await.status, StatusCode::OK, "the last good front page");
}

#[tokio::test]
async fn editors_add_find_and_remove_redirects() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let page = ed.get("/desk/redirects").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("No redirects yet."), "{}", page.body);
    for (form, notice) in [
        ("from=%2Fold%2F&to=%2Fnews%2Fnew&status=301", "Redirect added."),
        ("from=%2Fold&to=%2Fnews%2Fnew&status=301", "This redirect is already there."),
        ("from=%2Fgone&to=&status=410", "Redirect added."),
        ("from=%2Fhere&to=http%3A%2F%2Flocalhost%3A3000%2Fnews%2Fx&status=301", "Redirect added."),
    ] {
        let answer = ed.post("/desk/redirects", form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{form}: {}", answer.body);
        assert_eq!(answer.header("location"), "/desk/redirects");
        let page = ed.get("/desk/redirects").await.body;
        assert!(page.contains(notice), "{form}: {page}");
    }
    assert_moved(&world.get("/here").await, "/news/x");
    for (form, message) in [
        ("from=%2Fdesk&to=%2Fx&status=301", "is a page of this site"),
        ("from=%2Fa&to=%2F%2Fevil.example&status=301", "must be a path of this site"),
        ("from=%2Fa&to=%2F%5Cevil.example&status=301", "has a backslash"),
        ("from=%2Fa&to=javascript%3Aalert(1)&status=301", "must be a path of this site"),
        ("from=%2Fa&to=%2Fa&status=301", "is the old address itself"),
        ("from=%2Fnews%2Fnew&to=%2Fold&status=301", "closes a loop: /news/new \u{2192} /old"),
        ("from=%2Fold&to=%2Fother&status=301", "already leads to `/news/new`"),
        ("from=%2Fa&to=%2Fb&status=302", "must be 301 or 410"),
        ("from=%22%3E%3Cscript%3E&to=%2Fb&status=301", "&lt;script&gt;"),
    ] {
        let answer = ed.post("/desk/redirects", form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.body.contains(message), "{form}: {}", answer.body);
        assert!(answer.body.contains(r#"aria-invalid="true""#), "{form}");
        assert!(!answer.body.contains("<script>"), "{form}");
    }
    let found = ed.get("/desk/redirects?prefix=%2Fg").await.body;
    assert!(found.contains("/gone") && !found.contains(">/old<"), "{found}");
    let removed = ed.post("/desk/redirects/remove", "from=%2Fold").await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    assert!(ed.get("/desk/redirects").await.body.contains("Redirect removed."));
    assert_eq!(world.get("/old").await.status, StatusCode::NOT_FOUND);
    ed.post("/desk/redirects/remove", "from=%2Fold").await;
    assert!(ed.get("/desk/redirects").await.body.contains("There is no such redirect any more."));
    let mut ada = Browser::signed_in(&world, "ada").await;
    let log = ada.get("/desk/audit").await.body;
    assert_eq!(log.matches(" added the redirect ").count(), 3, "{log}");
    assert_eq!(log.matches(" removed the redirect ").count(), 1, "{log}");
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    for answer in [
        rhea.get("/desk/redirects").await,
        rhea.post("/desk/redirects", "from=%2Fa&to=%2Fb&status=301").await,
        rhea.post("/desk/redirects/remove", "from=%2Fgone").await,
    ] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}

fn gazette(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gazette"));
    command.arg("--data-dir").arg(data).args(arguments).output().expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[test]
fn redirects_go_through_a_file_and_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (data, copy, file) = (at("data"), at("copy"), at("redirects.csv"));
    let path = file.to_str().expect("a path");
    let good = "from,to,status\n/a,/b,301\n/b,/c,301\n/2019/\u{7d4c}\u{6e08},/news/x,301\n\"/q?a=1,2\",https://example.com/,301\n/gone,,410\n";
    std::fs::write(
        &file,
        format!("{good}/desk,/x,301\n/c,/a,301\n/d,//evil.example,301\n/b,/other,301\n"),
    )
    .expect("written");
    let dry = gazette(&data, &["redirects", "import", "--dry-run", path]);
    let first = gazette(&data, &["redirects", "import", path]);
    for output in [&dry, &first] {
        let text = stdout(output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        for line in [
            "line 7: from: `/desk` is a page of this site",
            "line 8: to: closes a loop: /c \u{2192} /a",
            "line 9: to: `//evil.example` must be a path",
            "line 10: from: `/b` already leads to `/c`",
            "5 created, 0 unchanged, 1 with another target here, 3 refused",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }
    std::fs::write(&file, good).expect("written");
    let again = gazette(&data, &["redirects", "import", path]);
    assert_eq!(again.status.code(), Some(0));
    assert!(stdout(&again).starts_with("0 created, 5 unchanged, "), "{}", stdout(&again));
    let exported = gazette(&data, &["redirects", "export"]);
    assert_eq!(exported.status.code(), Some(0));
    assert_eq!(gazette(&data, &["redirects", "export", "-"]).stdout, exported.stdout);
    std::fs::write(at("out.csv"), &exported.stdout).expect("written");
    let out = at("out.csv");
    let copied = gazette(&copy, &["redirects", "import", out.to_str().expect("a path")]);
    assert_eq!(copied.status.code(), Some(0), "{}", stdout(&copied));
    let file = gazette(&copy, &["redirects", "export", path]);
    assert!(stdout(&file).contains("exported 5 redirects to "), "{}", stdout(&file));
    assert_eq!(std::fs::read(path).expect("a file"), exported.stdout);
    let expected = "from,to,status\n/2019/\u{7d4c}\u{6e08},/news/x,301\n/a,/c,301\n/b,/c,301\n/gone,,410\n\"/q?a=1,2\",https://example.com/,301\n";
    assert_eq!(stdout(&exported), expected);
    let list = stdout(&gazette(&copy, &["redirects", "list"]));
    assert!(list.contains("410 /gone (by hand)\n") && list.ends_with("5 redirects\n"), "{list}");
    let missing = gazette(&at("none"), &["redirects", "import", "/nowhere.csv"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(!at("none").join("gazette.redb").exists(), "a bad file creates no store");
}

#[test]
fn an_export_of_everything_has_the_redirects() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let csv = at("redirects.csv");
    std::fs::write(&csv, "from,to,status\n/a,/b,301\n/gone,,410\n").expect("written");
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    let all = text(&at("all.ndjson"));
    assert!(gazette(&at("one"), &["redirects", "import", &text(&csv)]).status.success());
    assert!(gazette(&at("one"), &["export", &all]).status.success());
    let lines = std::fs::read_to_string(&all).expect("an export");
    let forged = lines.replace(r#""path":"/b""#, r#""path":"//evil.example""#);
    assert_ne!(lines, forged);
    std::fs::write(at("forged.ndjson"), forged).expect("written");
    assert!(gazette(&at("two"), &["import", &all]).status.success());
    let bad = gazette(&at("three"), &["import", &text(&at("forged.ndjson"))]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(stdout(&bad).contains("must be a path of this site"), "{}", stdout(&bad));
    let exported = |data: &str| stdout(&gazette(&at(data), &["redirects", "export"]));
    assert_eq!(exported("one"), exported("two"));
    assert_eq!(exported("three"), "from,to,status\n/gone,,410\n");
}
