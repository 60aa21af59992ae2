//! Saving without a click: its times, and the changes that an answer may make.
//!
//! Pure: the time and the fields are arguments, requests are returned. One save is in flight at
//! a time. An answer fills a field only while it still has the value that was sent.

use super::fields::Fields;
use super::save::retry_wait;
pub(crate) use super::save::{Answer, Failure, Held, Millis, SaveRequest, State, Typing};

/// Conflicts in a row after which only the user can go on.
const MAX_CONFLICTS: u32 = 3;

/// State machine of saving.
#[derive(Debug)]
pub(crate) struct Autosave {
    state: State,
    version: u64,
    sequence: u64,
    held: Vec<Held>,
    /// Version before the first field was held.
    version_before: Option<u64>,
    attempts: u32,
    conflicts: u32,
    /// A request that may have made the story had no answer.
    may_exist: bool,
    /// The form itself was submitted, and the browser is about to leave the page.
    is_leaving: bool,
}

impl Autosave {
    /// Starts with a form that shows `version`. With `is_conflict` nothing is saved by itself.
    pub(crate) fn new(version: u64, is_conflict: bool) -> Self {
        Self {
            state: if is_conflict { State::Conflict } else { State::Clean },
            version,
            sequence: 0,
            held: Vec::new(),
            version_before: None,
            attempts: 0,
            conflicts: 0,
            may_exist: false,
            is_leaving: false,
        }
    }

    /// Returns the state.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Returns the fields that wait for a decision of the user.
    pub(crate) fn undecided(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().filter(|held| !held.keeps_mine)
    }

    /// Returns whether something is not saved on the server.
    pub(crate) fn is_unsaved(&self) -> bool {
        self.state != State::Clean || !self.held.is_empty()
    }

    /// Returns the version that a plain form must carry. While the user has not decided, the one
    /// before the conflict, so that the server shows both texts.
    pub(crate) fn form_version(&self) -> u64 {
        let is_decided = self.undecided().next().is_none();
        self.version_before.filter(|_| !is_decided).unwrap_or(self.version)
    }

    /// Returns the number of the next save, for a plain form.
    pub(crate) fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// The user typed.
    pub(crate) fn typed(&mut self, now: Millis) {
        self.is_leaving = false;
        let typing = match &mut self.state {
            State::Dirty(typing) | State::Saving { typing: Some(typing), .. } => typing,
            State::Saving { typing, .. } => {
                *typing = Some(Typing::at(now));
                return;
            }
            State::Clean | State::Failed { retry_at: None } => {
                self.state = State::Dirty(Typing::at(now));
                return;
            }
            State::Failed { retry_at: Some(_) } | State::Conflict => return,
        };
        typing.last = now;
    }

    /// Makes the next save due at once.
    pub(crate) fn hurry(&mut self) {
        match &mut self.state {
            State::Dirty(typing) | State::Saving { typing: Some(typing), .. } => {
                typing.since = Millis::NEG_INFINITY;
            }
            State::Failed { retry_at } => *retry_at = Some(Millis::NEG_INFINITY),
            State::Clean | State::Saving { typing: None, .. } | State::Conflict => {}
        }
    }

    /// Returns when [`Self::begin`] must be called.
    pub(crate) fn wake_at(&self) -> Option<Millis> {
        match &self.state {
            _ if self.is_leaving => None,
            State::Dirty(typing) => Some(typing.due()),
            State::Failed { retry_at } => *retry_at,
            State::Clean | State::Saving { .. } | State::Conflict => None,
        }
    }

    /// Returns the save that is due, if one is. `read` reads the form.
    pub(crate) fn begin(
        &mut self,
        now: Millis,
        read: impl FnOnce() -> Fields,
    ) -> Option<SaveRequest> {
        if self.wake_at().is_none_or(|at| at > now) {
            return None;
        }
        let mut fields = read();
        self.release(&fields);
        for held in &self.held {
            fields.set(held.name, held.theirs.clone());
        }
        let sequence = self.next_sequence();
        let request = SaveRequest { version: self.version, sequence, fields };
        self.state = State::Saving { request: request.clone(), typing: None };
        Some(request)
    }

    /// The server answered the save with this number. `form` is the form as it is now. Returns
    /// the fields to fill in; `None` when the answer is too late to matter.
    pub(crate) fn answered(
        &mut self,
        now: Millis,
        sequence: u64,
        answer: Answer,
        form: &Fields,
    ) -> Option<Fields> {
        let (request, typing) = self.take_flight(sequence)?;
        self.attempts = 0;
        match answer {
            Answer::Saved { version, merged, is_new } => {
                Some(self.saved(now, &request, typing, version, merged, is_new, form))
            }
            Answer::Conflict { theirs, has_more } => {
                self.conflicts += 1;
                let is_stuck = self.conflicts > MAX_CONFLICTS || theirs.is_empty();
                for (name, theirs) in theirs.into_pairs() {
                    self.hold(name, theirs, false);
                }
                let rest = typing.or(has_more.then(|| Typing::at(now)));
                self.state = match rest {
                    _ if is_stuck => State::Conflict,
                    Some(typing) => State::Dirty(typing),
                    None => State::Clean,
                };
                Some(Fields::default())
            }
        }
    }

