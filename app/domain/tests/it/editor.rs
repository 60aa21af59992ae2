//! Nothing that is typed in the editor is lost.

use std::sync::Arc;

use gazette_domain::{
    AuditAction, DeskError, EditConflict, EditedStory, Erasure, FormAct, HistoryKind,
    IdempotencyKey, Limit, PARTITIONS, SaveRequest, Selection, Status, StoryForm, StoryId,
};
use gazette_table::{Export, Table as _, Write};
use jiff::tz::TimeZone;

use crate::world::{NOW, World, audit_log, input, member, named, patch, person, publish};

pub(crate) const UTC: TimeZone = TimeZone::UTC;

/// Returns a form with a headline and a text.
pub(crate) fn form(headline: &str, body: &str) -> StoryForm {
    let (headline, body) = (headline.to_owned(), body.to_owned());
    StoryForm { headline, body, ..StoryForm::default() }
}

/// Makes a draft of the editor `ana`.
pub(crate) async fn draft(world: &World, form: StoryForm) -> EditedStory {
    let key = IdempotencyKey::new("new").expect("a key");
    let created = world.desk.create_form(&person("ana", "editor"), form, &UTC, &key).await;
    created.expect("created")
}

/// A browser's tab with the editor.
#[derive(Clone)]
pub(crate) struct Tab {
    pub(crate) name: Option<String>,
    pub(crate) sub: &'static str,
    pub(crate) id: StoryId,
    pub(crate) version: u64,
    pub(crate) form: StoryForm,
    sequence: u64,
}

impl Tab {
    pub(crate) async fn open(
        world: &World,
        sub: &'static str,
        name: Option<&str>,
        id: StoryId,
    ) -> Self {
        let name = name.map(str::to_owned);
        let opened = world.desk.open_form(&person(sub, "editor"), id, &UTC).await.expect("opened");
        Self { name, sub, id, version: opened.version, form: opened.form, sequence: 0 }
    }

    /// Returns the next save, as it is when it leaves the browser.
    pub(crate) fn request(&mut self) -> SaveRequest {
        self.sequence += 1;
        SaveRequest {
            version: self.version,
            form: self.form.clone(),
            tab: self.name.clone(),
            sequence: self.sequence,
            is_autosave: true,
            ..SaveRequest::default()
        }
    }

    pub(crate) async fn send(
        &self,
        world: &World,
        request: SaveRequest,
    ) -> Result<EditedStory, DeskError> {
        world
            .desk
            .save_form(&person(self.sub, "editor"), self.id, request, &FormAct::Save, &UTC)
            .await
    }

    pub(crate) fn receive(&mut self, answer: &EditedStory) {
        self.version = answer.version;
        self.form = answer.form.clone();
    }

    /// Saves what is typed. The answer is lost.
    async fn try_save(&mut self, world: &World) -> Result<EditedStory, DeskError> {
        let request = self.request();
        self.send(world, request).await
    }

    /// Saves what is typed, and takes in the answer.
    pub(crate) async fn save(&mut self, world: &World) -> EditedStory {
        let answer = self.try_save(world).await.expect("saved");
        self.receive(&answer);
        answer
    }
}

/// Makes a draft, and opens it as its author.
async fn opened(world: &World) -> (StoryId, Tab) {
    let id = draft(world, form("Rivers", "Words.")).await.story.teaser.id;
    (id, Tab::open(world, "ana", Some("a"), id).await)
}

/// Makes a draft, and opens it as its author and as another editor.
async fn opened_by_two(world: &World) -> (StoryId, Tab, Tab) {
    let (id, ana) = opened(world).await;
    (id, ana, Tab::open(world, "ben", Some("b"), id).await)
}

fn conflict(outcome: Result<EditedStory, DeskError>) -> EditConflict {
    match outcome {
        Err(DeskError::Conflict(conflict)) => *conflict,
        other => panic!("not a conflict: {other:?}"),
    }
}

