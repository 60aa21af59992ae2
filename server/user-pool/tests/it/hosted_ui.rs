//! The journeys of the hosted UI.

use axum::http::{Method, StatusCode};
use gazette_user_pool::NewUser;

use crate::browser::{Browser, Response, form};
use crate::sign_up::newest_code;
use crate::test_pool::{PASSWORD, TestPool, admin, authorize};

const NEW: &str = "a new and long password";

pub(crate) fn page_of(path: &str) -> String {
    authorize(&[]).replace("/oauth2/authorize", path)
}

/// Submits the first form of a page with its hidden fields.
pub(crate) async fn submit(
    browser: &mut Browser,
    page: &Response,
    fields: &[(&str, &str)],
) -> Response {
    let hidden = hidden_fields(page);
    let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain(fields.iter().copied()).collect();
    browser.post_form(&page.form_action(), &fields).await
}

/// Returns names and values of the hidden fields of the first form.
pub(crate) fn hidden_fields(page: &Response) -> Vec<(String, String)> {
    let form = page.body.split("</form>").next().unwrap();
    form.split("type=\"hidden\" name=\"")
        .skip(1)
        .map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split_once('"').unwrap().0.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn a_new_user_signs_up_confirms_and_is_signed_in() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let page = browser.get(&page_of("/signup")).await;
    let fields = |password| {
        [
            ("username", "rhea"),
            ("requiredAttributes[email]", "rhea@example.com"),
            ("password", password),
        ]
    };
    let short = submit(&mut browser, &page, &fields("short")).await;
    assert_eq!(short.status, StatusCode::BAD_REQUEST);
    assert!(short.body.contains("must have 8 to 256 characters"), "{short:?}");
    assert!(short.body.contains("rhea@example.com") && !short.body.contains("\"short\""));
    let page = submit(&mut browser, &page, &fields(NEW)).await;
    assert!(page.body.contains("r***@e***"), "{page:?}");
    let wrong = submit(&mut browser, &page, &[("code", "0")]).await;
    assert!(wrong.body.contains("That code is wrong"), "{wrong:?}");
    let code = newest_code(&pool).await;
    let confirmed = submit(&mut browser, &wrong, &[("code", &code)]).await;
    assert!(confirmed.redirect_parameter("code").is_some());
    assert!(browser.cookies.contains_key("cognito-4000"));
}

#[tokio::test]
async fn only_the_browser_that_signed_up_is_signed_in_by_the_code() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let page = browser.get(&page_of("/signup")).await;
    let fields = [("username", "rhea"), ("requiredAttributes[email]", "r@e.x"), ("password", NEW)];
    submit(&mut browser, &page, &fields).await;
    let code = newest_code(&pool).await;
    let mut other = pool.browser();
    let page = other.get(&page_of("/confirmUser")).await;
    let confirmed = submit(&mut other, &page, &[("username", "rhea"), ("code", &code)]).await;
    assert!(confirmed.body.contains("<h1>Sign in</h1>"), "{confirmed:?}");
    assert!(!other.cookies.contains_key("cognito-4000"));
    let signed_in = other.sign_in(&page_of("/login"), "rhea", NEW).await;
    assert!(signed_in.redirect_parameter("code").is_some());
}

#[tokio::test]
async fn a_forgotten_password_is_replaced() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let page = browser.get(&page_of("/forgotPassword")).await;
    let page = submit(&mut browser, &page, &[("username", "admin")]).await;
    let code = newest_code(&pool).await;
    let fields = |code| [("username", "admin"), ("code", code), ("password", NEW)];
    let wrong = submit(&mut browser, &page, &fields("0")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let done = submit(&mut browser, &wrong, &fields(&code)).await;
    assert!(done.redirect_parameter("code").is_some(), "{done:?}");
    // An unknown user gets the same page.
    let page = browser.get(&page_of("/forgotPassword")).await;
    let page = submit(&mut browser, &page, &[("username", "nobody")]).await;
    assert!(page.body.contains("Choose a new password"), "{page:?}");
}

#[tokio::test]
async fn pool_07_every_form_needs_the_csrf_token() {
    let pool = TestPool::new().await;
    for path in ["/login", "/signup", "/confirmUser", "/forgotPassword", "/confirmforgotPassword"] {
        let mut browser = pool.browser();
        browser.get(&page_of(path)).await;
        let forged = [("_csrf", "x"), ("username", "admin"), ("sample", "admin"), ("code", "1")];
        let response = browser.post_form(&page_of(path), &forged).await;
        assert!(response.status.is_client_error(), "{path}: {response:?}");
        assert!(response.body.contains("This form has expired"), "{path}");
    }
}

