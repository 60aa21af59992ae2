//! The table of actions that a person may perform.

use gazette_domain::{Action, Caller, Policy};
use leptos::prelude::*;

use crate::components::reason_code;

/// Shows for each action if the policy allows it, and the reason code.
pub(super) fn permissions_table(policy: &Policy, caller: &Caller) -> impl IntoView + use<> {
    let rows = Action::ALL
        .into_iter()
        .map(|action| {
            let reason = policy.decide(caller, action);
            let answer = if reason.is_allowed() { "Yes" } else { "No" };
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
                    <th scope="col">"Reason"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Returns an action in words.
pub(crate) fn action_name(action: Action) -> &'static str {
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
