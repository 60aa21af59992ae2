//! The list of people, for admins.

use gazette_domain::{Endpoint, Role, role_names};
use jiff::Timestamp;
use leptos::prelude::*;

use super::invite_form::{InviteForm, invite_form};
use super::notice::{PeopleNotice, PoolProblem, notice_line, problem_note};
use crate::components::{PageLink, page_links, time, with_query};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::page::Page;

/// A page of people.
#[derive(Clone, Debug)]
pub struct People {
    /// People on the page.
    pub rows: Vec<PersonRow>,
    /// Text that names or addresses begin with.
    pub text: String,
    /// Only people in the group of this role.
    pub role: Option<Role>,
    /// The page is the first of the list.
    pub first: bool,
    /// Parameter with the position of the next page.
    pub next: Option<(&'static str, String)>,
    /// Why the list has only people who signed in recently.
    pub problem: Option<PoolProblem>,
}

/// A person in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Subject claim; the pool never reassigns it.
    pub sub: String,
    /// Display name.
    pub name: String,
    /// Address, if known.
    pub email: Option<String>,
    /// Roles at the pool; `None` if they are not known.
    pub roles: Option<Vec<Role>>,
    /// The person may sign in.
    pub is_enabled: bool,
    /// The person was invited and has not signed in yet.
    pub is_invited: bool,
    /// Time of the latest request in an active session.
    pub seen_at: Option<Timestamp>,
    /// Number of active sessions.
    pub sessions: usize,
    /// The person has more sessions than counted.
    pub has_more_sessions: bool,
}

/// Shows one page of people.
pub fn people(
    frame: &Frame,
    shown: &People,
    form: &InviteForm,
    notice: Option<PeopleNotice>,
) -> Page {
    let path = Endpoint::People.path();
    let mut filters = Vec::new();
    filters.extend(shown.role.map(|role| ("role", role.as_str().to_owned())));
    let first_page =
        (!shown.first).then(|| PageLink { label: "First page", href: with_query(path, &filters) });
    let next_page = shown.next.clone().map(|next| {
        let parameters: Vec<_> = filters.iter().cloned().chain([next]).collect();
        PageLink { label: "Next", href: with_query(path, &parameters) }
    });
    let content = view! {
        <div class="desk people">
            <h1>"People"</h1>
            {notice.map(notice_line)}
            {shown.problem.as_ref().map(problem_note)}
            {invite_form(form)}
            {shown.problem.is_none().then(|| filter_forms(shown))}
            {table(frame, shown)}
            {page_links(frame, first_page, next_page)}
        </div>
    };
    Page::newsroom("People", Endpoint::People, content.into_markup())
}

fn filter_forms(shown: &People) -> impl IntoView + use<> {
    let is_search = !shown.text.is_empty();
    let links = [("Everyone", None)]
        .into_iter()
        .chain([
            ("Admins", Some(Role::Admin)),
            ("Editors", Some(Role::Editor)),
            ("Writers", Some(Role::Writer)),
        ])
        .map(|(label, role)| {
            let parameters: Vec<_> =
                role.iter().map(|role| ("role", role.as_str().to_owned())).collect();
            let href = with_query(Endpoint::People.path(), &parameters);
            let current = (role == shown.role && !is_search).then_some("page");
            view! { <li><a href=href aria-current=current>{label}</a></li> }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label="Filter"><ul>{links}</ul></nav>
        <form class="toolbar" method="get" role="search" action=Endpoint::People.path()>
            <label for="q">"Name or email begins with"</label>
            <input id="q" r#type="search" name="q" value=shown.text.clone() autocapitalize="none"
                spellcheck="false" maxlength="100" />
            <button class="btn quiet">"Search"</button>
        </form>
    }
}

fn table(frame: &Frame, shown: &People) -> Markup {
    if shown.rows.is_empty() {
        let text = match (shown.text.is_empty(), shown.role) {
            (false, _) => "Nobody's name or email begins with this text.",
            (true, Some(_)) => "Nobody has this role.",
            (true, None) => "No people yet.",
        };
        return view! { <p class="empty">{text}</p> }.into_markup();
    }
    let rows = shown.rows.iter().map(|person| row(frame, person)).collect_view();
    view! {
        <table class="data-table stacked people-table">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Last seen"</th>
                    <th scope="col">"Active sessions"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_markup()
}

fn row(frame: &Frame, person: &PersonRow) -> impl IntoView + use<> {
    let href = Endpoint::Person.path_with(&person.sub);
    let email = person.email.clone().map(|email| view! { <br /> <bdi class="meta">{email}</bdi> });
    let role = match &person.roles {
        Some(roles) => role_names(roles),
        None => "Not known".to_owned(),
    };
    let seen = match person.seen_at {
        Some(at) => view! { {time(frame, at)} }.into_markup(),
        None => view! { "\u{2013}" }.into_markup(),
    };
    let sessions = if person.sessions == 0 { "sessions none" } else { "sessions" };
    view! {
        <tr>
            <th scope="row"><a href=href><bdi>{person.name.clone()}</bdi></a> {email}</th>
            <td class="role" data-head="Role">
                {role} {status_label(person.is_enabled, person.is_invited)}
            </td>
            <td class=person.seen_at.is_none().then_some("none") data-head="Last seen">{seen}</td>
            <td class=sessions data-head="Active sessions">
                {session_count(person.sessions, person.has_more_sessions)}
            </td>
        </tr>
    }
}

/// Shows that a person cannot sign in, or has not done so yet.
pub(super) fn status_label(is_enabled: bool, is_invited: bool) -> impl IntoView {
    let label = match (is_enabled, is_invited) {
        (false, _) => Some(("Disabled", "pill")),
        (true, true) => Some(("Invited", "pill scheduled")),
        (true, false) => None,
    };
    label.map(|(label, class)| view! { " " <span class=class>{label}</span> })
}

/// Returns the number of sessions, which may be more than were counted.
pub(super) fn session_count(count: usize, has_more: bool) -> String {
    let or_more = if has_more { " or more" } else { "" };
    format!("{count}{or_more}")
}