async fn stored(world: &World, id: StoryId) -> EditedStory {
    world.desk.open_form(&person("reader", "admin"), id, &UTC).await.expect("opened")
}

#[tokio::test]
async fn saving_never_validates() {
    let world = World::new();
    let (id, mut tab) = opened(&world).await;
    let names: Vec<String> = (0..30).map(|number| format!("Tag {number}")).collect();
    tab.form = StoryForm {
        headline: "x".repeat(300),
        body: String::new(),
        tags: names.join(","),
        slug: "Not A Slug!".to_owned(),
        publish_at: "tomorrow".to_owned(),
        language: "klingon?".to_owned(),
        image: "http://elsewhere/a.png".to_owned(),
        ..StoryForm::default()
    };
    let typed = tab.form.clone();
    for is_autosave in [true, false] {
        let request = SaveRequest { is_autosave, ..tab.request() };
        let saved = tab.send(&world, request).await.expect("saved");
        assert_eq!(saved.form, typed);
        assert!(saved.is_dirty);
        tab.receive(&saved);
    }
    assert_eq!(stored(&world, id).await.form, typed);
    let error =
        world.desk.save_form(&member("editor"), id, tab.request(), &FormAct::Publish, &UTC).await;
    let Err(DeskError::Unacceptable(errors)) = error else { panic!("published: {error:?}") };
    let fields: Vec<&str> = errors.iter().map(|error| error.field).collect();
    for field in ["headline", "body", "tags", "slug", "publish_at", "language", "image"] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
}

#[tokio::test]
async fn a_form_that_no_store_can_hold_is_refused_with_what_to_do() {
    let world = World::new();
    let (_, mut tab) = opened(&world).await;
    tab.form.body = "x".repeat(400 * 1024);
    let outcome = tab.try_save(&world).await;
    let Err(DeskError::Unacceptable(errors)) = outcome else { panic!("saved") };
    assert_eq!(errors[0].field, "body");
    assert!(errors[0].message.contains("shorten it"), "{errors:?}");
}

#[tokio::test]
async fn changes_to_different_fields_merge() {
    let world = World::new();
    let (id, mut ana, mut ben) = opened_by_two(&world).await;
    ana.form.headline = "Rivers rise".to_owned();
    ben.form.summary = "Fast.".to_owned();
    ana.save(&world).await;
    ben.save(&world).await;
    assert_eq!(ben.form.headline, "Rivers rise");
    assert_eq!(ben.form.summary, "Fast.");
    let now = stored(&world, id).await.form;
    assert_eq!((now.headline.as_str(), now.summary.as_str()), ("Rivers rise", "Fast."));
}

#[tokio::test]
async fn changes_to_different_fields_merge_after_hours_of_typing_elsewhere() {
    let world = World::new();
    let id = draft(&world, form("Rivers", "Words.")).await.story.teaser.id;
    let mut idle = Tab::open(&world, "ben", Some("b"), id).await;
    let mut busy = Tab::open(&world, "ana", Some("a"), id).await;
    for number in 0..200 {
        world.pass(2);
        busy.form.body = format!("Words {number}.");
        busy.save(&world).await;
    }
    idle.form.headline = "Rivers rise".to_owned();
    idle.save(&world).await;
    assert_eq!(idle.form.body, "Words 199.");
    assert_eq!(idle.form.headline, "Rivers rise");
}

