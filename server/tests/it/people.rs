//! People: what admins see of them, and how changes of their access take effect.

use axum::http::{Method, StatusCode};
use gazette_domain::{AuditAction, AuditFilter, AuditRecord};
use gazette_user_pool::NewUser;
use serde_json::json;

use crate::browser::Browser;
use crate::gate::Fault;
use crate::world::{SITE, TestResponse, World, admin};

const DENIED: &str = r#"{"__type":"AccessDeniedException","Message":"User: arn:aws:iam::1:user/x is not authorized to perform: cognito-idp:ListUsers"}"#;

async fn me(browser: &mut Browser<'_>) -> StatusCode {
    browser.get("/auth/me").await.status
}

/// Returns the permanent id of a user.
async fn sub(world: &World, name: &str) -> String {
    let user = world.pool.directory().find_user(name).await.expect("readable");
    user.expect("a user").sub.to_string()
}

async fn groups(world: &World, name: &str) -> Vec<String> {
    world.pool.directory().find_user(name).await.expect("readable").expect("a user").groups
}

/// Returns the log, the latest record first.
async fn log(world: &World) -> Vec<AuditRecord> {
    let everything = AuditFilter::default();
    let page = world.desk.search_audit(&admin(), &everything, None, usize::MAX).await;
    page.expect("searched").records
}

async fn last(world: &World) -> (AuditAction, String) {
    let record = log(world).await.into_iter().next().expect("a record");
    (record.event.action, record.event.headline)
}

async fn add_user(world: &World, name: &str, groups: &[&str]) {
    let new = NewUser {
        username: name.to_owned(),
        email: "someone@example.com".to_owned(),
        password: "correct-horse-someone".to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    };
    world.pool.directory().add_user(new).await.expect("a new user");
}

