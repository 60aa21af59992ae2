//! The table of actions that a person may perform.

use gazette_domain::{Action, Caller, Policy, Reason};
use leptos::prelude::*;

use crate::components::reason_code;

/// Shows for each action if the policy allows it, and the reason code.
pub(super) fn permissions_table(policy: &Policy, caller: &Caller) -> impl IntoView + use<> {
    let decided = Action::ALL.into_iter().map(|action| {
        let reason = policy.decide(caller, action);
        (action, yes_or_no(reason.is_allowed()).to_owned(), reason)
    });
    decision_table("Reason", decided.collect())
}

/// Shows decisions: the action, if it is allowed, and the reason.
pub(crate) fn decision_table(
    reason_head: &'static str,
    decisions: Vec<(Action, String, Reason)>,
) -> impl IntoView {
    let rows = decisions
        .into_iter()
        .map(|(action, answer, reason)| {
            view! {
                <tr>
                    <th scope="row">{action_name(action)}</th>
                    <td>{answer}</td>
                    <td>{reason_code(reason.as_str())}</td>
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
                    <th scope="col">{reason_head}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
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
        Action::ManageAccess => "Manage people and their access",
    }
}
