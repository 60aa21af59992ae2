//! Rules of logins and sessions that single responses show.

use std::collections::BTreeMap;
use std::path::Path;

use axum::http::{Method, StatusCode};
use url::Url;

use crate::browser::Browser;
use crate::world::{SITE, World};

/// Begins a login and returns status and query of the authorization request.
async fn authorization_request(
    world: &World,
    headers: &[(&str, &str)],
) -> (StatusCode, BTreeMap<String, String>) {
    let mut browser = Browser::new(world);
    let answer = browser.send(Method::GET, "/auth/login", headers, "").await;
    let url = Url::parse(answer.header("location")).expect("a URL");
    (answer.status, url.query_pairs().into_owned().collect())
}

#[tokio::test]
async fn oau_02_each_login_has_its_own_secrets_and_the_url_has_no_verifier() {
    let world = World::peopled().await;
    let (first, second) =
        (authorization_request(&world, &[]).await.1, authorization_request(&world, &[]).await.1);
    for name in ["code_challenge", "state", "nonce"] {
        assert_ne!(first[name], second[name]);
        assert_eq!(first[name].len(), 43, "256 bits");
    }
    assert_eq!(first["code_challenge_method"], "S256");
    assert!(!first.contains_key("code_verifier") && !first.contains_key("client_secret"));
}

#[tokio::test]
async fn oau_04_the_callback_accepts_only_get() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::HEAD] {
        let answer = browser.send(method.clone(), &callback, &[("origin", SITE)], "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(
        browser.get(&callback).await.status,
        StatusCode::SEE_OTHER,
        "the login was not used up"
    );
}

#[tokio::test]
async fn oau_06_the_redirect_uri_is_configured_and_ignores_request_headers() {
    let world = World::peopled().await;
    for headers in [
        &[][..],
        &[("host", "evil.example")],
        &[("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https")],
        &[("forwarded", "host=evil.example")],
    ] {
        let (_, parameters) = authorization_request(&world, headers).await;
        assert_eq!(parameters["redirect_uri"], format!("{SITE}/auth/callback"), "{headers:?}");
    }
}

#[tokio::test]
async fn oau_10_oau_14_every_redirect_is_a_303_and_the_code_leaves_the_url() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    assert_eq!(authorization_request(&world, &[]).await.0, StatusCode::SEE_OTHER);
    let callback = browser.sign_in_at_pool("ada", "/desk").await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("location"), "/desk", "without code and state");
    assert!(answer.body.is_empty());
    for (path, form) in [("/account/refresh", ""), ("/auth/logout", "")] {
        assert_eq!(browser.post(path, form).await.status, StatusCode::SEE_OTHER, "{path}");
    }
}

/// Returns the Rust files below a folder.
fn sources(folder: &std::path::Path) -> Vec<String> {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path());
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(std::fs::read_to_string(path).expect("text"));
        }
    }
    found
}

#[test]
fn oau_01_the_site_uses_no_other_grant() {
    let sources = sources(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path());
    assert!(sources.len() > 50 && sources.iter().any(|it| it.contains("exchange_code")));
    let others = [
        "exchange_password",
        "exchange_client_credentials",
        "use_implicit_flow",
        "USER_PASSWORD_AUTH",
        "grant_type=password",
        "response_type=token",
        "PlainText",
        "new_random_plain",
    ];
    for other in others {
        assert!(!sources.iter().any(|source| source.contains(other)), "{other}");
    }
}

#[tokio::test]
async fn oau_12_only_used_scopes_are_requested() {
    let world = World::peopled().await;
    let (_, parameters) = authorization_request(&world, &[]).await;
    assert_eq!(parameters["scope"], "openid email profile");
}

#[tokio::test]
async fn oidc_03_no_login_requests_max_age_so_auth_time_needs_no_check() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    // Destructive actions renew the claims at the pool instead, without the browser (AZ-06).
    world.gate.set_unavailable(true);
    world.pass(61);
    let refused = ada.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!refused.headers.contains_key("location"));
    for query in ["", "?return_to=/desk/delete%3Fall%3Dyes", "?max_age=0&prompt=login&acr_values=x"]
    {
        let answer = ada.get(&format!("/auth/login{query}")).await;
        let url = Url::parse(answer.header("location")).expect("a URL");
        for (name, _) in url.query_pairs() {
            assert!(!["max_age", "prompt", "acr_values", "claims"].contains(&&*name), "{query}");
        }
    }
}

#[tokio::test]
async fn ses_01_an_id_has_128_bits_and_is_not_stored() {
    let world = World::peopled().await;
    let ada = Browser::signed_in(&world, "ada").await;
    let id = &ada.cookies["gazette-3000"];
    assert_eq!(id.len(), 22, "16 bytes in base64url");
    let everything = world.table.everything().await;
    assert!(everything.contains("session#") && !everything.contains(id.as_str()));
}

