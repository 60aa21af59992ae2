//! The words for every form of the newsroom that may be saved.

use gazette_domain::Endpoint;

use super::fields::SavedFields;
use super::subjects::Names;

/// Words for a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Title of the page: "Delete 2 stories?"
    pub(super) question: String,
    /// Text of the button: "Delete 2 stories".
    pub(super) button: String,
    pub(super) is_danger: bool,
    /// What was typed: label and text.
    pub(super) typed: Vec<(&'static str, String)>,
    /// What the act leads to.
    pub(super) note: Option<&'static str>,
    /// Page to go to instead.
    pub(super) back: Endpoint,
}

/// Returns the words for a form; `None` for one that is not of the newsroom.
///
/// A test finds every form of the route table here.
pub(super) fn words(endpoint: Endpoint, fields: &SavedFields, names: &Names) -> Option<Words> {
    Some(match endpoint {
        Endpoint::DeleteStories => delete(fields, names),
        Endpoint::EmptyTrash => Words {
            note: Some("Every story in Trash is deleted permanently. This can't be undone."),
            ..act("Empty Trash", Endpoint::Trash).danger()
        },
        Endpoint::EraseStories => Words {
            note: Some("This can't be undone."),
            ..act(format!("Permanently delete {}", stories(names)), Endpoint::Trash).danger()
        },
        Endpoint::RestoreStories if fields.has("job") => {
            act("Restore all stories of this deletion", Endpoint::Trash)
        }
        Endpoint::RestoreStories => act(format!("Restore {}", stories(names)), Endpoint::Trash),
        Endpoint::RenameLabel => {
            let (old, new) = (subject(names, "this label"), quoted(fields.get("name")));
            Words {
                note: Some("A name that exists already merges the two."),
                ..act(format!("Rename {old} to {new}"), Endpoint::Labels)
            }
        }
        Endpoint::AddRedirect => act("Add this redirect", Endpoint::Redirects)
            .typed("Old address", fields.get("from"))
            .typed("New address", fields.get("to"))
            .typed("Answer", fields.get("status")),
        Endpoint::RemoveRedirect => act("Remove this redirect", Endpoint::Redirects)
            .typed("Old address", fields.get("from"))
            .danger(),
        Endpoint::CorrectStory => {
            let story = subject(names, "this story");
            act(format!("Publish this correction of {story}"), Endpoint::Desk)
                .typed("Correction", fields.get("text"))
        }
        Endpoint::UndoImport => {
            let import = subject(names, "this import");
            act(format!("Undo the import of {import}"), Endpoint::Imports).danger()
        }
        Endpoint::AddImage => Words {
            note: Some("A file can't be kept. Choose the picture again."),
            ..act("Upload the picture", Endpoint::Images)
                .typed("Description", fields.get("alt"))
                .typed("Credit", fields.get("credit"))
        },
        Endpoint::DeleteImages => {
            let pictures = counted(names.count, "picture", "pictures");
            act(format!("Delete {pictures}"), Endpoint::Images).danger()
        }
        Endpoint::InvitePerson => act(format!("Invite {}", person(fields)), Endpoint::People)
            .typed("E-mail", fields.get("email"))
            .typed("Role", fields.get("role")),
        Endpoint::InvitePersonAgain => {
            act(format!("Invite {} again", person(fields)), Endpoint::People)
        }
        Endpoint::ChangeRole => {
            act(format!("Change the role of {}", person(fields)), Endpoint::People)
                .typed("Role", fields.get("role"))
        }
        Endpoint::DisablePerson => {
            act(format!("Disable {}", person(fields)), Endpoint::People).danger()
        }
        Endpoint::EnablePerson => act(format!("Enable {}", person(fields)), Endpoint::People),
        Endpoint::SignOutPerson => {
            act(format!("Sign {} out everywhere", person(fields)), Endpoint::People)
        }
        _ => return None,
    })
}

fn act(button: impl Into<String>, back: Endpoint) -> Words {
    let button = button.into();
    let question = format!("{button}?");
    Words { question, button, is_danger: false, typed: Vec::new(), note: None, back }
}

impl Words {
    fn danger(self) -> Self {
        Self { is_danger: true, ..self }
    }

    /// Adds a text that was typed, unless it is empty.
    fn typed(mut self, label: &'static str, text: &str) -> Self {
        if !text.trim().is_empty() {
            self.typed.push((label, text.to_owned()));
        }
        self
    }
}

fn delete(fields: &SavedFields, names: &Names) -> Words {
    let button = match (fields.has("all"), names.count) {
        (true, 1) => "Delete the only published story".to_owned(),
        (true, count) => format!("Delete all {count} published stories"),
        (false, _) => format!("Delete {}", stories(names)),
    };
    let note = "Stories stay in Trash for 30 days. Readers will see \u{201c}This story was removed.\u{201d}";
    Words { note: Some(note), ..act(button, Endpoint::Desk).danger() }
        .typed("Reason", fields.get("reason"))
}

fn person(fields: &SavedFields) -> &str {
    match fields.get("name") {
        "" => "this person",
        name => name,
    }
}

fn stories(names: &Names) -> String {
    counted(names.count, "story", "stories")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Returns the name of the only subject.
fn subject(names: &Names, unknown: &str) -> String {
    names.known.first().map_or_else(|| unknown.to_owned(), |name| quoted(name))
}

fn quoted(text: &str) -> String {
    format!("\u{201c}{}\u{201d}", text.trim())
}

#[cfg(test)]
mod tests {
    use gazette_domain::ROUTES;

    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> SavedFields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        SavedFields(pairs.iter().map(owned).collect())
    }

    fn question(endpoint: Endpoint, pairs: &[(&str, &str)], names: &[&str]) -> String {
        let known: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let names = Names { count: known.len(), known };
        words(endpoint, &fields(pairs), &names).expect("words").question
    }

    #[test]
    fn every_form_of_the_newsroom_has_words_of_its_own() {
        let mut questions = Vec::new();
        for route in ROUTES.iter().filter(|route| route.is_newsroom_form()) {
            let words = words(route.endpoint, &SavedFields::default(), &Names::default());
            let words = words.unwrap_or_else(|| panic!("{} needs words in words.rs", route.path));
            assert!(!questions.contains(&words.question), "{}", words.question);
            questions.push(words.question);
        }
        assert!(questions.len() >= 9, "{questions:?}");
    }

    #[test]
    fn questions_name_the_act_and_its_subject() {
        let ids = [("id", "1"), ("id", "2")];
        assert_eq!(question(Endpoint::DeleteStories, &ids, &["A", "B"]), "Delete 2 stories?");
        assert_eq!(question(Endpoint::RestoreStories, &ids, &["A"]), "Restore 1 story?");
        let all = [("all", "yes"), ("word", "delete")];
        let names = Names { known: Vec::new(), count: 42 };
        let delete_all = words(Endpoint::DeleteStories, &fields(&all), &names);
        let delete_all = delete_all.expect("words");
        assert_eq!(delete_all.question, "Delete all 42 published stories?");
        assert!(delete_all.is_danger);
        let rename = [("kind", "tag"), ("slug", "rivers"), ("name", " Water ")];
        assert_eq!(
            question(Endpoint::RenameLabel, &rename, &["Rivers"]),
            "Rename \u{201c}Rivers\u{201d} to \u{201c}Water\u{201d}?"
        );
    }
}
