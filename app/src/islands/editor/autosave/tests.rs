use proptest::prelude::*;

use super::*;

const NAMES: [&str; 2] = ["headline", "body"];

fn fields(headline: &str, body: &str) -> Fields {
    let mut fields = Fields::default();
    fields.set("headline", headline.to_owned());
    fields.set("body", body.to_owned());
    fields
}

fn saved(version: u64) -> Answer {
    Answer::Saved { version, merged: Fields::default(), is_new: false }
}

fn one(name: &'static str, value: &str) -> Fields {
    let mut fields = Fields::default();
    fields.set(name, value.to_owned());
    fields
}

#[test]
fn a_save_begins_two_seconds_after_the_last_key() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.typed(1_500.0);
    assert_eq!(autosave.begin(3_499.0, || fields("a", "b")), None);
    let request = autosave.begin(3_500.0, || fields("a", "b")).expect("due");
    assert_eq!(request, SaveRequest { version: 7, sequence: 1, fields: fields("a", "b") });
}

#[test]
fn typing_without_a_pause_is_saved_every_thirty_seconds() {
    let mut autosave = Autosave::new(7, false);
    for second in 0..30 {
        autosave.typed(f64::from(second) * 1_000.0);
        assert_eq!(autosave.begin(f64::from(second) * 1_000.0, || fields("a", "b")), None);
    }
    assert_eq!(autosave.wake_at(), Some(30_000.0));
}

#[test]
fn only_one_save_is_in_flight() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("a", "b")).expect("due");
    autosave.typed(2_100.0);
    autosave.hurry();
    assert_eq!(autosave.begin(90_000.0, || fields("aa", "b")), None);
    autosave.answered(90_000.0, 1, saved(8), &fields("aa", "b"));
    let next = autosave.begin(90_000.0, || fields("aa", "b")).expect("due");
    assert_eq!((next.version, next.sequence), (8, 2));
}

#[test]
fn leaving_the_page_saves_what_was_typed_during_a_save() {
    let mut autosave = Autosave::new(7, false);
    assert_eq!(autosave.last_save(|| fields("a", "b")), None, "everything is saved");
    autosave.typed(0.0);
    let first = autosave.begin(2_000.0, || fields("a", "b"));
    assert_eq!(autosave.last_save(|| fields("a", "b")), first, "it may not have arrived");
    autosave.typed(2_100.0);
    let last = autosave.last_save(|| fields("aa", "b"));
    assert_eq!(last, Some(SaveRequest { version: 7, sequence: 2, fields: fields("aa", "b") }));
    autosave.submitted();
    assert_eq!(autosave.last_save(|| fields("aa", "b")), None, "the form itself carries it");
}

#[test]
fn leaving_the_page_replaces_nothing_undecided() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("a", "mine"));
    let conflict = Answer::Conflict { theirs: one("body", "theirs"), has_more: true };
    autosave.answered(2_100.0, 1, conflict, &fields("a", "mine"));
    autosave.hurry();
    autosave.begin(2_200.0, || fields("a", "mine")).expect("due");
    autosave.typed(2_300.0);
    let last = autosave.last_save(|| fields("aa", "mine")).expect("typed");
    assert_eq!(last.fields, fields("aa", "theirs"));
}

#[test]
fn an_answer_fills_what_someone_else_changed() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("old", "mine"));
    let merged = one("headline", "theirs");
    let answer = Answer::Saved { version: 9, merged: merged.clone(), is_new: false };
    assert_eq!(autosave.answered(2_100.0, 1, answer, &fields("old", "mine")), Some(merged));
    assert_eq!(autosave.state(), &State::Clean);
}

#[test]
fn an_answer_never_overwrites_later_keys() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("old", "mine"));
    autosave.typed(2_050.0);
    let now = fields("old and more", "mine");
    let answer = Answer::Saved { version: 9, merged: one("headline", "theirs"), is_new: false };
    assert_eq!(autosave.answered(2_100.0, 1, answer, &now), Some(Fields::default()));
    let held: Vec<_> = autosave.undecided().map(|held| held.theirs.as_str()).collect();
    assert_eq!(held, ["theirs"], "both texts are kept until the user decides");
    // Nor does the next save replace theirs unseen.
    let next = autosave.begin(90_000.0, || now.clone()).expect("due");
    assert_eq!(next.fields.get("headline").map(String::as_str), Some("theirs"));
    assert_eq!(autosave.form_version(), 7, "a plain save shows both texts");
}

#[test]
fn a_late_answer_changes_nothing() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("a", "b"));
    autosave.failed(32_000.0, 1, Failure::Unavailable);
    let second = autosave.begin(34_000.0, || fields("a", "bb")).expect("retried");
    assert_eq!(second.sequence, 2);
    let late = Answer::Saved { version: 8, merged: one("body", "x"), is_new: false };
    assert_eq!(autosave.answered(34_100.0, 1, late, &fields("a", "bb")), None);
    assert!(!autosave.failed(34_200.0, 1, Failure::Refused));
    assert!(matches!(autosave.state(), State::Saving { .. }));
}

