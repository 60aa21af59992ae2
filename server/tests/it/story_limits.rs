//! The limits of stories: what is accepted can be stored and read; what is not is 422.

use axum::http::{Method, StatusCode};
use gazette_table::{Item, Key, Write};
use serde_json::{Value, json};

use crate::world::World;
use crate::writer::{Writer, id, json_of, story};

fn with(field: &str, value: impl Into<Value>) -> Value {
    let mut body = story("Limits");
    body[field] = value.into();
    body
}

#[tokio::test]
async fn invisible_characters_are_refused_by_name_and_code() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    for (character, code) in [
        ('\0', "U+0000"),
        ('\u{1b}', "U+001B"),
        ('\u{7f}', "U+007F"),
        ('\u{85}', "U+0085"),
        ('\u{202e}', "U+202E"),
        ('\u{2066}', "U+2066"),
    ] {
        let text = format!("One{character}two");
        let tags = json!([text]);
        for (field, value) in [
            ("headline", json!(text)),
            ("summary", json!(text)),
            ("section", json!(text)),
            ("tags", tags),
        ] {
            let answer = ed.post(&with(field, value)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {code}");
            let message = answer.json()["fields"][field].as_str().unwrap_or_default().to_owned();
            assert!(message.contains(code), "{field}: {message}");
        }
    }
    for (character, status) in [
        ('\0', StatusCode::UNPROCESSABLE_ENTITY),
        ('\u{9b}', StatusCode::UNPROCESSABLE_ENTITY),
        ('\t', StatusCode::CREATED),
        ('\n', StatusCode::CREATED),
        ('\u{202e}', StatusCode::CREATED),
    ] {
        let answer = ed.post(&with("body", format!("One{character}two"))).await;
        assert_eq!(answer.status, status, "{character:?}");
    }
    let windows = ed.post(&with("body", "One\r\n\r\ntwo\rthree")).await;
    assert_eq!(windows.json()["body"], "One\n\ntwo\nthree");
}

#[tokio::test]
async fn what_is_accepted_can_be_stored_and_read() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    for body in [
        "\\".repeat(200_000),
        "x\n\n".repeat(87_000),
        "\"".repeat(180_000),
        "[^1]".repeat(20_000) + "\n\n[^1]: x\n",
        "<p><a href=\"/x\">".to_owned() + &"<p>a".repeat(5_000),
        "word ".repeat(50_000),
        "<".repeat(250_000),
    ] {
        let answer = ed.post(&with("body", body.as_str())).await;
        let start: String = body.chars().take(10).collect();
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
            assert!(answer.json()["fields"]["body"].is_string(), "{start}: {}", answer.body);
            continue;
        }
        assert_eq!(answer.status, StatusCode::CREATED, "{start}");
        let path = format!("/news/{}", answer.json()["slug"].as_str().expect("a slug"));
        assert_eq!(world.page(&path).await.status, StatusCode::OK, "{start}");
        let read = json_of(&world, &path).await;
        assert_eq!(read.json()["body"], body, "{start}");
        let tag = read.header("etag").to_owned();
        let changed = ed.put(&id(&answer), &tag, &json!({ "summary": "Another." })).await;
        assert_eq!(changed.status, StatusCode::OK, "{start}");
    }
}

#[tokio::test]
async fn a_stored_story_over_the_limits_is_shown_as_a_notice() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let created = ed.post(&story("Bomb")).await;
    let key = Key::new(format!("article#{}", id(&created)), "current");
    let table = world.table.as_table();
    let stored = table.get(&key).await.expect("readable").expect("there");
    let mut body = (*stored.body).clone();
    body["body"] =
        json!("<p><a href=\"/".to_owned() + &"A".repeat(20_000) + "\">" + &"<p>a".repeat(30_000));
    let item = Item { body: body.into(), ..stored.clone() };
    table.write(vec![Write::put(item)]).await.expect("written");

    let page = world.page("/news/bomb").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("cannot be shown"), "{}", page.body);
    let read = json_of(&world, "/news/bomb").await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(read.json()["html"].as_str().expect("html").contains("cannot be shown"));
    let request = [("accept", "text/html")];
    let editors = ed.send(Method::GET, "/news/bomb", &request, &json!({})).await;
    assert!(editors.body.contains("bytes of HTML"), "{}", editors.body);
    let tag = read.header("etag").to_owned();
    let mended = ed.put(&id(&created), &tag, &json!({ "body": "Mended." })).await;
    assert_eq!(mended.status, StatusCode::OK);
    assert!(world.page("/news/bomb").await.body.contains("Mended."));
}
