//! Why a person may do what they may: the token, the groups at the pool, and the rules.

use gazette_domain::{Action, Policy};
use leptos::prelude::*;

use super::known_person::Person;
use crate::components::{reason_code, time};
use crate::frame::Frame;
use crate::member::action_name;

/// Shows the groups by source, and the decision for each action.
pub(super) fn grounds(frame: &Frame, policy: &Policy, person: &Person) -> impl IntoView + use<> {
    let token = person.token.as_ref().map(|token| &token.groups);
    let live = person.groups.as_ref();
    let rows = (token.is_some() || live.is_some())
        .then(|| permissions(policy, token.map(Vec::as_slice), live.map(Vec::as_slice)));
    view! {
        <h2>"Why may they?"</h2>
        {sources(frame, person)}
        {difference(person)}
        {rows}
    }
}

fn sources(frame: &Frame, person: &Person) -> impl IntoView + use<> {
    let token = match &person.token {
        None => view! { "No active session" }.into_any(),
        Some(token) => {
            let names = group_names(&token.groups);
            view! { <bdi>{names}</bdi> }.into_any()
        }
    };
    let live = match &person.groups {
        None => "Not known".to_owned(),
        Some(groups) => group_names(groups),
    };
    let confirmed = person.token.as_ref().and_then(|token| token.verified_at).map(|at| {
        view! { <dt>"Confirmed"</dt> <dd>{time(frame, at)}</dd> }
    });
    view! {
        <dl class="facts">
            <dt>"Groups in their token"</dt>
            <dd>{token}</dd>
            {confirmed}
            <dt>"Groups at the user pool"</dt>
            <dd><bdi>{live}</bdi></dd>
        </dl>
    }
}

/// Says that token and pool differ, and from when on the pool counts.
fn difference(person: &Person) -> Option<impl IntoView + use<>> {
    let (token, live) = (person.token.as_ref()?, person.groups.as_ref()?);
    if is_same(&token.groups, live) {
        return None;
    }
    let (said, now) = (group_names(&token.groups), group_names(live));
    let when = match token.verified_at {
        Some(_) => "within a minute for changes, within five minutes for reading the newsroom",
        None => "at their next request",
    };
    Some(view! {
        <p class="notice">
            "The token says " <bdi>{said}</bdi> ", the user pool says " <bdi>{now}</bdi>
            {format!(": takes effect {when}.")}
        </p>
    })
}

fn permissions(
    policy: &Policy,
    token: Option<&[String]>,
    live: Option<&[String]>,
) -> impl IntoView + use<> {
    let rows = Action::ALL
        .into_iter()
        .map(|action| {
            let by_token = token.map(|groups| policy.decide_for_groups(groups, action));
            let by_pool = live.map(|groups| policy.decide_for_groups(groups, action));
            let decided = by_pool.or(by_token);
            let was = by_token.filter(|token| by_pool.is_some_and(|pool| pool != *token));
            let answer = match (decided, was) {
                (Some(now), Some(was)) if was.is_allowed() != now.is_allowed() => {
                    format!(
                        "{}, token says {}",
                        yes_or_no(now.is_allowed()),
                        yes_or_no(was.is_allowed()).to_lowercase()
                    )
                }
                (Some(now), _) => yes_or_no(now.is_allowed()).to_owned(),
                (None, _) => String::new(),
            };
            view! {
                <tr>
                    <th scope="row">{action_name(action)}</th>
                    <td>{answer}</td>
                    <td>{decided.map(|reason| reason_code(reason.as_str()))}</td>
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
                    <th scope="col">"Rule"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn yes_or_no(is_allowed: bool) -> &'static str {
    if is_allowed { "Yes" } else { "No" }
}

fn group_names(groups: &[String]) -> String {
    if groups.is_empty() { "none".to_owned() } else { groups.join(", ") }
}

fn is_same(left: &[String], right: &[String]) -> bool {
    left.len() == right.len() && left.iter().all(|group| right.contains(group))
}
