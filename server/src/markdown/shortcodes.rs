//! Removing what other tools would have replaced: shortcodes, Liquid, MDX and their like.

/// Elements of Liquid and Hugo whose content is no text either.
const CODE_ELEMENTS: [&str; 7] =
    ["highlight", "comment", "capture", "schema", "style", "mermaid", "math"];
/// Shortcodes of WordPress and marks of tables of contents.
const BRACKET_CODES: [&str; 14] = [
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

/// Removes shortcodes from the blocks of a story, one after the other.
#[derive(Default)]
pub(super) struct Shortcodes {
    /// Name of the element whose end is still to come.
    open: Option<String>,
}

impl Shortcodes {
    /// Returns the text of a block without them.
    pub(super) fn remove(&mut self, block: &str) -> String {
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
            let Some(length) = inner.find(end) else {
                // The rest is in another block.
                return if start == "{%" || inner.starts_with(['<', '%']) { text.len() } else { 0 };
            };
            self.note_element(inner.get(..length).unwrap_or_default());
            let closed = start.len() + length + end.len();
            // `{{{ … }}}`
            return closed
                + usize::from(text.get(closed..).is_some_and(|after| after.starts_with('}')));
        }
        if text.starts_with('[') || text.starts_with("@[") {
            return bracket_length(text);
        }
        let is_component = text.strip_prefix('<').is_some_and(|name| {
            name.trim_start_matches('/').starts_with(|c: char| c.is_ascii_uppercase())
        });
        if is_component { text.find('>').map_or(0, |end| end + 1) } else { 0 }
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
    let inner = text.trim_start_matches(['@', '[']);
    let open = text.len() - inner.len();
    let Some(length) = inner.find(']') else { return 0 };
    let content = inner.get(..length).unwrap_or_default();
    let name = content.trim_start_matches('/').split([' ', '\n', '=']).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    if name == "caption" {
        let end = "[/caption]";
        return text.find(end).map_or(open + length + 1, |at| at + end.len());
    }
    let is_code = BRACKET_CODES.contains(&name.as_str()) || content.contains("=\"");
    let closing = inner.get(length..).unwrap_or_default();
    let close = closing.len() - closing.trim_start_matches(']').len();
    if is_code { open + length + close } else { 0 }
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
