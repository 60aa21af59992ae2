//! Subjects of a saved form, by their ids.

use std::collections::HashSet;

use gazette_domain::Endpoint;

use super::fields::SavedFields;

/// Ids that a saved form is about. The page shows their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subjects {
    /// Nothing with an id.
    None,
    /// Stories.
    Stories(Vec<String>),
    /// Every published story.
    AllStories,
    /// Pictures.
    Images(Vec<String>),
    /// Label: its kind and its slug.
    Label(String, String),
    /// Number of an import.
    Import(String),
    /// Subject of a person.
    Person(String),
}

/// Names of the subjects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Names of those that exist.
    pub known: Vec<String>,
    /// Number of the subjects.
    pub count: usize,
}

/// Checks whether a form is that of the editor, which shows it as it was typed.
pub fn is_editor(endpoint: Endpoint) -> bool {
    matches!(
        endpoint,
        Endpoint::CreateDraft
            | Endpoint::ChangeStory
            | Endpoint::NewStoryImage
            | Endpoint::StoryImage
    )
}

/// Returns what a form is about. `variable` is the variable segment of its path.
pub fn subjects(endpoint: Endpoint, variable: Option<&str>, fields: &SavedFields) -> Subjects {
    let ids = || {
        let mut seen = HashSet::new();
        fields.all("id").filter(|id| seen.insert(*id)).map(str::to_owned).collect()
    };
    match endpoint {
        Endpoint::DeleteStories if fields.has("all") => Subjects::AllStories,
        Endpoint::DeleteStories
        | Endpoint::EraseStories
        | Endpoint::RestoreStories
        | Endpoint::BulkStories
        | Endpoint::TrashStories
        | Endpoint::UndoTrash => Subjects::Stories(ids()),
        Endpoint::DeleteImages => Subjects::Images(ids()),
        Endpoint::RenameLabel => {
            Subjects::Label(fields.get("kind").to_owned(), fields.get("slug").to_owned())
        }
        Endpoint::UndoImport => Subjects::Import(fields.get("number").to_owned()),
        Endpoint::RestoreVersion | Endpoint::CorrectStory => {
            Subjects::Stories(variable.map(str::to_owned).into_iter().collect())
        }
        Endpoint::InvitePersonAgain
        | Endpoint::ChangeRole
        | Endpoint::DisablePerson
        | Endpoint::EnablePerson
        | Endpoint::SignOutPerson => {
            variable.map_or(Subjects::None, |sub| Subjects::Person(sub.to_owned()))
        }
        _ => Subjects::None,
    }
}
