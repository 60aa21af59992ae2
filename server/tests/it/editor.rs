//! The editor's form over HTTP: each act as each kind of caller, and that nothing typed is lost.

use axum::http::{Method, StatusCode};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::browser::Browser;
use crate::world::{SITE, TestResponse, World};

const JSON: [(&str, &str); 2] = [("origin", SITE), ("accept", "application/json")];

/// The mark of a story whose latest text readers do not see.
const UNPUBLISHED_CHANGES: &str = "<span id=\"changes\" class=\"pill changed\"><span class=\"narrow-hidden\">Unpublished </span>changes";

/// Fields of a form, which replace those of the same name.
fn form(fields: &[(&str, &str)]) -> String {
    let usual = [
        ("headline", "The wall"),
        ("summary", ""),
        ("body", "One two three."),
        ("section", "World"),
        ("authors", "Ana"),
        ("version", "0"),
        ("action", "save"),
    ];
    let kept = usual.iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
    Serializer::new(String::new()).extend_pairs(kept).extend_pairs(fields).finish()
}

/// Makes a draft and returns its path.
async fn draft(browser: &mut Browser<'_>, key: &str) -> String {
    let answer = browser.post("/desk/new", &form(&[("key", key)])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

/// Returns the text between two others.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    rest.split_once(end).expect(end).0
}

fn version(page: &TestResponse) -> String {
    between(&page.body, "name=\"version\" value=\"", "\"").to_owned()
}

/// Opens the editor and sends its form with these changes.
async fn act(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> TestResponse {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let version = version(&page);
    let fields: Vec<_> = [("version", version.as_str())].iter().chain(fields).copied().collect();
    browser.post(path, &form(&fields)).await
}

/// One pixel.
const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// Sends the form with a file, and the text "Not saved yet" in two lines.
async fn upload(browser: &mut Browser<'_>, address: &str, file: &[u8]) -> TestResponse {
    let part = |name: &str, rest: &str| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"{rest}\r\n\r\n")
    };
    let mut body = part("body", "") + "Not saved yet: two\r\nlines\r\n";
    body += &(part("version", "") + "1\r\n");
    body += &part("file", "; filename=\"wall.gif\"\r\ncontent-type: image/gif");
    let mut body = body.into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let headers = [("origin", SITE), ("content-type", "multipart/form-data; boundary=b")];
    browser.send_bytes(Method::POST, address, &headers, body).await
}

/// Returns the path of the picture in the form.
fn image_of(page: &TestResponse) -> String {
    between(&page.body, "id=\"image\" name=\"image\" value=\"", "\"").to_owned()
}