#[test]
fn a_failed_save_is_tried_again_more_and_more_seldom() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    let mut now = 2_000.0;
    let mut waits = Vec::new();
    for _ in 0..7 {
        let request = autosave.begin(now, || fields("a", "b")).expect("due");
        autosave.failed(now, request.sequence, Failure::Unavailable);
        let next = autosave.wake_at().expect("tried again");
        waits.push(next - now);
        now = next;
    }
    assert_eq!(waits, [2e3, 4e3, 8e3, 16e3, 30e3, 30e3, 30e3]);
}

#[test]
fn the_network_is_back_or_the_user_asks_and_the_save_begins_at_once() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("a", "b"));
    autosave.failed(2_000.0, 1, Failure::Unavailable);
    autosave.hurry();
    assert!(autosave.begin(2_001.0, || fields("a", "b")).is_some());
}

#[test]
fn a_refused_text_is_sent_again_when_it_has_changed() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("a", "b"));
    autosave.failed(2_000.0, 1, Failure::Refused);
    assert_eq!(autosave.wake_at(), None);
    assert!(autosave.is_unsaved());
    autosave.typed(5_000.0);
    assert_eq!(autosave.wake_at(), Some(7_000.0));
}

#[test]
fn a_conflict_saves_the_other_fields_and_waits_for_the_user() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("mine", "typed"));
    let form = fields("mine", "typed");
    autosave.answered(
        2_100.0,
        1,
        Answer::Conflict { theirs: one("headline", "theirs"), has_more: true },
        &form,
    );
    let request = autosave.begin(9_000.0, || form.clone()).expect("the body is saved");
    assert_eq!((request.version, request.fields), (7, fields("theirs", "typed")));
    assert_eq!(autosave.answered(9_100.0, 2, saved(9), &form), Some(Fields::default()));
    assert_eq!(autosave.undecided().count(), 1);

    autosave.keep_mine(10_000.0, "headline");
    let request = autosave.begin(12_000.0, || form.clone()).expect("mine is saved");
    assert_eq!((request.version, request.fields), (9, form.clone()));
    autosave.answered(12_100.0, 3, saved(10), &form);
    assert!(!autosave.is_unsaved());
    assert_eq!(autosave.form_version(), 10);
}

#[test]
fn a_conflict_in_the_only_changed_field_waits_for_the_user() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    let form = fields("mine", "old");
    autosave.begin(2_000.0, || form.clone());
    let answer = Answer::Conflict { theirs: one("headline", "theirs"), has_more: false };
    autosave.answered(2_100.0, 1, answer, &form);
    assert_eq!(autosave.wake_at(), None);
    assert!(autosave.is_unsaved());
    // Theirs is taken in before mine replaces it, so that no other change is lost.
    autosave.keep_mine(3_000.0, "headline");
    let first = autosave.begin(9_000.0, || form.clone()).expect("due");
    assert_eq!(first.fields, fields("theirs", "old"));
    autosave.answered(9_100.0, 2, saved(9), &form);
    let second = autosave.begin(19_000.0, || form.clone()).expect("due");
    assert_eq!((second.version, second.fields), (9, form));
}

#[test]
fn a_conflict_is_over_when_the_form_shows_theirs() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("mine", "b"));
    let theirs = Answer::Conflict { theirs: one("headline", "theirs"), has_more: true };
    autosave.answered(2_100.0, 1, theirs, &fields("mine", "b"));
    autosave.typed(3_000.0);
    autosave.begin(9_000.0, || fields("theirs", "b")).expect("due");
    assert_eq!(autosave.undecided().count(), 0);
}

#[test]
fn conflicts_without_end_stop_saving() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    let mut now = 0.0;
    for _ in 0..=MAX_CONFLICTS {
        now += 90_000.0;
        let request = autosave.begin(now, || fields("mine", "b")).expect("due");
        let theirs = Answer::Conflict { theirs: one("headline", "theirs"), has_more: true };
        autosave.answered(now, request.sequence, theirs, &fields("mine", "b"));
    }
    assert_eq!((autosave.state(), autosave.wake_at()), (&State::Conflict, None));
    autosave.typed(now);
    assert_eq!(autosave.wake_at(), None);
    autosave.resume(now);
    assert!(autosave.wake_at().is_some());
}

#[test]
fn a_form_given_back_after_a_conflict_is_not_saved_by_itself() {
    let mut autosave = Autosave::new(9, true);
    autosave.typed(0.0);
    assert_eq!(autosave.wake_at(), None);
    assert!(autosave.is_unsaved());
}

