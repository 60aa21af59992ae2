//! Publishing, scheduling and review in the editor, and who may do it.

use gazette_domain::{
    AccessError, AuditAction, Caller, DeskError, EditedStory, FieldError, FormAct, IdempotencyKey,
    ImageName, Limit, Lookup, NewImage, Role, SaveRequest, Status, StoryDenial, StoryDeniedError,
    StoryForm, StoryId, StoryPatch, TimePatch,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::editor::{Tab, UTC, draft, form};
use crate::world::{NOW, World, audit_log, input, member, patch, person, publish};

/// 2026-09-21T14:13:20Z.
fn now() -> Timestamp {
    Timestamp::from_second(NOW).expect("in range")
}

fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone")
}

fn request(edited: &EditedStory, form: StoryForm) -> SaveRequest {
    SaveRequest { version: edited.version, form, ..SaveRequest::default() }
}

fn unacceptable(outcome: Result<EditedStory, DeskError>) -> Vec<FieldError> {
    match outcome {
        Err(DeskError::Unacceptable(errors)) => errors,
        other => panic!("not refused: {other:?}"),
    }
}

fn denial<T: std::fmt::Debug>(outcome: Result<T, DeskError>) -> StoryDeniedError {
    match outcome {
        Err(DeskError::StoryDenied(denied)) => *denied,
        other => panic!("not denied: {other:?}"),
    }
}

async fn create(world: &World, caller: &Caller, key: &str, form: StoryForm) -> EditedStory {
    let key = IdempotencyKey::new(key).expect("a key");
    world.desk.create_form(caller, form, &UTC, &key).await.expect("created")
}

async fn last_action(world: &World) -> AuditAction {
    audit_log(&world.desk).await.first().expect("a record").event.action
}

#[tokio::test]
async fn publishing_saves_what_is_typed_and_shows_it_to_readers() {
    let world = World::new();
    let editor = person("ana", "editor");
    let created = draft(&world, form("Ri", "")).await;
    let id = created.story.teaser.id;
    world.pass(60);
    let typed =
        StoryForm { tags: "Rivers,  Trains ,".to_owned(), ..form(" Rivers rise ", "Fast.") };
    let published =
        world.desk.save_form(&editor, id, request(&created, typed), &FormAct::Publish, &UTC).await;
    let published = published.expect("published");
    let teaser = &published.story.teaser;
    assert_eq!((teaser.headline.as_str(), teaser.slug.as_str()), ("Rivers rise", "rivers-rise"));
    assert_eq!(teaser.published_at.as_second(), NOW + 60, "now, not when the draft was made");
    assert_eq!(
        (published.form.slug.as_str(), published.form.tags.as_str()),
        ("rivers-rise", "Rivers, Trains")
    );
    assert!(!published.is_dirty);
    assert_eq!(published.version, published.story.version);
    let found = world.desk.find(&Caller::Anonymous, &teaser.slug).await.expect("asked");
    assert!(matches!(found, Lookup::Found(_)));
    assert_eq!(last_action(&world).await, AuditAction::Published);
    let edits = world.desk.edits(&editor, None, Limit::MAX).await.expect("listed");
    assert!(edits.is_empty());
}

#[tokio::test]
async fn what_is_typed_stays_when_publishing_is_refused() {
    let world = World::new();
    let editor = person("ana", "editor");
    let created = draft(&world, form("Rivers", "")).await;
    let id = created.story.teaser.id;
    let typed = StoryForm { summary: "Typed.".to_owned(), ..form("", "") };
    let refused =
        world.desk.save_form(&editor, id, request(&created, typed), &FormAct::Publish, &UTC).await;
    let fields: Vec<&str> = unacceptable(refused).iter().map(|error| error.field).collect();
    assert!(fields.contains(&"headline") && fields.contains(&"body"), "{fields:?}");
    let opened = world.desk.open_form(&editor, id, &UTC).await.expect("opened");
    assert_eq!(opened.form.summary, "Typed.");
    assert!(opened.version > created.version);
    assert_eq!(opened.story.status, Status::Draft);
}

