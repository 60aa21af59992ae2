//! The table of a person's active sessions.

use gazette_domain::Endpoint;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::time;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;

/// An active session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Public name of the session; the form to end it sends this.
    pub name: String,
    /// Browser and operating system.
    pub device: String,
    /// Time of the sign-in.
    pub began_at: Timestamp,
    /// Time of the last request, to the minute.
    pub seen_at: Timestamp,
    /// The session belongs to this request.
    pub is_this: bool,
}

/// Shows the sessions, each with a button to end it. `more` is true if the list is incomplete.
pub(super) fn sessions(
    frame: &Frame,
    sessions: &[SessionRow],
    more: bool,
) -> impl IntoView + use<> {
    let more = more.then(|| {
        let count = sessions.len();
        view! {
            <p class="meta">
                {format!("Showing the first {count} sessions. \u{201c}Sign out everywhere\u{201d} ends all of them.")}
            </p>
        }
    });
    let rows = sessions.iter().map(|session| row(frame, session)).collect_view();
    view! {
        <table class="data-table stacked">
            <thead>
                <tr>
                    <th scope="col">"Browser"</th>
                    <th scope="col">"Signed in"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col"><span class="visually-hidden">"Sign out"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {more}
        <div class="actions">
            <form method="post" action=Endpoint::EndAllSessions.path()>
                <button class="btn quiet">"Sign out everywhere"</button>
            </form>
        </div>
    }
}

fn row(frame: &Frame, session: &SessionRow) -> impl IntoView + use<> {
    let name = session.name.clone();
    let label = format!("Sign out {}", session.device);
    let end = if session.is_this {
        view! { "This device" }.into_markup()
    } else {
        view! {
            <form method="post" action=Endpoint::EndSession.path()>
                <input r#type="hidden" name="session" value=name />
                <button class="btn quiet" aria-label=label>"Sign out"</button>
            </form>
        }
        .into_markup()
    };
    view! {
        <tr>
            <th scope="row">{session.device.clone()}</th>
            <td data-head="Signed in">{time(frame, session.began_at)}</td>
            <td data-head="Last used">{time(frame, session.seen_at)}</td>
            <td>{end}</td>
        </tr>
    }
}