async fn json(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> TestResponse {
    browser.send(Method::POST, path, &JSON, &form(fields)).await
}

#[tokio::test]
async fn an_editor_writes_publishes_updates_and_unpublishes() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let new = ed.get("/desk/new").await;
    assert!(new.body.contains("New story") && new.body.contains("value=\"publish\""));
    let key = between(&new.body, "name=\"key\" value=\"", "\"").to_owned();
    let path = draft(&mut ed, &key).await;
    assert_eq!(draft(&mut ed, &key).await, path, "the form sent twice makes one story");
    let page = ed.get(&path).await;
    assert!(page.body.contains("class=\"save-state\">Saved "), "{}", page.body);

    let answer = act(&mut ed, &path, &[("action", "publish")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    let page = ed.get(&path).await;
    assert!(page.body.contains("Published."), "{}", page.body);
    assert!(page.body.contains("<a href=\"/news/the-wall\">View story</a>"), "{}", page.body);
    assert!(world.page("/news/the-wall").await.body.contains("One two three."));

    let answer = act(&mut ed, &path, &[("body", "Four five.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = ed.get(&path).await;
    assert!(page.body.contains(UNPUBLISHED_CHANGES), "{}", page.body);
    assert!(world.page("/news/the-wall").await.body.contains("One two three."));

    act(&mut ed, &path, &[("body", "Four five."), ("action", "publish")]).await;
    assert!(ed.get(&path).await.body.contains("Updated."));
    assert!(world.page("/news/the-wall").await.body.contains("Four five."));

    act(&mut ed, &path, &[("action", "unpublish")]).await;
    assert!(ed.get(&path).await.body.contains("Unpublished."));
    assert_eq!(world.get("/news/the-wall").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_story_is_scheduled_in_the_zone_of_the_site() {
    let world = World::with(|settings| settings.set("GAZETTE_TIME_ZONE", "Europe/Prague")).await;
    world.people().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let fields = [("publish_at", "2199-07-27T06:00"), ("action", "schedule")];
    let answer = act(&mut ed, &path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = ed.get(&path).await.body;
    assert!(page.contains("Scheduled for Sat 27 Jul 2199, 06:00 (Europe/Prague)."), "{page}");
    assert!(page.contains("value=\"2199-07-27T06:00\""), "{page}");
    let fields = [("publish_at", "2020-01-01T06:00"), ("action", "schedule")];
    let answer = act(&mut ed, &path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("href=\"#publish_at\""), "{}", answer.body);
}

#[tokio::test]
async fn a_writer_hands_in_and_an_editor_sends_back_with_a_note() {
    let world = World::peopled().await;
    let mut wim = Browser::signed_in(&world, "wim").await;
    let new = wim.get("/desk/new").await.body;
    assert!(new.contains("Hand in for review") && !new.contains("value=\"publish\""), "{new}");
    let path = draft(&mut wim, "a").await;
    for action in ["publish", "schedule", "unpublish", "send-back"] {
        let fields = [("action", action), ("publish_at", "2199-01-01T00:00"), ("body", "Mine.")];
        let answer = act(&mut wim, &path, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
        assert!(answer.body.contains("Mine."), "{action}: what was typed is still there");
    }
    act(&mut wim, &path, &[("action", "review")]).await;
    let page = wim.get(&path).await.body;
    assert!(page.contains("Handed in.") && page.contains("In review"), "{page}");

    let mut ed = Browser::signed_in(&world, "ed").await;
    let page = ed.get(&path).await.body;
    assert!(page.contains("value=\"send-back\"") && page.contains("wim"), "{page}");
    let fields = [("action", "send-back"), ("note", "Who says so? <b>")];
    assert_eq!(act(&mut ed, &path, &fields).await.status, StatusCode::SEE_OTHER);
    let page = wim.get(&path).await.body;
    assert!(page.contains("Who says so? &lt;b&gt;") && page.contains("sent this back"), "{page}");
    act(&mut wim, &path, &[("action", "review"), ("body", "Ana says so.")]).await;
    let page = ed.get(&path).await.body;
    assert!(page.contains("Who says so? &lt;b&gt;") && page.contains("with=note"), "{page}");
    let changes = ed.get(&format!("{path}/history?with=note")).await.body;
    assert!(changes.contains("<del>three.</del><ins>so.</ins>"), "{changes}");

    act(&mut ed, &path, &[("action", "publish")]).await;
    assert_eq!(wim.get(&path).await.status, StatusCode::FORBIDDEN);
    let answer = wim.post(&path, &form(&[("version", "1"), ("body", "Later words.")])).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("Later words."), "{}", answer.body);
}

#[tokio::test]
async fn az_01_stories_of_others_do_not_exist_for_a_writer() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let mut wim = Browser::signed_in(&world, "wim").await;
    let history = format!("{path}/history");
    for path in [&path, &history] {
        assert_eq!(wim.get(path).await.status, StatusCode::NOT_FOUND);
    }
    let answer = wim.post(&path, &form(&[("version", "1"), ("body", "Intruder.")])).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(wim.post(&history, "version=1").await.status, StatusCode::NOT_FOUND);
    assert!(ed.get(&path).await.body.contains("One two three."));
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    assert_eq!(rhea.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(rhea.post("/desk/new", &form(&[])).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.page(&path).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn broken_rules_are_links_to_their_fields_and_what_was_typed_is_saved() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let fields = [("key", "a"), ("headline", ""), ("body", "Kept words."), ("slug", "Not a slug!")];
    let fields = [&fields[..], &[("action", "publish")]].concat();
    let answer = ed.post("/desk/new", &form(&fields)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    for part in [
        "role=\"alert\"",
        "href=\"#headline\"",
        "aria-describedby=\"headline-error\"",
        "href=\"#slug\"",
        "Kept words.",
        "value=\"Not a slug!\"",
        "Your text is saved.",
    ] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    let path = between(&answer.body, "method=\"post\" action=\"", "\"").to_owned();
    assert!(ed.get(&path).await.body.contains("Kept words."));
    let answer = act(&mut ed, &path, &[("body", "Kept words."), ("action", "publish")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn publishing_checks_links_pictures_and_placeholders() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let body = "See [this](/news/no-such-story). TODO: more.";
    let fields = [("body", body), ("slug", "No!"), ("action", "publish")];
    let answer = act(&mut ed, &path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    for part in ["/news/no-such-story leads to no story", "TODO", "href=\"#slug\"", "3 things"] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert!(ed.get(&path).await.body.contains("TODO: more."), "it is saved");
    let published = ed.get(&path).await.body.contains("class=\"pill\">Draft");
    assert!(published, "it stays a draft");
}

#[tokio::test]
async fn a_conflict_shows_both_texts_and_the_next_save_keeps_what_was_typed() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let opened = version(&ed.get(&path).await);
    let mut ada = Browser::signed_in(&world, "ada").await;
    act(&mut ada, &path, &[("body", "Her text."), ("headline", "Her headline")]).await;

    let mine = [("version", opened.as_str()), ("body", "My text.")];
    let answer = ed.post(&path, &form(&mine)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    for part in ["id=\"theirs-body\"", "Her text.", "id=\"mine-body\"", "My text.", "ada"] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    // A change of another field is merged: it is not undone by the next save.
    let headline = between(&answer.body, "id=\"headline\"", "</textarea>");
    assert!(headline.ends_with("Her headline"), "{headline}");
    assert!(between(&answer.body, "id=\"body\"", "</textarea>").ends_with("My text."));
    let next = version(&answer);
    let fields = [("version", next.as_str()), ("body", "My text."), ("headline", "Her headline")];
    assert_eq!(ed.post(&path, &form(&fields)).await.status, StatusCode::SEE_OTHER);
    let page = ada.get(&path).await.body;
    assert!(page.contains("My text.") && page.contains("Her headline"), "{page}");
    assert!(page.contains("ed</bdi> opened this"), "{page}");
}

#[tokio::test]
async fn the_preview_is_what_will_be_published() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let image = image_of(&upload(&mut ed, &format!("{path}/image"), GIF).await);
    let fields = [
        ("headline", "Tides & <i>walls</i>"),
        ("summary", "What the sea leaves."),
        ("body", "## Heading\n\nText with a [link](/news) and `code`.\n\n- one\n- two"),
        ("tags", "Harbours, Housing"),
        ("authors", "Ana, Bo"),
        ("language", "en"),
        ("publish_at", "2026-01-01T06:00"),
        ("image", image.as_str()),
        ("image_alt", "A wall"),
    ];
    let with = |action| [&fields[..], &[("action", action)]].concat();
    let answer = act(&mut ed, &path, &with("preview")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!ed.get(&path).await.body.contains("What the sea leaves."), "nothing was saved");
    let article = |page: &str| between(page, "<article", "</article>").to_owned();
    assert_eq!(answer.body.matches("<h1").count(), 1, "the heading of the editor");
    // The same, but for the level of the headline.
    let preview = article(&answer.body).replacen("<h2 class=\"story-headline\"", "<h1", 1);
    let preview = preview.replacen("</h2>", "</h1>", 1);
    let published = act(&mut ed, &path, &with("publish")).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.body);
    let url = between(&ed.get(&path).await.body, "<a href=\"/news/", "\"").to_owned();
    let page = world.page(&format!("/news/{url}")).await.body;
    // Nothing can be done with a preview.
    let (before, rest) = page.split_once("<div class=\"acts\"").expect("the acts of readers");
    let (_, after) = rest.split_once("</details></div>").expect("an end of the acts");
    assert_eq!(preview, article(&[before, after].concat()));
}

#[tokio::test]
async fn the_form_answers_scripts_in_json() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let answer = json(&mut ed, "/desk/new", &[("key", "k"), ("action", "autosave")]).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let created = answer.json();
    let path = created["path"].as_str().expect("a path").to_owned();
    assert!(path.ends_with(created["id"].as_str().expect("an id")));
    assert_eq!((&created["words"], &created["minutes"]), (&Value::from(3), &Value::from(1)));

    let version = created["version"].to_string();
    let fields = [("version", version.as_str()), ("tab", "t"), ("sequence", "1")];
    let fields = [&fields[..], &[("action", "autosave"), ("body", "Four.")]].concat();
    let saved = json(&mut ed, &path, &fields).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    assert_eq!(saved.header("cache-control"), "private, no-store");
    let saved = saved.json();
    assert!(saved["saved_at"].is_string() && saved["merged"].is_object(), "{saved}");
    assert!(saved["version"].as_u64() > created["version"].as_u64());
    assert_eq!((&saved["by"], &saved["others"]), (&Value::from(""), &Value::from("")));

    let mut ada = Browser::signed_in(&world, "ada").await;
    act(&mut ada, &path, &[("body", "Five."), ("tags", "Sea")]).await;
    let version = saved["version"].to_string();
    let answer = json(&mut ed, &path, &[("version", &version), ("body", "Six.")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let conflict = answer.json();
    assert_eq!(conflict["fields"]["body"], "Five.");
    assert_eq!(conflict["merged"]["tags"], "Sea");
    assert_eq!(conflict["by"], "ada");

    let preview = json(&mut ed, &path, &[("body", "**Seven**"), ("action", "preview")]).await;
    assert!(preview.json()["html"].as_str().expect("HTML").contains("<strong>Seven</strong>"));

    let version = conflict["version"].to_string();
    let fields = [("version", version.as_str()), ("headline", ""), ("action", "publish")];
    let answer = json(&mut ed, &path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = answer.json();
    assert!(refused["fields"]["headline"].is_string() && refused["is_saved"] == true, "{refused}");
    assert!(refused["version"].as_u64() > conflict["version"].as_u64(), "{refused}");

    world.pass(31 * 60);
    let answer = json(&mut ed, &path, &[("version", "1")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json()["message"], "Unauthorized");
}

#[tokio::test]
async fn a_deleted_story_gives_its_text_back() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let path = draft(&mut ada, "a").await;
    let id = path.trim_start_matches("/desk/").to_owned();
    ada.post("/desk/delete", &format!("id={id}")).await;
    let answer = ada.post(&path, &form(&[("version", "1"), ("body", "Still typing.")])).await;
    assert_eq!(answer.status, StatusCode::GONE, "{}", answer.body);
    assert!(answer.body.contains("Still typing."), "{}", answer.body);
    assert!(answer.body.contains("action=\"/desk/new\""), "{}", answer.body);
}

#[tokio::test]
async fn a_story_that_is_too_large_is_refused_in_words() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let large = "word ".repeat(230_000);
    let answer = ed.post(&path, &form(&[("version", "1"), ("body", &large)])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        answer.body.contains("This form is larger than 1 MiB, so nothing was saved"),
        "{}",
        answer.body
    );
    let long = "word ".repeat(100_000);
    let answer = act(&mut ed, &path, &[("body", &long)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains(&long) && answer.body.contains("href=\"#body\""));
    assert!(answer.body.contains("Not saved yet"));
}

#[tokio::test]
async fn finding_0_1_hostile_text_in_any_field_is_only_text() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let hostile = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let names = [
        "headline",
        "summary",
        "body",
        "section",
        "tags",
        "authors",
        "language",
        "slug",
        "image",
        "image_alt",
        "image_caption",
        "image_credit",
        "publish_at",
        "unpublish_at",
        "pin_until",
        "note",
    ];
    let fields: Vec<_> = names.iter().map(|name| (*name, hostile)).collect();
    let check = |page: &TestResponse| {
        let lower = page.body.to_lowercase();
        assert!(!lower.contains("<script>alert") && !lower.contains("<img src=x"), "{}", page.body);
    };
    for action in ["preview", "publish", "save"] {
        let answer =
            ed.post("/desk/new", &form(&[&fields[..], &[("action", action)]].concat())).await;
        assert!(!answer.status.is_server_error(), "{action}");
        check(&answer);
        if action == "save" {
            let path = answer.header("location").to_owned();
            check(&ed.get(&path).await);
            check(&ed.get(&format!("{path}/history")).await);
            let answer =
                act(&mut ed, &path, &[&fields[..], &[("action", "preview")]].concat()).await;
            check(&answer);
            let mut ada = Browser::signed_in(&world, "ada").await;
            let other = format!("{hostile}!");
            let others: Vec<_> = names.iter().map(|name| (*name, other.as_str())).collect();
            act(&mut ada, &path, &others).await;
            let third = format!("{hostile}?");
            let mine: Vec<_> = names.iter().map(|name| (*name, third.as_str())).collect();
            let fields = [&mine[..], &[("version", "1")]].concat();
            let conflict = ed.post(&path, &form(&fields)).await;
            assert_eq!(conflict.status, StatusCode::CONFLICT, "{}", conflict.body);
            check(&conflict);
        }
    }
}

#[tokio::test]
async fn an_earlier_version_is_compared_and_restored_without_publishing() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    act(&mut ed, &path, &[("action", "publish")]).await;
    act(&mut ed, &path, &[("body", "One two four."), ("action", "publish")]).await;
    let history = format!("{path}/history");
    let page = ed.get(&history).await.body;
    assert!(page.contains("<del>three</del>") || page.contains("<del>three.</del>"), "{page}");
    assert!(page.contains("Published"), "{page}");
    let list = between(&page, "class=\"versions\"", "</ol>");
    let versions: Vec<&str> = list.split("?version=").skip(1).collect();
    let first = versions.last().expect("a version").split(['"', '&']).next().expect("a number");
    let page = ed.get(&format!("{history}?version={first}&with=present")).await.body;
    assert!(page.contains("Restore this version"), "{page}");
    let answer = ed.post(&history, &format!("version={first}")).await;
    assert_eq!(answer.header("location"), path, "{}", answer.body);
    let page = ed.get(&path).await.body;
    assert!(page.contains("The earlier version is in the editor."), "{page}");
    assert!(page.contains("One two three.") && page.contains(UNPUBLISHED_CHANGES), "{page}");
    assert!(world.page("/news/the-wall").await.body.contains("One two four."));
    assert_eq!(ed.get(&format!("{history}?version=999")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_picture_is_uploaded_with_the_form_and_no_word_is_lost() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let address = format!("{path}/image");
    let answer = upload(&mut ed, &address, GIF).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("Not saved yet: two\nlines"), "{}", answer.body);
    let image = image_of(&answer);
    assert!(image.starts_with("/images/"), "{image}");
    let answer = upload(&mut ed, &address, b"no picture").await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", answer.body);
    assert!(answer.body.contains("Not saved yet: two") && answer.body.contains("href=\"#image\""));
    let answer = upload(&mut ed, &address, b"").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);

    let chosen = act(&mut ed, &path, &[("choose", &image), ("body", "Typed.")]).await;
    assert_eq!(chosen.status, StatusCode::OK, "{}", chosen.body);
    assert!(chosen.body.contains(&format!("name=\"image\" value=\"{image}\"")), "{}", chosen.body);
    assert!(chosen.body.contains("Typed."));
}

#[tokio::test]
async fn a_writer_is_told_that_the_story_is_published() {
    let world = World::peopled().await;
    let mut wim = Browser::signed_in(&world, "wim").await;
    let path = draft(&mut wim, "own").await;
    // The decision of an editor: the form comes back.
    let refused = act(&mut wim, &path, &[("action", "publish"), ("body", "My words.")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Only an editor can do this. Hand your story in"));
    assert!(refused.body.contains("My words."));
    let mut ed = Browser::signed_in(&world, "ed").await;
    assert_eq!(act(&mut ed, &path, &[("action", "publish")]).await.status, StatusCode::SEE_OTHER);
    for address in [path.clone(), format!("{path}/history")] {
        let page = wim.get(&address).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("This story is published"), "{}", page.body);
        assert!(page.body.contains("only an editor can change it"), "{}", page.body);
        assert!(page.body.contains("href=\"/news/the-wall\""), "{}", page.body);
        assert!(!page.body.contains("isn't in a group"), "{}", page.body);
    }
    let sent = wim.post(&path, &form(&[("version", "1"), ("body", "Too late.")])).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(sent.body.contains("This story is published. From now on"), "{}", sent.body);
    assert!(sent.body.contains("Too late."));
    let answer = json(&mut wim, &path, &[("version", "1"), ("action", "autosave")]).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::FORBIDDEN, r#"{"message":"Forbidden"}"#)
    );
}

#[tokio::test]
async fn faults_are_in_the_order_of_the_form_and_summaries_are_made() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let never = "/images/0123456789abcdef0123456789abcdef-640x480.jpg";
    let fields = [
        ("body", "It rose TK metres. ![A map](/images/map.png)"),
        ("image", never),
        ("image_alt", ""),
        ("headline", ""),
        ("action", "publish"),
    ];
    let refused = act(&mut ed, &path, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = between(&refused.body, "class=\"error-summary\"", "</section>");
    let links: Vec<&str> =
        list.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links, ["headline", "body", "body", "image", "image_alt"], "{list}");
    let fields = [("body", "It rose two metres."), ("image", ""), ("action", "publish")];
    assert_eq!(act(&mut ed, &path, &fields).await.status, StatusCode::SEE_OTHER);
    let page = ed.get(&path).await;
    assert!(between(&page.body, "id=\"summary\"", "</textarea>").ends_with(">\n"), "as typed");
    let news = world.get("/news").await.json();
    assert_eq!(news["items"][0]["summary"], "It rose two metres.");
}

#[tokio::test]
async fn a_picture_that_is_too_large_leaves_everything_typed_in_the_form() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    // More than all bodies together may hold.
    for size in [20 * 1024 * 1024 + 1, 70 * 1024 * 1024] {
        for address in [format!("{path}/image"), "/desk/new/image".to_owned()] {
            let answer = upload(&mut ed, &address, &vec![b'x'; size]).await;
            assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{address}");
            assert!(answer.body.contains("Not saved yet: two\nlines"), "{}", answer.body);
            assert!(answer.body.contains("larger than 20 MiB"), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn an_empty_new_story_is_not_saved() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    for action in ["save", "publish", "review"] {
        let fields = [("headline", ""), ("body", " "), ("section", ""), ("action", action)];
        let answer = ed.post("/desk/new", &form(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{action}");
        assert!(answer.body.contains("Write something first"), "{}", answer.body);
        assert!(!answer.body.contains("Your text is saved"), "{}", answer.body);
    }
    assert!(!ed.get("/desk").await.body.contains("Untitled"));
}

#[tokio::test]
async fn unpublished_changes_are_discarded_and_stay_in_the_history() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    assert!(!ed.get(&path).await.body.contains("value=\"discard\""));
    act(&mut ed, &path, &[("action", "publish")]).await;
    // It waits for a script, which shows it as soon as there is something to discard.
    let is_hidden = |page: &str| {
        let tag = page.split('<').find(|tag| tag.contains("id=\"discard\""));
        tag.and_then(|tag| tag.split_once('>')).map(|(tag, _)| tag.contains(" hidden"))
    };
    let page = ed.get(&path).await.body;
    assert_eq!(is_hidden(&page), Some(true), "{page}");
    act(&mut ed, &path, &[("body", "Worse words.")]).await;
    let page = ed.get(&path).await.body;
    assert!(page.contains("value=\"discard\"") && page.contains("Worse words."), "{page}");
    assert_eq!(is_hidden(&page), Some(false), "{page}");
    let answer = act(&mut ed, &path, &[("body", "Worst words."), ("action", "discard")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = ed.get(&path).await.body;
    assert!(page.contains("Changes discarded."), "{page}");
    assert!(between(&page, "id=\"body\"", "</textarea>").ends_with("One two three."), "{page}");
    assert!(!page.contains(UNPUBLISHED_CHANGES), "{page}");
    let history = ed.get(&format!("{path}/history")).await.body;
    assert!(history.contains("Worst") && history.contains("<del>"), "{history}");
}

#[tokio::test]
async fn the_text_of_another_is_taken_field_by_field() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    let opened = version(&ed.get(&path).await);
    let mut ada = Browser::signed_in(&world, "ada").await;
    act(&mut ada, &path, &[("body", "Her text."), ("headline", "Her headline")]).await;
    let mine = [("version", opened.as_str()), ("body", "My text."), ("headline", "My headline")];
    let conflict = ed.post(&path, &form(&mine)).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.body.contains("name=\"theirs\" value=\"body\""), "{}", conflict.body);
    let version = version(&conflict);
    let fields = [("body", "My text."), ("headline", "My headline"), ("theirs", "body")];
    let fields = [&fields[..], &[("version", version.as_str())]].concat();
    let page = ed.post(&path, &form(&fields)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(between(&page.body, "id=\"body\"", "</textarea>").ends_with("Her text."));
    assert!(between(&page.body, "id=\"headline\"", "</textarea>").ends_with("My headline"));
    // A second window of one person is not another person.
    let mut window = Browser::signed_in(&world, "ada").await;
    let late = [("version", opened.as_str()), ("body", "Her other text.")];
    let answer = window.post(&path, &form(&late)).await;
    assert!(answer.body.contains("You, in another window"), "{}", answer.body);
}

#[tokio::test]
async fn a_picture_that_was_not_uploaded_is_not_dropped_in_silence() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = draft(&mut ed, "a").await;
    act(&mut ed, &path, &[("file", "harbour.jpg")]).await;
    let page = ed.get(&path).await.body;
    assert!(page.contains("Saved, but without the picture"), "{page}");
    let answer = act(&mut ed, &path, &[("file", "harbour.jpg"), ("action", "publish")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("harbour.jpg\u{201d} was not uploaded"), "{}", answer.body);
}

#[tokio::test]
async fn times_of_editors_survive_the_form_of_a_writer() {
    let world = World::peopled().await;
    let mut wim = Browser::signed_in(&world, "wim").await;
    let path = draft(&mut wim, "a").await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    act(&mut ed, &path, &[("publish_at", "2199-01-01T00:00")]).await;
    let page = wim.get(&path).await.body;
    let field = "<input type=\"hidden\" name=\"publish_at\" value=\"2199-01-01T00:00\"";
    assert!(page.contains(field) && !page.contains("Pin until"), "{page}");
}

#[tokio::test]
async fn text_that_only_the_browser_has_is_shown_where_its_story_is_refused() {
    let world = World::peopled().await;
    let mut wim = Browser::signed_in(&world, "wim").await;
    let path = draft(&mut wim, "a").await;
    let own = between(&wim.get(&path).await.body, "data-person=\"", "\"").to_owned();
    let mut ed = Browser::signed_in(&world, "ed").await;
    act(&mut ed, &path, &[("action", "publish")]).await;
    let refused = wim.get(&path).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let place = format!("data-kept=\"{own}\"");
    for page in [refused, wim.get("/desk").await, wim.get("/account").await] {
        assert!(page.body.contains(&place), "{}", page.body);
    }
    assert!(!world.get("/news").await.body.contains("data-kept"));
}