/// Returns the text of a page without its markup.
fn text(page: &TestResponse) -> String {
    let mut parts = page.body.split('<').map(|part| part.split_once('>').map_or("", |it| it.1));
    let text = parts.by_ref().collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn az_09_only_admins_see_people_with_their_roles_and_sessions() {
    let world = World::peopled().await;
    world.pool.directory().set_groups("ed", vec!["editor".into(), "writer".into()]).await.unwrap();
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    assert_eq!(rhea.get("/desk/people").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/desk/people").await.status, StatusCode::UNAUTHORIZED);
    let page = ada.get("/desk/people").await;
    assert_eq!(page.status, StatusCode::OK);
    let shown = text(&page);
    for part in ["ada ada@example.com Admin", "ed ed@example.com Editor and Writer", "Reader"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let admins = text(&ada.get("/desk/people?role=admin").await);
    assert!(admins.contains("ada@") && !admins.contains("ed@"), "{admins}");
    let found = text(&ada.get("/desk/people?q=RH").await);
    assert!(found.contains("rhea@") && !found.contains("ada@example"), "{found}");
    let found = text(&ada.get("/desk/people?q=ed@exa").await);
    assert!(found.contains("ed@") && !found.contains("rhea@"), "{found}");
    assert!(text(&ada.get("/desk/people?q=zz").await).contains("Nobody's name"));
    let former = ada.get("/account/people").await;
    assert_eq!(former.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(former.header("location"), "/desk/people");
}

#[tokio::test]
async fn people_are_listed_in_pages() {
    let world = World::peopled().await;
    for number in 0..30 {
        add_user(&world, &format!("reader-{number:02}"), &[]).await;
    }
    let mut ada = Browser::signed_in(&world, "ada").await;
    let first = ada.get("/desk/people").await;
    assert!(first.body.contains("reader-00") && !first.body.contains("reader-29"));
    let next = first.body.split("href=\"/desk/people?cursor=").nth(1).expect("a next page");
    let next = next.split('"').next().expect("a link");
    let second = ada.get(&format!("/desk/people?cursor={next}")).await;
    assert!(second.body.contains("reader-29") && !second.body.contains("reader-00"));
    assert!(second.body.contains("First page") && !second.body.contains(">Next<"));
    assert_eq!(ada.get("/desk/people?cursor=%FF").await.status, StatusCode::OK);
}

#[tokio::test]
async fn az_06_a_changed_role_counts_at_once_and_is_in_the_log() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    assert_eq!(ed.get("/desk/redirects").await.status, StatusCode::OK);
    let (of_ed, of_rhea) = (sub(&world, "ed").await, sub(&world, "rhea").await);

    let demote = format!("/desk/people/{of_ed}/role");
    let answer = ada.post(&demote, "name=ed&role=writer").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), format!("/desk/people/{of_ed}"));
    assert_eq!(groups(&world, "ed").await, ["writer"]);
    assert_eq!(last(&world).await, (AuditAction::RoleChanged, "ed: Editor → Writer".to_owned()));
    assert!(text(&ada.get(&format!("/desk/people/{of_ed}")).await).contains("ed is now Writer."));
    assert_eq!(ed.get("/desk/redirects").await.status, StatusCode::FORBIDDEN, "without waiting");
    assert_eq!(ed.get("/auth/me").await.json()["roles"], json!(["writer"]));

    let promote = format!("/desk/people/{of_rhea}/role");
    assert_eq!(ada.post(&promote, "role=admin").await.status, StatusCode::SEE_OTHER);
    assert_eq!(rhea.get("/desk/people").await.status, StatusCode::OK, "without signing in again");
    let record = log(&world).await.swap_remove(0);
    assert_eq!(record.event.headline, "rhea: Reader → Admin");
    assert_eq!(record.event.by.name, "ada");
    let before = log(&world).await.len();
    assert_eq!(ada.post(&promote, "role=admin").await.status, StatusCode::SEE_OTHER);
    assert_eq!(log(&world).await.len(), before, "nothing changed");
    assert_eq!(ada.post(&promote, "role=owner").await.status, StatusCode::BAD_REQUEST);
    let unknown = ada.post("/desk/people/unknown/role", "role=admin").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(text(&ada.get("/desk/audit").await).contains("rhea: Reader → Admin"));
}

#[tokio::test]
async fn the_last_admin_stays_and_own_access_is_given_up_only_on_purpose() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let of_ada = sub(&world, "ada").await;
    let role = format!("/desk/people/{of_ada}/role");
    let disable = format!("/desk/people/{of_ada}/disable");
    for (path, form) in [(&role, "role=reader&confirm=yes"), (&disable, "confirm=yes")] {
        let answer = ada.post(path, form).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(text(&answer).contains("This is the only admin who can sign in."));
    }
    // Neither a disabled admin nor an invited one could act.
    add_user(&world, "dora", &["admin"]).await;
    world.pool.directory().set_enabled("dora", false).await.expect("disabled");
    ada.post("/desk/people/invite", "name=iris&email=iris@example.com&role=admin").await;
    assert_eq!(ada.post(&role, "role=editor&confirm=yes").await.status, StatusCode::CONFLICT);

    world.pool.directory().set_enabled("dora", true).await.expect("enabled");
    for (path, form) in [(&role, "role=editor"), (&disable, "name=ada")] {
        let asked = ada.post(path, form).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.body.contains("name=\"confirm\" value=\"yes\""), "{}", asked.body);
    }
    assert_eq!(groups(&world, "ada").await, ["admin"]);
    let answer = ada.post(&role, "role=editor&confirm=yes").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/account"));
    assert_eq!(ada.get("/desk/people").await.status, StatusCode::FORBIDDEN);
    assert_eq!(ada.get("/desk").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_invited_person_gets_a_role_and_chooses_a_password() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let form = "name=Zoë&email=zoe@example.com&role=writer";
    let answer = ada.post("/desk/people/invite", form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let password = answer.body.split("temporary-password\"><code>").nth(1).expect("a password");
    let password = password.split('<').next().expect("its end").to_owned();
    assert_eq!(password.len(), 17, "{password}");
    assert_eq!(groups(&world, "zoë").await, ["writer"]);
    assert_eq!(last(&world).await, (AuditAction::PersonInvited, "Zoë: Writer".to_owned()));
    assert!(!world.table.everything().await.contains(&password), "it is stored nowhere");
    let list = ada.get("/desk/people").await;
    assert!(text(&list).contains("Writer Invited") && !list.body.contains(&password));

    let page = ada.get(&format!("/desk/people/{}", sub(&world, "zoë").await)).await;
    assert!(text(&page).contains("Invited: has not signed in yet"));
    assert!(page.body.contains("/invite\""), "{}", page.body);
    let again = format!("/desk/people/{}/invite", sub(&world, "zoë").await);
    let again = ada.post(&again, "name=Zo%C3%AB").await;
    assert!(again.body.contains("temporary-password") && !again.body.contains(&password));

    for (form, message) in [
        ("name=Zo%C3%8B&email=other@example.com&role=reader", "Someone has this name"),
        ("name=a+b&email=other@example.com&role=reader", "no spaces"),
        ("name=&email=other@example.com&role=reader", "1 to 128 characters"),
        ("name=yan&email=%22%3E%3Cimg&role=editor", "must look like name@example.com"),
    ] {
        let answer = ada.post("/desk/people/invite", form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.body.contains(message), "{form}: {}", answer.body);
        assert!(!answer.body.contains("\"><img"), "{form}");
    }
    let answer = ada.post("/desk/people/invite", "name=yan&email=x&role=editor").await;
    let form = answer.body.split("<details").nth(1).expect("the form");
    let tag = form.split('>').next().expect("a tag");
    assert!(tag.contains("open") && form.contains("value=\"yan\""), "{form}");
}

#[tokio::test]
async fn ses_06_a_disabled_person_is_signed_out_and_kept_out() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    let of_rhea = sub(&world, "rhea").await;
    let path = |act: &str| format!("/desk/people/{of_rhea}/{act}");
    assert_eq!(ada.post(&path("disable"), "name=rhea").await.status, StatusCode::SEE_OTHER);
    assert_eq!(me(&mut rhea).await, StatusCode::UNAUTHORIZED);
    assert_eq!(last(&world).await, (AuditAction::PersonDisabled, "rhea".to_owned()));
    let page = text(&ada.get(&format!("/desk/people/{of_rhea}")).await);
    assert!(page.contains("rhea cannot sign in any more"), "{page}");
    assert!(page.contains("Disabled: cannot sign in") && page.contains("Enable"), "{page}");
    let tokens = world.tokens("rhea").await;
    assert!(tokens.is_null(), "{tokens}");
    assert_eq!(ada.post(&path("enable"), "name=rhea").await.status, StatusCode::SEE_OTHER);
    assert_eq!(last(&world).await, (AuditAction::PersonEnabled, "rhea".to_owned()));
    assert!(!world.tokens("rhea").await.is_null());
}

