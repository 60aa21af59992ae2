//! Paths that a request asks to return to.

use gazette_domain::{Area, Endpoint, Method};
use url::Url;

/// The longest path, in bytes. A cookie has room for 4 KiB.
const MAX_BYTES: usize = 2_048;

/// Returns the path and query if browsers take them for a page of this site (OAU-07).
pub(in crate::http) fn local_path(path: &str, public_url: &str) -> Option<String> {
    let is_suspicious = |c: char| c.is_control() || c == '\\';
    if !path.starts_with('/') || path.len() > MAX_BYTES || path.contains(is_suspicious) {
        return None;
    }
    let base = Url::parse(public_url).ok()?;
    let url = base.join(path).ok()?;
    if url.origin() != base.origin() || url.path().starts_with("//") {
        return None;
    }
    // Not to a form, which takes no GET, and not to signing in or out, which would go in circles.
    let is_route = Area::of_path(url.path()).is_some();
    if is_route && Endpoint::find(Method::Get, url.path()).is_none() {
        return None;
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = format!("{}{query}", url.path());
    // Checked again, because encoding makes it longer which may be too long.
    (path.len() <= MAX_BYTES).then_some(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SITE: &str = "https://news.example";

    proptest! {
        #[test]
        fn oau_07_no_text_leads_elsewhere(text in "[/\\\\.@:a-z\t\n?#%0-9]{0,40}") {
            if let Some(path) = local_path(&text, SITE) {
                let there = Url::parse(SITE).unwrap().join(&path).unwrap();
                prop_assert_eq!(there.origin().ascii_serialization(), SITE);
                prop_assert!(path.starts_with('/') && !path.starts_with("//"));
            }
        }
    }
}
