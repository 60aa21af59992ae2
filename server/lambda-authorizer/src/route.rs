//! Which of the site's routes belongs to which action.

use gazette_domain::Action;

/// A method and a path; `*` at the end of a path stands for one story or more.
pub(crate) type Route = (&'static str, &'static str);

/// The routes that an action needs, as API Gateway knows them.
///
/// A route that is listed nowhere is nobody's: no policy allows it.
pub(crate) fn routes(action: Action) -> &'static [Route] {
    match action {
        Action::ReadNews => {
            &[("GET", "/news"), ("GET", "/news/*"), ("HEAD", "/news"), ("HEAD", "/news/*")]
        }
        Action::ReadAccount => &[("GET", "/auth/me")],
        Action::SaveNews => &[("GET", "/saved"), ("POST", "/saved"), ("POST", "/saved/remove")],
        Action::OpenDesk => &[("GET", "/desk")],
        Action::WriteNews => &[("POST", "/news"), ("PUT", "/news/*")],
        Action::DeleteNews => &[("DELETE", "/news"), ("DELETE", "/news/*")],
        Action::RestoreNews => &[("GET", "/desk/trash"), ("POST", "/desk/restore")],
        Action::EraseNews => &[("POST", "/desk/trash/empty")],
        Action::ReadAudit => &[("GET", "/desk/audit")],
        Action::ManageAccess => &[("GET", "/account/people"), ("POST", "/account/people/end")],
    }
}

/// The action behind the key of an HTTP API's route, such as `DELETE /news/{id}`.
///
/// `None` for a key that stands for more than one method or for unknown paths: what is
/// said of it may be remembered for all of them.
pub(crate) fn action_of(route_key: &str) -> Option<Action> {
    let (method, path) = route_key.split_once(' ')?;
    let is_of = |action: &Action| {
        routes(*action).iter().any(|(known, pattern)| *known == method && is_like(path, pattern))
    };
    Action::ALL.into_iter().find(is_of)
}

fn is_like(path: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        None => path == pattern,
        Some(folder) => path.strip_prefix(folder).is_some_and(is_one_variable),
    }
}

/// Whether the rest of a key is one variable, `{id}` or `{id+}`.
fn is_one_variable(rest: &str) -> bool {
    let name = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let name = name.map(|name| name.strip_suffix('+').unwrap_or(name));
    name.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_route_belongs_to_two_actions_and_no_action_is_without() {
        let all: Vec<Route> = Action::ALL.into_iter().flat_map(routes).copied().collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert!(Action::ALL.into_iter().all(|action| !routes(action).is_empty()));
    }

    #[test]
    fn a_route_key_means_one_action_or_none() {
        for (key, action) in [
            ("GET /news", Some(Action::ReadNews)),
            ("DELETE /news", Some(Action::DeleteNews)),
            ("DELETE /news/{id}", Some(Action::DeleteNews)),
            ("DELETE /news/{proxy+}", Some(Action::DeleteNews)),
            ("PUT /news/{id}", Some(Action::WriteNews)),
            ("GET /auth/me", Some(Action::ReadAccount)),
            ("ANY /news", None),
            ("$default", None),
            ("GET /{proxy+}", None),
            ("DELETE /news/", None),
            ("DELETE /news/{}", None),
            ("DELETE /news/{id}/{more}", None),
            ("DELETE /news/*", None),
            ("delete /news", None),
            ("PATCH /news", None),
            ("", None),
        ] {
            assert_eq!(action_of(key), action, "{key}");
        }
    }
}
