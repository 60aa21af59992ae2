//! Pictures over HTTP: uploading, reading, and what is refused.

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{SITE, TestResponse, World, request};
use crate::writer::{Writer, id, story};

const BOUNDARY: &str = "boundary-of-the-test";

/// Returns a photograph in JPEG: noise, so that no lossless format is smaller.
pub(crate) fn photograph(width: u16, height: u16) -> Vec<u8> {
    let mut state = 1_u32;
    let size = usize::from(width) * usize::from(height) * 3;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let pixels: Vec<u8> = (0..size).map(|_| next()).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).expect("encoded");
    bytes
}

/// Returns the body of a form with a file.
fn form(file: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a photo.jpg\"\r\ncontent-type: image/jpeg\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

fn upload(path: &str, body: Vec<u8>) -> Request<Body> {
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let request = request(Method::POST, path).header(CONTENT_TYPE, media_type);
    request.body(Body::from(body)).expect("a request")
}

/// Uploads a picture as a program of one of the people.
pub(crate) async fn post(
    world: &World,
    name: &str,
    file: &[u8],
    fields: &[(&str, &str)],
) -> TestResponse {
    let token = world.access_token(name).await;
    post_as(world, &token, file, fields).await
}

async fn post_as(world: &World, token: &str, file: &[u8], fields: &[(&str, &str)]) -> TestResponse {
    let mut request = upload("/images", form(file, fields));
    let value = format!("Bearer {token}").parse().expect("a header");
    request.headers_mut().insert(AUTHORIZATION, value);
    world.send(request).await
}

/// Gets a file.
async fn get(world: &World, path: &str) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    let request = request(Method::GET, path).header(HOST, "localhost:3000");
    let request = request.body(Body::empty()).expect("a request");
    let response = world.router.clone().answer(request).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, body.to_vec())
}

fn path_of(uploaded: &Value) -> String {
    let url = uploaded["url"].as_str().expect("a url");
    url.strip_prefix("http://localhost:3000").expect("of this site").to_owned()
}

