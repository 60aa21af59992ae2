//! Shortcodes, Liquid and components that a text still holds, by kind.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::import::code::map_text;

static TAGS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\{\{(?<mark>[<%])-?\s*(?<shortcode>/?[\w./-]+)
        |\{%[-+]?\s*(?<tag>[\w./-]+)
        |\{\{[-~]?\s*(?<output>[^}|(\s]+)(?<call>\()?
        |(?<open>\{\{|\{%)",
    )
    .ok()
});
static COMPONENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<([A-Z][\w.]*)").ok());

const NOTE_BEGIN: &str = "the shortcode ";
const NOTE_END: &str = " stays in the text";
/// Longest name of a kind, in characters.
const MAX_NAME: usize = 40;

/// Returns the kinds that a text holds outside of code, such as `{{< youtube >}}`.
pub(super) fn kinds(body: &str, has_components: bool) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    if !has_components && !body.contains("{{") && !body.contains("{%") {
        return kinds;
    }
    map_text(body, |text| {
        if let Some(tags) = TAGS.as_ref().filter(|_| text.contains('{')) {
            kinds.extend(tags.captures_iter(text).filter_map(|found| {
                let part = |name| found.name(name).map(|part| short(part.as_str()));
                if let Some(name) = part("shortcode") {
                    let (open, close) = if part("mark")? == "<" { ('<', '>') } else { ('%', '%') };
                    return (!name.starts_with('/'))
                        .then(|| format!("{{{{{open} {name} {close}}}}}"));
                }
                if let Some(name) = part("tag") {
                    return (!name.starts_with("end")).then(|| format!("{{% {name} %}}"));
                }
                match (part("output"), part("call")) {
                    (Some(name), Some(_)) => Some(format!("{{{{ {name}() }}}}")),
                    (Some(name), None) => Some(format!("{{{{ {name} }}}}")),
                    (None, _) => part("open"),
                }
            }));
        }
        if has_components && let Some(component) = COMPONENT.as_ref() {
            let names = component.captures_iter(text).filter_map(|found| found.get(1));
            kinds.extend(names.map(|name| format!("<{}>", short(name.as_str()))));
        }
        String::new()
    });
    kinds
}

/// Returns the note about a shortcode of `WordPress`, which only its reader can tell from a link.
pub(super) fn note_of(name: &str) -> String {
    format!("{NOTE_BEGIN}[{}]{NOTE_END}", short(name))
}

/// Returns the kind of shortcode that a note is about.
pub(super) fn kind_of_note(note: &str) -> Option<&str> {
    note.strip_prefix(NOTE_BEGIN)?.strip_suffix(NOTE_END)
}

fn short(name: &str) -> String {
    name.chars().take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_named_by_kind() {
        let body = "{{< youtube abc >}} {{% note %}}x{{% /note %}} {% include a.html %}\n\
                    {% if x %}{% endif %} {{ site.url }} {{ youtube(id=\"1\") }} `{{ code }}`\n\n\
                    ```\n{% code %}\n```\n<Chart data={x} /> Vec<T>";
        let found: Vec<String> = kinds(body, false).into_iter().collect();
        assert_eq!(
            found,
            [
                "{% if %}",
                "{% include %}",
                "{{ site.url }}",
                "{{ youtube() }}",
                "{{% note %}}",
                "{{< youtube >}}",
            ]
        );
        assert!(kinds(body, true).contains("<Chart>"));
        assert!(kinds("no { braces } and `{{ code }}`", true).is_empty());
        assert_eq!(kinds("odd {{}}", false).into_iter().collect::<Vec<_>>(), ["{{"]);
    }
}