#[tokio::test]
async fn an_untitled_draft_is_not_published_under_that_name() {
    let world = World::new();
    let created = draft(&world, form("", "Words.")).await;
    let id = created.story.teaser.id;
    let outcome = world
        .desk
        .save_form(
            &member("editor"),
            id,
            request(&created, created.form.clone()),
            &FormAct::Publish,
            &UTC,
        )
        .await;
    assert_eq!(unacceptable(outcome)[0].field, "headline");
}

#[tokio::test]
async fn a_published_story_keeps_its_time_to_the_second() {
    let world = World::new();
    let editor = person("ana", "editor");
    let zone = berlin();
    // 02:30:37, the second time in that night.
    let at: Timestamp = "2025-10-26T01:30:37Z".parse().expect("a time");
    let story = gazette_domain::StoryInput { published_at: at, ..input("Rivers rise", 0) };
    let id = publish(&world, story).await.teaser().id;
    let opened = world.desk.open_form(&editor, id, &zone).await.expect("opened");
    assert_eq!(opened.form.publish_at, "2025-10-26T02:30");
    assert!(!opened.is_dirty);
    let typed = StoryForm { body: "More.".to_owned(), ..opened.form.clone() };
    let updated =
        world.desk.save_form(&editor, id, request(&opened, typed), &FormAct::Publish, &zone).await;
    let updated = updated.expect("published");
    assert_eq!(updated.story.teaser.published_at, at);
    assert_eq!(updated.story.body, "More.");
    assert_eq!(last_action(&world).await, AuditAction::Updated);
    let again = request(&updated, updated.form.clone());
    let again = world
        .desk
        .save_form(&editor, id, again, &FormAct::Publish, &zone)
        .await
        .expect("unchanged");
    assert_eq!(again.story, updated.story, "nothing changed, so there is no new version");
}

#[tokio::test]
async fn a_story_is_scheduled_in_the_zone_of_the_site() {
    let world = World::new();
    let editor = person("ana", "editor");
    let zone = berlin();
    let created = draft(&world, form("Rivers rise", "Fast.")).await;
    let id = created.story.teaser.id;
    for (at, part) in [
        ("", "Choose the time"),
        ("2026-09-21T16:00", "in the past"),
        ("2027-03-28T02:30", "choose 03:30"),
        ("soon", "must be a date"),
    ] {
        let opened = world.desk.open_form(&editor, id, &zone).await.expect("opened");
        let typed = StoryForm { publish_at: at.to_owned(), ..opened.form.clone() };
        let refused = world
            .desk
            .save_form(&editor, id, request(&opened, typed), &FormAct::Schedule, &zone)
            .await;
        let errors = unacceptable(refused);
        assert_eq!(errors[0].field, "publish_at");
        assert!(errors[0].message.contains(part), "{errors:?}");
    }
    let opened = world.desk.open_form(&editor, id, &zone).await.expect("opened");
    let typed = StoryForm { publish_at: "2026-11-27T06:00".to_owned(), ..opened.form.clone() };
    let refused = world
        .desk
        .save_form(&editor, id, request(&opened, typed.clone()), &FormAct::Publish, &zone)
        .await;
    assert!(unacceptable(refused)[0].message.contains("Choose Schedule, or clear it"));
    let opened = world.desk.open_form(&editor, id, &zone).await.expect("opened");
    let scheduled =
        world.desk.save_form(&editor, id, request(&opened, typed), &FormAct::Schedule, &zone).await;
    let story = scheduled.expect("scheduled").story;
    assert_eq!(story.teaser.published_at, "2026-11-27T05:00:00Z".parse().expect("a time"));
    assert_eq!(story.status, Status::Published);
    let slug = story.teaser.slug;
    let found = world.desk.find(&Caller::Anonymous, &slug).await.expect("asked");
    assert_eq!(found, Lookup::Missing);
    // Published at once: the time is cleared.
    let opened = world.desk.open_form(&editor, id, &zone).await.expect("opened");
    let typed = StoryForm { publish_at: String::new(), ..opened.form.clone() };
    let published =
        world.desk.save_form(&editor, id, request(&opened, typed), &FormAct::Publish, &zone).await;
    assert_eq!(published.expect("published").story.teaser.published_at, now());
}

