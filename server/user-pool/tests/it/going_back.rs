//! The pages that a browser goes back to: each has an address, and none is the answer to a form.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::{Browser, Response, form};
use crate::hosted_ui::{hidden_fields, page_of};
use crate::mfa::code;
use crate::mfa_setup::{configure, key};
use crate::sign_up::{administer, newest_code};
use crate::test_pool::{PASSWORD, TestPool};

const NEW: &str = "a new and long password";

/// Submits the first form of a page as a browser does; returns the address that it leads to.
async fn submit(browser: &mut Browser, page: &Response, fields: &[(&str, &str)]) -> String {
    let hidden = hidden_fields(page);
    let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain(fields.iter().copied()).collect();
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-mode", "navigate")];
    let answer = browser.send(Method::POST, &page.form_action(), &headers, form(&fields)).await;
    assert!(answer.status.is_redirection(), "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.header("location").to_owned()
}

/// Opens the address of a page twice: loading it again changes nothing.
async fn open(browser: &mut Browser, address: &str) -> Response {
    let page = browser.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    assert_eq!(browser.get(address).await.body, page.body);
    page
}

/// Expects that a page that is over leads to a fresh login for the same application.
async fn expect_fresh_login(browser: &mut Browser, address: &str) -> Response {
    let answer = browser.get(address).await;
    assert_eq!(answer.status, StatusCode::FOUND, "{answer:?}");
    let login = answer.header("location").to_owned();
    assert!(login.starts_with("/login?") && !login.contains("form_state"), "{login}");
    browser.get(&login).await
}

#[tokio::test]
async fn a_wrong_password_leads_to_a_page_with_an_address() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let login = browser.get(&page_of("/login")).await;
    let fields = |password| [("username", "admin"), ("password", password)];
    let wrong = submit(&mut browser, &login, &fields("wrong horse battery")).await;
    assert!(wrong.starts_with("/login?") && !wrong.contains("wrong+horse"), "{wrong}");
    let page = open(&mut browser, &wrong).await;
    assert!(page.body.contains("Incorrect username or password."), "{page:?}");
    assert!(page.body.contains(r#"value="admin""#), "{page:?}");
    assert_eq!(page.form_action(), login.form_action(), "addresses do not grow");
    let callback = submit(&mut browser, &page, &fields(PASSWORD)).await;
    assert!(callback.starts_with("http://localhost:3000/auth/callback?code="), "{callback}");
    let fresh = expect_fresh_login(&mut browser, &wrong).await;
    assert!(fresh.body.contains("Sign in as admin"), "{fresh:?}");
    // With the password of another user the page is the form, not the user who is signed in.
    let other = browser.get(&page_of("/login").replace("/login?", "/login?prompt=login&")).await;
    let wrong = submit(&mut browser, &other, &fields("wrong horse battery")).await;
    let page = open(&mut browser, &wrong).await;
    assert!(page.body.contains("Incorrect username or password."), "{page:?}");
}

#[tokio::test]
async fn pool_07_a_state_is_of_one_browser_and_expires() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let login = browser.get(&page_of("/login")).await;
    let wrong = submit(&mut browser, &login, &[("username", "admin"), ("password", "x")]).await;
    let mut other = pool.browser();
    other.get(&page_of("/login")).await;
    let fresh = expect_fresh_login(&mut other, &wrong).await;
    assert!(!fresh.body.contains("Incorrect") && !fresh.body.contains(r#"value="admin""#));
    let changed = wrong.replace("form_state=", "form_state=A");
    expect_fresh_login(&mut browser, &changed).await;
    let page = pool.browser().get(&wrong).await;
    assert!(page.body.contains("This form has expired"), "a browser without cookies: {page:?}");
    pool.advance(3_600);
    expect_fresh_login(&mut browser, &wrong).await;
}

#[tokio::test]
async fn every_page_of_a_sign_up_has_an_address() {
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
    let page = open(&mut browser, &short).await;
    assert!(page.body.contains("must have 8 to 256") && page.body.contains("rhea@example.com"));
    let confirm = submit(&mut browser, &page, &fields(NEW)).await;
    assert!(confirm.starts_with("/confirmUser?"), "{confirm}");
    let page = open(&mut browser, &confirm).await;
    assert!(page.body.contains("r***@e***"), "{page:?}");
    let wrong = submit(&mut browser, &page, &[("code", "0")]).await;
    let page = open(&mut browser, &wrong).await;
    assert!(page.body.contains("That code is wrong"), "{page:?}");
    let resent = submit(&mut browser, &page, &[("resend", "1")]).await;
    let page = open(&mut browser, &resent).await;
    let code = newest_code(&pool).await;
    let callback = submit(&mut browser, &page, &[("code", &code)]).await;
    assert!(callback.contains("/auth/callback?code="), "{callback}");
    for address in [&resent, &wrong, &confirm, &short] {
        let fresh = expect_fresh_login(&mut browser, address).await;
        assert!(fresh.body.contains("Sign in as rhea"), "{fresh:?}");
    }
}

#[tokio::test]
async fn every_page_of_a_forgotten_password_has_an_address() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let page = browser.get(&page_of("/forgotPassword")).await;
    let reset = submit(&mut browser, &page, &[("username", "admin")]).await;
    assert!(reset.starts_with("/confirmforgotPassword?"), "{reset}");
    let page = open(&mut browser, &reset).await;
    let code = newest_code(&pool).await;
    let fields = |code| [("username", "admin"), ("code", code), ("password", NEW)];
    let wrong = submit(&mut browser, &page, &fields("0")).await;
    let page = open(&mut browser, &wrong).await;
    assert!(page.body.contains("That code is wrong"), "{page:?}");
    let callback = submit(&mut browser, &page, &fields(&code)).await;
    assert!(callback.contains("/auth/callback?code="), "{callback}");
    for address in [wrong, reset] {
        expect_fresh_login(&mut browser, &address).await;
    }
}

#[tokio::test]
async fn every_step_after_the_password_has_an_address_until_it_is_done() {
    let pool = TestPool::new().await;
    configure(&pool, "ON").await;
    let temporary = json!({ "Username": "admin", "Password": NEW, "Permanent": false });
    administer(&pool, "AdminSetUserPassword", temporary).await;
    let mut browser = pool.browser();
    let login = browser.get(&page_of("/login")).await;
    let first = submit(&mut browser, &login, &[("username", "admin"), ("password", NEW)]).await;
    let page = open(&mut browser, &first).await;
    assert!(page.body.contains("<h1>Choose a password</h1>"), "{page:?}");
    let differ = [("new_password", PASSWORD), ("confirm_password", NEW)];
    let differ = submit(&mut browser, &page, &differ).await;
    let page = open(&mut browser, &differ).await;
    assert!(page.body.contains("The two passwords differ."), "{page:?}");
    let same = [("new_password", PASSWORD), ("confirm_password", PASSWORD)];
    let set_up = submit(&mut browser, &page, &same).await;
    let page = open(&mut browser, &set_up).await;
    let key = key(&page);
    // Back: the temporary password is gone, so the form asks for the new one.
    let back = open(&mut browser, &differ).await;
    assert!(back.body.contains("<h1>Sign in</h1>") && !back.body.contains("role=\"alert\""));
    let now = pool.clock.clock()();
    let wrong = submit(&mut browser, &page, &[("code", &code(&key, now + 300))]).await;
    let page = open(&mut browser, &wrong).await;
    assert!(page.body.contains(&format!("secret={key}")), "the same key: {page:?}");
    let callback = submit(&mut browser, &page, &[("code", &code(&key, now))]).await;
    assert!(callback.contains("/auth/callback?code="), "{callback}");
    for address in [&wrong, &set_up, &differ, &first] {
        expect_fresh_login(&mut browser, address).await;
    }

    pool.advance(60);
    let mut browser = pool.browser();
    let login = browser.get(&page_of("/login")).await;
    let fields = [("username", "admin"), ("password", PASSWORD)];
    let entry = submit(&mut browser, &login, &fields).await;
    let page = open(&mut browser, &entry).await;
    assert!(page.body.contains("<h1>Enter your code</h1>"), "{page:?}");
    let wrong = submit(&mut browser, &page, &[("code", "000000")]).await;
    let page = open(&mut browser, &wrong).await;
    assert!(page.body.contains("That code isn't right."), "{page:?}");
    // A page that was left open for too long.
    pool.advance(15 * 60);
    let late = open(&mut browser, &entry).await;
    assert!(late.body.contains("This took too long. Sign in again."), "{late:?}");
    assert_eq!(late.form_action(), login.form_action());
    let again = submit(&mut browser, &page, &[("code", "000000")]).await;
    let page = open(&mut browser, &again).await;
    assert!(page.body.contains("<h1>Sign in</h1>") && page.body.contains("This took too long."));
}

#[tokio::test]
async fn a_form_of_another_browser_is_shown_again() {
    let pool = TestPool::new().await;
    for path in ["/login", "/signup", "/confirmUser", "/forgotPassword", "/confirmforgotPassword"] {
        let mut browser = pool.browser();
        let page = browser.get(&page_of(path)).await;
        browser.cookies.clear();
        let again = submit(&mut browser, &page, &[("username", "admin")]).await;
        assert!(again.starts_with(path), "{again}");
        let page = open(&mut browser, &again).await;
        assert!(page.body.contains("This form has expired"), "{path}: {page:?}");
        assert!(page.body.contains(r#"value="admin""#), "{path}: {page:?}");
    }
}