#[tokio::test]
async fn a_conflict_keeps_both_texts() {
    let world = World::new();
    let (id, mut ana, mut ben) = opened_by_two(&world).await;
    ana.form.body = "Ana's words.".to_owned();
    ana.save(&world).await;
    ben.form.body = "Ben's words.".to_owned();
    ben.form.headline = "Ben's rivers".to_owned();
    let conflict = conflict(ben.try_save(&world).await);
    assert_eq!(conflict.fields, ["body"]);
    assert_eq!(conflict.current.body, "Ana's words.");
    assert_eq!(conflict.by, "editor");
    let now = stored(&world, id).await;
    assert_eq!(now.form.body, "Ana's words.", "nothing of a conflict is written");
    assert_eq!(now.form.headline, "Rivers", "not even other fields");
    assert_eq!(now.version, conflict.version);
    // Ben decides for his words: Ana's are in the history.
    ben.version = conflict.version;
    let saved = ben.save(&world).await;
    assert_eq!(saved.form.body, "Ben's words.");
    let history = world.desk.history(&member("editor"), id).await.expect("listed");
    let mut bodies = Vec::new();
    for entry in history {
        let form = world.desk.history_form(&member("editor"), id, entry.version, &UTC).await;
        bodies.push(form.expect("kept").body);
    }
    assert!(bodies.contains(&"Ana's words.".to_owned()), "{bodies:?}");
}

#[tokio::test]
async fn a_conflict_names_those_who_changed_its_fields() {
    let world = World::new();
    let opened = draft(&world, form("Rivers", "Words.")).await;
    let (id, version) = (opened.story.teaser.id, opened.version);
    let save = async |name: &str, change: StoryForm| {
        let request = SaveRequest { version, form: change, ..SaveRequest::default() };
        world.desk.save_form(&named(name, name, "editor"), id, request, &FormAct::Save, &UTC).await
    };
    save("Ana", form("Rivers", "Ana's words.")).await.expect("saved");
    world.pass(60);
    save("Bo", StoryForm { summary: "Bo's.".to_owned(), ..form("Rivers", "Words.") })
        .await
        .expect("saved");
    let found = conflict(save("Cy", form("Rivers", "Cy's words.")).await);
    assert_eq!((found.by.as_str(), found.at.as_second()), ("Ana", NOW));
    let both = StoryForm { summary: "Cy's.".to_owned(), ..form("Rivers", "Cy's words.") };
    let found = conflict(save("Cy", both).await);
    assert_eq!(found.fields, ["summary", "body"]);
    assert_eq!(found.authors, ["Bo", "Ana"]);
    assert_eq!((found.by.as_str(), found.at.as_second()), ("Bo and Ana", NOW + 60));
}

#[tokio::test]
async fn settling_a_conflict_keeps_what_others_changed_elsewhere() {
    let world = World::new();
    let id = draft(&world, form("Rivers", "Words.")).await.story.teaser.id;
    let mut ana = Tab::open(&world, "ana", Some("a"), id).await;
    let mut ben = Tab::open(&world, "ben", None, id).await;
    ana.form.body = "Ana's words.".to_owned();
    ana.form.summary = "Ana's summary.".to_owned();
    ana.save(&world).await;
    ben.form.body = "Ben's words.".to_owned();
    let conflict = conflict(ben.try_save(&world).await);
    (ben.version, ben.form) = (conflict.version, conflict.form);
    assert_eq!(ben.form.body, "Ben's words.");
    let saved = ben.save(&world).await.form;
    assert_eq!((saved.body.as_str(), saved.summary.as_str()), ("Ben's words.", "Ana's summary."));
}

#[tokio::test]
async fn a_conflict_can_be_pondered_while_others_type() {
    let world = World::new();
    let (_, mut ana, mut ben) = opened_by_two(&world).await;
    ana.form.body = "Ana's words.".to_owned();
    ana.save(&world).await;
    ben.form.body = "Ben's words.".to_owned();
    let conflict = conflict(ben.try_save(&world).await);
    for number in 0..100 {
        ana.form.summary = format!("Summary {number}");
        ana.save(&world).await;
    }
    ben.version = conflict.version;
    ben.form.body = "Both words.".to_owned();
    let saved = ben.save(&world).await;
    assert_eq!(saved.form.body, "Both words.");
    assert_eq!(saved.form.summary, "Summary 99");
}