/// Returns the kind of the last change, and the time at which the story goes live.
async fn last_schedule(world: &World) -> (AuditAction, Option<Timestamp>) {
    let log = audit_log(&world.desk).await;
    let event = &log.first().expect("a record").event;
    (event.action, event.goes_live)
}

#[tokio::test]
async fn the_log_tells_scheduling_from_publishing() {
    let world = World::new();
    let editor = person("ana", "editor");
    let created = draft(&world, form("Rivers rise", "Fast.")).await;
    let id = created.story.teaser.id;
    let time = |text: &str| Some(text.parse::<Timestamp>().expect("a time"));
    let mut edited = created;
    for (at, act, expected) in [
        ("2026-11-27T06:00", "schedule", (AuditAction::Published, time("2026-11-27T06:00:00Z"))),
        ("2026-11-28T07:00", "schedule", (AuditAction::Updated, time("2026-11-28T07:00:00Z"))),
        // The same time: only the text changes.
        ("2026-11-28T07:00", "schedule", (AuditAction::Updated, None)),
        ("2026-11-28T07:00", "unpublish", (AuditAction::Withdrawn, time("2026-11-28T07:00:00Z"))),
        ("2026-11-28T07:00", "schedule", (AuditAction::Published, time("2026-11-28T07:00:00Z"))),
        ("", "publish", (AuditAction::Published, None)),
        ("", "publish", (AuditAction::Updated, None)),
        ("", "unpublish", (AuditAction::Withdrawn, None)),
    ] {
        let body = format!("{} More.", edited.form.body);
        let typed = StoryForm { publish_at: at.to_owned(), body, ..edited.form.clone() };
        let request = request(&edited, typed);
        edited = match act {
            "schedule" => {
                world.desk.save_form(&editor, id, request, &FormAct::Schedule, &UTC).await
            }
            "publish" => world.desk.save_form(&editor, id, request, &FormAct::Publish, &UTC).await,
            _ => world.desk.save_form(&editor, id, request, &FormAct::Unpublish, &UTC).await,
        }
        .expect("done");
        assert_eq!(last_schedule(&world).await, expected, "{act} {at}");
    }
}

#[tokio::test]
async fn an_empty_summary_is_filled_in_when_the_story_is_published() {
    let world = World::new();
    let editor = person("ana", "editor");
    let mut edited = draft(&world, form("Rivers rise", "Fast.")).await;
    let id = edited.story.teaser.id;
    for (summary, excerpt, made) in [
        ("", "Fast.", "Fast."),
        ("", "Faster.", "Faster."),
        ("Typed.", "Fastest.", "Typed."),
        ("", "Slow.", "Slow."),
    ] {
        let typed = StoryForm { summary: summary.to_owned(), ..form("Rivers rise", excerpt) };
        let excerpt = Some(excerpt.to_owned());
        let request = SaveRequest { excerpt, ..request(&edited, typed) };
        edited = world
            .desk
            .save_form(&editor, id, request, &FormAct::Publish, &UTC)
            .await
            .expect("published");
        assert_eq!(edited.story.teaser.summary, made);
        assert_eq!(edited.form.summary, summary, "the form stays as typed");
        assert!(!edited.is_dirty);
    }
}

#[tokio::test]
async fn the_first_text_alternative_of_a_picture_is_kept_for_the_next_story() {
    let world = World::new();
    let editor = person("ana", "editor");
    let name: ImageName = "0123456789abcdef0123456789abcdef-640x480.jpg".parse().expect("a name");
    let (alt, credit, licence) = (None, None, None);
    let image = NewImage { name, alt, credit, licence, file_name: "a.jpg".to_owned() };
    world.desk.add_image(&editor, image).await.expect("added");
    let mut edited = draft(&world, form("Rivers rise", "Fast.")).await;
    let id = edited.story.teaser.id;
    for alt in ["", "A river.", "Another text."] {
        let (image, image_alt) = (name.path(), alt.to_owned());
        let typed = StoryForm { image, image_alt, ..edited.form.clone() };
        let saved = request(&edited, typed);
        let saved = world.desk.save_form(&editor, id, saved, &FormAct::Save, &UTC).await;
        edited = saved.expect("saved");
    }
    let record = world.desk.image(&editor, name.id).await.expect("read").expect("there");
    assert_eq!(record.alt.as_deref(), Some("A river."));
    let listed = world.desk.images(&editor, None, Limit::MAX).await.expect("listed");
    assert_eq!(listed.images[0].record, record);
}

