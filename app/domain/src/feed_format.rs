//! Formats of feeds for programs that follow the site.

/// Format of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeedFormat {
    /// Atom (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl FeedFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// Returns the name of the format for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
            Self::Rss => "RSS",
            Self::Json => "JSON Feed",
        }
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// Returns the path of the feed of a list. A list is named by the path of its page, such as
    /// `/section/world`; the empty path is the whole site.
    pub fn path(self, list: &str) -> String {
        format!("{list}{}", self.last_segment())
    }

    /// Returns the format of the feed at a path; `None` if the path is not one of a feed.
    pub fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| path.ends_with(format.last_segment()))
    }

    fn last_segment(self) -> &'static str {
        match self {
            Self::Atom => "/feed.atom",
            Self::Rss => "/feed.rss",
            Self::Json => "/feed.json",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::LabelKind;
    use crate::routes::{Endpoint, Method};

    #[test]
    fn the_site_and_each_label_have_a_route_for_every_format() {
        let labels = LabelKind::ALL.map(|kind| kind.endpoint().path_with("\u{6a4b}"));
        for list in labels.iter().map(String::as_str).chain([""]) {
            for format in FeedFormat::ALL {
                let path = format.path(list);
                let endpoint = Endpoint::find(Method::Get, &path).expect("a route");
                assert_eq!(endpoint.path_with("\u{6a4b}"), path);
                assert_eq!(FeedFormat::of_path(endpoint.path()), Some(format));
            }
        }
        for other in [Endpoint::FrontPage, Endpoint::Section, Endpoint::ListNews] {
            assert_eq!(FeedFormat::of_path(other.path()), None);
        }
    }
}