#[test]
fn text_typed_between_two_attempts_to_create_a_story_is_saved() {
    let mut autosave = Autosave::new(0, false);
    autosave.typed(0.0);
    autosave.begin(2_000.0, || fields("a", ""));
    autosave.failed(32_000.0, 1, Failure::Unavailable);
    autosave.begin(34_000.0, || fields("ab", "")).expect("retried");
    // The first attempt arrived after all; the second one found its story.
    let answer = Answer::Saved { version: 1, merged: Fields::default(), is_new: true };
    autosave.answered(34_100.0, 2, answer, &fields("ab", ""));
    assert!(autosave.wake_at().is_some());
}

#[test]
fn nothing_is_sent_while_the_browser_leaves_the_page() {
    let mut autosave = Autosave::new(7, false);
    autosave.typed(0.0);
    autosave.submitted();
    assert_eq!(autosave.begin(90_000.0, || fields("a", "b")), None);
    autosave.returned();
    assert!(autosave.begin(90_000.0, || fields("a", "b")).is_some());
}

/// Server with one other editor; merges by field.
struct Server {
    versions: Vec<Fields>,
    written_here: [bool; 2],
    sequence: u64,
    /// Texts of the other editor that our user has seen.
    seen: Vec<String>,
}

impl Server {
    fn current(&self) -> &Fields {
        self.versions.last().expect("a version")
    }

    fn version(&self) -> u64 {
        u64::try_from(self.versions.len() - 1).expect("few versions")
    }

    fn save(&mut self, request: &SaveRequest) -> Option<Answer> {
        if request.sequence <= self.sequence {
            return None;
        }
        let base = self.versions[usize::try_from(request.version).expect("few")].clone();
        let (mut next, mut merged, mut theirs) =
            (self.current().clone(), Fields::default(), Fields::default());
        let mut written_here = self.written_here;
        for (index, name) in NAMES.into_iter().enumerate() {
            let [sent, old, current] = [&request.fields, &base, self.current()]
                .map(|fields| fields.get(name).expect("all fields").clone());
            if sent == current {
            } else if old == current || (sent != old && self.written_here[index]) {
                assert!(
                    self.written_here[index] || self.seen.contains(&current),
                    "{current} is replaced unseen by {sent}"
                );
                next.set(name, sent);
                written_here[index] = true;
            } else if sent == old {
                merged.set(name, current);
            } else {
                theirs.set(name, current);
            }
        }
        if !theirs.is_empty() {
            return Some(Answer::Conflict { theirs, has_more: true });
        }
        self.sequence = request.sequence;
        self.written_here = written_here;
        self.versions.push(next);
        Some(Answer::Saved { version: self.version(), merged, is_new: false })
    }
}

struct World {
    autosave: Autosave,
    form: Fields,
    now: Millis,
    server: Server,
    /// The request that the browser waits for, and its answer once it has arrived.
    flight: Option<(SaveRequest, Option<Answer>)>,
    /// Requests that the browser gave up; they may still arrive.
    lost: Vec<SaveRequest>,
    keys: u32,
    typed_since_sent: [bool; 2],
    /// Fields as the browser knows them to be saved.
    known: Fields,
}

#[derive(Clone, Debug)]
enum Step {
    Type(usize),
    Wait(u32),
    Arrive,
    Answer,
    GiveUp,
    Refuse,
    ArriveLate,
    Other(usize),
    KeepMine(usize),
    TakeTheirs(usize),
    Hurry,
}

impl World {
    fn new() -> Self {
        let start = fields("h", "b");
        let server = Server {
            versions: vec![start.clone()],
            written_here: [false; 2],
            sequence: 0,
            seen: vec!["h".to_owned(), "b".to_owned()],
        };
        Self {
            autosave: Autosave::new(0, false),
            form: start,
            now: 0.0,
            server,
            flight: None,
            lost: Vec::new(),
            keys: 0,
            typed_since_sent: [false; 2],
            known: fields("h", "b"),
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Type(index) => {
                self.keys += 1;
                let name = NAMES[index];
                let text = format!("{}.{}", self.form.get(name).expect("field"), self.keys);
                self.form.set(name, text);
                self.typed_since_sent[index] = true;
                self.autosave.typed(self.now);
            }
            Step::Wait(seconds) => self.now += f64::from(seconds) * 1_000.0,
            Step::Arrive => {
                let Some((request, answer @ None)) = &mut self.flight else { return };
                *answer = self.server.save(request);
            }
            Step::Answer => self.answer(),
            Step::GiveUp => self.fail(Failure::Unavailable),
            Step::Refuse => self.fail(Failure::Refused),
            Step::ArriveLate => {
                let Some(request) = self.lost.pop() else { return };
                let answer = self.server.save(&request);
                if let Some(answer) = answer {
                    let filled =
                        self.autosave.answered(self.now, request.sequence, answer, &self.form);
                    assert_eq!(filled, None, "a late answer fills nothing");
                }
            }
            Step::Other(index) => {
                self.keys += 1;
                let mut next = self.server.current().clone();
                let name = NAMES[index];
                next.set(name, format!("{}/{}", next.get(name).expect("field"), self.keys));
                self.server.versions.push(next);
                self.server.written_here[index] = false;
            }
            Step::KeepMine(index) => {
                let held = self.autosave.undecided().find(|held| held.name == NAMES[index]);
                if let Some(theirs) = held.map(|held| held.theirs.clone()) {
                    self.server.seen.push(theirs);
                    self.autosave.keep_mine(self.now, NAMES[index]);
                }
            }
            Step::TakeTheirs(index) => {
                let held = self.autosave.undecided().find(|held| held.name == NAMES[index]);
                if let Some(theirs) = held.map(|held| held.theirs.clone()) {
                    self.server.seen.push(theirs.clone());
                    self.form.set(NAMES[index], theirs);
                    self.autosave.resume(self.now);
                }
            }
            Step::Hurry => self.autosave.hurry(),
        }
        self.begin();
    }

