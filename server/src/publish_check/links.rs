//! Links of a story to other stories of this site.

use gazette_domain::Slug;

use crate::percent_decoded::percent_decoded;

const STORIES: &str = "/news/";

/// Story that a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The story with this slug.
    Story(Slug),
    /// None: no story can have this address.
    Impossible,
}

/// Returns the story of this site that a link leads to; `None` for other links.
pub(super) fn target_of(link: &str, public_url: &str) -> Option<Target> {
    let path = link.strip_prefix(public_url).unwrap_or(link);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let name = path.strip_prefix(STORIES)?.trim_end_matches('/');
    if name.is_empty() || name.contains('/') {
        return None;
    }
    let slug = Slug::from_other_spelling(&percent_decoded(name));
    Some(slug.map_or(Target::Impossible, Target::Story))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_stories_are_known_in_every_spelling() {
        let target = |link: &str| target_of(link, "https://news.example");
        let story = |slug: &str| Some(Target::Story(slug.parse().expect("a slug")));
        assert_eq!(target("/news/rivers-rise?a=1#top"), story("rivers-rise"));
        assert_eq!(target("https://news.example/news/rivers-rise/"), story("rivers-rise"));
        assert_eq!(target("/news/Rivers-Rise"), story("rivers-rise"));
        assert_eq!(target("/news/%D1%80%D0%B5%D0%BA%D0%B0"), story("река"));
        assert_eq!(target("/news/a--b"), Some(Target::Impossible));
        for other in [
            "/news",
            "/news/",
            "/news/a/b",
            "/section/news",
            "https://other.example/news/a",
            "https://news.example.evil/news/a",
            "mailto:a@b.example",
            "",
        ] {
            assert_eq!(target(other), None, "{other}");
        }
    }
}
