//! Questions before acts of the newsroom, and acts that can be undone.

use axum::http::StatusCode;
use gazette_domain::{Status, StoryPatch};
use url::form_urlencoded::Serializer;

use crate::browser::Browser;
use crate::world::{World, admin};

/// Returns the text between two others, for each time they occur.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    let parts = text.split(before).skip(1);
    parts.map(|part| part.split(after).next().unwrap_or_default()).collect()
}

/// Returns the hidden fields of the form with this address.
fn hidden(page: &str, action: &str) -> String {
    let form = between(page, &format!("action=\"{action}\""), "</form>").concat();
    let mut fields = Serializer::new(String::new());
    for input in between(&form, "<input type=\"hidden\"", ">") {
        let part = |name: &str| between(input, &format!("{name}=\""), "\"").concat();
        fields.append_pair(&part(" name"), &part(" value").replace("&quot;", "\""));
    }
    fields.finish()
}

async fn write(world: &World, headline: &str, section: &str, status: Status) -> String {
    let patch = StoryPatch {
        headline: Some(headline.to_owned()),
        body: Some("Words.".to_owned()),
        section: Some(section.to_owned()),
        status: Some(status),
        ..StoryPatch::default()
    };
    let story = world.desk.write(&admin(), patch, None).await.expect("written");
    story.teaser.id.to_string()
}

#[tokio::test]
async fn stories_that_were_unpublished_together_come_back_with_their_dates() {
    let world = World::peopled().await;
    world.publish(3).await;
    let listing = world.get("/news").await.json();
    let items = listing["items"].as_array().expect("a list").clone();
    let id = |index: usize| items[index]["id"].as_str().expect("an id").to_owned();
    let review = write(&world, "Handed in", "World", Status::Review).await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    ed.post("/desk/stories", &format!("action=unpublish&id={}&id={}", id(0), id(2))).await;
    let page = ed.get("/desk").await.body;
    assert!(page.contains("2 stories unpublished.") && page.contains(">Undo</button>"), "{page}");
    let undo = between(&page, "<div class=\"notice with-act\">", "</form>").concat() + "</form>";
    let undo = hidden(&undo, "/desk/stories");
    assert_eq!(world.page("/news/story-0").await.status, StatusCode::NOT_FOUND);
    ed.post("/desk/stories", &undo).await;
    assert!(ed.get("/desk").await.body.contains("2 stories published."));
    let again = world.get("/news").await.json();
    let dates = |list: &serde_json::Value| -> Vec<serde_json::Value> {
        let items = list["items"].as_array().expect("a list").iter();
        items.map(|item| item["published_at"].clone()).collect()
    };
    assert_eq!(dates(&again), dates(&listing));

    // Stories in review are in review again; stories that changed since stay as they are.
    let draft = write(&world, "A draft", "World", Status::Draft).await;
    ed.post("/desk/stories", &format!("action=publish&id={review}&id={draft}")).await;
    let page = ed.get("/desk").await.body;
    let undo = between(&page, "<div class=\"notice with-act\">", "</form>").concat() + "</form>";
    let undo = hidden(&undo, "/desk/stories");
    let patch = StoryPatch { summary: Some("New.".to_owned()), ..StoryPatch::default() };
    let changed = draft.parse().expect("an id");
    let version = world.desk.story(&admin(), changed).await.expect("there").version;
    world.desk.revise(&admin(), changed, version, patch).await.expect("revised");
    ed.post("/desk/stories", &undo).await;
    let page = ed.get("/desk").await.body;
    assert!(page.contains("1 story unpublished.") && page.contains("in the meantime"), "{page}");
    let review = world.desk.story(&admin(), review.parse().expect("an id")).await.expect("there");
    assert_eq!(review.status, Status::Review);
    let bad = ed.post("/desk/stories", &format!("action=publish&id={}&undo=x", id(0))).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_new_section_is_asked_about_once_and_programs_are_not_asked() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    for (headline, asks) in [("By hand", true), ("By a program", false)] {
        let id = write(&world, headline, "Citties", Status::Draft).await;
        let path = format!("/desk/{id}");
        let page = ed.get(&path).await.body;
        let version = between(&page, "name=\"version\" value=\"", "\"")[0].to_owned();
        let form = format!(
            "headline={headline}&body=Words.&section=Citties&action=publish&version={version}"
        );
        if asks {
            assert!(page.contains("name=\"new_section\" value=\"-\""), "{page}");
            let asked = ed.post(&path, &format!("{form}&new_section=-")).await;
            assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(asked.body.contains("No published story is in"), "{}", asked.body);
            assert!(asked.body.contains("name=\"new_section\" value=\"Citties\""));
            let version = between(&asked.body, "name=\"version\" value=\"", "\"")[0];
            let form = format!(
                "headline={headline}&body=Words.&section=Citties&action=publish&version={version}"
            );
            let done = ed.post(&path, &format!("{form}&new_section=Citties")).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
            let id = id.parse().expect("an id");
            let version = world.desk.story(&admin(), id).await.expect("there").version;
            let draft = StoryPatch { status: Some(Status::Draft), ..StoryPatch::default() };
            world.desk.revise(&admin(), id, version, draft).await.expect("revised");
        } else {
            let done = ed.post(&path, &form).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        }
    }
}