#[tokio::test]
async fn ses_06_an_admin_signs_a_person_out_everywhere() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    let mut rhea_too = Browser::signed_in(&world, "rhea").await;
    let of_rhea = sub(&world, "rhea").await;
    let path = format!("/desk/people/{of_rhea}/sign-out");
    assert_eq!(rhea.post(&path, "").await.status, StatusCode::FORBIDDEN);
    assert!(text(&ada.get(&format!("/desk/people/{of_rhea}")).await).contains("Active sessions 2"));
    assert_eq!(ada.post(&path, "").await.status, StatusCode::SEE_OTHER);
    let page = text(&ada.get(&format!("/desk/people/{of_rhea}")).await);
    assert!(page.contains("rhea was signed out everywhere (2 sessions ended here)."), "{page}");
    assert_eq!(me(&mut rhea).await, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&mut rhea_too).await, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&mut ada).await, StatusCode::OK);
    let login = rhea.get("/auth/login").await;
    let login = login.header("location").to_owned();
    assert!(rhea.pool_asks_for_password(&login).await, "also at the hosted UI");
    assert_eq!(last(&world).await, (AuditAction::PersonSignedOut, "rhea".to_owned()));
}

#[tokio::test]
async fn a_pool_that_permits_nothing_is_explained_and_sessions_still_end() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    let of_rhea = sub(&world, "rhea").await;
    world.gate.set_api_fault(Some(Fault::Response(400, DENIED)));
    let list = ada.get("/desk/people").await;
    assert_eq!(list.status, StatusCode::OK);
    let shown = text(&list);
    for part in [
        "does not permit cognito-idp:ListUsers (AccessDeniedException)",
        "cognito-idp:AdminUserGlobalSignOut",
        "only the people who signed in recently",
        "rhea",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!list.body.contains("arn:aws"), "account details stay out of the page");
    let page = ada.get(&format!("/desk/people/{of_rhea}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(text(&page).contains("Groups when last checked none"), "{}", page.body);
    assert!(!page.body.contains("Change role"), "{}", page.body);

    let role = ada.post(&format!("/desk/people/{of_rhea}/role"), "role=admin").await;
    assert_eq!(role.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text(&role).contains("does not permit"), "{}", role.body);
    let invite = "name=yan&email=yan@example.com&role=editor";
    let invited = ada.post("/desk/people/invite", invite).await;
    assert_eq!(invited.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(invited.body.contains("value=\"yan\""), "{}", invited.body);
    let records: Vec<_> = log(&world).await.iter().map(|it| it.event.action).collect();
    assert_eq!(records, [AuditAction::PersonChangeFailed, AuditAction::PersonInvited]);

    let answer = ada.post(&format!("/desk/people/{of_rhea}/sign-out"), "").await;
    assert!(text(&answer).contains("but not at the user pool"), "{}", answer.body);
    assert_eq!(me(&mut rhea).await, StatusCode::UNAUTHORIZED);
    assert_eq!(last(&world).await, (AuditAction::PersonSignedOut, "rhea".to_owned()));
}

#[tokio::test]
async fn a_pool_that_fails_in_any_way_is_not_an_error_of_the_site() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let throttled = r#"{"__type":"TooManyRequestsException","message":"Too many requests"}"#;
    for (fault, message) in [
        (Fault::Response(400, throttled), "gets too many requests"),
        (Fault::Response(200, "[]"), "does not answer"),
        (Fault::Response(500, ""), "does not answer"),
        (Fault::Response(400, "<html>"), "does not answer"),
        (Fault::Huge, "does not answer"),
        (Fault::Redirect(307), "does not answer"),
        (Fault::Slow, "does not answer"),
    ] {
        let name = format!("{fault:?}");
        world.gate.set_api_fault(Some(fault));
        let list = ada.get("/desk/people").await;
        assert_eq!(list.status, StatusCode::OK, "{name}");
        assert!(text(&list).contains(message), "{name}: {}", text(&list));
    }
    world.gate.set_api_fault(None);
    world.gate.set_unavailable(true);
    let list = ada.get("/desk/people").await;
    assert!(text(&list).contains("does not answer"), "{}", text(&list));
}

#[tokio::test]
async fn the_page_says_why_a_person_may_act_and_where_token_and_pool_differ() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let path = format!("/desk/people/{}", sub(&world, "ed").await);
    let page = text(&ada.get(&path).await);
    assert!(page.contains("Groups when last checked editor"), "{page}");
    assert!(page.contains("Delete stories No"), "{page}");
    assert!(page.contains("Delete stories deny. role-missing. admin"), "{page}");
    assert!(!page.contains("The change counts"), "{page}");
    world.pool.directory().set_groups("ed", vec!["friends".to_owned()]).await.expect("changed");
    let page = text(&ada.get(&path).await);
    let difference = "Their groups were changed from editor to friends . The change counts within a \
                      minute";
    assert!(page.contains(difference), "{page}");
    assert!(page.contains("No (still yes until then)"), "{page}");
    assert_eq!(ed.get("/desk").await.status, StatusCode::OK);
    let unknown = "/desk/people/00000000-0000-4000-8000-000000000000";
    assert_eq!(ada.get(unknown).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ada.get(&format!("/desk/people/{}", "x".repeat(256))).await.status, 404);
}

