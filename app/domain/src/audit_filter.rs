//! Filters of the audit log, and positions in it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::audit::{AuditAction, AuditEvent};
use crate::story::StoryId;

/// Conditions on audit records; an absent one is met by every record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Part of the person's name, or their subject.
    pub person: Option<String>,
    /// Kind of the change.
    pub action: Option<AuditAction>,
    /// Changed story.
    pub story: Option<AuditedStory>,
    /// Time of the first change.
    pub from: Option<Timestamp>,
    /// Time before which all changes were made.
    pub until: Option<Timestamp>,
}

/// Condition on the story of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditedStory {
    /// The story with this id.
    Id(StoryId),
    /// Stories whose headline contained each of these words, in lower case.
    Words(Vec<String>),
}

impl AuditedStory {
    /// Reads an id or words of a headline; `None` for text without any.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(id) = text.parse() {
            return Some(Self::Id(id));
        }
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        (!words.is_empty()).then_some(Self::Words(words))
    }

    fn matches(&self, event: &AuditEvent) -> bool {
        match self {
            Self::Id(id) => event.story == Some(*id),
            Self::Words(words) => {
                let headline = event.headline.to_lowercase();
                words.iter().all(|word| headline.contains(word))
            }
        }
    }
}

impl AuditFilter {
    /// Checks whether there are no conditions.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks whether a change meets all conditions.
    pub fn matches(&self, event: &AuditEvent) -> bool {
        self.action.is_none_or(|action| event.action == action)
            && self.from.is_none_or(|from| event.at >= from)
            && self.until.is_none_or(|until| event.at < until)
            && self.person.as_deref().is_none_or(|person| is_by(event, person))
            && self.story.as_ref().is_none_or(|story| story.matches(event))
    }
}

fn is_by(event: &AuditEvent, person: &str) -> bool {
    let by = &event.by;
    let contains = |name: &str| name.to_lowercase().contains(&person.to_lowercase());
    match &by.sub {
        Some(sub) => sub == person || contains(&by.name),
        None => contains(&format!("System ({})", by.name)),
    }
}

/// Place in the audit log, from which a search goes back in time. As text, `2026-11-26.57` is
/// before record 57 of that UTC day, and `2026-11-26` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditPosition {
    pub(crate) day: Date,
    pub(crate) before: Option<u64>,
}

/// The text is not a position in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a position is a day such as 2026-11-26, or a day and a number such as 2026-11-26.57")]
pub struct AuditPositionError;

impl fmt::Display for AuditPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.day.fmt(formatter)?;
        match self.before {
            Some(before) => write!(formatter, ".{before}"),
            None => Ok(()),
        }
    }
}

impl FromStr for AuditPosition {
    type Err = AuditPositionError;

    fn from_str(text: &str) -> Result<Self, AuditPositionError> {
        let (day, before) = match text.split_once('.') {
            Some((day, before)) => {
                (day, Some(before.parse::<u64>().map_err(|_| AuditPositionError)?))
            }
            None => (text, None),
        };
        let position = Self { day: day.parse().map_err(|_| AuditPositionError)?, before };
        if position.to_string() == text { Ok(position) } else { Err(AuditPositionError) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::audit::Actor;

    fn event(sub: Option<&str>, name: &str, headline: &str) -> AuditEvent {
        AuditEvent {
            at: Timestamp::from_second(1_000).expect("in range"),
            by: Actor {
                sub: sub.map(str::to_owned),
                name: name.to_owned(),
                reason: String::new(),
                request_id: None,
            },
            action: AuditAction::Updated,
            story: None,
            headline: headline.to_owned(),
            version_before: None,
            version_after: None,
            removal_reason: None,
            goes_live: None,
        }
    }

    #[test]
    fn a_person_is_found_by_a_part_of_the_name_or_by_the_subject() {
        let matches = |sub: Option<&str>, person: &str| {
            let filter = AuditFilter { person: Some(person.to_owned()), ..AuditFilter::default() };
            filter.matches(&event(sub, "Ada.Reed", "One"))
        };
        assert!(matches(Some("s-1"), "ada"));
        assert!(matches(Some("s-1"), "REED"));
        assert!(matches(Some("s-1"), "s-1"));
        assert!(!matches(Some("s-1"), "s-"));
        assert!(!matches(Some("s-1"), "system"));
        assert!(matches(None, "system"));
    }

    #[test]
    fn a_story_is_found_by_its_id_or_by_all_words() {
        let matches = |text: &str, event: &AuditEvent| {
            AuditedStory::parse(text).is_some_and(|story| story.matches(event))
        };
        let mut river = event(None, "import", "Rivers rise in the North");
        assert!(matches(" north  RIVERS ", &river));
        assert!(!matches("rivers south", &river));
        assert_eq!(AuditedStory::parse(" \t"), None);
        let id = "019b0000-0000-7000-8000-000000000001";
        assert!(!matches(id, &river));
        river.story = id.parse().ok();
        assert!(matches(id, &river));
    }

    #[test]
    fn the_time_is_from_and_before() {
        let at = |second| Timestamp::from_second(second).ok();
        let matches = |from: Option<Timestamp>, until: Option<Timestamp>| {
            let filter = AuditFilter { from, until, ..AuditFilter::default() };
            filter.matches(&event(None, "import", "One"))
        };
        assert!(matches(None, None));
        assert!(matches(at(1_000), at(1_001)));
        assert!(!matches(at(1_001), None));
        assert!(!matches(None, at(1_000)));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_position_panic(text in ".{0,30}") {
            if let Ok(position) = text.parse::<AuditPosition>() {
                prop_assert_eq!(position.to_string(), text);
            }
        }

        #[test]
        fn a_position_is_read_as_it_was_written(
            day in 1_i8..=28,
            before in prop::option::of(any::<u64>()),
        ) {
            let position = AuditPosition { day: jiff::civil::date(2026, 11, day), before };
            prop_assert_eq!(position.to_string().parse(), Ok(position));
        }
    }
}
