//! The site's routes as API Gateway names them, from the route table.

use gazette_domain::{Action, ROUTES, Route};

/// Returns method and path of the routes that ask for an action, with `*` for a variable.
///
/// A route without an action is in no policy: it is not meant to be behind the authorizer.
pub(crate) fn routes(action: Action) -> impl Iterator<Item = (&'static str, String)> {
    let routes = ROUTES.iter().filter(move |route| route.action == Some(action));
    routes.flat_map(|route| {
        route.method.names().iter().map(|method| (*method, with_wildcard(route.path)))
    })
}

/// Returns the action behind a route key of an HTTP API, such as `DELETE /news/{id}`.
///
/// `None` for a key with more than one method and for unknown paths: API Gateway may cache the
/// decision for all of them.
pub(crate) fn action_of(route_key: &str) -> Option<Action> {
    let (method, path) = route_key.split_once(' ')?;
    let is_meant =
        |route: &&Route| route.method.names().contains(&method) && is_like(path, route.path);
    ROUTES.iter().find(is_meant)?.action
}

/// IAM's `*` matches any text, including slashes.
fn with_wildcard(path: &str) -> String {
    match path.split_once('{') {
        Some((fixed, _)) => format!("{fixed}*"),
        None => path.to_owned(),
    }
}

fn is_like(path: &str, pattern: &str) -> bool {
    match pattern.split_once('{') {
        None => path == pattern,
        Some((fixed, _)) => path.strip_prefix(fixed).is_some_and(is_one_variable),
    }
}

/// Returns whether the rest of a key is one variable, `{id}` or `{id+}`.
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
        let all: Vec<_> = Action::ALL.into_iter().flat_map(routes).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert!(Action::ALL.into_iter().all(|action| routes(action).next().is_some()));
    }

    #[test]
    fn a_variable_is_last_in_its_path() {
        // A wildcard would otherwise match more than the route.
        for route in ROUTES.iter().filter(|route| route.path.contains('{')) {
            assert!(route.path.ends_with('}') && route.path.matches('{').count() == 1, "{route:?}");
        }
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
