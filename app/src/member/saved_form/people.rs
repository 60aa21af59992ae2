//! The words for forms about people.

use gazette_domain::Endpoint;

use super::fields::SavedFields;
use super::subjects::Names;
use super::wording::{Words, act};

/// Returns the words for a form about a person; `None` for other forms.
///
/// The form may have been left in the browser by someone else, so its own name counts only if the
/// name of the person whom it would change cannot be found.
pub(super) fn people(endpoint: Endpoint, fields: &SavedFields, names: &Names) -> Option<Words> {
    let typed = fields.get("name").trim();
    let name = match names.known.first() {
        Some(name) => name,
        None if typed.is_empty() => "this person",
        None => typed,
    };
    let act = |button: String| act(button, Endpoint::People);
    Some(match endpoint {
        Endpoint::InvitePerson => act(format!("Invite {name}"))
            .typed("E-mail", fields.get("email"))
            .typed("Role", fields.get("role")),
        Endpoint::InvitePersonAgain => act(format!("Invite {name} again")),
        Endpoint::ChangeRole => act(format!("Make {name} {}", role(fields.get("role")))),
        Endpoint::DisablePerson => act(format!("Disable {name}")).danger(),
        Endpoint::EnablePerson => act(format!("Enable {name}")),
        Endpoint::SignOutPerson => act(format!("Sign {name} out everywhere")),
        _ => return None,
    })
}

/// Returns a role with its article.
fn role(name: &str) -> String {
    let article = if name.starts_with(['a', 'e']) { "an" } else { "a" };
    let name = if name.is_empty() { "member of another role" } else { name };
    format!("{article} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_role_names_the_person_and_the_role() {
        let question = |name: &str, role: &str| {
            let pairs = [("name", name), ("role", role)];
            let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let words = people(Endpoint::ChangeRole, &SavedFields(pairs.into()), &Names::default());
            words.map(|words| words.question)
        };
        assert_eq!(question("ana", "editor").as_deref(), Some("Make ana an editor?"));
        assert_eq!(question("ana", "writer").as_deref(), Some("Make ana a writer?"));
        assert_eq!(question("", "admin").as_deref(), Some("Make this person an admin?"));
    }
}