#[tokio::test]
async fn one_is_never_in_conflict_with_oneself() {
    let world = World::new();
    let (id, mut tab) = opened(&world).await;
    // The answers are lost: the version of the form stays behind.
    for number in 0..50 {
        tab.form.body = format!("Words {number}.");
        tab.form.headline = format!("Rivers {}", number / 2);
        tab.try_save(&world).await.expect("no conflict");
    }
    let now = stored(&world, id).await.form;
    assert_eq!((now.body.as_str(), now.headline.as_str()), ("Words 49.", "Rivers 24"));
    // An undone change is undone.
    tab.form = form("Rivers", "Words.");
    tab.form.section = now.section.clone();
    tab.form.authors = now.authors.clone();
    let saved = tab.try_save(&world).await.expect("no conflict");
    assert_eq!(saved.form, tab.form);
}

#[tokio::test]
async fn two_windows_without_a_tab_are_two_authors() {
    let world = World::new();
    let id = draft(&world, form("Rivers", "Words.")).await.story.teaser.id;
    let mut one = Tab::open(&world, "ana", None, id).await;
    let mut other = one.clone();
    one.form.body = "One.".to_owned();
    one.save(&world).await;
    other.form.body = "Other.".to_owned();
    assert_eq!(conflict(other.try_save(&world).await).fields, ["body"]);
}

#[tokio::test]
async fn a_late_answer_never_overwrites() {
    let world = World::new();
    let (id, mut tab) = opened(&world).await;
    tab.form.body = "First".to_owned();
    let first = tab.request();
    tab.form.body = "First and second".to_owned();
    let second = tab.request();
    tab.send(&world, second).await.expect("saved");
    // The first save arrives last.
    let late = tab.send(&world, first).await.expect("ignored");
    assert_eq!(late.form.body, "First and second");
    assert_eq!(stored(&world, id).await.form.body, "First and second");
}

#[tokio::test]
async fn a_late_save_does_not_undo_what_was_undone() {
    let world = World::new();
    let (id, mut tab) = opened(&world).await;
    tab.form.body = "Typo".to_owned();
    let first = tab.request();
    tab.form.body = "Words.".to_owned();
    let second = tab.request();
    tab.send(&world, second).await.expect("saved");
    tab.send(&world, first).await.expect("ignored");
    assert_eq!(stored(&world, id).await.form.body, "Words.");
}

#[tokio::test]
async fn a_tab_that_counts_anew_is_heard() {
    let world = World::new();
    let (id, mut tab) = opened(&world).await;
    for number in 0..5 {
        tab.form.body = format!("Words {number}.");
        tab.save(&world).await;
    }
    // The page is loaded again, in the same tab.
    let mut tab = Tab::open(&world, "ana", Some("a"), id).await;
    tab.form.body = "After the reload.".to_owned();
    assert_eq!(tab.save(&world).await.form.body, "After the reload.");
}

#[tokio::test]
async fn the_same_save_again_is_no_conflict() {
    let world = World::new();
    let id = draft(&world, form("Rivers", "Words.")).await.story.teaser.id;
    for name in [Some("a"), None] {
        let mut tab = Tab::open(&world, "ana", name, id).await;
        tab.form.body = format!("From {name:?}.");
        let request = tab.request();
        let first = tab.send(&world, request.clone()).await.expect("saved");
        let again = tab.send(&world, request).await.expect("saved");
        assert_eq!((first.version, &first.form), (again.version, &again.form));
    }
}

#[tokio::test]
async fn typing_leaves_no_record_and_readers_pages_cached() {
    let world = World::new();
    let teaser = publish(&world, input("Rivers rise", 5)).await.teaser().clone();
    let before = audit_log(&world.desk).await;
    let version = world.desk.content_version();
    let mut tab = Tab::open(&world, "ana", Some("a"), teaser.id).await;
    tab.form.body = "Typed.".to_owned();
    tab.save(&world).await;
    let request = SaveRequest { is_autosave: false, ..tab.request() };
    let saved = tab.send(&world, request).await.expect("saved");
    assert!(saved.is_dirty);
    assert_eq!(saved.story.body, "One two three.", "readers see what was published");
    assert_eq!(world.desk.content_version(), version);
    assert_eq!(audit_log(&world.desk).await, before);
    let edits = world.desk.edits(&member("editor"), None, Limit::MAX).await.expect("listed");
    assert_eq!(edits.iter().map(|edit| edit.story).collect::<Vec<_>>(), [teaser.id]);
}