#[tokio::test]
async fn xss_01_hostile_names_are_text_on_every_page_of_people() {
    let world = World::peopled().await;
    let names = ["<script>alert(1)</script>", "\"><img/src=x/onerror=alert(1)>", "{{7*7}}'&amp;"];
    for name in names {
        add_user(&world, name, &[]).await;
    }
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut seen = ada.get("/desk/people").await.body;
    for name in names {
        let of_user = sub(&world, name).await;
        seen += &ada.get(&format!("/desk/people/{of_user}")).await.body;
        for (act, form) in
            [("role", "role=editor"), ("disable", ""), ("enable", ""), ("sign-out", "")]
        {
            let answer = ada.post(&format!("/desk/people/{of_user}/{act}"), form).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{act}");
            seen += &ada.get(&format!("/desk/people/{of_user}")).await.body;
        }
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("name", name), ("email", name), ("role", "reader")])
            .finish();
        seen += &ada.post("/desk/people/invite", &form).await.body;
        let query = form.replace("name=", "q=");
        seen += &ada.get(&format!("/desk/people?{query}")).await.body;
    }
    seen += &ada.get("/desk/audit").await.body;
    for bad in ["<script>alert", "<img/src", "\"><img"] {
        assert!(!seen.contains(bad), "{bad}");
    }
    assert!(seen.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[tokio::test]
async fn csrf_02_no_other_site_changes_people() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let of_rhea = sub(&world, "rhea").await;
    for act in ["role", "disable", "enable", "sign-out", "invite"] {
        for headers in [&[][..], &[("origin", "https://evil.example")]] {
            let path = format!("/desk/people/{of_rhea}/{act}");
            let answer = ada.send(Method::POST, &path, headers, "role=admin").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{act}");
        }
    }
    assert!(log(&world).await.is_empty());
    assert!(groups(&world, "rhea").await.is_empty());
}

