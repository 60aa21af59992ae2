//! Random interleavings of two tabs: what was acknowledged is there, was merged, or is in the
//! history.
#![expect(clippy::indexing_slicing, reason = "the steps count the tabs and fields")]

use std::collections::HashMap;

use gazette_domain::{DeskError, FormAct, IdempotencyKey, SaveRequest, StoryForm};
use proptest::prelude::*;

use crate::editor::{Tab, UTC, form};
use crate::world::{World, member, patch, person};

const FIELDS: [&str; 3] = ["headline", "summary", "body"];

#[derive(Clone, Debug)]
enum Step {
    /// Types another text into a field.
    Type { tab: usize, field: usize },
    /// Sends what is typed; it is still on its way.
    Send { tab: usize, is_autosave: bool },
    /// The oldest or the latest save that is on its way arrives, and its answer too, or not.
    Arrive { tab: usize, latest: bool, is_answered: bool },
    /// Loads the page again.
    Reload { tab: usize },
    /// A script changes a field of the story.
    Script { field: usize },
    /// Time passes.
    Pass { minutes: i64 },
    /// The story is published.
    Publish { tab: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (tab, field) = (0..2_usize, 0..3_usize);
    let step = prop_oneof![
        6 => (tab.clone(), field.clone()).prop_map(|(tab, field)| Step::Type { tab, field }),
        5 => (tab.clone(), any::<bool>())
            .prop_map(|(tab, is_autosave)| Step::Send { tab, is_autosave }),
        5 => (tab.clone(), any::<bool>(), prop::bool::weighted(0.8)).prop_map(
            |(tab, latest, is_answered)| Step::Arrive { tab, latest, is_answered }
        ),
        1 => tab.clone().prop_map(|tab| Step::Reload { tab }),
        1 => field.prop_map(|field| Step::Script { field }),
        1 => (0..20_i64).prop_map(|minutes| Step::Pass { minutes }),
        1 => tab.prop_map(|tab| Step::Publish { tab }),
    ];
    proptest::collection::vec(step, 1..60)
}

fn set(form: &mut StoryForm, field: &str, text: &str) {
    for (name, value) in StoryForm::FIELDS.into_iter().zip(form.values_mut()) {
        if name == field {
            text.clone_into(value);
        }
    }
}

struct Run {
    world: World,
    tabs: [Tab; 2],
    /// Saves that are on their way.
    sent: [Vec<SaveRequest>; 2],
    /// Last acknowledged text of each field, and the tab that typed it.
    acknowledged: HashMap<&'static str, (String, usize)>,
    texts: usize,
}

impl Run {
    async fn new(same_person: bool) -> Self {
        let world = World::new();
        let ana = person("ana", "editor");
        let key = IdempotencyKey::new("key").expect("a key");
        let created = world.desk.create_form(&ana, form("Start", "Start."), &UTC, &key).await;
        let id = created.expect("created").story.teaser.id;
        let other = if same_person { "ana" } else { "ben" };
        let tabs = [
            Tab::open(&world, "ana", Some("a"), id).await,
            Tab::open(&world, other, Some("b"), id).await,
        ];
        let sent = [Vec::new(), Vec::new()];
        Self { world, tabs, sent, acknowledged: HashMap::new(), texts: 0 }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Type { tab, field } => {
                self.texts += 1;
                let text = format!("Text {} of {tab}", self.texts);
                set(&mut self.tabs[tab].form, FIELDS[field], &text);
            }
            Step::Send { tab, is_autosave } => {
                let request = SaveRequest { is_autosave, ..self.tabs[tab].request() };
                self.sent[tab].push(request);
            }
            Step::Arrive { tab, latest, is_answered } => {
                self.arrive(tab, latest, is_answered).await;
            }
            // What was on its way may still arrive.
            Step::Reload { tab } => self.reopen(tab).await,
            Step::Script { field } => self.script(field).await,
            Step::Pass { minutes } => self.world.pass(60 * minutes),
            Step::Publish { tab } => {
                let request = self.tabs[tab].request();
                let (caller, id) = (self.caller(tab), self.tabs[tab].id);
                let sent = request.form.clone();
                match self.world.desk.save_form(&caller, id, request, &FormAct::Publish, &UTC).await
                {
                    Ok(answer) => {
                        self.acknowledge(tab, &sent, &answer.form);
                        self.tabs[tab].receive(&answer);
                    }
                    Err(DeskError::Conflict(_)) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        }
    }

    fn caller(&self, tab: usize) -> gazette_domain::Caller {
        person(self.tabs[tab].sub, "editor")
    }

    /// Loads the page again, which gives the tab another name.
    async fn reopen(&mut self, tab: usize) {
        self.texts += 1;
        let (sub, id, name) = (self.tabs[tab].sub, self.tabs[tab].id, format!("{}", self.texts));
        self.tabs[tab] = Tab::open(&self.world, sub, Some(&name), id).await;
    }

    async fn arrive(&mut self, tab: usize, latest: bool, is_answered: bool) {
        if self.sent[tab].is_empty() {
            return;
        }
        let index = if latest { self.sent[tab].len() - 1 } else { 0 };
        let request = self.sent[tab].remove(index);
        let sent = request.form.clone();
        let answer = self.tabs[tab].send(&self.world, request).await;
        match answer {
            Ok(answer) => {
                self.acknowledge(tab, &sent, &answer.form);
                if is_answered {
                    // Fields that were typed in meanwhile keep what is typed.
                    let typed = std::mem::take(&mut self.tabs[tab].form);
                    self.tabs[tab].receive(&answer);
                    for field in StoryForm::FIELDS {
                        let now = typed.get(field).unwrap_or_default();
                        if now != sent.get(field).unwrap_or_default() {
                            set(&mut self.tabs[tab].form, field, now);
                        }
                    }
                }
            }
            Err(DeskError::Conflict(conflict)) => {
                // The author decides for what is typed, where others changed the same.
                self.tabs[tab].version = conflict.version;
                self.tabs[tab].form = conflict.form;
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Remembers the fields that are as they were sent.
    fn acknowledge(&mut self, tab: usize, sent: &StoryForm, answer: &StoryForm) {
        for field in FIELDS {
            let text = sent.get(field).unwrap_or_default();
            if answer.get(field) == Some(text) && text.contains(&format!("of {tab}")) {
                self.acknowledged.insert(field, (text.to_owned(), tab));
            }
        }
    }

    async fn script(&mut self, field: usize) {
        let admin = member("admin");
        let id = self.tabs[0].id;
        self.texts += 1;
        let story = self.world.desk.story(&admin, id).await.expect("there");
        let mut changed = patch(&story.teaser.headline, &story.body);
        let text = format!("Text {} of a script", self.texts);
        match FIELDS[field] {
            "headline" => changed.headline = Some(text),
            "summary" => changed.summary = Some(text),
            _ => changed.body = Some(text),
        }
        self.world.desk.revise(&admin, id, story.version, changed).await.expect("revised");
    }

    /// Checks that the last acknowledged text of each field is the present one, or in the history,
    /// or was replaced by the tab that typed it.
    async fn check(&self) {
        let admin = member("admin");
        let id = self.tabs[0].id;
        let present = self.world.desk.open_form(&admin, id, &UTC).await.expect("opened").form;
        let mut kept = vec![present];
        for entry in self.world.desk.history(&admin, id).await.expect("listed") {
            let form = self.world.desk.history_form(&admin, id, entry.version, &UTC).await;
            kept.push(form.expect("kept"));
        }
        for (field, (text, tab)) in &self.acknowledged {
            let is_kept = kept.iter().any(|form| form.get(field) == Some(text));
            assert!(is_kept, "{field} of {tab}: {text} is in none of {kept:#?}");
        }
    }
}

fn run(steps: Vec<Step>, same_person: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let mut run = Run::new(same_person).await;
        for step in steps {
            run.step(step).await;
            run.check().await;
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_interleaving_loses_what_was_acknowledged(steps in steps(), same_person in any::<bool>()) {
        run(steps, same_person);
    }
}