#[tokio::test]
async fn a_draft_follows_its_form_when_it_is_saved() {
    let world = World::new();
    let id = draft(&world, form("", "")).await.story.teaser.id;
    let mut tab = Tab::open(&world, "ana", Some("a"), id).await;
    assert_eq!(tab.form.headline, "");
    tab.form.headline = "Rivers rise".to_owned();
    let saved = tab.save(&world).await;
    assert_eq!(saved.story.teaser.headline, "Untitled", "not while its author types");
    let request = SaveRequest { is_autosave: false, ..tab.request() };
    let saved = tab.send(&world, request).await.expect("saved");
    assert_eq!(saved.story.teaser.headline, "Rivers rise");
    assert_eq!(saved.story.teaser.slug.as_str(), "rivers-rise");
    assert_eq!(saved.story.version, saved.version);
    assert!(!saved.is_dirty, "{saved:?}");
    let log = audit_log(&world.desk).await;
    let last = &log[0].event;
    assert_eq!(last.action, AuditAction::Updated);
    assert_eq!(last.version_before, Some(1));
    assert_eq!(last.version_after, Some(saved.version));
}

#[tokio::test]
async fn the_first_letters_of_a_headline_take_no_slug() {
    let world = World::new();
    let created = draft(&world, form("Ri", "")).await;
    assert_eq!(created.story.teaser.slug.as_str(), created.story.teaser.id.to_string());
    let junk = world.desk.find(&member("editor"), &crate::world::slug("ri")).await;
    assert_eq!(junk.expect("asked"), gazette_domain::Lookup::Missing);
}

#[tokio::test]
async fn the_same_key_makes_one_draft_and_keeps_what_is_typed_last() {
    let world = World::new();
    let first = draft(&world, form("Ri", "")).await;
    let again = draft(&world, form("Rivers", "More.")).await;
    assert_eq!(first.story.teaser.id, again.story.teaser.id);
    assert_eq!(again.form.headline, "Rivers");
    assert_eq!(again.form.body, "More.");
}

#[tokio::test]
async fn a_change_through_the_api_reaches_the_form_that_is_open() {
    let world = World::new();
    let admin = member("admin");
    let written = world.desk.write(&admin, patch("Rivers", "Words."), None).await.expect("written");
    let id = written.teaser.id;
    let mut tab = Tab::open(&world, "ana", Some("a"), id).await;
    tab.form.body = "Typed.".to_owned();
    tab.save(&world).await;
    let changed = gazette_domain::StoryPatch {
        headline: Some("Rivers rise".to_owned()),
        ..gazette_domain::StoryPatch::default()
    };
    let revised = world.desk.revise(&admin, id, written.version, changed).await.expect("revised");
    assert!(revised.version > tab.version, "a number names one form");
    tab.form.summary = "Fast.".to_owned();
    let saved = tab.save(&world).await;
    assert_eq!(saved.form.headline, "Rivers rise");
    assert_eq!((saved.form.body.as_str(), saved.form.summary.as_str()), ("Typed.", "Fast."));
    let log = audit_log(&world.desk).await;
    assert_eq!(log[0].event.version_before, Some(written.version));
}

#[tokio::test]
async fn both_changing_the_same_field_through_the_api_is_a_conflict() {
    let world = World::new();
    let admin = member("admin");
    let written = world.desk.write(&admin, patch("Rivers", "Words."), None).await.expect("written");
    let id = written.teaser.id;
    let mut tab = Tab::open(&world, "ana", Some("a"), id).await;
    let changed = patch("Rivers", "By a script.");
    world.desk.revise(&admin, id, written.version, changed).await.expect("revised");
    tab.form.body = "Typed.".to_owned();
    let conflict = conflict(tab.try_save(&world).await);
    assert_eq!((conflict.fields, conflict.current.body), (vec!["body"], "By a script.".to_owned()));
}

