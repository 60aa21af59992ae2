//! Permissions of a person and their reasons: the token, the groups at the pool, and the rules.

use gazette_domain::{Action, Policy, Reason};
use leptos::prelude::*;

use super::known_person::Person;
use crate::components::time;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::member::{decision_table, yes_or_no};

/// Shows the groups by source, and the decision for each action.
pub(super) fn grounds(frame: &Frame, policy: &Policy, person: &Person) -> impl IntoView + use<> {
    let token = person.token.as_ref().map(|token| &token.groups);
    let live = person.groups.as_ref();
    let rows = (token.is_some() || live.is_some())
        .then(|| permissions(policy, token.map(Vec::as_slice), live.map(Vec::as_slice)));
    view! {
        <h2>"What they may do"</h2>
        {sources(frame, person)}
        {difference(person)}
        {rows}
    }
}

fn sources(frame: &Frame, person: &Person) -> impl IntoView + use<> {
    let token = match &person.token {
        None => view! { "No active session" }.into_markup(),
        Some(token) => {
            let names = group_names(&token.groups);
            view! { <bdi>{names}</bdi> }.into_markup()
        }
    };
    let live = match &person.groups {
        None => "Not known".to_owned(),
        Some(groups) => group_names(groups),
    };
    let confirmed = person.token.as_ref().and_then(|token| token.verified_at).map(|at| {
        view! { <dt>"Last checked"</dt> <dd>{time(frame, at)}</dd> }
    });
    view! {
        <dl class="facts">
            <dt>"Groups when last checked"</dt>
            <dd>{token}</dd>
            {confirmed}
            <dt>"Groups now"</dt>
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
        None => "from the next page they open",
    };
    Some(view! {
        <p class="notice">
            "Their groups were changed from " <bdi>{said}</bdi> " to " <bdi>{now}</bdi>
            {format!(". The change counts {when}.")}
        </p>
    })
}

fn permissions(
    policy: &Policy,
    token: Option<&[String]>,
    live: Option<&[String]>,
) -> impl IntoView + use<> {
    let decided = Action::ALL.into_iter().filter_map(|action| {
        let by_token = token.map(|groups| policy.decide_for_groups(groups, action));
        let by_pool = live.map(|groups| policy.decide_for_groups(groups, action));
        let reason = by_pool.or(by_token)?;
        let (is_allowed, was) = (reason.is_allowed(), by_token.map(Reason::is_allowed));
        let answer = match was.filter(|was| *was != is_allowed) {
            Some(was) => {
                let was = yes_or_no(was).to_lowercase();
                format!("{} (still {was} until then)", yes_or_no(is_allowed))
            }
            None => yes_or_no(is_allowed).to_owned(),
        };
        Some((action, answer, reason))
    });
    decision_table(decided.collect())
}

fn group_names(groups: &[String]) -> String {
    if groups.is_empty() { "none".to_owned() } else { groups.join(", ") }
}

fn is_same(left: &[String], right: &[String]) -> bool {
    left.len() == right.len() && left.iter().all(|group| right.contains(group))
}