#[tokio::test]
async fn az_01_a_picture_does_not_tell_writers_of_the_drafts_of_others() {
    let world = World::new();
    let (editor, writer) = (person("ana", "editor"), person("wes", "writer"));
    let name: ImageName = "0123456789abcdef0123456789abcdef-640x480.jpg".parse().expect("a name");
    let (alt, credit, licence) = (None, None, None);
    let image = NewImage { name, alt, credit, licence, file_name: "a.jpg".to_owned() };
    world.desk.add_image(&editor, image).await.expect("added");
    let with_picture = StoryForm {
        image: name.path(),
        image_alt: "A river.".to_owned(),
        ..form("Secret draft", "Soon.")
    };
    draft(&world, with_picture).await;
    let listed = |caller: Caller| {
        let desk = &world.desk;
        async move { desk.images(&caller, None, Limit::MAX).await.expect("listed").images.remove(0) }
    };
    let of_editor = listed(editor).await;
    assert_eq!((of_editor.uses, of_editor.used_by.len()), (1, 1));
    let of_writer = listed(writer).await;
    assert_eq!((of_writer.uses, of_writer.used_by.len()), (1, 0));
}

#[tokio::test]
async fn a_picture_of_unpublished_changes_is_used() {
    let world = World::new();
    let editor = person("ana", "editor");
    let name: ImageName = "0123456789abcdef0123456789abcdef-640x480.jpg".parse().expect("a name");
    let (alt, credit, licence) = (None, None, None);
    let image = NewImage { name, alt, credit, licence, file_name: "a.jpg".to_owned() };
    world.desk.add_image(&editor, image).await.expect("added");
    let id = publish(&world, input("Rivers rise", 5)).await.teaser().id;
    let opened = world.desk.open_form(&editor, id, &UTC).await.expect("opened");
    let unused = world.desk.images(&editor, None, Limit::MAX).await.expect("listed");
    assert_eq!(unused.images[0].uses, 0);
    for typed in [
        StoryForm { body: format!("![A]({})", name.path()), ..opened.form.clone() },
        StoryForm { image: name.path(), ..opened.form.clone() },
    ] {
        let opened = world.desk.open_form(&editor, id, &UTC).await.expect("opened");
        world
            .desk
            .save_form(&editor, id, request(&opened, typed), &FormAct::Save, &UTC)
            .await
            .expect("saved");
        let listed = world.desk.images(&editor, None, Limit::MAX).await.expect("listed");
        assert_eq!(listed.images[0].uses, 1);
        assert_eq!(listed.images[0].used_by[0].headline, "Rivers rise");
        let deleted = world.desk.delete_images(&editor, &[name.id]).await.expect("tried");
        assert_eq!(deleted, []);
    }
    let typed = world.desk.open_form(&editor, id, &UTC).await.expect("opened");
    let none = request(&typed, opened.form);
    world.desk.save_form(&editor, id, none, &FormAct::Save, &UTC).await.expect("saved");
    assert_eq!(world.desk.delete_images(&editor, &[name.id]).await.expect("deleted").len(), 1);
}

#[tokio::test]
async fn a_draft_saved_with_a_time_keeps_it() {
    let world = World::new();
    let editor = person("ana", "editor");
    let created = draft(&world, form("Rivers rise", "Fast.")).await;
    let id = created.story.teaser.id;
    let typed = StoryForm { publish_at: "2026-11-27T06:00".to_owned(), ..created.form.clone() };
    let saved = world
        .desk
        .save_form(&editor, id, request(&created, typed.clone()), &FormAct::Save, &UTC)
        .await;
    let saved = saved.expect("saved");
    assert_eq!(saved.form, typed);
    assert!(!saved.is_dirty, "{saved:?}");
    let cleared = StoryForm { publish_at: String::new(), ..typed };
    let saved =
        world.desk.save_form(&editor, id, request(&saved, cleared), &FormAct::Save, &UTC).await;
    assert!(!saved.expect("saved").is_dirty);
}

