//! The words for every form of the newsroom that may be saved.

use gazette_domain::Endpoint;

use super::editor::{editor, picture};
use super::fields::SavedFields;
use super::people::people;
use super::subjects::Names;
use super::wording::{Words, act, quoted};

/// Returns the words for a form; `None` for one that is not of the newsroom.
///
/// A test finds every form of the route table here.
pub(super) fn words(endpoint: Endpoint, fields: &SavedFields, names: &Names) -> Option<Words> {
    stories_and_trash(endpoint, fields, names)
        .or_else(|| of_editor(endpoint, fields, names))
        .or_else(|| of_other_pages(endpoint, fields, names))
        .or_else(|| people(endpoint, fields, names))
}

fn stories_and_trash(endpoint: Endpoint, fields: &SavedFields, names: &Names) -> Option<Words> {
    Some(match endpoint {
        Endpoint::DeleteStories => delete(fields, names),
        Endpoint::BulkStories if fields.get("action") == "unpublish" => {
            act(format!("Unpublish {}", stories(names)), Endpoint::Desk)
        }
        Endpoint::BulkStories => act(format!("Publish {}", stories(names)), Endpoint::Desk),
        Endpoint::TrashStories => {
            act(format!("Move {} to Trash", stories(names)), Endpoint::Desk).danger()
        }
        Endpoint::UndoTrash => {
            act(format!("Take {} out of Trash again", stories(names)), Endpoint::Desk)
        }
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
        _ => return None,
    })
}

fn of_editor(endpoint: Endpoint, fields: &SavedFields, names: &Names) -> Option<Words> {
    Some(match endpoint {
        Endpoint::CreateDraft => Words {
            question: format!("{} as a new story?", editor(fields).button),
            ..editor(fields)
        },
        Endpoint::ChangeStory => editor(fields),
        Endpoint::NewStoryImage => picture(fields, true),
        Endpoint::StoryImage => picture(fields, false),
        Endpoint::RestoreVersion => {
            let (version, story) = (fields.get("version"), subject(names, "this story"));
            act(format!("Restore version {version} of {story}"), Endpoint::Desk)
        }
        _ => return None,
    })
}

fn of_other_pages(endpoint: Endpoint, fields: &SavedFields, names: &Names) -> Option<Words> {
    Some(match endpoint {
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
                .typed("What the picture shows", fields.get("alt"))
                .typed("Credit", fields.get("credit"))
        },
        Endpoint::DeleteImages => {
            let pictures = counted(names.count, "picture", "pictures");
            act(format!("Delete {pictures}"), Endpoint::Images).danger()
        }
        _ => return None,
    })
}

fn delete(fields: &SavedFields, names: &Names) -> Words {
    let button = match (fields.has("all"), names.count) {
        // They are not counted for a person who may not delete them.
        (true, 0) => "Delete all published stories".to_owned(),
        (true, 1) => "Delete the only published story".to_owned(),
        (true, count) => format!("Delete all {count} published stories"),
        (false, _) => format!("Delete {}", stories(names)),
    };
    let note = "Stories stay in Trash for 30 days. Readers will see \u{201c}This story was removed.\u{201d}";
    Words { note: Some(note), ..act(button, Endpoint::Desk).danger() }
        .typed("Reason", fields.get("reason"))
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