#[tokio::test]
async fn a_signed_in_browser_chooses_the_account() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    let login = browser.get(&authorize(&[("prompt", "select_account")])).await.location();
    let page = browser.get(login.as_str()).await;
    assert!(page.body.contains("Sign in as admin"), "{page:?}");
    let signed_in = submit(&mut browser, &page, &[("continue", "1")]).await;
    assert!(signed_in.redirect_parameter("code").is_some(), "{signed_in:?}");
    let (_, rest) = page.body.split_once("class=\"links\"").unwrap();
    let other = rest.split('"').nth(1).unwrap().replace("&amp;", "&");
    let page = browser.get(&other).await;
    assert!(page.body.contains("type=\"password\""), "{page:?}");
    pool.directory().set_password("admin", NEW).await.unwrap();
    let page = browser.get(login.as_str()).await;
    assert!(page.body.contains("type=\"password\""), "the session has ended");
}

#[tokio::test]
async fn max_age_demands_the_password_of_an_older_sign_in() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    pool.advance(60);
    let recent = browser.get(&authorize(&[("max_age", "60")])).await;
    assert!(recent.redirect_parameter("code").is_some());
    let login = browser.get(&authorize(&[("max_age", "59")])).await.location();
    assert_eq!(login.path(), "/login");
    let page = browser.get(login.as_str()).await;
    assert!(page.body.contains("type=\"password\""), "{page:?}");
    let silent = browser.get(&authorize(&[("max_age", "59"), ("prompt", "none")])).await;
    assert_eq!(silent.redirect_parameter("error").as_deref(), Some("login_required"));
    let now = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert!(now.redirect_parameter("code").is_some());
    let again = browser.get(&authorize(&[("max_age", "0")])).await.location();
    assert_eq!(again.path(), "/login", "even within the same second");
    let page = browser.get(again.as_str()).await;
    assert!(page.body.contains("type=\"password\""), "{page:?}");
    let again = browser.sign_in(again.as_str(), "admin", PASSWORD).await;
    assert!(again.redirect_parameter("code").is_some());
    let wrong = browser.get(&authorize(&[("max_age", "-1")])).await;
    assert_eq!(wrong.redirect_parameter("error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn pool_02_a_sample_user_needs_no_password_until_it_is_changed() {
    let pool = TestPool::new().await;
    let sample = NewUser { username: "writer".to_owned(), email: "w@e.x".to_owned(), ..admin() };
    pool.user_pool.ensure_sample_user(sample).await.unwrap();
    // A user who existed is no sample.
    pool.user_pool.ensure_sample_user(admin()).await.unwrap();
    let mut browser = pool.browser();
    let page = browser.get(&page_of("/login")).await;
    assert!(page.body.contains("Continue as writer") && !page.body.contains("Continue as admin"));
    let csrf = page.field("_csrf");
    for (name, is_signed_in) in [("admin", false), ("writer", true)] {
        let fields = [("_csrf", csrf.as_str()), ("sample", name)];
        let response = pool_post(&mut browser, &page, &fields).await;
        assert_eq!(response.status == StatusCode::FOUND, is_signed_in, "{response:?}");
    }
    pool.directory().set_password("writer", PASSWORD).await.unwrap();
    let page = pool.browser().get(&page_of("/login")).await;
    assert!(!page.body.contains("Continue as"), "{page:?}");
}

async fn pool_post(browser: &mut Browser, page: &Response, fields: &[(&str, &str)]) -> Response {
    browser.post_form(&page.form_action(), fields).await
}

#[tokio::test]
async fn values_of_prompt_can_be_combined() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    for (prompt, shows) in [
        ("none", ""),
        ("none none", ""),
        ("consent", ""),
        ("login", "type=\"password\""),
        ("login consent", "type=\"password\""),
        ("select_account", "Sign in as admin"),
        ("consent select_account", "Sign in as admin"),
        ("select_account login", "type=\"password\""),
    ] {
        let answer = browser.get(&authorize(&[("prompt", prompt)])).await;
        if shows.is_empty() {
            assert!(answer.redirect_parameter("code").is_some(), "{prompt}: {answer:?}");
            continue;
        }
        assert_eq!(answer.location().path(), "/login", "{prompt}");
        let page = browser.get(answer.location().as_str()).await;
        assert!(page.body.contains(shows), "{prompt}: {page:?}");
    }
}

#[tokio::test]
async fn pool_07_a_form_that_another_origin_sent_is_refused() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let page = browser.get(&page_of("/login")).await;
    let csrf = page.field("_csrf");
    let fields = [("_csrf", csrf.as_str()), ("username", "admin"), ("password", PASSWORD)];
    let media_type = ("content-type", "application/x-www-form-urlencoded");
    for (header, is_accepted) in [
        (("sec-fetch-site", "same-site"), false),
        (("sec-fetch-site", "cross-site"), false),
        (("origin", "http://localhost:3000"), false),
        (("origin", "null"), true),
        (("origin", "http://localhost:4000"), true),
        (("sec-fetch-site", "same-origin"), true),
    ] {
        let headers = [media_type, header];
        let answer = browser.send(Method::POST, &page.form_action(), &headers, form(&fields)).await;
        assert_eq!(answer.status == StatusCode::FOUND, is_accepted, "{header:?}: {answer:?}");
        if !is_accepted {
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(answer.body.contains("This form has expired"), "{answer:?}");
        }
    }
}