#[tokio::test]
async fn a_story_that_is_sent_back_without_a_note_says_so_and_shows_in_the_list() {
    let world = World::peopled().await;
    let id = write(&world, "Handed in", "World", Status::Review).await;
    let path = format!("/desk/{id}");
    let mut ed = Browser::signed_in(&world, "ed").await;
    let page = ed.get(&path).await.body;
    let version = between(&page, "name=\"version\" value=\"", "\"")[0].to_owned();
    let form = "headline=Handed+in&body=Words.&section=World&action=send-back&note=+";
    ed.post(&path, &format!("{form}&version={version}")).await;
    let page = ed.get(&path).await.body;
    assert!(page.contains("Sent back without a note."), "{page}");
    assert!(!page.contains("class=\"remark\""), "{page}");
    assert!(ed.get("/desk").await.body.contains(">Sent back</span>"));
    let version = between(&page, "name=\"version\" value=\"", "\"")[0].to_owned();
    let form = "headline=Handed+in&body=Words.&section=World&action=review";
    ed.post(&path, &format!("{form}&version={version}")).await;
    assert!(!ed.get("/desk").await.body.contains(">Sent back</span>"));
}

#[tokio::test]
async fn a_correction_is_shown_before_it_is_published() {
    let world = World::peopled().await;
    let id = write(&world, "Rivers", "World", Status::Published).await;
    let path = format!("/desk/{id}/corrections");
    let mut ed = Browser::signed_in(&world, "ed").await;
    let page = ed.get(&path).await.body;
    assert!(
        page.contains(&format!("href=\"/desk/{id}\" class=\"btn quiet small\">Back to the editor")),
        "{page}"
    );
    let form = hidden(&page, &path);
    let asked = ed.post(&path, &format!("{form}&text=It+was+%3Cb%3Eclosed.")).await;
    assert!(asked.body.contains("Publish this correction?"), "{}", asked.body);
    assert!(asked.body.contains("It was &lt;b&gt;closed.") && asked.body.contains("Rivers"));
    let key = between(&asked.body, "name=\"key\" value=\"", "\"")[0];
    let typed = format!("key={key}&text=It+was+closed.");
    let form = ed.post(&path, &format!("{typed}&confirm=change")).await;
    assert!(form.body.contains("It was closed.</textarea>"), "{}", form.body);
    assert_eq!(ed.post(&path, &typed).await.status, StatusCode::SEE_OTHER);
    assert!(ed.get(&path).await.body.contains("Correction published."));
}

#[tokio::test]
async fn two_labels_become_one_only_after_a_question() {
    let world = World::peopled().await;
    write(&world, "One", "Cities", Status::Published).await;
    write(&world, "Two", "Citties", Status::Published).await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let form = "kind=section&slug=citties&confirm=merge";
    let asked = ed.post("/desk/labels", &format!("{form}&name=cities")).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.body.contains("Merge \u{201c}Citties\u{201d} into \u{201c}Cities\u{201d}?"));
    let other = ed.post("/desk/labels", &format!("{form}&name=City")).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "a free name needs no question");
    let merged = hidden(&asked.body, "/desk/labels");
    let merged = merged.replace("slug=citties", "slug=city");
    assert_eq!(ed.post("/desk/labels", &merged).await.status, StatusCode::SEE_OTHER);
    assert!(ed.get("/desk/labels").await.body.contains("Label renamed in 1 story."));
}

#[tokio::test]
async fn disabling_a_person_asks_first_and_their_last_visit_stays_known() {
    let world = World::peopled().await;
    let rhea = Browser::signed_in(&world, "rhea").await;
    drop(rhea);
    let mut ada = Browser::signed_in(&world, "ada").await;
    let list = ada.get("/desk/people?q=rhea").await.body;
    let path = between(&list, "href=\"/desk/people/", "\"");
    let path = path.iter().find(|path| path.len() == 36).expect("a person");
    let path = format!("/desk/people/{path}");
    let form = hidden(&ada.get(&path).await.body, &format!("{path}/disable"));
    let asked = ada.post(&format!("{path}/disable"), &form).await;
    assert!(asked.body.contains("Disable rhea?"), "{}", asked.body);
    let form = hidden(&asked.body, &format!("{path}/disable"));
    let done = ada.post(&format!("{path}/disable"), &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = ada.get(&path).await.body;
    assert!(page.contains("Disabled: cannot sign in"), "{page}");
    let seen = between(&page, "<dt>Last seen</dt>", "</dd>").concat();
    assert!(seen.contains("<time"), "{seen}");
}

#[tokio::test]
async fn readers_sign_out_and_remove_what_they_saved_where_they_look_for_it() {
    let world = World::peopled().await;
    let id = write(&world, "Rivers", "World", Status::Published).await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    let account = rhea.get("/account").await.body;
    let head = between(&account, "<h1>Your account</h1>", "<dl").concat();
    assert!(head.contains(">Sign out</button>"), "{head}");
    assert!(!account.contains("Permissions</h2>") && !account.contains("deny."), "{account}");
    let mut ed = Browser::signed_in(&world, "ed").await;
    assert!(ed.get("/account").await.body.contains("Permissions</h2>"));
    rhea.post("/saved", &format!("id={id}")).await;
    let form = hidden(&rhea.get("/saved").await.body, "/saved/remove");
    assert_eq!(form, format!("id={id}"));
    assert_eq!(rhea.post("/saved/remove", &form).await.header("location"), "/saved");
    assert!(rhea.get("/saved").await.body.contains("No saved stories yet."));
    // Those who may change a story find the way from its page.
    let edit = format!("href=\"/desk/{id}\" class=\"btn quiet\">Edit</a>");
    assert!(ed.get("/news/rivers").await.body.contains(&edit));
    assert!(!rhea.get("/news/rivers").await.body.contains(&edit));
}
