//! Links, and paths with query parameters.

use gazette_domain::{Endpoint, Label, StoryId, push_percent_encoded};
use leptos::prelude::*;

use crate::frame::Frame;

/// Returns a path with query parameters, percent-encoded (RFC 3986 §2.1).
pub fn with_query(path: &str, parameters: &[(&str, String)]) -> String {
    let mut href = path.to_owned();
    for (index, (name, value)) in parameters.iter().enumerate() {
        href.push(if index == 0 { '?' } else { '&' });
        href.push_str(name);
        href.push('=');
        push_percent_encoded(&mut href, value);
    }
    href
}

/// Returns the link that signs in and then returns to `path`.
pub fn sign_in_href(path: &str) -> String {
    with_query(Endpoint::Login.path(), &[("return_to", path.to_owned())])
}

/// Returns the link that signs in, saves a story and then returns to `path`.
pub fn sign_in_and_save_href(path: &str, story: StoryId) -> String {
    let parameters = [("return_to", path.to_owned()), ("save", story.to_string())];
    with_query(Endpoint::Login.path(), &parameters)
}

/// Shows the items of a list of links to all sections.
pub fn section_links(frame: &Frame) -> impl IntoView + use<> {
    let link = |section: &Label| {
        let href = Endpoint::Section.path_with(&section.slug);
        view! { <li><a dir="auto" href=href>{section.name.clone()}</a></li> }
    };
    frame.sections.iter().map(link).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_non_ascii_characters_are_encoded() {
        let parameters = [("section", "Rust & ü".to_owned()), ("limit", "5".to_owned())];
        assert_eq!(with_query("/news", &parameters), "/news?section=Rust%20%26%20%C3%BC&limit=5");
        assert_eq!(with_query("/news", &[]), "/news");
        assert_eq!(sign_in_href("/desk?x=1"), "/auth/login?return_to=/desk%3Fx%3D1");
    }
}
