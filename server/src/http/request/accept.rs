//! `Accept`: a page or JSON (RFC 9110 §12.5.1).

use std::cmp::Ordering;

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
    /// Returns the form with the higher quality. Of two with the same, the one that is named more exactly is
    /// preferred: clients that want JSON often send `application/json, */*`.
    pub(in crate::http) fn of(headers: &HeaderMap) -> Self {
        let (mut html, mut json) = (Wish::default(), Wish::default());
        let values = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
        for range in values.flat_map(|value| value.split(',')) {
            let (media_type, quality) = parse(range);
            html.add(HTML_RANGES, media_type, quality);
            json.add(JSON_RANGES, media_type, quality);
        }
        if html.quality == 0.0 && json.quality == 0.0 {
            return Self::Either;
        }
        match html.partial_cmp(&json) {
            Some(Ordering::Greater) => Self::Html,
            Some(Ordering::Less) => Self::Json,
            Some(Ordering::Equal) | None => Self::Either,
        }
    }
}

/// Ranges that a page is in, from the widest to the most exact.
const HTML_RANGES: [&[&str]; 3] = [&["*/*"], &["text/*"], &["text/html", "application/xhtml+xml"]];
/// Ranges that JSON is in.
const JSON_RANGES: [&[&str]; 3] = [&["*/*"], &["application/*"], &["application/json"]];

/// Quality of a form, and how exactly it is named. Compared in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
struct Wish {
    quality: f32,
    exactness: usize,
}

impl Wish {
    /// Takes a range over if it is the most exact one so far.
    fn add(&mut self, ranges: [&[&str]; 3], media_type: &str, quality: f32) {
        let is_one_of =
            |names: &&[&str]| names.iter().any(|name| media_type.eq_ignore_ascii_case(name));
        let Some(exactness) = ranges.iter().position(is_one_of) else { return };
        let exactness = exactness + 1;
        if exactness > self.exactness {
            *self = Self { quality, exactness };
        } else if exactness == self.exactness {
            self.quality = self.quality.max(quality);
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
        assert_eq!(of("application/json, text/plain, */*"), Preference::Json);
        assert_eq!(of("text/html, */*"), Preference::Html);
        assert_eq!(of("text/html, application/json"), Preference::Either);
        assert_eq!(of("image/png"), Preference::Either);
        assert_eq!(of("*/*"), Preference::Either);
        assert_eq!(Preference::of(&HeaderMap::new()), Preference::Either);
    }

    #[test]
    fn the_most_exact_range_counts() {
        for (accept, expected) in [
            ("text/html;q=0.3, */*;q=0.8", Preference::Json),
            ("*/*, text/html;q=0.9", Preference::Json),
            ("*/*;q=0.8, application/json;q=0.5", Preference::Html),
            ("text/html;q=0.2, text/*;q=0.9, application/json;q=0.5", Preference::Json),
            ("text/html;q=0, */*", Preference::Json),
            ("application/json;q=0", Preference::Either),
            ("text/html;q=0, image/png", Preference::Either),
            ("application/json;q=x", Preference::Either),
            ("application/json;q=0, */*", Preference::Html),
            ("application/*, text/html;q=0.5", Preference::Json),
            ("APPLICATION/JSON; charset=utf-8; Q=0.4, text/*;q=0.3", Preference::Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().expect("a header"));
            assert_eq!(Preference::of(&headers), expected, "{accept}");
        }
    }
}
