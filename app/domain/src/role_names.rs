//! Roles in words.

use crate::action::Role;

/// Returns the roles in words, highest first: `Reader` without any, `Admin and Writer` with two.
pub fn role_names(roles: &[Role]) -> String {
    let mut roles = roles.to_vec();
    roles.sort_unstable_by(|left, right| right.cmp(left));
    roles.dedup();
    match roles.as_slice() {
        [] => "Reader".to_owned(),
        [role] => name(*role).to_owned(),
        [others @ .., last] => {
            let others: Vec<_> = others.iter().map(|role| name(*role)).collect();
            format!("{} and {}", others.join(", "), name(*last))
        }
    }
}

fn name(role: Role) -> &'static str {
    match role {
        Role::Writer => "Writer",
        Role::Editor => "Editor",
        Role::Admin => "Admin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_roles_are_named_highest_first() {
        assert_eq!(role_names(&[]), "Reader");
        assert_eq!(role_names(&[Role::Editor]), "Editor");
        assert_eq!(role_names(&[Role::Writer, Role::Admin]), "Admin and Writer");
        assert_eq!(role_names(&Role::ALL), "Admin, Editor and Writer");
    }
}
