//! The choice of a role.

use gazette_domain::{Role, role_names};
use leptos::prelude::*;

/// Value of the choice for people without a role.
const READER: &str = "reader";

/// Shows the roles, with `current` chosen; readers have none.
pub(super) fn role_select(id: &'static str, current: Option<Role>) -> impl IntoView + use<> {
    let roles = [None].into_iter().chain(Role::ALL.map(Some));
    let options = roles
        .map(|role| {
            let value = role.map_or(READER, Role::as_str);
            let name = role_names(role.as_slice());
            view! { <option value=value selected=role == current>{name}</option> }
        })
        .collect_view();
    view! { <select id=id name="role">{options}</select> }
}
