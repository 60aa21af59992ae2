//! Who has signed in lately, for those who may sign them out.

use leptos::prelude::*;

use crate::components::address;
use crate::frame::Frame;
use crate::pages::account::notice_line;
use crate::pages::{AccountNotice, Page};

/// Somebody who has signed in lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLine {
    /// The subject, which the pool never gives to anybody else.
    pub sub: String,
    /// The name they sign in with.
    pub username: String,
    /// How many sessions they have now.
    pub sessions: usize,
    /// Whether they have more than these.
    pub more: bool,
}

/// Shows a page of people and a way to end all sessions of each.
pub fn people(
    _frame: &Frame,
    people: &[PersonLine],
    more: bool,
    first: bool,
    notice: Option<AccountNotice>,
) -> Page {
    let rows = people.iter().map(row).collect_view();
    let last = people.last().filter(|_| more);
    let next = last.map(|last| {
        let href = address("/account/people", &[("cursor", last.sub.clone())]);
        view! { <li><a class="btn" rel="next" href=href>"More people"</a></li> }
    });
    let back = (!first).then(|| {
        view! { <li><a class="btn quiet" href="/account/people">"Back to the first"</a></li> }
    });
    let pages = (next.is_some() || back.is_some())
        .then(|| view! { <nav class="pager" aria-label="Pages"><ul>{back}{next}</ul></nav> });
    let content = view! {
        <div class="panel">
            <h1>"Who has signed in lately"</h1>
            {notice.map(notice_line)}
            <table class="rights stacked">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Sessions"</th>
                        <th scope="col"><span class="vh">"Sign them out"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {pages}
            <p class="meta">
                "Who is signed out can sign in again. To keep somebody out, disable them in the user pool first."
            </p>
        </div>
    };
    Page::private("Who has signed in lately", content.into_any())
}

fn row(person: &PersonLine) -> impl IntoView + use<> {
    let or_more = if person.more { " or more" } else { "" };
    let sessions = format!("{}{or_more}", person.sessions);
    let label = format!("Sign out {} everywhere", person.username);
    view! {
        <tr>
            <th scope="row">
                {person.username.clone()} <br /> <code>{person.sub.clone()}</code>
            </th>
            <td data-head="Sessions">{sessions}</td>
            <td>
                <form method="post" action="/account/people/end">
                    <input r#type="hidden" name="sub" value=person.sub.clone() />
                    <button class="btn quiet" aria-label=label>"Sign out"</button>
                </form>
            </td>
        </tr>
    }
}
