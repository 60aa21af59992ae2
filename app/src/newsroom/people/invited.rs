//! The page after an invitation, which shows a temporary password once.

use gazette_domain::{Endpoint, Role, role_names};
use leptos::prelude::*;

use super::notice::{PoolProblem, problem_note};
use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// A person who was invited.
#[derive(Clone, Copy, Debug)]
pub struct Invited<'a> {
    /// Subject.
    pub sub: &'a str,
    /// Display name.
    pub name: &'a str,
    /// Address, if known.
    pub email: Option<&'a str>,
    /// Role, if this invitation gave one; readers have none.
    pub role: Option<Role>,
    /// Password to hand over; `None` if the user pool sends it.
    pub password: Option<&'a str>,
    /// Why the person does not have the role yet.
    pub problem: Option<&'a PoolProblem>,
}

/// Shows what the admin must hand over.
///
/// This is the response to the form itself, so that the password is never stored.
pub fn invited(shown: Invited<'_>) -> Page {
    let message = match shown.password {
        None => view! {
            <p>"The user pool sends an invitation with a temporary password to their address."</p>
        }
        .into_markup(),
        Some(password) => view! {
            <p>"Hand over this temporary password. It is shown only now."</p>
            <p class="temporary-password"><code>{password.to_owned()}</code></p>
            <p class="meta">
                "It works for seven days. At their first sign-in they choose a password of their own."
            </p>
        }
        .into_markup(),
    };
    let problem = shown.problem.map(|problem| {
        view! {
            <p>"They do not have the role yet. Change it on their page."</p>
            {problem_note(problem)}
        }
    });
    let email = shown.email.map(|email| {
        view! { <dt>"Email"</dt><dd><bdi>{email.to_owned()}</bdi></dd> }
    });
    let role = shown.role.filter(|_| shown.problem.is_none());
    let role = role.map(|role| view! { <dt>"Role"</dt><dd>{role_names(&[role])}</dd> });
    let facts = view! {
        <dl class="facts">
            <dt>"Signs in as"</dt>
            <dd><bdi>{shown.name.to_owned()}</bdi></dd>
            {email}
            {role}
        </dl>
    };
    let content = view! {
        <div class="panel">
            <h1>"Invited " <bdi>{shown.name.to_owned()}</bdi></h1>
            {facts}
            {message}
            {problem}
            <p class="actions">
                <a class="btn" href=Endpoint::Person.path_with(shown.sub)>"Open their page"</a>
                <a class="btn quiet" href=Endpoint::People.path()>"All people"</a>
            </p>
        </div>
    };
    Page::newsroom("Invited", Endpoint::People, content.into_markup())
}
