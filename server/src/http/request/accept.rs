//! `Accept`: a page or JSON (RFC 9110 §12.5.1).

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// Preferred form of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::http) enum Preference {
    /// A page.
    Html,
    /// JSON.
    Json,
    /// The request does not prefer one.
    Either,
}

impl Preference {
    pub(in crate::http) fn of(headers: &HeaderMap) -> Self {
        let mut html = 0.0_f32;
        let mut json = 0.0_f32;
        let values = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
        for range in values.flat_map(|value| value.split(',')) {
            let (media_type, quality) = parse(range);
            let is_one_of =
                |names: &[&str]| names.iter().any(|name| media_type.eq_ignore_ascii_case(name));
            if is_one_of(&["text/html", "text/*", "application/xhtml+xml"]) {
                html = html.max(quality);
            } else if is_one_of(&["application/json", "application/*"]) {
                json = json.max(quality);
            }
        }
        if html > json {
            Self::Html
        } else if json > 0.0 {
            Self::Json
        } else {
            Self::Either
        }
    }
}

fn parse(range: &str) -> (&str, f32) {
    let mut parts = range.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    let quality = quality.map_or(1.0, |text| text.parse::<f32>().unwrap_or(0.0));
    (media_type, if quality.is_finite() { quality.clamp(0.0, 1.0) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_programs_and_the_undecided() {
        let of = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().expect("a header"));
            Preference::of(&headers)
        };
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert_eq!(of(browser), Preference::Html);
        assert_eq!(of("application/json"), Preference::Json);
        assert_eq!(of("application/json, text/html;q=0.5"), Preference::Json);
        assert_eq!(of("application/json;q=0.5, text/html"), Preference::Html);
        assert_eq!(of("text/html;q=NaN, application/json;q=x"), Preference::Either);
        assert_eq!(of("*/*"), Preference::Either);
        assert_eq!(Preference::of(&HeaderMap::new()), Preference::Either);
    }
}
