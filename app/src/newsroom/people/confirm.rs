//! Asks admins for confirmation before they take access away, from others or from themselves.

use gazette_domain::{Endpoint, Role};
use leptos::prelude::*;

use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// Access that the caller is about to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLoss {
    /// The role of an admin, for this one; readers have none.
    Role(Option<Role>),
    /// Signing in.
    Account,
}

/// Asks for confirmation before a person is kept from signing in.
pub fn confirm_disable(sub: &str, name: &str) -> Page {
    let title = format!("Disable {name}?");
    let content = view! {
        <div class="panel">
            <h1 dir="auto">{title.clone()}</h1>
            <p>"They are signed out everywhere at once and cannot sign in until someone enables them again. Their stories stay."</p>
            <form method="post" action=Endpoint::DisablePerson.path_with(sub)>
                <input r#type="hidden" name="name" value=name.to_owned() />
                <p class="actions">
                    <button class="btn danger">"Disable"</button>
                    <a class="btn quiet" href=Endpoint::Person.path_with(sub)>"Cancel"</a>
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::People, content.into_markup())
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
    Page::newsroom(title, Endpoint::People, content.into_markup())
}
