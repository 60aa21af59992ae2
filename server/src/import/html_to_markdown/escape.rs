//! Text that shows the same words in Markdown and in HTML.

/// Escapes text within a line of Markdown.
pub(super) fn escape(text: &str) -> String {
    escape_between(text, false, false)
}

/// Escapes text that is followed by something else, in a place that may have links.
pub(super) fn escape_between(text: &str, is_followed: bool, has_links: bool) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let is_last = words.peek().is_none();
        escape_word(word, is_last && is_followed, has_links, &mut escaped);
        if !is_last {
            escaped.push(' ');
        }
    }
    escaped
}

fn escape_word(word: &str, is_followed: bool, has_links: bool, out: &mut String) {
    let start = out.len();
    let mut previous = ' ';
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let (_, after) = rest.split_at(c.len_utf8());
        if needs_escape(c, previous, after) {
            out.push('\\');
        }
        out.push(c);
        previous = c;
        rest = after;
    }
    // A link that is found by itself would show the signs within it and after it.
    let is_link = word.contains("://") || word.contains("www.") || word.contains('@');
    let has_escapes = out.get(start..).is_some_and(|written| written.contains('\\'));
    if is_link && (is_followed && has_links || has_escapes) {
        if has_links && is_plain_url(word) {
            out.truncate(start);
            out.extend(["<", word, ">"]);
        } else {
            break_bare_links(start, out);
        }
    }
}

/// Checks for a URL that can be written between angle brackets.
fn is_plain_url(word: &str) -> bool {
    let is_web = word.starts_with("https://") || word.starts_with("http://");
    let is_forbidden = |c: char| c.is_control() || c.is_whitespace() || "<>&\\".contains(c);
    is_web
        && !word.contains(is_forbidden)
        && word.ends_with(|c: char| c == '/' || c.is_alphanumeric())
}

fn needs_escape(c: char, previous: char, after: &str) -> bool {
    let next = after.chars().next().unwrap_or(' ');
    match c {
        '\\' | '`' | '*' | '[' | ']' | '~' => true,
        '_' => !(previous.is_alphanumeric() && next.is_alphanumeric()),
        '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
        '{' => next == '#',
        '&' => {
            let name = after.split(';').next().unwrap_or_default();
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '#';
            name.len() < after.len() && name.len() < 40 && name.chars().all(is_name)
        }
        _ => false,
    }
}

fn break_bare_links(start: usize, out: &mut String) {
    let word = out.get(start..).unwrap_or_default();
    let broken = word.replace("://", ":\\//").replace("www.", "www\\.").replace('@', "\\@");
    out.truncate(start);
    out.push_str(&broken);
}

/// Escapes what would make a block at the beginning of a line.
pub(super) fn escape_line_start(line: &str) -> Option<String> {
    let first = line.chars().next()?;
    let after = line.get(first.len_utf8()..).unwrap_or_default();
    let next = after.chars().next().unwrap_or(' ');
    let is_marker = match first {
        '>' | '=' | ':' | '|' => true,
        '#' => matches!(after.trim_start_matches('#').chars().next(), None | Some(' ')),
        '+' => next == ' ',
        '-' => matches!(next, ' ' | '-' | ':' | '|' | '='),
        _ => false,
    };
    if is_marker {
        return Some(format!("\\{line}"));
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = line.split_at_checked(digits)?;
    let is_item = (1..=9).contains(&digits)
        && rest.starts_with(['.', ')'])
        && matches!(rest.chars().nth(1), None | Some(' '));
    is_item.then(|| format!("{number}\\{rest}"))
}

/// Escapes the target of a link; `None` if it must not be linked.
pub(super) fn link_target(url: &str) -> Option<String> {
    let url: String = url.trim().chars().filter(|c| !c.is_control()).collect();
    let scheme = url.split(['/', '?', '#']).next().and_then(|start| start.split_once(':'));
    let scheme = scheme.map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_safe =
        scheme.is_none_or(|scheme| matches!(&*scheme, "http" | "https" | "mailto" | "tel" | "ftp"));
    if url.is_empty() || !is_safe {
        return None;
    }
    let mut target = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            ' ' => target.push_str("%20"),
            '<' => target.push_str("%3C"),
            '>' => target.push_str("%3E"),
            '\\' => target.push_str("%5C"),
            '|' => target.push_str("%7C"),
            '(' | ')' | '*' | '`' | '[' | ']' => {
                target.push('\\');
                target.push(c);
            }
            // A parameter such as `&copy;` must not become a sign.
            '&' if url.contains(';') => target.push_str("&amp;"),
            c if c.is_whitespace() => {}
            c => target.push(c),
        }
    }
    Some(target)
}

/// Escapes the title of a link or picture, with its quotes.
pub(super) fn title(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '&' | '<' | '`' | '|') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    format!("\"{escaped}\"")
}

/// Escapes text or an attribute of HTML.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