    fn begin(&mut self) {
        if let Some(request) = self.autosave.begin(self.now, || self.form.clone()) {
            assert!(self.flight.is_none(), "two saves in flight");
            self.flight = Some((request, None));
            self.typed_since_sent = [false; 2];
        }
    }

    fn fail(&mut self, failure: Failure) {
        let Some((request, answer)) = self.flight.take() else { return };
        assert!(self.autosave.failed(self.now, request.sequence, failure));
        if answer.is_none() && failure == Failure::Unavailable {
            self.lost.push(request);
        }
    }

    fn answer(&mut self) {
        let Some((request, Some(answer))) = self.flight.take_if(|(_, answer)| answer.is_some())
        else {
            return;
        };
        let answer = match answer {
            Answer::Conflict { theirs, .. } => {
                let mut fields = NAMES.into_iter().filter(|name| theirs.get(name).is_none());
                let has_more = fields.any(|name| request.fields.get(name) != self.known.get(name));
                Answer::Conflict { theirs, has_more }
            }
            Answer::Saved { ref merged, .. } => {
                self.known = request.fields.clone();
                for (name, value) in merged.clone().into_pairs() {
                    self.known.set(name, value);
                }
                answer
            }
        };
        let filled = self.autosave.answered(self.now, request.sequence, answer, &self.form);
        for (name, value) in filled.expect("the answer to the save in flight").into_pairs() {
            let index = NAMES.iter().position(|other| *other == name).expect("known");
            assert!(!self.typed_since_sent[index], "an answer overwrites what was typed");
            self.server.seen.push(value.clone());
            self.form.set(name, value);
        }
    }

    fn settle(&mut self) {
        for _ in 0..40 {
            for step in [Step::Hurry, Step::Wait(90), Step::Arrive, Step::Answer] {
                self.take(&step);
            }
        }
        // A refused text waits for a key.
        if self.autosave.state() == &(State::Failed { retry_at: None }) {
            self.autosave.typed(self.now);
            self.settle();
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..2_usize).prop_map(Step::Type),
        4 => (0..40_u32).prop_map(Step::Wait),
        4 => Just(Step::Arrive),
        4 => Just(Step::Answer),
        1 => Just(Step::GiveUp),
        1 => Just(Step::Refuse),
        1 => Just(Step::ArriveLate),
        2 => (0..2_usize).prop_map(Step::Other),
        1 => (0..2_usize).prop_map(Step::KeepMine),
        1 => (0..2_usize).prop_map(Step::TakeTheirs),
        1 => Just(Step::Hurry),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_order_of_events_loses_a_keystroke(steps in prop::collection::vec(step(), 0..80)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
        }
        // One more key, so that the form learns what the other editor did last.
        world.take(&Step::Type(1));
        world.settle();
        let undecided: Vec<_> = world.autosave.undecided().map(|held| held.name).collect();
        if world.autosave.state() == &State::Conflict {
            // The user is asked before anything more is sent.
            prop_assert!(!undecided.is_empty() && world.autosave.is_unsaved());
            return Ok(());
        }
        for name in NAMES.into_iter().filter(|name| !undecided.contains(name)) {
            // A conflict alone is not sent again, so the form may not know what others did last.
            let is_waiting = !undecided.is_empty() && world.form.get(name) == world.known.get(name);
            let is_saved = world.form.get(name) == world.server.current().get(name);
            prop_assert!(is_saved || is_waiting, "{} is not saved", name);
        }
        prop_assert_eq!(undecided.is_empty(), !world.autosave.is_unsaved());
    }
}
