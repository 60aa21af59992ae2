//! The words for every act of the audit log.

use gazette_domain::AuditAction;

use crate::newsroom::number::grouped;

/// Kind of thing that an act changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    /// Story, by its headline.
    Story,
    /// Draft, by its headline.
    Draft,
    /// Story that does not exist any more, by its headline.
    FormerStory,
    /// Redirect, by its addresses.
    Redirect,
    /// Picture, by the name of its file.
    Picture,
    /// Person, by name.
    Person,
}

/// Words for an act: "ada moved “Rivers rise” to Trash".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Name of the act in the filter.
    pub(super) label: &'static str,
    pub(super) verb: &'static str,
    pub(super) object: Object,
    /// End of the sentence, with its space.
    pub(super) end: &'static str,
}

/// Defines the list of acts and their words together, so that no act is without words.
macro_rules! acts {
    ($($action:ident: $label:literal, $verb:literal $object:ident $end:literal;)*) => {
        /// Every act, in the order of the filter.
        pub const ACTS: &[AuditAction] = &[$(AuditAction::$action),*];

        /// Returns the words for an act.
        pub(super) fn words(action: AuditAction) -> Words {
            match action {
                $(AuditAction::$action => Words {
                    label: $label,
                    verb: $verb,
                    object: Object::$object,
                    end: $end,
                },)*
            }
        }
    };
}

acts! {
    Created:         "Created",              "created"             Draft       "";
    Published:       "Published or scheduled", "published"           Story       "";
    Updated:         "Changed",              "changed"             Story       "";
    Reverted:        "Restored a version",   "restored an earlier version of" Story "";
    Corrected:       "Corrected",            "added a correction to" Story     "";
    HandedIn:        "Handed in",            "handed in"           Story       " for review";
    SentBack:        "Sent back",            "sent"                Story       " back to its author";
    Withdrawn:       "Unpublished",          "unpublished"         Story       "";
    Trashed:         "Moved to Trash",       "moved"               Story       " to Trash";
    Restored:        "Restored from Trash",  "restored"            Story       " from Trash";
    Erased:          "Permanently deleted",  "permanently deleted" FormerStory "";
    RedirectAdded:   "Added a redirect",     "added"               Redirect    "";
    RedirectRemoved: "Removed a redirect",   "removed"             Redirect    "";
    ImageAdded:      "Uploaded a picture",   "uploaded"            Picture     "";
    ImageDeleted:    "Deleted a picture",    "deleted"             Picture     "";
    PersonInvited:   "Invited a person",     "invited"             Person      "";
    RoleChanged:     "Changed a role",       "changed the role of" Person      "";
    PersonDisabled:  "Disabled a person",    "disabled"            Person      "";
    PersonEnabled:   "Enabled a person",     "enabled"             Person      "";
    PersonSignedOut: "Signed a person out",  "signed"              Person      " out";
    PersonChangeFailed: "Failed to change a person", "could not change" Person "";
}

/// Returns the words for an act on the time at which stories go live.
pub(super) fn schedule_words(action: AuditAction) -> Words {
    let words = words(action);
    match action {
        AuditAction::Withdrawn => Words { verb: "unscheduled", ..words },
        _ => Words { verb: "scheduled", ..words },
    }
}

/// Returns the act with a stable name, such as `trashed`.
pub fn act_of(name: &str) -> Option<AuditAction> {
    ACTS.iter().copied().find(|action| action.as_str() == name)
}

/// Returns a number of things: "23 stories".
pub(super) fn counted(object: Object, count: usize) -> String {
    let (one, many) = match object {
        Object::Story | Object::FormerStory => ("story", "stories"),
        Object::Draft => ("draft", "drafts"),
        // A record can stand for several redirects.
        Object::Redirect => return format!("redirects ({} entries)", grouped(count)),
        Object::Picture => ("picture", "pictures"),
        Object::Person => ("person", "people"),
    };
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_act_has_a_name_of_its_own() {
        let labels: HashSet<_> = ACTS.iter().map(|action| words(*action).label).collect();
        assert_eq!(labels.len(), ACTS.len());
        for action in ACTS {
            assert_eq!(act_of(action.as_str()), Some(*action));
        }
        assert_eq!(act_of("invented"), None);
    }

    #[test]
    fn several_things_are_counted() {
        assert_eq!(counted(Object::Story, 20_023), "20,023 stories");
        assert_eq!(counted(Object::Draft, 2), "2 drafts");
        assert_eq!(counted(Object::Picture, 1), "1 picture");
    }
}
