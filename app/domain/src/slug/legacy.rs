//! Slugs as they were made before every script was kept.

/// Returns the former slug of a text; `None` if there was none. Labels that were stored with one
/// keep their addresses.
pub(super) fn words(text: &str) -> Option<String> {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        match ascii_spelling(character) {
            Some(ascii) if slug.len() + ascii.len() <= super::Slug::MAX_LENGTH => {
                slug.push_str(&ascii);
            }
            Some(_) => break,
            None if character == '\'' || character == '\u{2019}' => {}
            None if slug.ends_with('-') || slug.is_empty() => {}
            None => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug.truncate(super::Slug::MAX_LENGTH);
    (!slug.is_empty()).then_some(slug)
}

fn ascii_spelling(character: char) -> Option<String> {
    if character.is_ascii_lowercase() || character.is_ascii_digit() {
        return Some(character.to_string());
    }
    Some(
        match character {
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' => "a",
            'ä' | 'æ' => "ae",
            'ç' | 'č' | 'ć' => "c",
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ł' => "l",
            'ñ' | 'ń' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
            'ö' | 'œ' => "oe",
            'š' | 'ś' => "s",
            'ß' => "ss",
            'ù' | 'ú' | 'û' => "u",
            'ü' => "ue",
            'ý' | 'ÿ' => "y",
            'ž' | 'ź' | 'ż' => "z",
            _ => return None,
        }
        .to_owned(),
    )
}
