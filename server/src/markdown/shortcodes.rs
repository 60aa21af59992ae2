//! Removing what other tools would have replaced: shortcodes, Liquid, MDX and their like.

/// Elements of Liquid and Hugo whose content is no text either.
const CODE_ELEMENTS: [&str; 7] =
    ["highlight", "comment", "capture", "schema", "style", "mermaid", "math"];
/// Shortcodes of blogs and marks of tables of contents.
const BRACKET_CODES: [&str; 15] = [
    "caption",
    "toc",
    "_toc_",
    "gallery",
    "embed",
    "video",
    "audio",
    "playlist",
    "youtube",
    "vimeo",
    "gist",
    "more",
    "tweet",
    "instagram",
    "contact-form-7",
];

/// Longest text between brackets that can be a shortcode, in bytes.
const MAX_BRACKET_BYTES: usize = 300;

/// Removes shortcodes from the blocks of a story, one after the other.
#[derive(Default)]
pub(super) struct Shortcodes {
    /// Name of the element whose end is still to come.
    open: Option<String>,
    /// Ends that the rest of the block does not have, so that no search for them is repeated.
    missing: Vec<&'static str>,
}

impl Shortcodes {
    /// Returns the text of a block without them.
    pub(super) fn remove(&mut self, block: &str) -> String {
        self.missing.clear();
        let lines = block.lines().filter(|line| !is_code_line(line.trim()));
        let block = lines.collect::<Vec<_>>().join("\n");
        let (mut text, mut rest) = (String::new(), block.as_str());
        while !rest.is_empty() {
            let (before, after) =
                rest.split_at(rest.find(['{', '[', '<', '@']).unwrap_or(rest.len()));
            if self.open.is_none() {
                text.push_str(before);
            }
            let length = self.code_length(after);
            if length == 0 {
                let (mark, after) = after.split_at(after.ceil_char_boundary(1));
                if self.open.is_none() {
                    text.push_str(mark);
                }
                rest = after;
            } else {
                rest = after.get(length..).unwrap_or_default();
            }
        }
        text
    }

    /// Returns the length of the shortcode with which a text begins, or 0.
    fn code_length(&mut self, text: &str) -> usize {
        for (start, end) in [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("{/*", "*/}")] {
            let Some(inner) = text.strip_prefix(start) else { continue };
            let Some(length) = self.find(inner, end) else {
                // The rest is in another block.
                return if start == "{%" || inner.starts_with(['<', '%']) { text.len() } else { 0 };
            };
            self.note_element(inner.get(..length).unwrap_or_default());
            let closed = start.len() + length + end.len();
            // `{{{ … }}}`
            let has_more = text.get(closed..).is_some_and(|after| after.starts_with('}'));
            return closed + usize::from(has_more);
        }
        if text.starts_with("[caption ") {
            let end = "[/caption]";
            return self.find(text, end).map_or_else(|| bracket_length(text), |at| at + end.len());
        }
        if text.starts_with('[') || text.starts_with("@[") {
            return bracket_length(text);
        }
        let is_component = text.strip_prefix('<').is_some_and(|name| {
            let name = name.strip_prefix('/').unwrap_or(name);
            name.starts_with(|c: char| c.is_ascii_uppercase())
        });
        if is_component { self.find(text, ">").map_or(0, |end| end + 1) } else { 0 }
    }

    fn find(&mut self, text: &str, end: &'static str) -> Option<usize> {
        if self.missing.contains(&end) {
            return None;
        }
        let found = text.find(end);
        self.missing.extend(found.is_none().then_some(end));
        found
    }

    /// Notes the start or the end of an element without text.
    fn note_element(&mut self, inner: &str) {
        let inner = inner.trim_matches(['<', '>', '%', '-', ' ', '\n']);
        let name = inner.split_whitespace().next().unwrap_or_default();
        let ended = name.strip_prefix("end").or_else(|| inner.strip_prefix('/').map(str::trim));
        match &self.open {
            Some(open) if ended == Some(open) => self.open = None,
            Some(_) => {}
            None => self.open = CODE_ELEMENTS.contains(&name).then(|| name.to_owned()),
        }
    }
}

/// Returns the length of a shortcode in brackets, or 0.
fn bracket_length(text: &str) -> usize {
    let inner = text.strip_prefix('@').unwrap_or(text);
    let inner = inner.strip_prefix("[[").or_else(|| inner.strip_prefix('[')).unwrap_or(inner);
    let open = text.len() - inner.len();
    let inner = inner.get(..inner.floor_char_boundary(MAX_BRACKET_BYTES)).unwrap_or_default();
    let Some((content, after)) = inner.split_once(']') else { return 0 };
    let name = content.trim_start_matches('/').split([' ', '\n', '=']).next().unwrap_or_default();
    let is_code = BRACKET_CODES.iter().any(|code| name.eq_ignore_ascii_case(code));
    if is_code || content.contains("=\"") {
        open + content.len() + 1 + usize::from(after.starts_with(']'))
    } else {
        0
    }
}

/// Returns whether a line is code: the borders of a container, or an import of MDX.
fn is_code_line(line: &str) -> bool {
    let imports = ["import {", "import * as ", "import '", "import \""];
    let exports = ["export const ", "export default ", "export let ", "export function "];
    let is_import =
        line.starts_with("import ") && (line.contains(" from '") || line.contains(" from \""));
    line.starts_with(":::")
        || line.starts_with("!!! ")
        || line.starts_with("??? ")
        || is_import
        || imports.iter().chain(&exports).any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_other_tools_are_removed() {
        for (block, text) in [
            ("{{< figure src=\"x\" >}}", ""),
            ("a {{% note %}}b{{% /note %}} c", "a b c"),
            ("{% include toc.html %}\nText", "\nText"),
            ("{% highlight rust %} let a; {% endhighlight %}Text", "Text"),
            ("{{< highlight go >}}x{{< /highlight >}}", ""),
            ("{{{ raw }}} x {# y #}", " x "),
            ("[caption id=\"a\" width=\"3\"] The caption[/caption]Text", "Text"),
            ("[[_TOC_]][toc]@[toc]", ""),
            ("[gallery ids=\"1,2\"] he said [sic] so", " he said [sic] so"),
            (":::tip Title\nText\n:::", "Text"),
            ("import X from './x'\nText", "Text"),
            ("<Chart data={[1, 2]} /> Text", " Text"),
            ("a < b and {c} and [d]", "a < b and {c} and [d]"),
        ] {
            assert_eq!(Shortcodes::default().remove(block), text, "{block}");
        }
        let mut codes = Shortcodes::default();
        assert_eq!(codes.remove("{% highlight rust %}\nlet a;"), "");
        assert_eq!(codes.remove("let b; {% endhighlight %}"), "");
        assert_eq!(codes.remove("Text"), "Text");
    }
}
