//! The words for forms about people.

use gazette_domain::Endpoint;

use super::fields::SavedFields;
use super::wording::{Words, act};

/// Returns the words for a form about a person; `None` for other forms.
pub(super) fn people(endpoint: Endpoint, fields: &SavedFields) -> Option<Words> {
    let name = match fields.get("name").trim() {
        "" => "this person",
        name => name,
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
            people(Endpoint::ChangeRole, &SavedFields(pairs.into())).map(|words| words.question)
        };
        assert_eq!(question("ana", "editor").as_deref(), Some("Make ana an editor?"));
        assert_eq!(question("ana", "writer").as_deref(), Some("Make ana a writer?"));
        assert_eq!(question("", "admin").as_deref(), Some("Make this person an admin?"));
    }
}
