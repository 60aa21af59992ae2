//! Outcomes of changes of people's access, and the reasons why the user pool refused one.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The outcome of a form of the people pages, shown on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeopleNotice {
    /// The person has another role.
    RoleChanged {
        /// Name of the person.
        name: String,
        /// Role in words.
        role: String,
    },
    /// The person cannot sign in any more.
    Disabled(String),
    /// The person can sign in again.
    Enabled(String),
    /// The person was signed out here and at the user pool.
    SignedOut {
        /// Name of the person.
        name: String,
        /// Sessions that were active.
        ended: usize,
    },
}

/// Why the user pool did not do what the page needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolProblem {
    /// The reason, in words for an admin.
    pub message: String,
    /// IAM actions that the site needs, if they are what is missing.
    pub actions: Vec<&'static str>,
}

/// Shows a notice.
pub(super) fn notice_line(notice: PeopleNotice) -> impl IntoView {
    let (name, text) = match notice {
        PeopleNotice::RoleChanged { name, role } => {
            (name, format!(" is now {role}. It counts from the next page they open."))
        }
        PeopleNotice::Disabled(name) => {
            (name, " cannot sign in any more, and was signed out everywhere.".to_owned())
        }
        PeopleNotice::Enabled(name) => (name, " can sign in again.".to_owned()),
        PeopleNotice::SignedOut { name, ended } => {
            let sessions = match ended {
                0 => "no active session here".to_owned(),
                1 => "1 session ended here".to_owned(),
                count => format!("{count} sessions ended here"),
            };
            (name, format!(" was signed out everywhere ({sessions})."))
        }
    };
    view! { <p class="notice" role="status"><bdi>{name}</bdi> {text}</p> }
}

/// Shows why the user pool refused.
pub(super) fn problem_note(problem: &PoolProblem) -> impl IntoView + use<> {
    let actions = (!problem.actions.is_empty()).then(|| {
        let items = problem.actions.iter().map(|action| view! { <li><code>{*action}</code></li> });
        view! {
            <details>
                <summary>"IAM actions that this page needs on the user pool"</summary>
                <ul>{items.collect_view()}</ul>
            </details>
        }
    });
    view! {
        <div class="notice" role="alert">
            <p>{problem.message.clone()}</p>
            {actions}
        </div>
    }
}