#[tokio::test]
async fn an_unpublished_story_is_a_draft_with_what_is_typed() {
    let world = World::new();
    let editor = person("ana", "editor");
    let id = publish(&world, input("Rivers rise", 5)).await.teaser().id;
    let opened = world.desk.open_form(&editor, id, &UTC).await.expect("opened");
    let typed = StoryForm { body: "Rewritten.".to_owned(), ..opened.form.clone() };
    let unpublished =
        world.desk.save_form(&editor, id, request(&opened, typed), &FormAct::Unpublish, &UTC).await;
    let unpublished = unpublished.expect("unpublished");
    assert_eq!(
        (unpublished.story.status, unpublished.story.body.as_str()),
        (Status::Draft, "Rewritten.")
    );
    assert_eq!(unpublished.form.publish_at, opened.form.publish_at, "the form says its time");
    assert!(!unpublished.is_dirty, "{unpublished:?}");
    assert_eq!(last_action(&world).await, AuditAction::Withdrawn);
    let slug = unpublished.story.teaser.slug.clone();
    assert_eq!(slug.as_str(), "rivers-rise");
    world.pass(60);
    let again = request(&unpublished, unpublished.form.clone());
    let again = world
        .desk
        .save_form(&editor, id, again, &FormAct::Publish, &UTC)
        .await
        .expect("published")
        .story;
    assert_eq!(again.teaser.published_at, opened.story.teaser.published_at);
    assert_eq!(again.teaser.slug, slug, "readers know the address");
}

#[tokio::test]
async fn a_story_that_is_published_again_keeps_its_time_unless_another_is_chosen() {
    let world = World::new();
    let editor = person("ana", "editor");
    let id = publish(&world, input("Rivers rise", 5)).await.teaser().id;
    let first = at_minutes(-5);
    let save = async |form: StoryForm, act: FormAct| {
        let opened = world.desk.open_form(&editor, id, &UTC).await.expect("opened");
        let saved = world.desk.save_form(&editor, id, request(&opened, form), &act, &UTC).await;
        saved.expect("saved")
    };
    let form = world.desk.open_form(&editor, id, &UTC).await.expect("opened").form;
    let draft = save(form, FormAct::Unpublish).await;
    // A draft is changed and restored without losing the time.
    let changed = StoryForm { body: "More.".to_owned(), ..draft.form };
    let draft = save(changed, FormAct::Save).await;
    assert_eq!(draft.story.teaser.published_at, first);
    world.pass(60 * 60);
    let cleared = StoryForm { publish_at: String::new(), ..draft.form };
    let draft = save(cleared, FormAct::Save).await;
    assert_eq!(draft.form.publish_at, "", "cleared: it is published as new");
    world.pass(60 * 60);
    let published = save(draft.form, FormAct::Publish).await;
    assert_eq!(published.story.teaser.published_at.as_second(), NOW + 2 * 60 * 60);
    let draft = save(published.form, FormAct::Unpublish).await;
    let other = StoryForm { publish_at: "2026-09-20T12:00".to_owned(), ..draft.form };
    let published = save(other, FormAct::Publish).await;
    assert_eq!(published.form.publish_at, "2026-09-20T12:00");
    // The same by the API.
    let at = published.story.teaser.published_at;
    for status in [Status::Draft, Status::Published] {
        let version = world.desk.story(&editor, id).await.expect("found").version;
        let patch = StoryPatch { status: Some(status), ..StoryPatch::default() };
        let revised = world.desk.revise(&editor, id, version, patch).await.expect("revised");
        assert_eq!(revised.teaser.published_at, at);
    }
}