#[tokio::test]
async fn an_uploaded_picture_is_served_in_every_size() {
    let world = World::peopled().await;
    let answer = post(&world, "ed", &photograph(700, 350), &[]).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let uploaded = answer.json();
    assert_eq!(answer.header("location"), uploaded["url"].as_str().expect("a url"));
    assert_eq!((&uploaded["width"], &uploaded["height"]), (&700.into(), &350.into()));
    let id = uploaded["id"].as_str().expect("an id");
    assert_eq!(path_of(&uploaded), format!("/images/{id}-700x350.jpg"));
    for (width, height) in [(700, 350), (640, 320), (320, 160)] {
        let (status, headers, body) =
            get(&world, &format!("/images/{id}-{width}x{height}.jpg")).await;
        assert_eq!(status, StatusCode::OK, "{width}");
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(headers.contains_key("content-security-policy"));
        assert!(headers["etag"].to_str().expect("text").starts_with('"'));
        let mut decoder = jpeg_decoder::Decoder::new(&body[..]);
        decoder.read_info().expect("a picture");
        let info = decoder.info().expect("read");
        assert_eq!((info.width, info.height), (width, height));
    }
    for missing in ["960x480.jpg", "700x350.png", "640x321.jpg", "0x0.jpg"] {
        let (status, _, _) = get(&world, &format!("/images/{id}-{missing}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{missing}");
    }
    let again = post(&world, "ada", &photograph(700, 350), &[]).await;
    assert_eq!(again.json(), uploaded, "the same file is the same picture");
}

#[tokio::test]
async fn a_known_copy_and_a_head_request_have_no_body() {
    let world = World::peopled().await;
    let path = path_of(&post(&world, "ed", &photograph(40, 30), &[]).await.json());
    let (_, headers, body) = get(&world, &path).await;
    let head = world.anonymous(Method::HEAD, &path).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), body.len().to_string());
    assert_eq!(head.headers["etag"], headers["etag"]);
    let known = request(Method::GET, &path).header("if-none-match", &headers["etag"]);
    let known = world.send(known.body(Body::empty()).expect("a request")).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn az_11_no_name_reaches_other_files() {
    let world = World::peopled().await;
    for path in [
        "/images/..%2f..%2fgazette.redb",
        "/images/%2e%2e%2fgazette.redb",
        "/images/gazette.redb",
        "/images/00",
        "/images/..",
        "/images/a%00.jpg",
        "/images/0000000000000000000000000000000a-5x5.jpg",
        "/images/0000000000000000000000000000000a-5x5.jpg%2f",
    ] {
        let answer = world.get(path).await;
        assert!(
            matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST),
            "{path}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn only_the_newsroom_uploads() {
    let world = World::peopled().await;
    let body = || form(&photograph(20, 20), &[]);
    let anonymous = world.send(upload("/images", body())).await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
    assert_eq!(anonymous.body, r#"{"message":"Unauthorized"}"#);
    let reader = post(&world, "rhea", &photograph(20, 20), &[]).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.body, r#"{"message":"Forbidden"}"#);
    // CSRF-02: a cookie without an origin.
    let mut foreign = upload("/images", body());
    foreign.headers_mut().insert(COOKIE, "gazette-3000=abc".parse().expect("a cookie"));
    assert_eq!(world.send(foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn files_that_are_no_pictures_are_refused_in_words() {
    let world = World::peopled().await;
    let mut cut = photograph(200, 200);
    cut.truncate(cut.len() / 2);
    for (file, status, words) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"[..], 415, "SVG"),
        (b"<!doctype html><script>1</script>", 415, "HTML"),
        (b"%PDF-1.7 ...", 415, "PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", 415, "HEIC"),
        (b"", 422, "empty"),
        (&cut, 422, "incomplete"),
        (b"\xff\xd8\xff\xe0 no jpeg at all", 422, "again"),
    ] {
        let answer = post(&world, "ed", file, &[]).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        let message = answer.json()["message"].as_str().expect("a message").to_owned();
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test]
async fn what_is_said_about_a_picture_follows_the_rules_of_stories() {
    let world = World::peopled().await;
    let long = "x".repeat(701);
    for (name, text) in
        [("alt", "a\u{202e}b"), ("alt", &long), ("credit", "a\u{202e}b"), ("credit", &long)]
    {
        let answer = post(&world, "ed", &photograph(20, 20), &[(name, text)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.json()["fields"][name].is_string(), "{}", answer.body);
    }
    let fields = [("alt", "A river"), ("credit", "Ada")];
    assert_eq!(post(&world, "ed", &photograph(20, 20), &fields).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn az_04_uploads_have_limits_of_their_own() {
    let world = World::peopled().await;
    let large = vec![0xff; 20 * 1024 * 1024 + 1];
    let answer = post(&world, "ed", &large, &[]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.body);
    assert!(answer.body.contains("20 MiB"), "{}", answer.body);
    let unknown = post(&world, "ed", &photograph(20, 20), &[("role", "admin")]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let token = world.access_token("ed").await;
    let json = request(Method::POST, "/images")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json");
    let json = world.send(json.body(Body::from("{}")).expect("a request")).await;
    assert_eq!(json.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_story_has_an_uploaded_picture_until_null_removes_it() {
    let world = World::peopled().await;
    let credit = [("credit", "Ada / Agency"), ("alt", "A bridge")];
    let uploaded = post(&world, "ed", &photograph(700, 350), &credit).await.json();
    let path = path_of(&uploaded);
    let ed = Writer::new(&world, "ed").await;
    let mut new = story("The bridge is open");
    new["image"] = json!({ "url": uploaded["url"], "alt": "The new bridge" });
    let created = ed.post(&new).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let expected = json!({
        "url": uploaded["url"], "alt": "The new bridge", "width": 700, "height": 350,
        "credit": "Ada / Agency",
    });
    assert_eq!(created.json()["image"], expected);
    let page = world.page("/news/the-bridge-is-open").await.body;
    assert!(page.contains("<figcaption") && page.contains("Ada / Agency</"), "{page}");
    let small = path.replace("700x350", "320x160");
    assert!(page.contains(&format!("srcset=\"{small} 320w")), "{page}");
    assert!(page.contains("width=\"700\" height=\"350\""), "{page}");
    assert!(world.page("/").await.body.contains(&format!("{path} 700w")));
    // Other fields keep the picture; a smaller size names the same one.
    let headline = json!({ "headline": "The bridge is open again" });
    let changed = ed.put(&id(&created), created.header("etag"), &headline).await;
    assert_eq!(changed.json()["image"], expected);
    let smaller = json!({ "image": { "url": small, "credit": "Me" } });
    let changed = ed.put(&id(&created), changed.header("etag"), &smaller).await;
    let image = &changed.json()["image"];
    assert_eq!((&image["url"], &image["alt"]), (&uploaded["url"], &json!("A bridge")));
    assert_eq!(image["credit"], "Me");
    let removed = json!({ "image": null });
    let removed = ed.put(&id(&created), changed.header("etag"), &removed).await;
    assert_eq!(removed.json()["image"], Value::Null, "{}", removed.body);
}

#[tokio::test]
async fn a_picture_that_is_not_of_this_site_is_refused() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let unknown = "/images/0000000000000000000000000000000a-700x350.jpg";
    for url in [unknown, "https://example.com/a.jpg", "/nowhere.jpg", "javascript:x", "/", ""] {
        let mut new = story("With a picture");
        new["image"] = json!({ "url": url, "alt": "x" });
        let refused = ed.post(&new).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(refused.json()["fields"]["image"].is_string(), "{}", refused.body);
    }
}

#[tokio::test]
async fn unused_pictures_are_deleted_and_used_ones_stay() {
    let world = World::peopled().await;
    let used = path_of(&post(&world, "ed", &photograph(30, 30), &[]).await.json());
    let in_text = path_of(&post(&world, "ed", &photograph(31, 30), &[]).await.json());
    let unused = post(&world, "ed", &photograph(32, 30), &[]).await.json();
    let writer = Writer::new(&world, "ed").await;
    let mut new = story("With a picture");
    new["image"] = json!({ "url": used, "alt": "x" });
    new["body"] = json!(format!("See ![a map]({in_text})."));
    assert_eq!(writer.post(&new).await.status, StatusCode::CREATED);
    let mut ed = Browser::signed_in(&world, "ed").await;
    let page = ed.get("/desk/images").await.body;
    assert_eq!(page.matches("Used in:").count(), 2, "{page}");
    assert_eq!(page.matches("Unused").count(), 1);
    assert!(page.contains("a photo.jpg") && page.contains("32 \u{d7} 30"));
    let id_in = |path: &str| path["/images/".len()..][..32].to_owned();
    let all = [id_in(&used), id_in(&in_text), unused["id"].as_str().expect("an id").to_owned()];
    let form = all.map(|id| format!("id={id}")).join("&");
    let answer = ed.post("/desk/images/delete", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(ed.get("/desk/images").await.body.contains("Deleted 1 picture."));
    for (path, status) in [
        (used, StatusCode::OK),
        (in_text, StatusCode::OK),
        (path_of(&unused), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(get(&world, &path).await.0, status, "{path}");
    }
    let mut ada = Browser::signed_in(&world, "ada").await;
    let log = ada.get("/desk/audit").await.body;
    assert!(log.contains("uploaded the picture ") && log.contains("deleted the picture "), "{log}");
}

#[tokio::test]
async fn an_editor_uploads_with_a_form() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    assert_eq!(ed.get("/desk/images").await.status, StatusCode::OK);
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("origin", SITE), ("content-type", media_type.as_str())];
    let refused = ed.send_bytes(Method::POST, "/desk/images", &headers, form(b"GIF89a", &[])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("incomplete"), "{}", refused.body);
    let body = form(&photograph(9, 9), &[("alt", "A dot")]);
    let added = ed.send_bytes(Method::POST, "/desk/images", &headers, body).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let page = ed.get("/desk/images").await.body;
    assert!(page.contains("Picture uploaded.") && page.contains("A dot"), "{page}");
}

#[tokio::test]
async fn a_form_whose_picture_is_refused_comes_back_as_it_was_typed() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let fields = [("alt", "A river \"in\" flood"), ("credit", "Ada")];
    let large = vec![0xff; 21 * 1024 * 1024];
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("origin", SITE), ("content-type", media_type.as_str())];
    for (file, status, words) in
        [(&b"%PDF-1.7 ..."[..], 415, "PDF"), (&large, 413, "20 MiB"), (b"", 422, "empty")]
    {
        let body = form(file, &fields);
        let answer = ed.send_bytes(Method::POST, "/desk/images", &headers, body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert!(answer.body.contains("A river &quot;in&quot; flood"), "{}", answer.body);
        assert!(answer.body.contains("value=\"Ada\""), "{}", answer.body);
        let (_, error) = answer.body.split_once("id=\"upload-error\"").expect("the reason");
        assert!(error.contains(words), "{error}");
    }
}

#[tokio::test]
async fn f_31_uploads_queue_and_other_requests_do_not_wait() {
    let world = World::peopled().await;
    let photograph = photograph(600, 400);
    let token = world.access_token("ed").await;
    let uploads = (0..14_u8).map(|number| {
        let mut file = photograph.clone();
        file.push(number);
        let (world, token) = (&world, &token);
        async move { post_as(world, token, &file, &[]).await }
    });
    let (answers, news) = tokio::join!(futures_util::future::join_all(uploads), async {
        tokio::task::yield_now().await;
        world.get("/news").await
    });
    assert_eq!(news.status, StatusCode::OK);
    let created = answers.iter().filter(|it| it.status == StatusCode::CREATED).count();
    let busy: Vec<_> =
        answers.iter().filter(|it| it.status == StatusCode::SERVICE_UNAVAILABLE).collect();
    assert_eq!(created + busy.len(), answers.len());
    assert!(created >= 10, "{created}");
    assert!(busy.iter().all(|it| !it.header("retry-after").is_empty()));
}
