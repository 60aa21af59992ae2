//! The newsroom's list of stories over HTTP, as browsers without scripts use it.

use axum::http::StatusCode;
use gazette_domain::{Status, StoryInput, StoryPatch, SystemTask};
use gazette_table::{Item, Key, Write};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::browser::Browser;
use crate::world::{World, admin};

/// Returns the text between two others, for each time they occur.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    let parts = text.split(before).skip(1);
    parts.map(|part| part.split(after).next().unwrap_or_default()).collect()
}

/// Returns the visible text of a piece of markup.
fn text(markup: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for character in markup.chars() {
        match character {
            '<' => is_tag = true,
            '>' => is_tag = false,
            character if !is_tag => text.push(character),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the headlines of the rows, in order.
fn headlines(page: &str) -> Vec<String> {
    let cells = between(page, "class=\"headline\"", "<small>");
    cells.into_iter().map(|cell| text(&format!("<{cell}"))).collect()
}

/// Returns the tabs with their numbers, such as "Drafts 2".
fn tabs(page: &str) -> Vec<String> {
    let tabs = between(page, "class=\"tabs\"", "</nav>").concat();
    between(&tabs, "<li>", "</li>").into_iter().map(text).collect()
}

fn ids(page: &str) -> Vec<String> {
    between(page, "name=\"id\" value=\"", "\"").into_iter().map(str::to_owned).collect()
}

/// Publishes a story that is due after these minutes.
async fn publish(world: &World, headline: &str, section: &str, author: &str, minutes: i64) {
    let input = StoryInput {
        section: section.to_owned(),
        authors: vec![author.to_owned()],
        ..StoryInput::new(headline, "Words.", Timestamp::now() + SignedDuration::from_mins(minutes))
    };
    world.operator.publish(SystemTask::Setup, input).await.expect("published");
}

async fn write(world: &World, headline: &str, status: Status) -> String {
    let patch = StoryPatch {
        headline: Some(headline.to_owned()),
        body: Some("Words.".to_owned()),
        status: Some(status),
        ..StoryPatch::default()
    };
    let story = world.desk.write(&admin(), patch, None).await.expect("written");
    story.teaser.id.to_string()
}

/// A world with a story in each state.
async fn world() -> World {
    let world = World::peopled().await;
    publish(&world, "Flood in Kőbánya", "World", "Ada Reed", -30).await;
    publish(&world, "The tram", "Cities", "Ben Oak", -20).await;
    publish(&world, "Tomorrow", "World", "Ben Oak", 60).await;
    write(&world, "A draft", Status::Draft).await;
    write(&world, "Handed in", Status::Review).await;
    world
}

#[tokio::test]
async fn the_list_shows_each_state_with_its_number_and_in_words() {
    let world = world().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let page = ed.get("/desk").await.body;
    assert_eq!(
        tabs(&page),
        ["All 5", "Published 2", "Scheduled 1", "In review 1", "Drafts 1", "Mine 0"]
    );
    assert_eq!(headlines(&page).len(), 5);
    for (status, shown, words) in [
        ("published", vec!["The tram", "Flood in Kőbánya"], "Published"),
        ("scheduled", vec!["Tomorrow"], "Scheduled"),
        ("review", vec!["Handed in"], "In review"),
        ("draft", vec!["A draft"], "Draft"),
        ("mine", vec![], ""),
    ] {
        let page = ed.get(&format!("/desk?status={status}&sort=newest")).await.body;
        assert_eq!(headlines(&page), shown, "{status}");
        let states = between(&page, "class=\"status\"", "</td>");
        assert!(states.iter().all(|state| state.contains(words)), "{states:?}");
        let current = between(&page, "aria-current=\"page\">", "</a>");
        assert_eq!(current.len(), 2, "the entry in the navigation, and the tab: {current:?}");
    }
    assert!(ed.get("/desk?status=mine").await.body.contains("You haven't written a story yet."));
    let mut ada = Browser::signed_in(&world, "ada").await;
    let page = ada.get("/desk").await.body;
    assert_eq!(tabs(&page).last().map(String::as_str), Some("Trash 0"));
    let trash = ada.get("/desk?status=trash").await;
    assert_eq!((trash.status, trash.header("location")), (StatusCode::SEE_OTHER, "/desk/trash"));
}

#[tokio::test]
async fn the_list_is_searched_filtered_and_sorted_by_one_form() {
    let world = world().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    for (query, shown) in [
        ("q=kobanya", vec!["Flood in Kőbánya"]),
        ("q=ben+oak&sort=headline", vec!["The tram", "Tomorrow"]),
        ("section=world&sort=oldest", vec!["Flood in Kőbánya", "Tomorrow"]),
        ("author=ben-oak&section=world", vec!["Tomorrow"]),
        ("author=ben-oak&status=published&q=&section=", vec!["The tram"]),
        ("q=nowhere", vec![]),
    ] {
        let page = ed.get(&format!("/desk?{query}")).await.body;
        assert_eq!(headlines(&page), shown, "{query}");
    }
    let none = ed.get("/desk?q=%22%3E%3Cscript%3E&status=draft").await.body;
    assert!(none.contains("No stories match.") && none.contains("0 stories found."));
    assert!(none.contains("href=\"/desk?status=draft\">Clear search and filters"));
    assert!(none.contains("value=\"&quot;&gt;&lt;script&gt;\"") || none.contains("&lt;script"));
    let filtered = ed.get("/desk?section=world&q=o").await.body;
    assert!(filtered.contains("<option value=\"world\" selected"));
    for query in ["status=x", "sort=x", "page=0", "page=-1", "section=%3F%3F%3F&section=x"] {
        let answer = ed.get(&format!("/desk?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn the_list_has_pages() {
    let world = World::peopled().await;
    world.publish(101).await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let first = ed.get("/desk?sort=newest").await.body;
    assert_eq!((headlines(&first).len(), headlines(&first)[0].as_str()), (50, "Story 0"));
    assert!(first.contains("href=\"/desk?sort=newest&amp;page=2\"") && first.contains("Next"));
    assert!(!first.contains("Previous"));
    let last = ed.get("/desk?sort=newest&page=3").await.body;
    assert_eq!(headlines(&last), ["Story 100"]);
    assert!(last.contains("Previous") && !last.contains(">Next<"));
    let after = ed.get("/desk?sort=newest&page=99").await.body;
    assert_eq!(headlines(&after), ["Story 100"]);
}

#[tokio::test]
async fn counts_are_right_after_each_change_and_when_a_time_passes() {
    let world = world().await;
    let beside = world.beside().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut elsewhere = Browser::signed_in(&beside, "ada").await;
    let counts =
        async |browser: &mut Browser<'_>| tabs(&browser.get("/desk").await.body).join(", ");
    let before = "All 5, Published 2, Scheduled 1, In review 1, Drafts 1, Mine 0, Trash 0";
    assert_eq!(counts(&mut ada).await, before);
    assert_eq!(counts(&mut elsewhere).await, before);
    let page = ada.get("/desk?status=published").await.body;
    let form = format!("id={}", ids(&page)[0]);
    ada.post("/desk/stories/trash", &form).await;
    let after = "All 4, Published 1, Scheduled 1, In review 1, Drafts 1, Mine 0, Trash 1";
    assert_eq!(counts(&mut elsewhere).await, after, "another process knows it");
    assert_eq!(counts(&mut ada).await, after);
    world.pass(61 * 60);
    let mut ada = Browser::signed_in(&world, "ada").await;
    let later = "All 4, Published 2, Scheduled 0, In review 1, Drafts 1, Mine 0, Trash 1";
    assert_eq!(counts(&mut ada).await, later);
    let labels = ada.get("/desk/labels").await.body;
    let rail = between(&labels, "class=\"rail-main\"", "</ul>").concat();
    let entries: Vec<String> = between(&rail, "<li>", "</li>").into_iter().map(text).collect();
    assert_eq!(entries, ["Stories 4", "Media", "Trash 1", "People", "Activity"]);
}

#[tokio::test]
async fn selected_stories_are_trashed_and_exactly_they_come_back() {
    let world = World::peopled().await;
    world.publish(4).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let page = ada.get("/desk?sort=newest").await.body;
    let all = ids(&page);
    // In the trash before, so undoing must leave it there.
    ada.post("/desk/stories/trash", &format!("id={}", all[3])).await;
    let form = format!("id={}&id={}&id={}&list=/desk%3Fsort%3Dnewest", all[0], all[2], all[3]);
    let done = ada.post("/desk/stories/trash", &form).await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, "/desk?sort=newest")
    );
    let page = ada.get("/desk?sort=newest").await.body;
    assert!(page.contains("Moved 2 stories to Trash.") && page.contains(">Undo</button>"));
    assert_eq!(headlines(&page), ["Story 1"]);
    let undo = between(&page, "action=\"/desk/stories/restore\"", "</form>").concat();
    assert_eq!(ids(&undo), [all[0].clone(), all[2].clone()]);
    assert_eq!(world.page("/news/story-0").await.status, StatusCode::GONE);
    let form: Vec<String> = ids(&undo).into_iter().map(|id| format!("id={id}")).collect();
    ada.post("/desk/stories/restore", &form.join("&")).await;
    let page = ada.get("/desk?sort=newest").await.body;
    assert!(page.contains("2 stories restored."));
    assert_eq!(headlines(&page), ["Story 0", "Story 1", "Story 2"]);
    assert_eq!(world.page("/news/story-0").await.status, StatusCode::OK);
    let none = ada.post("/desk/stories/trash", "").await;
    assert_eq!(none.status, StatusCode::SEE_OTHER);
    assert!(ada.get("/desk").await.body.contains("Select at least one story."));
}

#[tokio::test]
async fn selected_stories_are_published_and_unpublished_and_refusals_are_named() {
    let world = world().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let page = ed.get("/desk?status=draft").await.body;
    let draft = ids(&page)[0].clone();
    let published = ids(&ed.get("/desk?status=published").await.body);
    let form = format!("action=publish&id={draft}&id={}", published[0]);
    let done = ed.post("/desk/stories", &form).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/desk"));
    let page = ed.get("/desk").await.body;
    assert!(page.contains("1 story published. 1 story was already published."), "{page}");
    assert_eq!(world.page("/news/a-draft").await.status, StatusCode::OK);
    let form = format!("action=unpublish&id={draft}&id={}", published[0]);
    ed.post("/desk/stories", &form).await;
    assert!(ed.get("/desk").await.body.contains("2 stories unpublished."));
    assert_eq!(world.page("/news/a-draft").await.status, StatusCode::NOT_FOUND);
    for form in ["action=delete&id=x", "id=x", "action=publish&id=x", "action=publish&word=x"] {
        let answer = ed.post("/desk/stories", form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{form}");
    }
    let trash = ed.post("/desk/stories/trash", &format!("id={draft}")).await;
    assert_eq!(trash.status, StatusCode::FORBIDDEN);
    assert!(!page.contains("Move to trash"), "an editor cannot delete");
}

#[tokio::test]
async fn a_story_that_fails_the_checks_of_publishing_is_named_with_the_reason() {
    let world = World::peopled().await;
    let good = write(&world, "Finished", Status::Draft).await;
    let patch = StoryPatch {
        headline: Some("Not finished".to_owned()),
        body: Some("TODO: ask the harbour office.".to_owned()),
        status: Some(Status::Draft),
        ..StoryPatch::default()
    };
    let bad = world.desk.write(&admin(), patch, None).await.expect("written").teaser.id;
    let mut ed = Browser::signed_in(&world, "ed").await;
    ed.post("/desk/stories", &format!("action=publish&id={good}&id={bad}")).await;
    let page = ed.get("/desk").await.body;
    let notice = between(&page, "class=\"notice with-act\"", "</div>").concat();
    assert!(notice.contains("1 story published."), "{notice}");
    assert!(notice.contains("1 story could not be published:"), "{notice}");
    assert!(notice.contains(&format!("href=\"/desk/{bad}\"")), "{notice}");
    assert!(notice.contains("Not finished") && notice.contains("TODO"), "{notice}");
    assert_eq!(world.page("/news/finished").await.status, StatusCode::OK);
    assert_eq!(world.page("/news/not-finished").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn az_a_writer_sees_no_stories_that_are_not_theirs_and_no_acts() {
    let world = world().await;
    let mut wim = Browser::signed_in(&world, "wim").await;
    let page = wim.get("/desk?sort=newest").await.body;
    assert_eq!(headlines(&page), ["The tram", "Flood in Kőbánya"]);
    assert_eq!(tabs(&page)[0], "All 2");
    for hidden in ["A draft", "Handed in", "Tomorrow", "type=\"checkbox\"", "Move to trash"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    assert!(page.contains("href=\"/desk/new\"") && !page.contains("href=\"/desk/trash\""));
    for status in ["draft", "scheduled", "review"] {
        assert!(headlines(&wim.get(&format!("/desk?status={status}")).await.body).is_empty());
    }
    for path in ["/desk/stories", "/desk/stories/trash", "/desk/stories/restore"] {
        let answer = wim.post(path, "action=publish&id=x").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn the_list_of_a_new_site_offers_to_write() {
    let world = World::peopled().await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let page = ed.get("/desk").await.body;
    let empty = between(&page, "class=\"empty\">", "</p>").concat();
    assert_eq!(text(&empty), "No stories yet. Write the first one");
    assert!(!page.contains("type=\"checkbox\""));
}

#[tokio::test]
async fn saved_changes_are_shown_and_all_text_is_escaped() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let id = ids(&ed.get("/desk").await.body)[0].clone();
    let markup = "<img src=x onerror=alert(1)>";
    let edit = json!({
        "story": id, "headline": markup, "version": 2, "at": Timestamp::now(),
        "by": "x",
    });
    let item = Item::new(Key::new("edits", id), &edit).expect("an item");
    world.table.as_table().write(vec![Write::put(item)]).await.expect("written");
    let page = ed.get("/desk").await.body;
    assert!(page.contains("Unpublished changes") && page.contains("Published"));
    assert!(page.contains("&lt;img src=x") && !page.contains(markup));
}

#[tokio::test]
async fn pages_of_the_newsroom_have_its_navigation_and_not_that_of_the_site() {
    let world = world().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for path in [
        "/desk",
        "/desk/labels",
        "/desk/redirects",
        "/desk/images",
        "/desk/imports",
        "/desk/trash",
        "/desk/audit",
        "/desk/delete?all=yes",
    ] {
        let page = ada.get(path).await.body;
        assert_eq!(page.matches("aria-label=\"Newsroom\"").count(), 1, "{path}");
        assert_eq!(page.matches("<main id=\"main\"").count(), 1, "{path}");
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert!(!page.contains("aria-label=\"Sections\"") && !page.contains("<footer"), "{path}");
        assert!(page.contains("href=\"#main\"") && page.contains("View site"), "{path}");
        assert!(!page.contains("<script>") && !page.contains("style=\""), "{path}");
    }
    let mut wim = Browser::signed_in(&world, "wim").await;
    let page = wim.get("/desk/images").await.body;
    let navigation = between(&page, "aria-label=\"Newsroom\"", "</nav>").concat();
    let entries: Vec<String> =
        between(&navigation, "<li>", "</li>").into_iter().map(text).collect();
    assert_eq!(entries, ["Stories 2", "Media", "View site", "wim", "Sign out"]);
}