fn at_minutes(minutes: i64) -> Timestamp {
    Timestamp::from_second(NOW + 60 * minutes).expect("in range")
}

#[tokio::test]
async fn the_times_of_an_end_are_set_and_removed() {
    let world = World::new();
    let editor = person("ana", "editor");
    let id = publish(&world, input("Rivers rise", 5)).await.teaser().id;
    let opened = world.desk.open_form(&editor, id, &UTC).await.expect("opened");
    let typed = StoryForm {
        unpublish_at: "2026-12-01T00:00".to_owned(),
        pin_until: "2026-10-01T00:00".to_owned(),
        ..opened.form.clone()
    };
    let set = world
        .desk
        .save_form(&editor, id, request(&opened, typed.clone()), &FormAct::Publish, &UTC)
        .await;
    let set = set.expect("published");
    assert!(set.story.teaser.unpublish_at.is_some() && set.story.pin_until.is_some());
    assert_eq!(
        (&set.form.unpublish_at, &set.form.pin_until),
        (&typed.unpublish_at, &typed.pin_until)
    );
    let typed = StoryForm { unpublish_at: String::new(), pin_until: String::new(), ..typed };
    let removed =
        world.desk.save_form(&editor, id, request(&set, typed), &FormAct::Publish, &UTC).await;
    let removed = removed.expect("published");
    assert!(removed.story.teaser.unpublish_at.is_none() && removed.story.pin_until.is_none());
    let typed = StoryForm { unpublish_at: "2026-09-21T14:13".to_owned(), ..removed.form.clone() };
    let refused =
        world.desk.save_form(&editor, id, request(&removed, typed), &FormAct::Publish, &UTC).await;
    assert_eq!(unacceptable(refused)[0].field, "unpublish_at");
}

#[tokio::test]
async fn a_writer_hands_in_and_an_editor_sends_back_with_a_note_or_publishes() {
    let world = World::new();
    let (writer, editor) = (person("wil", "writer"), person("ana", "editor"));
    let created = create(&world, &writer, "one", form("Rivers rise", "Fast.")).await;
    let id = created.story.teaser.id;
    assert_eq!(created.story.owner.as_deref(), Some("wil"));
    let handed =
        request(&created, StoryForm { summary: "New.".to_owned(), ..created.form.clone() });
    let handed =
        world.desk.save_form(&writer, id, handed, &FormAct::HandIn, &UTC).await.expect("handed in");
    assert_eq!(
        (handed.story.status, handed.story.teaser.summary.as_str()),
        (Status::Review, "New.")
    );
    assert_eq!(last_action(&world).await, AuditAction::HandedIn);
    let back = request(&handed, handed.form.clone());
    let long = "x".repeat(1_001);
    let refused = world
        .desk
        .save_form(&editor, id, back.clone(), &FormAct::SendBack(long.clone()), &UTC)
        .await;
    assert_eq!(unacceptable(refused)[0].field, "note");
    let back = world
        .desk
        .save_form(&editor, id, back, &FormAct::SendBack("Say how fast.".to_owned()), &UTC)
        .await;
    assert_eq!(back.expect("sent back").story.status, Status::Draft);
    assert_eq!(last_action(&world).await, AuditAction::SentBack);
    let opened = world.desk.open_form(&writer, id, &UTC).await.expect("opened");
    assert_eq!(opened.note.as_ref().map(|note| note.text.as_str()), Some("Say how fast."));
    let again =
        request(&opened, StoryForm { body: "Very fast.".to_owned(), ..opened.form.clone() });
    let again =
        world.desk.save_form(&writer, id, again, &FormAct::HandIn, &UTC).await.expect("handed in");
    // The editor compares the story with the note.
    assert_eq!(again.note, opened.note);
    let publish = request(&again, again.form.clone());
    let denied = world.desk.save_form(&writer, id, publish.clone(), &FormAct::Publish, &UTC).await;
    assert_eq!(denial(denied).denial, StoryDenial::EditorsDecide);
    let published = world
        .desk
        .save_form(&editor, id, publish, &FormAct::Publish, &UTC)
        .await
        .expect("published");
    assert_eq!(published.story.body, "Very fast.");
    assert_eq!(published.note, None);
    let handed = request(&published, published.form.clone());
    let refused = world.desk.save_form(&editor, id, handed, &FormAct::HandIn, &UTC).await;
    assert_eq!(unacceptable(refused)[0].field, "status");
}