#[tokio::test]
async fn a_change_of_a_person_is_offered_again_after_signing_in() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let path = format!("/desk/people/{}/disable", sub(&world, "rhea").await);
    world.pass(31 * 60);
    let answer = ada.send(Method::POST, &path, &[("origin", SITE)], "name=rhea").await;
    assert!(answer.body.contains("You've been signed out"), "{}", answer.body);
    let callback = ada.sign_in_at_pool("ada", "/saved-form").await;
    ada.get(&callback).await;
    assert!(ada.get("/saved-form").await.body.contains("Disable rhea"));
}

#[tokio::test]
async fn bff_05_a_kept_form_names_the_person_of_its_address_not_the_one_that_it_claims() {
    let world = World::peopled().await;
    let rhea = sub(&world, "rhea").await;
    let forms = [
        ("role", "name=ed&role=admin", "Make rhea an admin?"),
        ("disable", "name=ed", "Disable rhea?"),
        ("sign-out", "name=ed", "Sign rhea out everywhere?"),
    ];
    for (act, form, question) in forms {
        world.pass(60);
        let mut shared = Browser::new(&world);
        shared.post(&format!("/desk/people/{rhea}/{act}"), form).await;
        let callback = shared.sign_in_at_pool("ada", "/saved-form").await;
        shared.get(&callback).await;
        let page = shared.get("/saved-form").await;
        assert!(text(&page).contains(question), "{act}: {}", page.body);
    }
}
