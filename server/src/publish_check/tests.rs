//! The checks, with stories in a table in memory.
#![expect(clippy::disallowed_methods, reason = "the check needs an editor")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gazette_domain::{
    Caller, FieldError, Identity, NewsDesk, OperatorDesk, Policy, Ports, Status, StoryForm,
    StoryId, StoryInput, SystemTask, TokenUse, VerifiedClaims,
};
use gazette_table::MemoryTable;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::PublishCheck;
use crate::markdown::BodyRenderer;

const NOW: i64 = 1_790_000_000;
const SITE: &str = "https://gazette.example";

fn now() -> Timestamp {
    Timestamp::from_second(NOW).expect("in range")
}

fn editor() -> Caller {
    Caller::SignedIn(Identity::from_verified(VerifiedClaims {
        sub: "ana".to_owned(),
        username: "ana".to_owned(),
        email: None,
        email_verified: false,
        groups: vec!["editor".to_owned()],
        scope: String::new(),
        client_role: None,
        token_use: TokenUse::Access,
        expires_at: NOW + 60,
    }))
}

/// Returns a desk with a public, a scheduled and an unpublished story.
async fn desk() -> NewsDesk {
    let ids = AtomicU64::new(1);
    let operator = OperatorDesk::new(Ports {
        table: Arc::new(MemoryTable::new(Arc::new(|| NOW))),
        clock: Arc::new(now),
        new_id: Arc::new(move || Uuid::from_u128(u128::from(ids.fetch_add(1, Ordering::Relaxed)))),
    });
    let hour = SignedDuration::from_hours(1);
    for (headline, at, status) in [
        ("Public", now() - hour, Status::Published),
        ("Scheduled", now() + hour, Status::Published),
        ("Draft", now(), Status::Draft),
    ] {
        let input = StoryInput { status, ..StoryInput::new(headline, "Words.", at) };
        operator.publish(SystemTask::Import, input).await.expect("written");
    }
    operator.news_desk(Policy::default())
}

async fn check_at(form: &StoryForm, at: Timestamp) -> Vec<FieldError> {
    let (desk, bodies, caller) = (desk().await, BodyRenderer::default(), editor());
    let check = PublishCheck { desk: &desk, caller: &caller, bodies: &bodies, public_url: SITE };
    let id: StoryId = "0191a0de-7c3a-7000-8000-000000000001".parse().expect("an id");
    check.check(id, form, at).await.expect("checked")
}

fn form(body: &str) -> StoryForm {
    StoryForm { headline: "Rivers rise".to_owned(), body: body.to_owned(), ..StoryForm::default() }
}

async fn messages(body: &str) -> Vec<String> {
    let errors = check_at(&form(body), now()).await;
    assert!(errors.iter().all(|error| error.field == "body"), "{errors:?}");
    errors.into_iter().map(|error| error.message).collect()
}

#[tokio::test]
async fn a_finished_story_passes() {
    let body = "Words, [a story](/news/public), [a site](https://other.example/news/draft) and\n\n\
        ![A river](/pictures/river.jpg)\n\nCode: `TODO ![](/images/none.jpg)` and\n\n    XXX\n";
    assert_eq!(check_at(&form(body), now()).await, []);
}

#[tokio::test]
async fn every_fault_is_named_with_what_to_do() {
    let empty = StoryForm { image: "/pictures/a.jpg".to_owned(), ..form(" ") };
    let empty = StoryForm { headline: " ".to_owned(), summary: "TK".to_owned(), ..empty };
    let errors = check_at(&empty, now()).await;
    let fields: Vec<&str> = errors.iter().map(|error| error.field).collect();
    assert_eq!(fields, ["headline", "body", "image_alt", "summary"]);
    let long = StoryForm { headline: "x".repeat(201), ..form("Words.") };
    assert!(check_at(&long, now()).await[0].message.contains("Shorten it to 200"));
}

#[tokio::test]
async fn pictures_need_a_text_alternative() {
    let found = messages("![](/pictures/a.jpg)\n\n![A river](/pictures/b.jpg)").await;
    assert!(found.len() == 1 && found[0].contains("a.jpg"), "{found:?}");
}

#[tokio::test]
async fn pictures_that_are_not_here_are_faults() {
    let never = "/images/0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f-640x480.jpg";
    assert!(gazette_domain::ImageName::of_path(never).is_some());
    for path in ["/images/river.jpg", never, &format!("{SITE}/images/river.jpg")] {
        for body in [format!("![A river]({path})"), format!("<img src=\"{path}\" alt=\"A\">")] {
            if path.starts_with(SITE) && body.starts_with('<') {
                continue;
            }
            let found = messages(&body).await;
            assert!(found.len() == 1 && found[0].contains("not on this site"), "{body}: {found:?}");
        }
        let linked = messages(&format!("[large]({path})")).await;
        assert!(linked.len() == 1 && linked[0].contains("not on this site"), "{path}: {linked:?}");
    }
    let own = StoryForm { image: never.to_owned(), image_alt: "A".to_owned(), ..form("Words.") };
    let errors = check_at(&own, now()).await;
    assert!(errors.len() == 1 && errors[0].field == "image", "{errors:?}");
}

#[tokio::test]
async fn links_lead_to_stories_that_readers_can_see() {
    for (link, part) in [
        ("/news/nothing-here", "leads to no story"),
        ("https://gazette.example/news/nothing-here", "leads to no story"),
        ("/news/a--b", "leads to no story"),
        ("/news/draft", "not published"),
        ("/news/scheduled", "cannot see at that time"),
    ] {
        let found = messages(&format!("[link]({link})")).await;
        assert!(found.len() == 1 && found[0].contains(part), "{link}: {found:?}");
    }
    let later = now() + SignedDuration::from_hours(2);
    assert_eq!(check_at(&form("[link](/news/scheduled)"), later).await, []);
}

#[tokio::test]
async fn placeholders_are_found_in_words() {
    assert!(messages("It rose **TK** metres.").await[0].contains("TK"));
    assert!(messages("It rose [[how many]] metres.").await[0].contains("[[how many]]"));
}
