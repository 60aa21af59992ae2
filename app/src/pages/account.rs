//! Who you are, and why this site thinks so.

use gazette_domain::{Action, Caller, Identity, Policy};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::long_form;
use crate::frame::Frame;
use crate::pages::Page;

/// Shows the verified identity and what it may do.
pub fn account(_frame: &Frame, identity: &Identity, policy: &Policy) -> Page {
    let claims = identity.claims();
    let caller = Caller::SignedIn(identity.clone());
    let groups =
        if claims.groups.is_empty() { "none".to_owned() } else { claims.groups.join(", ") };
    let until = Timestamp::from_second(claims.expires_at).map(long_form).unwrap_or_default();
    let email = claims.email.clone().unwrap_or_else(|| "not told".to_owned());
    // Writing comes with the editor; until then it is nothing that anybody can try.
    let rights = Action::ALL
        .into_iter()
        .filter(|action| *action != Action::WriteNews)
        .map(|action| {
            let reason = policy.decide(&caller, action);
            let answer = if reason.is_allowed() { "Yes" } else { "No" };
            view! {
                <tr>
                    <th scope="row">{what(action)}</th>
                    <td>{answer}</td>
                    <td><code>{reason.as_str()}</code></td>
                </tr>
            }
        })
        .collect_view();
    let content = view! {
        <div class="panel">
            <h1>"Your account"</h1>
            <dl class="facts">
                <dt>"Signed in as"</dt>
                <dd>{claims.username.clone()}</dd>
                <dt>"Email"</dt>
                <dd>{email}</dd>
                <dt>"Groups"</dt>
                <dd>{groups}</dd>
                <dt>"Subject"</dt>
                <dd><code>{claims.sub.clone()}</code></dd>
                <dt>"Signed in until"</dt>
                <dd>{until}</dd>
            </dl>
            <h2>"What you may do"</h2>
            <table class="rights">
                <thead>
                    <tr>
                        <th scope="col">"Action"</th>
                        <th scope="col">"Allowed"</th>
                        <th scope="col">"Reason"</th>
                    </tr>
                </thead>
                <tbody>{rights}</tbody>
            </table>
            <form method="post" action="/auth/logout">
                <button class="btn">"Sign out"</button>
            </form>
        </div>
    };
    Page::private("Your account", content.into_any())
}

fn what(action: Action) -> &'static str {
    match action {
        Action::ReadNews => "Read the news",
        Action::ReadAccount => "See your account",
        Action::SaveNews => "Keep a reading list",
        Action::OpenDesk => "Open the newsroom",
        Action::WriteNews => "Write news",
        Action::DeleteNews => "Delete news",
        Action::RestoreNews => "Restore deleted news",
        Action::EraseNews => "Empty the trash",
        Action::ReadAudit => "Read the audit log",
    }
}
