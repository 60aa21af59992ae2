//! Roles of machine clients, which sign in as themselves (client credentials grant).

use std::fmt;
use std::str::FromStr;

use gazette_domain::Role;

/// Maximum length of a client id. Source: Cognito API, `ClientIdType`: `[\w+]+`, 1 to 128.
const MAX_CLIENT_ID_BYTES: usize = 128;

/// The role of a machine client's own tokens.
///
/// Written `client=role`, such as `1example23456789=editor`. Tokens of people never get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRole {
    pub(crate) client_id: String,
    pub(crate) role: Role,
}

/// The reason the role of a client is not valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientRoleError {
    /// The `=` is missing.
    #[error("{0:?} is not of the form CLIENT=ROLE, such as 1example23456789=editor")]
    Form(String),
    /// The client id has a form that no id of the pool has.
    #[error("{0:?} is not the id of an app client: 1 to 128 letters, digits, _ or +")]
    Client(String),
    /// The role is unknown; the second value lists the known ones.
    #[error("unknown role {0:?}; known roles: {1}")]
    Role(String, String),
}

impl ClientRole {
    /// Returns the id of the client.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Returns the id of a client that is listed twice.
    pub fn find_duplicate(roles: &[Self]) -> Option<&str> {
        let is_repeated = |(index, role): &(usize, &Self)| {
            roles.iter().skip(index + 1).any(|later| later.client_id == role.client_id)
        };
        roles.iter().enumerate().find(is_repeated).map(|(_, role)| role.client_id())
    }
}

impl FromStr for ClientRole {
    type Err = ClientRoleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (client_id, role) =
            text.split_once('=').ok_or_else(|| ClientRoleError::Form(text.to_owned()))?;
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+');
        let is_id = (1..=MAX_CLIENT_ID_BYTES).contains(&client_id.len());
        if !is_id || !client_id.chars().all(is_allowed) {
            return Err(ClientRoleError::Client(client_id.to_owned()));
        }
        let role = Role::named(role).ok_or_else(|| {
            let known = Role::ALL.map(Role::as_str).join(", ");
            ClientRoleError::Role(role.to_owned(), known)
        })?;
        Ok(Self { client_id: client_id.to_owned(), role })
    }
}

impl fmt::Display for ClientRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.client_id, self.role.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_of_a_client_is_its_id_and_a_role() {
        let role: ClientRole = "1example23456789=admin".parse().unwrap();
        assert_eq!((role.client_id(), role.role), ("1example23456789", Role::Admin));
        assert_eq!(role.to_string(), "1example23456789=admin");
    }

    #[test]
    fn an_invalid_role_of_a_client_is_refused_with_the_reason() {
        let refused = |text: &str| text.parse::<ClientRole>().unwrap_err().to_string();
        assert!(refused("shop").starts_with(r#""shop" is not of the form CLIENT=ROLE"#));
        assert_eq!(
            refused("shop=owner"),
            r#"unknown role "owner"; known roles: writer, editor, admin"#
        );
        // The form of a user's subject is not that of a client.
        for client in ["", "a b", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "*", &"a".repeat(129)] {
            let message = refused(&format!("{client}=admin"));
            assert!(message.contains("is not the id of an app client"), "{message}");
        }
    }

    #[test]
    fn a_client_that_is_listed_twice_is_found() {
        let roles = |text: &str| -> Vec<ClientRole> {
            text.split(' ').map(|role| role.parse().unwrap()).collect()
        };
        assert_eq!(ClientRole::find_duplicate(&roles("a=admin b=admin A=admin")), None);
        assert_eq!(ClientRole::find_duplicate(&roles("b=writer a=admin a=writer")), Some("a"));
    }
}
