//! One person: facts, changes of their access, and its grounds.

use gazette_domain::{Endpoint, Policy, role_names};
use leptos::prelude::*;

use super::grounds::grounds;
use super::known_person::Person;
use super::list::session_count;
use super::notice::{PeopleNotice, PoolProblem, notice_line, problem_note};
use super::role_select::role_select;
use crate::components::time;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// Shows a person, with what may be done.
pub fn person(
    frame: &Frame,
    policy: &Policy,
    shown: &Person,
    problem: Option<&PoolProblem>,
    notice: Option<PeopleNotice>,
) -> Page {
    let content = view! {
        <div class="desk person">
            <p class="more"><a href=Endpoint::People.path()>"People"</a></p>
            <h1><bdi>{shown.name.clone()}</bdi></h1>
            {notice.map(notice_line)}
            {problem.map(problem_note)}
            {facts(frame, policy, shown)}
            {changes(policy, shown)}
            {grounds(frame, policy, shown)}
        </div>
    };
    Page::newsroom(shown.name.clone(), Endpoint::People, content.into_markup())
}

fn facts(frame: &Frame, policy: &Policy, shown: &Person) -> impl IntoView + use<> {
    let role = match &shown.groups {
        Some(groups) => role_names(&policy.named_roles(groups)),
        None => "Not known".to_owned(),
    };
    let state = match (&shown.groups, shown.is_enabled, shown.is_invited) {
        (None, ..) => "Not known",
        (_, false, _) => "Disabled: cannot sign in",
        (_, true, true) => "Invited: has not signed in yet",
        (_, true, false) => "Can sign in",
    };
    let seen = match shown.seen_at {
        Some(at) => view! { {time(frame, at)} }.into_markup(),
        None => view! { "\u{2013}" }.into_markup(),
    };
    let email = shown.email.clone().unwrap_or_else(|| "not provided".to_owned());
    let created = shown.created_at.map(|at| view! { <dt>"Since"</dt> <dd>{time(frame, at)}</dd> });
    view! {
        <dl class="facts">
            <dt>"Role"</dt>
            <dd>{role}</dd>
            <dt>"State"</dt>
            <dd>{state}</dd>
            <dt>"Email"</dt>
            <dd><bdi>{email}</bdi></dd>
            <dt>"Last seen"</dt>
            <dd>{seen}</dd>
            <dt>"Active sessions"</dt>
            <dd>{session_count(shown.sessions, shown.has_more_sessions)}</dd>
            <dt>"Signs in as"</dt>
            <dd><bdi>{shown.username.clone()}</bdi></dd>
            <dt>"User ID"</dt>
            <dd><code>{shown.sub.clone()}</code></dd>
            {created}
        </dl>
    }
}

fn changes(policy: &Policy, shown: &Person) -> impl IntoView + use<> {
    let role = shown.groups.as_ref().map(|groups| {
        let current = policy.named_roles(groups).pop();
        view! {
            <form class="toolbar" method="post" action=Endpoint::ChangeRole.path_with(&shown.sub)>
                <input r#type="hidden" name="name" value=shown.name.clone() />
                <label for="role">"Role"</label>
                {role_select("role", current)}
                <button class="btn">"Change role"</button>
            </form>
        }
    });
    let switch = shown.groups.as_ref().map(|_| {
        let (endpoint, label, class) = if shown.is_enabled {
            (Endpoint::DisablePerson, "Disable", "btn danger")
        } else {
            (Endpoint::EnablePerson, "Enable", "btn quiet")
        };
        let ask = shown.is_enabled.then(|| {
            view! { <input r#type="hidden" name="confirm" value="ask" /> }
        });
        view! {
            <form method="post" action=endpoint.path_with(&shown.sub)>
                <input r#type="hidden" name="name" value=shown.name.clone() />
                {ask} <button class=class>{label}</button>
            </form>
        }
    });
    let again = (shown.is_invited && shown.is_enabled)
        .then(|| button_form(Endpoint::InvitePersonAgain, shown, "Invite again", "btn quiet"));
    view! {
        <h2>"Access"</h2>
        {role}
        <div class="actions">
            {again}
            {button_form(Endpoint::SignOutPerson, shown, "Sign out everywhere", "btn quiet")}
            {switch}
        </div>
        <p class="meta">
            "People who are signed out can sign in again. Disable someone to keep them out: that also signs them out everywhere."
        </p>
    }
}

/// Shows a form with one button. The name tells whom it is about if the form must be offered again.
fn button_form(
    endpoint: Endpoint,
    shown: &Person,
    label: &'static str,
    class: &'static str,
) -> impl IntoView + use<> {
    view! {
        <form method="post" action=endpoint.path_with(&shown.sub)>
            <input r#type="hidden" name="name" value=shown.name.clone() />
            <button class=class>{label}</button>
        </form>
    }
}
