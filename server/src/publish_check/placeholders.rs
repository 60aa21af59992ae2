//! Text that stands for what is still to be written.

/// Words that stand for missing text, in capitals.
const WORDS: [&str; 3] = ["TK", "TODO", "XXX"];
/// Two words of the usual filler: the end of the first and the start of the second.
const FILLER: (&[u8], &[u8]) = (b"lorem", b"ipsum");
/// Longest note in brackets, in bytes.
const MAX_NOTE_BYTES: usize = 200;

/// Returns the first placeholder of a text.
pub(super) fn find(text: &str) -> Option<String> {
    let word = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let word = word.into_iter().find(|word| WORDS.contains(word)).map(str::to_owned);
    word.or_else(|| filler(text)).or_else(|| note(text))
}

fn filler(text: &str) -> Option<String> {
    let words = || text.split_whitespace().map(str::as_bytes);
    let is_filler = |(first, second): (&[u8], &[u8])| {
        let end = first.len().checked_sub(FILLER.0.len()).and_then(|at| first.get(at..));
        let start = second.get(..FILLER.1.len());
        end.is_some_and(|end| end.eq_ignore_ascii_case(FILLER.0))
            && start.is_some_and(|start| start.eq_ignore_ascii_case(FILLER.1))
    };
    words().zip(words().skip(1)).any(is_filler).then(|| "Lorem ipsum".to_owned())
}

/// Returns a note in double brackets on one line.
fn note(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("[[") {
        // No further: a text may be nothing but brackets.
        let near = after.floor_char_boundary(MAX_NOTE_BYTES + "]]".len());
        let line = after.get(..near).and_then(|near| near.lines().next()).unwrap_or_default();
        if let Some((note, _)) = line.split_once("]]") {
            return Some(format!("[[{note}]]"));
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_whole_words() {
        for (text, found) in [
            ("The river rose TK metres.", Some("TK")),
            ("(TODO: ask the mayor)", Some("TODO")),
            ("XXX", Some("XXX")),
            ("LOREM  ipsum dolor", Some("Lorem ipsum")),
            ("“Lorem\nIpsum”", Some("Lorem ipsum")),
            ("lorem", None),
            ("lorem, ipsum", None),
            ("ipsum lorem ip", None),
            ("It rose [[how many?]] metres.", Some("[[how many?]]")),
            ("TKTK, TODOS, tk, todo, XXXL and my_TODO", None),
            ("An open [[ bracket\n]] on two lines", None),
            ("Loremipsum", None),
            (&format!("[[{}]]", "橋".repeat(66)), Some(&format!("[[{}]]", "橋".repeat(66)))),
            (&format!("[[{}]]", "橋".repeat(67)), None),
            ("", None),
        ] {
            assert_eq!(find(text).as_deref(), found, "{text}");
        }
    }

    #[test]
    fn f_12_a_text_of_brackets_takes_no_time() {
        let began = std::time::Instant::now();
        for text in ["[", "[[ ", "[[]", "]]"] {
            find(&text.repeat(256 * 1024 / text.len()));
        }
        // Seconds if each bracket were followed to the end of the line.
        assert!(began.elapsed() < std::time::Duration::from_secs(2));
    }
}
