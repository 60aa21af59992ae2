//! Redirects: who may change them, where they lead, and that none leads in a circle.

use std::collections::HashMap;

use gazette_domain::{
    AddedRedirect, AuditAction, Caller, DeskError, Redirect, RedirectAnswer, RedirectError,
    Selection, Status, StoryInput, StoryPatch,
};
use gazette_table::{Item, Key};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{World, audit_log, input, member, patch, publish, slug};

fn by_hand(from: &str, to: &str) -> Redirect {
    Redirect::by_hand(from, to, "301").expect("a redirect")
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with an answer")]
fn moved(to: &str) -> Option<RedirectAnswer> {
    Some(RedirectAnswer::Moved(to.to_owned()))
}

impl World {
    async fn redirect(&self, from: &str, to: &str) -> Result<AddedRedirect, DeskError> {
        self.desk.add_redirect(&member("editor"), by_hand(from, to)).await
    }

    async fn asked(&self, address: &str) -> Option<RedirectAnswer> {
        let (path, query) = match address.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (address, None),
        };
        self.desk.find_redirect(&Caller::Anonymous, path, query).await.expect("found")
    }

    async fn listed(&self) -> Vec<(String, Option<String>)> {
        let page = self.desk.redirects(&member("editor"), "", None).await.expect("listed");
        let row = |item: gazette_domain::ListedRedirect| (item.redirect.from.to_string(), item.to);
        page.items.into_iter().map(row).collect()
    }
}

#[tokio::test]
async fn every_spelling_of_an_old_address_is_answered() {
    let world = World::new();
    world
        .redirect("/2019/\u{43f}\u{435}\u{440}\u{448}\u{438}\u{439}/", "/news/\u{43f}")
        .await
        .expect("added");
    let location = moved("/news/%D0%BF");
    for address in [
        "/2019/\u{43f}\u{435}\u{440}\u{448}\u{438}\u{439}",
        "/2019/%D0%BF%D0%B5%D1%80%D1%88%D0%B8%D0%B9",
        "/2019/%d0%bf%d0%b5%d1%80%d1%88%d0%b8%d0%b9/",
        // NFD.
        "/2019/%D0%BF%D0%B5%D1%80%D1%88%D0%B8%D0%B8%CC%86/index.html",
    ] {
        assert_eq!(world.asked(address).await, location, "{address}");
    }
    assert_eq!(world.asked("/2019/%D0%BF?a=1&b").await, None);
    world.redirect("/a", "/b#part").await.expect("added");
    assert_eq!(world.asked("/a/?x=1&y").await, moved("/b?x=1&y#part"));
    world.redirect("/?p=12", "/news/twelve").await.expect("added");
    assert_eq!(world.asked("/?p=12").await, moved("/news/twelve"));
    assert_eq!(world.asked("/index.html?p=12").await, moved("/news/twelve"));
    for other in ["/", "/?p=13", "/?p=12&q", "/A", "//a", "/a/b"] {
        assert_eq!(world.asked(other).await, None, "{other}");
    }
}

#[tokio::test]
async fn a_long_address_has_a_key_of_its_own() {
    let world = World::new();
    let long = |end: &str| format!("/{}{end}", "\u{7d4c}".repeat(660));
    for (end, to) in [("a", "/to-a"), ("b", "/to-b")] {
        world.redirect(&long(end), to).await.expect("added");
    }
    assert_eq!(world.asked(&long("a")).await, moved("/to-a"));
    assert_eq!(world.asked(&long("b")).await, moved("/to-b"));
    assert_eq!(world.asked(&long("c")).await, None);
    let editor = member("editor");
    let page = world.desk.redirects(&editor, &long(""), None).await.expect("listed");
    assert_eq!(page.items.len(), 2);
    assert!(world.desk.remove_redirect(&editor, &long("a")).await.expect("removed"));
    assert_eq!(world.asked(&long("a")).await, None);
}

#[tokio::test]
async fn a_redirect_to_a_story_follows_it_and_hides_it() {
    let world = World::new();
    let draft = StoryInput { status: Status::Draft, ..input("Secret plan", 1) };
    let story = publish(&world, draft).await.teaser().clone();
    let redirect = Redirect::of_import("/old/secret", story.id, 7).expect("a redirect");
    assert_eq!(
        world.operator.add_redirects(std::slice::from_ref(&redirect)).await.expect("added"),
        [Ok(AddedRedirect::Created)]
    );
    assert_eq!(world.asked("/old/secret").await, None, "a draft");
    let editor = member("editor");
    let publish = StoryPatch { status: Some(Status::Published), ..StoryPatch::default() };
    world.desk.revise(&editor, story.id, 1, publish).await.expect("published");
    assert_eq!(world.asked("/old/secret?a").await, moved("/news/secret-plan?a"));
    let renamed = StoryPatch { slug: Some(slug("open-plan")), ..patch("Open plan", "Text.") };
    world.desk.revise(&editor, story.id, 2, renamed).await.expect("renamed");
    assert_eq!(world.asked("/old/secret").await, moved("/news/open-plan"));
    assert_eq!(
        world.listed().await,
        [("/old/secret".to_owned(), Some("/news/open-plan".to_owned()))]
    );
    // The same again, also as people write it.
    let by_hand = by_hand("/old/secret", "/news/open-plan");
    assert_eq!(
        world.operator.add_redirects(&[redirect, by_hand]).await.expect("added"),
        [Ok(AddedRedirect::Unchanged), Ok(AddedRedirect::Unchanged)]
    );
    let admin = member("admin");
    let all = Selection::Ids(vec![story.id]);
    assert_eq!(world.desk.delete(&admin, &all).await.expect("deleted"), 1);
    assert_eq!(world.asked("/old/secret").await, Some(RedirectAnswer::Gone));
    assert_eq!(world.operator.remove_redirects_of_import(6).await.expect("removed"), 0);
    assert_eq!(world.operator.remove_redirects_of_import(7).await.expect("removed"), 1);
    assert_eq!(world.asked("/old/secret").await, None);
}