/// Returns the outcome of everything that a caller may do with a story.
async fn outcomes(
    world: &World,
    caller: &Caller,
    id: StoryId,
) -> Vec<(&'static str, Result<(), DeskError>)> {
    let desk = &world.desk;
    let save = SaveRequest::default;
    let review = StoryPatch { status: Some(Status::Review), ..StoryPatch::default() };
    vec![
        ("open", desk.open_form(caller, id, &UTC).await.map(drop)),
        ("save", desk.save_form(caller, id, save(), &FormAct::Save, &UTC).await.map(drop)),
        ("hand in", desk.save_form(caller, id, save(), &FormAct::HandIn, &UTC).await.map(drop)),
        ("history", desk.history(caller, id).await.map(drop)),
        ("history form", desk.history_form(caller, id, 1, &UTC).await.map(drop)),
        ("restore", desk.restore_form(caller, id, 1, &UTC).await.map(drop)),
        ("story", desk.story(caller, id).await.map(drop)),
        ("revise", desk.revise(caller, id, 1, review).await.map(drop)),
        ("revisions", desk.revisions(caller, id, Limit::MAX).await.map(drop)),
        ("publish", desk.save_form(caller, id, save(), &FormAct::Publish, &UTC).await.map(drop)),
        ("schedule", desk.save_form(caller, id, save(), &FormAct::Schedule, &UTC).await.map(drop)),
        (
            "unpublish",
            desk.save_form(caller, id, save(), &FormAct::Unpublish, &UTC).await.map(drop),
        ),
        (
            "send back",
            desk.save_form(caller, id, save(), &FormAct::SendBack(String::new()), &UTC)
                .await
                .map(drop),
        ),
    ]
}

#[tokio::test]
async fn to_a_writer_the_drafts_of_others_do_not_exist() {
    let world = World::new();
    let writer = person("wil", "writer");
    let foreign = draft(&world, form("Rivers rise", "Fast.")).await.story;
    for (what, outcome) in outcomes(&world, &writer, foreign.teaser.id).await {
        assert!(matches!(outcome, Err(DeskError::Missing)), "{what}: {outcome:?}");
    }
    let found = world.desk.find(&writer, &foreign.teaser.slug).await.expect("asked");
    assert_eq!(found, Lookup::Missing);
    let public = publish(&world, input("Public", 5)).await.teaser().id;
    let mut published = create(&world, &writer, "own", form("Own", "Words.")).await;
    let own = published.story.teaser.id;
    let editor = person("ana", "editor");
    let save = request(&published, published.form.clone());
    published =
        world.desk.save_form(&editor, own, save, &FormAct::Publish, &UTC).await.expect("published");
    assert_eq!(published.story.owner.as_deref(), Some("wil"), "it stays the writer's");
    for (id, reason) in [(public, StoryDenial::OfAnother), (own, StoryDenial::Published)] {
        for (what, outcome) in outcomes(&world, &writer, id).await {
            let denied = denial(outcome);
            assert_eq!(denied.denial, reason, "{what}");
            assert_eq!(denied.access, AccessError::RoleMissing(Role::Editor), "{what}");
            assert!(denied.path.is_some_and(|path| path.starts_with("/news/")), "{what}");
        }
    }
    let opened = world.desk.open_form(&editor, own, &UTC).await.expect("opened");
    let later = StoryForm { publish_at: "2026-11-27T06:00".to_owned(), ..opened.form.clone() };
    let later = request(&opened, later);
    world.desk.save_form(&editor, own, later, &FormAct::Schedule, &UTC).await.expect("scheduled");
    let denied = denial(world.desk.open_form(&writer, own, &UTC).await);
    assert_eq!((denied.denial, denied.path), (StoryDenial::Scheduled, None));
}