#[tokio::test]
async fn a_failed_write_changes_nothing_and_can_be_repeated() {
    let world = World::new();
    let (_, mut tab) = opened(&world).await;
    tab.form.body = "Typed.".to_owned();
    let request = SaveRequest { is_autosave: false, ..tab.request() };
    world.table.allow_writes(0);
    let outcome = tab.send(&world, request.clone()).await;
    assert!(matches!(outcome, Err(DeskError::Table(_))), "{outcome:?}");
    world.table.allow_all_writes();
    assert_eq!(tab.send(&world, request).await.expect("saved").form.body, "Typed.");
}

#[tokio::test]
async fn an_earlier_version_comes_back_and_the_present_one_stays_in_the_history() {
    let world = World::new();
    let id = draft(&world, form("Rivers", "First.")).await.story.teaser.id;
    let editor = member("editor");
    let mut tab = Tab::open(&world, "ana", Some("a"), id).await;
    let first = tab.version;
    tab.form.body = "Second.".to_owned();
    let second = tab.save(&world).await;
    let restored = world.desk.restore_form(&editor, id, first, &UTC).await.expect("restored");
    assert_eq!(restored.form.body, "First.");
    assert_eq!(restored.story.body, "First.");
    let kept = world.desk.history_form(&editor, id, second.version, &UTC).await.expect("kept");
    assert_eq!(kept.body, "Second.");
    let history = world.desk.history(&editor, id).await.expect("listed");
    assert_eq!(history[0].kind, HistoryKind::Restored);
    assert!(history.windows(2).all(|pair| pair[0].version > pair[1].version));
    let missing = world.desk.history_form(&editor, id, 9_999, &UTC).await;
    assert!(matches!(missing, Err(DeskError::Missing)));
}

#[tokio::test]
async fn others_who_opened_a_story_are_named_for_half_an_hour() {
    let world = World::new();
    let id = draft(&world, form("Rivers", "Words.")).await.story.teaser.id;
    let opened = |sub: &'static str| {
        let desk = world.desk.clone();
        async move { desk.open_form(&person(sub, "editor"), id, &UTC).await.expect("opened").others }
    };
    assert!(opened("ana").await.is_empty());
    world.desk.read_form(&person("dan", "editor"), id, &UTC).await.expect("read");
    world.pass(60);
    let others = opened("ben").await;
    assert_eq!(others.len(), 1);
    assert_eq!(others[0].at.as_second(), NOW);
    world.pass(29 * 60);
    assert_eq!(opened("cy").await.len(), 1, "only Ben is left");
}

