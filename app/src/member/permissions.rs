//! The table of actions that a person may perform.

use gazette_domain::{Action, Caller, Policy, Reason};
use leptos::prelude::*;

use crate::components::reason_code;

/// Shows for each action if the policy allows it.
pub(super) fn permissions_table(policy: &Policy, caller: &Caller) -> impl IntoView + use<> {
    let decided = Action::ALL.into_iter().map(|action| {
        let reason = policy.decide(caller, action);
        (action, yes_or_no(reason.is_allowed()).to_owned(), reason)
    });
    decision_table(decided.collect())
}

/// Shows decisions: the action, and if it is allowed. The codes of the reasons are for those who
/// look for them.
pub(crate) fn decision_table(decisions: Vec<(Action, String, Reason)>) -> impl IntoView {
    let codes = decisions
        .iter()
        .map(|(action, _, reason)| {
            view! { <dt>{action_name(*action)}</dt><dd>{reason_code(reason.as_str())}</dd> }
        })
        .collect_view();
    let rows = decisions
        .into_iter()
        .map(|(action, answer, _)| {
            view! {
                <tr>
                    <th scope="row">{action_name(action)}</th>
                    <td>{answer}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="data-table">
            <thead>
                <tr>
                    <th scope="col">"Action"</th>
                    <th scope="col">"Allowed"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <details class="reasons">
            <summary>"Details"</summary>
            <dl class="facts">{codes}</dl>
        </details>
    }
}

pub(crate) fn yes_or_no(is_allowed: bool) -> &'static str {
    if is_allowed { "Yes" } else { "No" }
}

/// Returns an action in words.
fn action_name(action: Action) -> &'static str {
    match action {
        Action::ReadNews => "Read stories",
        Action::ReadAccount => "View your account",
        Action::SaveNews => "Save stories",
        Action::OpenDesk => "Open the newsroom",
        Action::DraftNews => "Write drafts",
        Action::WriteNews => "Publish stories",
        Action::ManageLabels => "Rename and merge sections, tags and authors",
        Action::ManageRedirects => "Manage redirects",
        Action::AddImages => "Upload pictures",
        Action::DeleteImages => "Delete unused pictures",
        Action::DeleteNews => "Delete stories",
        Action::RestoreNews => "Restore deleted stories",
        Action::EraseNews => "Empty trash",
        Action::ReadAudit => "View activity",
        Action::ReadStatus => "View the status of the server",
        Action::ManageAccess => "Manage people and their access",
    }
}
