//! Asks admins for confirmation before they give up their own access.

use gazette_domain::{Endpoint, Role};
use leptos::prelude::*;

use crate::page::Page;

/// Access that the caller is about to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLoss {
    /// The role of an admin, for this one; readers have none.
    Role(Option<Role>),
    /// Signing in.
    Account,
}

/// Asks for confirmation.
pub fn confirm_access_loss(sub: &str, loss: AccessLoss) -> Page {
    let (title, text, label, action, role) = match loss {
        AccessLoss::Role(role) => (
            "Give up your own admin role?",
            "You will lose this page at once. Only another admin can give the role back to you.",
            "Give up admin role",
            Endpoint::ChangeRole,
            Some(role.map_or("reader", Role::as_str)),
        ),
        AccessLoss::Account => (
            "Disable your own account?",
            "You will be signed out at once. Only another admin can let you in again.",
            "Disable my account",
            Endpoint::DisablePerson,
            None,
        ),
    };
    let role = role.map(|role| view! { <input r#type="hidden" name="role" value=role /> });
    let content = view! {
        <div class="panel">
            <h1>{title}</h1>
            <p>{text}</p>
            <form method="post" action=action.path_with(sub)>
                {role}
                <input r#type="hidden" name="confirm" value="yes" />
                <p class="actions">
                    <button class="btn danger">{label}</button>
                    <a class="btn quiet" href=Endpoint::Person.path_with(sub)>"Cancel"</a>
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::People, content.into_any())
}