#[tokio::test]
async fn only_editors_change_redirects_and_the_log_has_each_change() {
    let world = World::new();
    for caller in [Caller::Anonymous, member("reader"), member("writer")] {
        let added = world.desk.add_redirect(&caller, by_hand("/a", "/b")).await;
        assert!(matches!(added, Err(DeskError::Denied(_))), "{added:?}");
        assert!(world.desk.redirects(&caller, "", None).await.is_err());
        assert!(world.desk.remove_redirect(&caller, "/a").await.is_err());
    }
    assert_eq!(world.redirect("/a", "/b").await.expect("added"), AddedRedirect::Created);
    assert_eq!(world.redirect("/a/", "/b").await.expect("added"), AddedRedirect::Unchanged);
    let error = world.redirect("/a", "/c").await.expect_err("taken").to_string();
    assert_eq!(error, "from: `/a` already leads to `/b`; remove that redirect first");
    let editor = member("editor");
    assert!(world.desk.remove_redirect(&editor, "/a").await.expect("removed"));
    assert!(!world.desk.remove_redirect(&editor, "/a").await.expect("removed"));
    assert!(!world.desk.remove_redirect(&editor, "no path").await.expect("removed"));
    let log = audit_log(&world.desk).await;
    let entries: Vec<_> = log
        .iter()
        .map(|record| {
            let event = &record.event;
            (event.action, event.headline.as_str(), event.story, event.by.reason.as_str())
        })
        .collect();
    let reason = "allow.role.editor";
    assert_eq!(
        entries,
        [
            (AuditAction::RedirectRemoved, "/a", None, reason),
            (AuditAction::RedirectAdded, "/a \u{2192} /b", None, reason),
        ]
    );
}

#[tokio::test]
async fn chains_are_shortened_and_loops_are_refused_by_name() {
    let world = World::new();
    world.redirect("/b", "/c").await.expect("added");
    world.redirect("/a", "/b?x=1").await.expect("added");
    assert_eq!(world.asked("/a").await, moved("/c?x=1"));
    for (from, to, named) in [
        ("/c", "/c/", "is the old address itself"),
        ("/c", "/c?x", "is the old address itself"),
        ("/c", "/b", "closes a loop: /c \u{2192} /b \u{2192} /c"),
        ("/c", "/a#part", "closes a loop: /c \u{2192} /a \u{2192} /c"),
    ] {
        let error = world.redirect(from, to).await.expect_err("a loop");
        assert!(error.to_string().contains(named), "{from} {to}: {error}");
    }
    let before = |number: u32| format!("/n{number}");
    for number in 0..4 {
        world.redirect(&before(number), &before(number + 1)).await.expect("added");
    }
    world.redirect("/long", "/n0").await.expect("as long as allowed");
    world.redirect("/n4", "/n5").await.expect("added");
    let error = world.redirect("/longer", "/n0").await.expect_err("too long").to_string();
    assert!(error.contains("more than 5 redirects in a row"), "{error}");
}

#[tokio::test]
async fn a_batch_is_checked_against_itself() {
    let world = World::new();
    let batch = [
        by_hand("/a", "/b"),
        by_hand("/b", "/a"),
        by_hand("/a", "/b"),
        by_hand("/a", "/c"),
        Redirect::by_hand("/x", "", "410").expect("a redirect"),
        by_hand("/y", "/x"),
    ];
    let outcomes = world.operator.add_redirects(&batch).await.expect("added");
    let [first, loops, same, taken, gone, to_gone] = outcomes.as_slice() else { panic!("six") };
    assert_eq!((first, same), (&Ok(AddedRedirect::Created), &Ok(AddedRedirect::Unchanged)));
    assert!(matches!(loops, Err(RedirectError::Rule { field: "to", .. })), "{loops:?}");
    assert!(matches!(taken, Err(RedirectError::Taken { .. })), "{taken:?}");
    assert_eq!((gone, to_gone), (&Ok(AddedRedirect::Created), &Ok(AddedRedirect::Created)));
    assert_eq!(world.asked("/y").await, Some(RedirectAnswer::Gone));
    let many: Vec<Redirect> =
        (0..200).map(|number| by_hand(&format!("/many/{number:03}"), "/news")).collect();
    let outcomes = world.operator.add_redirects(&many).await.expect("added");
    assert!(outcomes.iter().all(|outcome| *outcome == Ok(AddedRedirect::Created)));
    let again = world.operator.add_redirects(&many).await.expect("added");
    assert!(again.iter().all(|outcome| *outcome == Ok(AddedRedirect::Unchanged)));
}

