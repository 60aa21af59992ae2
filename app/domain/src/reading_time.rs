//! Time that it takes to read a story.

/// Words per minute, in scripts that put spaces between words.
const WORDS_PER_MINUTE: usize = 230;
/// Characters per minute, in scripts that do not.
const CHARACTERS_PER_MINUTE: usize = 500;
/// Longest tag or URL that is passed over, in bytes; bounds the search for its end.
const MAX_MARK_BYTES: usize = 2_000;

/// Returns the minutes that it takes to read a body in Markdown; at least 1.
///
/// Blocks of code, tags and the URLs of links do not count.
pub fn reading_minutes(body: &str) -> u32 {
    let (words, characters) = size(body);
    let parts = words * CHARACTERS_PER_MINUTE + characters * WORDS_PER_MINUTE;
    let minutes = parts.div_ceil(WORDS_PER_MINUTE * CHARACTERS_PER_MINUTE);
    u32::try_from(minutes).unwrap_or(u32::MAX).max(1)
}

/// Returns the number of words of a body in Markdown. Each character of a script without spaces
/// counts as one. Blocks of code, tags and the URLs of links do not count.
pub fn count_words(body: &str) -> usize {
    let (words, characters) = size(body);
    words + characters
}

/// Counts the words of a body, and the characters of scripts without spaces.
fn size(body: &str) -> (usize, usize) {
    let (mut words, mut characters) = (0_usize, 0_usize);
    let mut fence = None;
    for line in body.lines() {
        let start = line.trim_start();
        match (fence, ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark))) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
            (None, None) => {
                let (more_words, more_characters) = count(line);
                words += more_words;
                characters += more_characters;
            }
        }
    }
    (words, characters)
}

/// Counts the words of a line, and the characters of scripts without spaces.
fn count(line: &str) -> (usize, usize) {
    let (mut words, mut characters, mut in_word) = (0, 0, false);
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        // No other character begins a mark.
        let mark = if matches!(c, '<' | ']' | 'h') { mark_length(rest) } else { None };
        if let Some(length) = mark {
            // A tag may be in the middle of a word, a URL may not.
            in_word &= c == '<';
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        if !c.is_ascii() && is_unspaced(c) {
            characters += 1;
            in_word = false;
        } else if c.is_whitespace() {
            in_word = false;
        } else if c.is_alphanumeric() && !in_word {
            words += 1;
            in_word = true;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    (words, characters)
}

/// Returns the length of the tag or URL with which a text begins.
fn mark_length(text: &str) -> Option<usize> {
    let end = text.floor_char_boundary(MAX_MARK_BYTES);
    let text = text.get(..end)?;
    if text.starts_with("](") {
        return text.find(')').map(|end| end + 1);
    }
    if text.starts_with("https://") || text.starts_with("http://") {
        let end = text.find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '<' | '"'));
        return Some(end.unwrap_or(text.len()));
    }
    let is_tag = text.strip_prefix('<')?.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    is_tag.then(|| text.find('>').map(|end| end + 1)).flatten()
}

/// Returns whether a character is of a script that puts no spaces between words: Han and kana with
/// their punctuation, Thai, Lao, Burmese and Khmer.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{312f}' | '\u{3190}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff9f}' | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
        && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_count_where_scripts_have_spaces_and_characters_where_not() {
        for (body, minutes) in [
            (String::new(), 1),
            ("word ".repeat(230), 1),
            ("word ".repeat(231), 2),
            ("橋は昨日開通した。".repeat(1_000), 18),
            ("ภาษาไทย".repeat(500), 7),
            // Korean has spaces.
            ("다리가 어제 ".repeat(230), 2),
            ("word ".repeat(230) + &"橋".repeat(500), 2),
        ] {
            assert_eq!(
                reading_minutes(&body),
                minutes,
                "{}",
                body.chars().take(20).collect::<String>()
            );
        }
    }

    #[test]
    fn marks_urls_and_code_do_not_count() {
        let code = format!("```rust\n{}\n```\n", "let a = 1;\n".repeat(1_000));
        for body in [
            code,
            "[a](https://example.com/a-b-c) ".repeat(200),
            "- **a** - ".repeat(200),
            "<b class=\"a b c\">a</b> ".repeat(200),
            "https://example.com/橋橋橋橋橋橋 ".repeat(500),
        ] {
            assert_eq!(reading_minutes(&body), 1, "{}", body.chars().take(40).collect::<String>());
        }
    }

    proptest! {
        #[test]
        fn any_body_has_a_time(body in "\\PC{0,200}|[<>\\[\\]()`~ a橋\n]{0,200}") {
            prop_assert!(reading_minutes(&body) >= 1);
        }
    }
}