#[tokio::test]
async fn readers_and_strangers_reach_nothing_of_the_editor() {
    let world = World::new();
    let id = draft(&world, form("Rivers rise", "Fast.")).await.story.teaser.id;
    for (caller, signed_in) in [(Caller::Anonymous, false), (member("reader"), true)] {
        for (what, outcome) in outcomes(&world, &caller, id).await {
            let Err(DeskError::Denied(error)) = outcome else { panic!("{what}: {outcome:?}") };
            assert_eq!(error == AccessError::NotSignedIn, !signed_in, "{what}");
        }
        let key = IdempotencyKey::new("key").expect("a key");
        let outcome = world.desk.create_form(&caller, form("A", "B"), &UTC, &key).await;
        assert!(matches!(outcome, Err(DeskError::Denied(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_writer_writes_own_drafts_through_the_api() {
    let world = World::new();
    let writer = person("wil", "writer");
    let status = |status: Status| StoryPatch { status: Some(status), ..patch("Rivers", "Words.") };
    for denied in [patch("Rivers", "Words."), status(Status::Published)] {
        let outcome = world.desk.write(&writer, denied, None).await;
        assert!(matches!(outcome, Err(DeskError::Denied(_))), "{outcome:?}");
    }
    let draft = world.desk.write(&writer, status(Status::Draft), None).await.expect("written");
    let id = draft.teaser.id;
    let revised = world.desk.revise(&writer, id, 1, status(Status::Review)).await.expect("revised");
    assert_eq!(revised.status, Status::Review);
    let outcome = world.desk.revise(&writer, id, 2, status(Status::Published)).await;
    assert_eq!(denial(outcome).denial, StoryDenial::EditorsDecide);
    let found = world.desk.find(&writer, &revised.teaser.slug).await.expect("asked");
    assert!(matches!(found, Lookup::Found(_)));
}

#[tokio::test]
async fn a_preview_shows_what_is_typed_to_those_who_may_change_it() {
    let world = World::new();
    let created = draft(&world, form("Rivers rise", "Fast.")).await;
    let (id, slug) = (created.story.teaser.id, created.story.teaser.slug.clone());
    let mut tab = Tab::open(&world, "ana", Some("a"), id).await;
    tab.form.body = "Faster.".to_owned();
    tab.form.publish_at = "no time".to_owned();
    tab.save(&world).await;
    let Lookup::Found(story) = world.desk.find(&member("editor"), &slug).await.expect("asked")
    else {
        panic!("not found")
    };
    assert_eq!((story.body.as_str(), story.teaser.slug), ("Faster.", slug));
    // Readers of a public story, and its editors, see what was published.
    let teaser = publish(&world, input("Public", 5)).await.teaser().clone();
    let mut tab = Tab::open(&world, "ana", Some("a"), teaser.id).await;
    tab.form.body = "Typed.".to_owned();
    tab.save(&world).await;
    for caller in [Caller::Anonymous, member("editor")] {
        let found = world.desk.find(&caller, &teaser.slug).await.expect("asked");
        let Lookup::Found(story) = found else { panic!("not found") };
        assert_eq!(story.body, "One two three.");
    }
}

#[test]
fn a_form_reads_as_a_patch() {
    let form = StoryForm {
        tags: "Rivers, Trains,".to_owned(),
        publish_at: "2026-11-27T06:00".to_owned(),
        ..form("Rivers", "Words.")
    };
    let patch = form.patch(&berlin()).expect("readable");
    assert_eq!(patch.tags, Some(vec!["Rivers".to_owned(), "Trains".to_owned()]));
    assert_eq!(patch.publish_at, "2026-11-27T05:00:00Z".parse().ok());
    assert_eq!(patch.pin_until, Some(TimePatch::Remove));
    assert_eq!(patch.section.as_deref(), Some("News"));
    let bad = StoryForm { slug: "A b!".to_owned(), language: "?".to_owned(), ..form };
    let errors = bad.patch(&UTC).expect_err("unreadable");
    assert!(errors.iter().any(|error| error.field == "slug" && error.message.contains("`a-b`")));
    assert!(errors.iter().any(|error| error.field == "language"));
}