#[tokio::test]
async fn ses_05_a_renewal_is_stored_even_if_the_request_fails() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(26 * 60);
    ada.get("/").await;
    world.pass(26 * 60);
    world.table.set_news_away(true);
    assert_eq!(ada.get("/desk").await.status, StatusCode::SERVICE_UNAVAILABLE);
    world.table.set_news_away(false);
    assert_eq!(world.gate.refreshes(), 1);
    world.pass(26 * 60);
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(world.gate.refreshes(), 1, "the renewal was stored");
}

#[tokio::test]
async fn ses_08_duplicate_or_similar_session_cookies_are_ignored() {
    let world = World::peopled().await;
    let ada = Browser::signed_in(&world, "ada").await;
    let id = &ada.cookies["gazette-3000"];
    let mut browser = Browser::new(&world);
    let other = Browser::signed_in(&world, "rhea").await;
    for cookie in [
        "gazette-3000=x; gazette-3000=y".to_owned(),
        format!("gazette-3000={id}; gazette-3000={id}"),
        format!("gazette-3000=x; gazette-3000={id}"),
        format!("gazette-3000={id};a=b;gazette-3000="),
        format!("gazette-3000={id}; gazette-3000={}", other.cookies["gazette-3000"]),
        format!("gazette-3001={id}"),
        format!("gazett%65-3000={id}"),
        format!("%67azette-3000={id}"),
        format!("gazette={id}"),
        format!("__Host-gazette={id}"),
        format!("gazette-3000={}", id.to_lowercase()),
        format!("gazette-3000=\"{id}x\""),
        "=; ;;gazette-3000".to_owned(),
    ] {
        let headers = [("cookie", cookie.as_str())];
        let answer = browser.send(Method::GET, "/auth/me", &headers, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{cookie}");
        let answer = browser.send(Method::GET, "/", &headers, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{cookie}");
        assert!(!answer.headers.contains_key("set-cookie"), "{cookie}");
    }
}

#[tokio::test]
async fn ses_08_an_encoded_cookie_name_does_not_replace_the_session() {
    let world = World::peopled().await;
    let ada = Browser::signed_in(&world, "ada").await;
    let rhea = Browser::signed_in(&world, "rhea").await;
    let (ada, rhea) = (&ada.cookies["gazette-3000"], &rhea.cookies["gazette-3000"]);
    let mut browser = Browser::new(&world);
    for other in ["gazett%65-3000", "%67azette-3000"] {
        let cookie = format!("gazette-3000={ada}; {other}={rhea}");
        let answer = browser.send(Method::GET, "/auth/me", &[("cookie", &cookie)], "").await;
        assert_eq!(answer.json()["username"], "ada", "{other}");
    }
}

#[tokio::test]
async fn ses_09_f_04_signed_in_users_can_read_while_writes_fail() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(61);
    world.table.set_full(true);
    for path in ["/", "/news", "/auth/me"] {
        let answer = ada.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
    world.table.set_full(false);
    assert_eq!(ada.get("/auth/me").await.json()["username"], "ada");
}

#[tokio::test]
async fn bff_02_over_https_every_cookie_is_a_host_cookie() {
    let https = |settings: &mut gazette_server::config::Variables| {
        settings.set("GAZETTE_PUBLIC_URL", "https://news.example");
    };
    let world = World::with(https).await;
    let answer = world.get("/auth/login").await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-gazette-login-"), "{cookie}");
    for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let origin = ("origin", "https://news.example");
    let mut browser = Browser::new(&world);
    let answer = browser.send(Method::POST, "/auth/logout", &[origin], "").await;
    let removed = answer.headers.get_all("set-cookie").iter();
    let removed: Vec<_> = removed.map(|cookie| cookie.to_str().expect("text")).collect();
    let removal = removed.iter().find(|cookie| cookie.starts_with("__Host-gazette=;"));
    assert!(removal.is_some_and(|cookie| cookie.contains("Secure")), "{removed:?}");
}

#[test]
fn csrf_06_no_browser_code_reads_its_url() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut files, mut folders) = (Vec::new(), vec![root.join("app/src/islands")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of islands") {
            let path = entry.expect("a file").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    assert!(files.len() > 20, "{files:?}");
    files.extend([root.join("public/islands.js"), root.join("src/lib.rs")]);
    for file in files {
        let island = std::fs::read_to_string(&file).expect("text");
        for word in ["location", "document.URL", "referrer", "postMessage"] {
            assert!(!island.contains(word), "{word} in {}", file.display());
        }
    }
}