    /// The save with this number failed. Returns false when the news is too late to matter.
    pub(crate) fn failed(&mut self, now: Millis, sequence: u64, failure: Failure) -> bool {
        let Some((_, typing)) = self.take_flight(sequence) else { return false };
        let wait = retry_wait(self.attempts);
        self.attempts += 1;
        self.may_exist |= failure == Failure::Unavailable;
        self.state = match (failure, typing) {
            (Failure::Unavailable | Failure::SignedOut, _) => {
                State::Failed { retry_at: Some(now + wait) }
            }
            (Failure::Refused, None) => State::Failed { retry_at: None },
            (Failure::Refused, Some(typing)) => State::Dirty(typing),
        };
        true
    }

    /// The form itself was submitted, with everything that it shows. No save begins until
    /// something is typed, which means that the page is still there.
    pub(crate) fn submitted(&mut self) {
        self.is_leaving = true;
    }

    /// The page is about to be left: returns the save that carries what no request carries that is
    /// sure to arrive. Its response is not read.
    pub(crate) fn last_save(&mut self, read: impl FnOnce() -> Fields) -> Option<SaveRequest> {
        let State::Saving { request, typing } = &self.state else { return None };
        if self.is_leaving {
            return None;
        }
        if typing.is_none() {
            return Some(request.clone());
        }
        let mut fields = read();
        for held in &self.held {
            fields.set(held.name, held.theirs.clone());
        }
        let sequence = self.next_sequence();
        Some(SaveRequest { version: self.version, sequence, fields })
    }

    /// The page is shown again.
    pub(crate) fn returned(&mut self) {
        self.is_leaving = false;
    }

    /// The user chose the value in the form over theirs.
    pub(crate) fn keep_mine(&mut self, now: Millis, name: &str) {
        for held in self.held.iter_mut().filter(|held| held.name == name) {
            held.keeps_mine = true;
        }
        self.resume(now);
    }

    /// The user decided about a conflict.
    pub(crate) fn resume(&mut self, now: Millis) {
        self.conflicts = 0;
        if self.state == State::Conflict {
            self.state = State::Dirty(Typing::at(now));
        } else {
            self.typed(now);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one answer and one flight")]
    fn saved(
        &mut self,
        now: Millis,
        request: &SaveRequest,
        typing: Option<Typing>,
        version: u64,
        merged: Fields,
        is_new: bool,
        form: &Fields,
    ) -> Fields {
        let version_before = self.version;
        self.version = version;
        self.conflicts = 0;
        for held in &mut self.held {
            held.is_known = true;
        }
        let mut fill = Fields::default();
        for (name, value) in merged.into_pairs() {
            let sent = request.fields.get(name);
            let is_held = self.held.iter().any(|held| held.name == name);
            if sent == Some(&value) {
                continue;
            }
            if !is_held && form.get(name) == sent {
                fill.set(name, value);
            } else if form.get(name) != Some(&value) {
                // Saving the form under the new version would replace theirs unseen.
                self.version_before.get_or_insert(version_before);
                self.hold(name, value, true);
            }
        }
        let has_decided = self.held.iter().any(|held| held.keeps_mine);
        // The first of two requests for a new story made it; the second one changed nothing.
        let is_stale = is_new && std::mem::take(&mut self.may_exist);
        let rest = (has_decided || is_stale).then(|| Typing::at(now));
        self.state = typing.or(rest).map_or(State::Clean, State::Dirty);
        fill
    }

    fn hold(&mut self, name: &'static str, theirs: String, is_known: bool) {
        self.version_before.get_or_insert(self.version);
        self.held.retain(|held| held.name != name);
        self.held.push(Held { name, theirs, keeps_mine: false, is_known });
    }

    /// Ends the conflicts that are settled: mine was chosen, or the form shows theirs.
    fn release(&mut self, form: &Fields) {
        self.held.retain(|held| form.get(held.name) != Some(&held.theirs));
        self.held.retain(|held| !(held.keeps_mine && held.is_known));
        if self.held.is_empty() {
            self.version_before = None;
        }
    }

    fn take_flight(&mut self, sequence: u64) -> Option<(SaveRequest, Option<Typing>)> {
        match std::mem::replace(&mut self.state, State::Clean) {
            State::Saving { request, typing } if request.sequence == sequence => {
                Some((request, typing))
            }
            other => {
                self.state = other;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
