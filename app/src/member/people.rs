//! The people page: recent sign-ins, for admins who may sign people out.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::components::{PageLink, page_links, with_query};
use crate::frame::Frame;
use crate::member::notice::{AccountNotice, notice_line};
use crate::page::Page;

/// A person who signed in recently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Subject claim; the pool never reassigns it.
    pub sub: String,
    /// Sign-in name.
    pub username: String,
    /// Number of active sessions.
    pub sessions: usize,
    /// The person has more sessions than counted.
    pub more: bool,
}

/// Shows one page of people, each with a button to end all of their sessions.
pub fn people(
    frame: &Frame,
    people: &[PersonRow],
    more: bool,
    first: bool,
    notice: Option<AccountNotice>,
) -> Page {
    let rows = people.iter().map(row).collect_view();
    let first_page = (!first)
        .then(|| PageLink { label: "First page", href: Endpoint::People.path().to_owned() });
    let next_page = people.last().filter(|_| more).map(|last| PageLink {
        label: "Next",
        href: with_query(Endpoint::People.path(), &[("cursor", last.sub.clone())]),
    });
    let content = view! {
        <div class="panel">
            <h1>"People"</h1>
            {notice.map(notice_line)}
            <table class="data-table stacked">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Sessions"</th>
                        <th scope="col"><span class="visually-hidden">"Sign out"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {page_links(frame, first_page, next_page)}
            <p class="meta">
                "People can sign in again after this. To block someone, disable their account in the user pool first."
            </p>
        </div>
    };
    Page::newsroom("People", Endpoint::People, content.into_any())
}

fn row(person: &PersonRow) -> impl IntoView + use<> {
    let or_more = if person.more { " or more" } else { "" };
    let sessions = format!("{}{or_more}", person.sessions);
    let label = format!("Sign out {} everywhere", person.username);
    view! {
        <tr>
            <th scope="row">
                <bdi>{person.username.clone()}</bdi> <br /> <code>{person.sub.clone()}</code>
            </th>
            <td data-head="Sessions">{sessions}</td>
            <td>
                <form method="post" action=Endpoint::SignOutPerson.path()>
                    <input r#type="hidden" name="sub" value=person.sub.clone() />
                    <button class="btn quiet" aria-label=label>"Sign out"</button>
                </form>
            </td>
        </tr>
    }
}
