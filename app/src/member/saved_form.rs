//! The page that offers a saved form again after the person has signed in.

use gazette_domain::{Endpoint, Method};
use leptos::prelude::*;

use crate::page::Page;

/// Shows the fields of the form and a button that submits it to `action`.
pub fn saved_form(action: &str, fields: &[(String, String)]) -> Page {
    let hidden = fields
        .iter()
        .map(|(name, value)| {
            view! { <input r#type="hidden" name=name.clone() value=value.clone() /> }
        })
        .collect_view();
    let shown = fields
        .iter()
        .map(|(name, value)| {
            view! {
                <dt>{name.clone()}</dt>
                <dd><pre dir="auto">{value.clone()}</pre></dd>
            }
        })
        .collect_view();
    let content = view! {
        <div class="panel">
            <h1>"Finish what you started"</h1>
            <p>"You were signed out before this was done, so nothing has changed yet."</p>
            <dl class="facts">{shown}</dl>
            <div class="actions">
                <form method="post" action=action.to_owned()>
                    {hidden}
                    <button class="btn">{submit_label(action, fields)}</button>
                </form>
                <form method="post" action=Endpoint::DiscardSavedForm.path()>
                    <button class="btn quiet">"Discard"</button>
                </form>
            </div>
        </div>
    };
    Page::private("Finish what you started", content.into_any())
}

/// Returns the label of the submit button.
fn submit_label(action: &str, fields: &[(String, String)]) -> String {
    let has = |name: &str| fields.iter().any(|(field, _)| field == name);
    let stories = match fields.iter().filter(|(name, _)| name == "id").count() {
        1 => "1 story".to_owned(),
        count => format!("{count} stories"),
    };
    match Endpoint::find(Method::Post, action) {
        Some(Endpoint::DeleteStories) if has("all") => "Delete all stories".to_owned(),
        Some(Endpoint::DeleteStories) if has("id") => format!("Delete {stories}"),
        Some(Endpoint::RestoreStories) if has("job") => "Restore all".to_owned(),
        Some(Endpoint::RestoreStories) if has("id") => format!("Restore {stories}"),
        Some(Endpoint::RenameLabel) => "Rename".to_owned(),
        Some(Endpoint::CorrectStory) => "Publish correction".to_owned(),
        Some(Endpoint::UndoImport) => "Undo the import".to_owned(),
        Some(Endpoint::EmptyTrash) => "Empty trash".to_owned(),
        Some(Endpoint::AddRedirect) => "Add redirect".to_owned(),
        Some(Endpoint::RemoveRedirect) => "Remove redirect".to_owned(),
        _ => "Continue".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submit_label_names_the_action() {
        let label = |action: &str, names: &[&str]| {
            let fields: Vec<_> =
                names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
            submit_label(action, &fields)
        };
        assert_eq!(label("/desk/delete", &["id", "id"]), "Delete 2 stories");
        assert_eq!(label("/desk/delete", &["all", "word"]), "Delete all stories");
        assert_eq!(label("/desk/restore", &["id"]), "Restore 1 story");
        assert_eq!(label("/desk/restore", &["job"]), "Restore all");
        assert_eq!(label("/desk/trash/empty", &["word"]), "Empty trash");
        assert_eq!(label("/desk/redirects", &["from", "to", "status"]), "Add redirect");
        assert_eq!(label("/desk/redirects/remove", &["from"]), "Remove redirect");
        assert_eq!(label("/desk/other", &["id"]), "Continue");
    }
}