#[tokio::test]
async fn erasing_a_story_erases_what_was_typed() {
    let world = World::new();
    let admin = member("admin");
    let (id, mut tab) = opened(&world).await;
    tab.form.body = "Secret.".to_owned();
    tab.save(&world).await;
    world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
    assert!(matches!(tab.try_save(&world).await, Err(DeskError::Gone)));
    world.desk.restore(&admin, &[id]).await.expect("restored");
    assert_eq!(stored(&world, id).await.form.body, "Secret.", "the trash keeps what is typed");
    world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
    world.desk.erase(&admin, &Erasure::All).await.expect("erased");
    world.pass(8 * 24 * 60 * 60);
    let table = world.table.inner().scan(None, 1_000).await.expect("readable");
    let left: Vec<_> = table
        .items
        .iter()
        .filter(|item| item.key.partition.starts_with("article#") || item.key.partition == "edits")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Returns the authors and the texts of the history, latest first.
async fn authors_and_bodies(world: &World, id: StoryId) -> Vec<(String, String)> {
    let admin = member("admin");
    let mut listed = Vec::new();
    for entry in world.desk.history(&admin, id).await.expect("listed") {
        let form = world.desk.history_form(&admin, id, entry.version, &UTC).await.expect("kept");
        listed.push((entry.by.unwrap_or_default(), form.body));
    }
    listed
}

#[tokio::test]
async fn history_begins_with_the_present_text_and_names_its_author() {
    let world = World::new();
    let id = draft(&world, form("Rivers", "Words.")).await.story.teaser.id;
    let mut ana = Tab::open(&world, "ana", Some("a"), id).await;
    let latest = async || authors_and_bodies(&world, id).await.swap_remove(0);
    let entry = |by: &str, body: &str| (by.to_owned(), body.to_owned());
    ana.form.body = "Ana's words.".to_owned();
    ana.save(&world).await;
    assert_eq!(latest().await, entry("editor", "Ana's words."));
    // Another person saves nothing new.
    let admin = person("root", "admin");
    let opened = world.desk.open_form(&admin, id, &UTC).await.expect("opened");
    let save = async |version: u64, sequence: u64, body: &str| {
        let form = StoryForm { body: body.to_owned(), ..opened.form.clone() };
        let tab = Some("r".to_owned());
        let saved = SaveRequest { version, form, tab, sequence, ..SaveRequest::default() };
        let request = SaveRequest { is_autosave: true, ..saved };
        world.desk.save_form(&admin, id, request, &FormAct::Save, &UTC).await.expect("saved")
    };
    let unchanged = save(opened.version, 1, "Ana's words.").await;
    assert_eq!(latest().await, entry("editor", "Ana's words."));
    // That person's text is another version, though it is saved in the same minute.
    save(unchanged.version, 2, "Root's words.").await;
    let listed = authors_and_bodies(&world, id).await;
    assert_eq!(listed[..2], [entry("admin", "Root's words."), entry("editor", "Ana's words.")]);
}

#[tokio::test]
async fn autosaves_of_two_people_in_different_fields_are_two_versions() {
    let world = World::new();
    let (id, mut ana, _) = opened_by_two(&world).await;
    let admin = person("root", "admin");
    let opened = world.desk.open_form(&admin, id, &UTC).await.expect("opened");
    ana.form.body = "Ana's words.".to_owned();
    ana.save(&world).await;
    let form = StoryForm { summary: "Root's summary.".to_owned(), ..opened.form };
    let (version, tab) = (opened.version, Some("r".to_owned()));
    let saved = SaveRequest { version, form, tab, sequence: 1, ..SaveRequest::default() };
    let request = SaveRequest { is_autosave: true, ..saved };
    world.desk.save_form(&admin, id, request, &FormAct::Save, &UTC).await.expect("saved");
    let listed = authors_and_bodies(&world, id).await;
    let authors: Vec<&str> = listed.iter().map(|(by, _)| by.as_str()).collect();
    assert_eq!(authors[..2], ["admin", "editor"]);
}

#[tokio::test]
async fn history_names_who_published() {
    let world = World::new();
    let editor = person("ana", "editor");
    let (id, mut tab) = opened(&world).await;
    let published = world.desk.save_form(&editor, id, tab.request(), &FormAct::Publish, &UTC).await;
    let published = published.expect("published");
    assert_eq!(published.story.status, Status::Published);
    let history = world.desk.history(&editor, id).await.expect("listed");
    assert_eq!(history[0].kind, HistoryKind::Published);
    assert_eq!(history[0].by.as_deref(), Some("editor"));
    assert_eq!(history[0].version, published.story.version);
}

#[tokio::test]
async fn a_number_names_one_form_even_after_the_trash() {
    let world = World::new();
    let (admin, teaser) = (member("admin"), publish(&world, input("Rivers rise", 5)).await);
    let id = teaser.teaser().id;
    let mut tab = Tab::open(&world, "ana", Some("a"), id).await;
    for number in 0..5 {
        tab.form.body = format!("Words {number}.");
        let request = SaveRequest { is_autosave: false, ..tab.request() };
        let saved = tab.send(&world, request).await.expect("saved");
        tab.receive(&saved);
    }
    world.desk.delete(&admin, &Selection::Ids(vec![id])).await.expect("deleted");
    world.desk.restore(&admin, &[id]).await.expect("restored");
    let story = world.desk.story(&admin, id).await.expect("there");
    assert!(story.version > tab.version);
    let form = world.desk.history_form(&admin, id, story.version, &UTC).await.expect("kept");
    assert_eq!(form.body, "One two three.");
    assert_eq!(stored(&world, id).await.form.body, "Words 4.");
}

#[tokio::test]
async fn an_export_has_what_is_typed_and_its_history() {
    let world = World::new();
    let (id, mut tab) = opened(&world).await;
    tab.form.body = "Typed.".to_owned();
    tab.save(&world).await;
    let other = World::new();
    let mut import = other.operator.begin_import(Arc::new(|_: &str| Ok(())));
    let items = world.table.inner().scan(None, 1_000).await.expect("readable").items;
    for (line, item) in items.into_iter().enumerate() {
        let declared = PARTITIONS.iter().find(|partition| partition.covers(&item.key));
        match declared.expect("declared").export() {
            Export::ByOwner => import.add(line, item).await.expect("added"),
            Export::Record => {
                import.check_record(&item).expect("valid");
                import.flush().await.expect("written");
                other.table.write(vec![Write::put(item)]).await.expect("written");
            }
            Export::Derived | Export::Transient => {}
        }
    }
    import.flush().await.expect("written");
    let (here, there) = (stored(&world, id).await, stored(&other, id).await);
    assert_eq!((here.form, here.version, here.is_dirty), (there.form, there.version, true));
    let editor = member("editor");
    let history = world.desk.history(&editor, id).await.expect("listed");
    assert_eq!(other.desk.history(&editor, id).await.expect("listed"), history);
    let edits = other.desk.edits(&editor, None, Limit::MAX).await.expect("listed");
    assert_eq!(edits.len(), 1);
}

#[tokio::test]
async fn nothing_is_published_that_its_editor_has_not_seen() {
    let world = World::new();
    let editor = person("ana", "editor");
    let id = publish(&world, input("Rivers rise", 5)).await.teaser().id;
    let mut ana = Tab::open(&world, "ana", Some("a"), id).await;
    let mut ben = Tab::open(&world, "ben", Some("b"), id).await;
    ben.form.body = "Ben is in mid-sen".to_owned();
    ben.save(&world).await;
    ana.form.headline = "Rivers rise fast".to_owned();
    let request = ana.request();
    let outcome = world.desk.save_form(&editor, id, request, &FormAct::Publish, &UTC).await;
    let conflict = conflict(outcome);
    assert_eq!(conflict.fields, ["body"]);
    assert_eq!(conflict.form.headline, "Rivers rise fast");
    assert_eq!(conflict.form.body, "Ben is in mid-sen");
    assert_eq!(stored(&world, id).await.story.body, "One two three.");
    // Ana has seen it, and publishes it.
    (ana.version, ana.form) = (conflict.version, conflict.form);
    let request = ana.request();
    let published = world
        .desk
        .save_form(&editor, id, request, &FormAct::Publish, &UTC)
        .await
        .expect("published");
    assert_eq!(published.story.body, "Ben is in mid-sen");
    assert_eq!(published.story.teaser.headline, "Rivers rise fast");
    // What others have published is no reason to ask.
    ben.form.summary = "By Ben.".to_owned();
    let request = ben.request();
    let published = world
        .desk
        .save_form(&editor, id, request, &FormAct::Publish, &UTC)
        .await
        .expect("published");
    assert_eq!(published.story.teaser.headline, "Rivers rise fast");
    assert_eq!(published.story.teaser.summary, "By Ben.");
}
