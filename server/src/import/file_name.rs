//! Date, slug and language in the path of a file.

use jiff::civil::Date;

use crate::import::date::{day_before_name, day_in_path};

/// The parts of the path of a Markdown file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileName {
    /// Folders above the file, or above its folder if it is the `index` of one.
    pub folders: Vec<String>,
    /// Name without ending, day and language; that of its folder for an `index`.
    pub name: String,
    /// The day before the name, or that of the folders.
    pub day: Option<Date>,
    /// `true` if the name begins with a day.
    pub is_dated: bool,
    /// `true` for the `index` of a folder.
    pub is_bundle: bool,
    /// Language, as in `name.fr.md`.
    pub language: Option<String>,
}

/// Languages of two letters (ISO 639-1).
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch \
    co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he \
    hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv \
    kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny \
    oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su \
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

impl FileName {
    /// Reads the path of a file within the folder, with `/` between its parts.
    pub(super) fn of(path: &str) -> Self {
        let mut folders: Vec<String> = path.split('/').map(str::to_owned).collect();
        let file = folders.pop().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let (stem, language) = split_language(stem);
        let is_bundle = stem.eq_ignore_ascii_case("index") && !folders.is_empty();
        let stem = if is_bundle { folders.pop().unwrap_or_default() } else { stem.to_owned() };
        let (day, name) = match day_before_name(&stem) {
            Some((day, name)) => (Some(day), name.to_owned()),
            None => (None, stem.clone()),
        };
        let is_dated = day.is_some();
        let day = day.or_else(|| day_in_path(&format!("{}/{stem}", folders.join("/"))));
        Self { folders, name, day, is_dated, is_bundle, language }
    }
}

/// Checks for a code of a language, with or without a region.
pub(super) fn is_language(text: &str) -> bool {
    let (language, rest) = match text.split_once(['-', '_']) {
        Some((language, rest)) => (language, Some(rest)),
        None => (text, None),
    };
    let is_known = language.len() == 2
        && LANGUAGES.split_whitespace().any(|known| known.eq_ignore_ascii_case(language));
    let is_region = |rest: &str| {
        (2..=4).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    is_known && rest.is_none_or(is_region)
}

fn split_language(stem: &str) -> (&str, Option<String>) {
    match stem.rsplit_once('.') {
        Some((name, language)) if !name.is_empty() && is_language(language) => {
            (name, Some(language.replace('_', "-")))
        }
        _ => (stem, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_day_name_and_language() {
        let date = |year, month, day| Date::new(year, month, day).ok();
        let jekyll = FileName::of("city/_posts/2024-03-05-bridge.md");
        assert_eq!((jekyll.day, jekyll.name.as_str()), (date(2024, 3, 5), "bridge"));
        assert_eq!(jekyll.folders, ["city", "_posts"]);
        let bundle = FileName::of("news/2024-03-05-bridge/index.fr.md");
        assert_eq!((bundle.day, bundle.name.as_str()), (date(2024, 3, 5), "bridge"));
        assert_eq!((bundle.language.as_deref(), bundle.is_bundle), (Some("fr"), true));
        assert_eq!(FileName::of("2024/03/05/bridge.markdown").day, date(2024, 3, 5));
        assert_eq!(FileName::of("2024/03/05/bridge/index.md").day, date(2024, 3, 5));
        assert_eq!(FileName::of("v1.0.md").name, "v1.0");
        assert_eq!(FileName::of("guide.pt-BR.md").language.as_deref(), Some("pt-BR"));
        assert_eq!(FileName::of("jquery.js.md").language, None);
        assert_eq!(FileName::of("index.md").name, "index");
    }
}