#[tokio::test]
async fn a_list_has_pages_and_a_search() {
    let world = World::new();
    let many: Vec<Redirect> = (0..120)
        .flat_map(|number| {
            let from = [format!("/a/{number:03}"), format!("/\u{7d4c}/{number:03}")];
            from.map(|from| by_hand(&from, "/news"))
        })
        .collect();
    world.operator.add_redirects(&many).await.expect("added");
    let editor = member("editor");
    for prefix in ["", "/", "/a", "a/", "/%E7%B5%8C/", "/a/000", "/b"] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = world.desk.redirects(&editor, prefix, after.as_deref()).await.expect("read");
            found.extend(page.items.into_iter().map(|item| item.redirect.from.to_string()));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let expected = match prefix {
            "" | "/" => 240,
            "/a/000" => 1,
            "/b" => 0,
            _ => 120,
        };
        assert_eq!(found.len(), expected, "{prefix}");
        assert!(found.is_sorted());
    }
}

#[tokio::test]
async fn stored_redirects_are_checked_by_the_rules() {
    let world = World::new();
    let import = world.operator.begin_import(std::sync::Arc::new(|_: &str| Ok(())));
    let item = |sort: &str, from: &str, target: &Value, origin: &Value| {
        let body = json!({
            "from": from, "target": target, "origin": origin, "added_at": "2026-11-01T00:00:00Z"
        });
        Item::new(Key::new("redirects", sort), &body).expect("an item")
    };
    let path = json!({ "path": "/news/x" });
    let url = json!({ "url": "https://example.com/" });
    for (sort, from, target, origin) in [
        ("/a", "/a", path.clone(), json!("by_hand")),
        ("/a", "/a", json!("gone"), json!({ "import": 3 })),
        ("/a", "/a", url.clone(), json!("by_hand")),
    ] {
        import.check_record(&item(sort, from, &target, &origin)).expect("good");
    }
    for (sort, from, target, origin) in [
        ("/b", "/a", path.clone(), json!("by_hand")),
        ("/a/", "/a/", path.clone(), json!("by_hand")),
        ("/desk", "/desk", path.clone(), json!("by_hand")),
        ("//evil.example", "//evil.example", path.clone(), json!("by_hand")),
        ("/a", "/a", json!({ "path": "//evil.example" }), json!("by_hand")),
        ("/a", "/a", json!({ "path": "/\\evil.example" }), json!("by_hand")),
        ("/a", "/a", json!({ "path": "https://example.com/" }), json!("by_hand")),
        ("/a", "/a", json!({ "url": "/news/x" }), json!("by_hand")),
        ("/a", "/a", json!({ "url": "javascript:alert(1)" }), json!("by_hand")),
        ("/a", "/a", url.clone(), json!({ "import": 3 })),
        ("/a", "/a", json!("here"), json!("by_hand")),
    ] {
        let refused = import.check_record(&item(sort, from, &target, &origin));
        assert!(refused.is_err(), "{sort} {from} {target} {origin}");
    }
}

/// Addresses that are few, so that chains and loops are frequent.
fn address() -> impl Strategy<Value = String> {
    (0..6_u8, 0..3_u8).prop_map(|(path, query)| match query {
        0 => format!("/{path}"),
        query => format!("/{path}?q={query}"),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Follows each address as a browser does, through whatever was accepted.
    #[test]
    fn no_redirects_lead_in_a_circle(
        pairs in proptest::collection::vec((address(), address()), 1..30),
        asked in proptest::collection::vec(address(), 10),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let ends: Result<(), TestCaseError> = runtime.block_on(async {
            let world = World::new();
            let mut model: HashMap<String, String> = HashMap::new();
            for (from, to) in &pairs {
                match world.redirect(from, to).await {
                    Ok(AddedRedirect::Created) => {
                        prop_assert!(model.insert(from.clone(), to.clone()).is_none());
                    }
                    Ok(AddedRedirect::Unchanged) => prop_assert!(model.contains_key(from)),
                    Err(DeskError::Redirect(_)) => {}
                    Err(error) => return Err(TestCaseError::fail(error.to_string())),
                }
            }
            let listed: Vec<String> = world.listed().await.into_iter().map(|row| row.0).collect();
            let mut known: Vec<String> = model.into_keys().collect();
            known.sort();
            prop_assert_eq!(listed, known.clone());
            for begin in asked.iter().chain(&known) {
                let (mut at, mut hops) = (begin.clone(), 0);
                while let Some(RedirectAnswer::Moved(next)) = world.asked(&at).await {
                    hops += 1;
                    prop_assert!(hops < 40, "{} leads in a circle", begin);
                    at = next;
                }
            }
            Ok(())
        });
        ends?;
    }
}
