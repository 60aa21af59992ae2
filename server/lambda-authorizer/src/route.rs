//! The site's routes as API Gateway names them, from the route table.

use gazette_domain::{Action, ROUTES, Route};

/// Returns method and path of the routes that ask for an action, with `*` for a variable.
///
/// A route without an action is in no policy: it is not meant to be behind the authorizer. Routes
/// that the wildcard of another one matches are left out, because the size of a policy is limited.
pub(crate) fn routes(action: Action) -> impl Iterator<Item = (&'static str, String)> {
    let is_listed = move |route: &&Route| route.action == Some(action) && !is_covered(route);
    let routes = ROUTES.iter().filter(is_listed);
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

/// Returns whether the wildcard of another route of the same method and action matches the route.
fn is_covered(route: &Route) -> bool {
    let covers = |other: &Route| {
        other.endpoint != route.endpoint
            && (other.method, other.action) == (route.method, route.action)
            && split(other.path).is_some_and(|fixed| matches(fixed, route.path))
    };
    ROUTES.iter().any(covers)
}

/// Returns the fixed text before the first variable of a path, and after the last one.
fn split(path: &str) -> Option<(&str, &str)> {
    Some((path.split_once('{')?.0, path.rsplit_once('}')?.1))
}

/// Leaves out the names that the wildcard of another one matches.
pub(crate) fn without_covered(names: &[String]) -> Vec<String> {
    let covers = |pattern: &String, name: &String| {
        pattern != name && pattern.split_once('*').is_some_and(|fixed| matches(fixed, name))
    };
    let is_covered = |name: &&String| names.iter().any(|pattern| covers(pattern, name));
    names.iter().filter(|name| !is_covered(name)).cloned().collect()
}

/// Returns whether the wildcard between two fixed texts matches a path. IAM's `*` matches any
/// text, including slashes.
fn matches((before, after): (&str, &str), path: &str) -> bool {
    path.strip_prefix(before).is_some_and(|rest| rest.ends_with(after))
}

fn with_wildcard(path: &str) -> String {
    match split(path) {
        Some((before, after)) => format!("{before}*{after}"),
        None => path.to_owned(),
    }
}

fn is_like(path: &str, pattern: &str) -> bool {
    let (mut given, mut wanted) = (path.split('/'), pattern.split('/'));
    let are_alike = wanted.by_ref().all(|wanted| {
        given.next().is_some_and(|given| {
            if wanted.starts_with('{') { is_one_variable(given) } else { given == wanted }
        })
    });
    are_alike && given.next().is_none()
}

/// Returns whether a part of a key is one variable, `{id}` or `{id+}`.
fn is_one_variable(part: &str) -> bool {
    let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let name = name.map(|name| name.strip_suffix('+').unwrap_or(name));
    name.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use gazette_domain::Policy;

    use super::*;

    #[test]
    fn no_route_belongs_to_two_actions_and_no_action_is_without() {
        let all: Vec<_> = Action::ALL.into_iter().flat_map(routes).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert!(Action::ALL.into_iter().all(|action| routes(action).next().is_some()));
    }

    /// A policy denies what it does not allow, and a denial wins. So a wildcard may match routes that
    /// need a higher role, but none that need a lower one: it would deny them too.
    #[test]
    fn a_wildcard_denies_no_route_that_the_caller_may_use() {
        let policy = Policy::default();
        let may = |groups: &[String], action: Option<Action>| {
            action.is_none_or(|action| policy.decide_for_groups(groups, action).is_allowed())
        };
        for route in ROUTES {
            let Some(fixed) = split(route.path) else { continue };
            for other in ROUTES.iter().filter(|other| other.method == route.method) {
                if other.action == route.action || !matches(fixed, other.path) {
                    continue;
                }
                for groups in [&[][..], &["writer"], &["editor"], &["admin"]] {
                    let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
                    let is_kept = !may(&groups, other.action) || may(&groups, route.action);
                    assert!(is_kept, "{route:?} denies {other:?} to {groups:?}");
                }
            }
        }
    }

    #[test]
    fn a_route_within_the_wildcard_of_another_one_is_not_listed() {
        let listed: Vec<_> = routes(Action::ReadNews).map(|(_, path)| path).collect();
        for (path, is_listed) in [
            ("/feed.atom", true),
            ("/section/*", true),
            ("/section/*/feed.atom", false),
            ("/news", true),
        ] {
            assert_eq!(listed.iter().any(|known| known == path), is_listed, "{path}");
        }
        assert_eq!(with_wildcard("/section/{slug}/feed.atom"), "/section/*/feed.atom");
        assert_eq!(with_wildcard("/archive/{year}/{month}"), "/archive/*");
    }

    #[test]
    fn a_route_key_means_one_action_or_none() {
        for (key, action) in [
            ("GET /news", Some(Action::ReadNews)),
            ("DELETE /news", Some(Action::DeleteNews)),
            ("DELETE /news/{id}", Some(Action::DeleteNews)),
            ("DELETE /news/{proxy+}", Some(Action::DeleteNews)),
            ("PUT /news/{id}", Some(Action::DraftNews)),
            ("GET /auth/me", Some(Action::ReadAccount)),
            ("GET /tag/{slug}/feed.rss", Some(Action::ReadNews)),
            ("GET /archive/{year}/{month}", Some(Action::ReadNews)),
            ("GET /archive/{year}", None),
            ("GET /tag/{slug}/feed.xml", None),
            ("GET /tag//feed.rss", None),
            ("GET /tag/{a}/{b}/feed.rss", None),
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
