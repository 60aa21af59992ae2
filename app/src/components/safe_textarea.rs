//! The only text area of the site.

use leptos::prelude::*;

/// Shows a text area whose text cannot end the element.
///
/// Leptos does not escape the children of a `textarea`, so `</textarea><script>` would run
/// (leptos issue 4819). The text begins with a line feed, because browsers drop the first one.
#[component]
pub fn SafeTextarea(
    /// Id of the element.
    id: String,
    /// Name of the field; none for text that is only shown.
    #[prop(optional, into)]
    name: Option<&'static str>,
    /// Text.
    text: String,
    /// Visible lines.
    #[prop(optional, default = 2)]
    rows: u32,
    /// Class of the element.
    #[prop(optional, into)]
    class: Option<&'static str>,
    /// The text can be selected and not changed.
    #[prop(optional)]
    readonly: bool,
    /// Accessible name, where no label names it.
    #[prop(optional, into)]
    label: Option<String>,
    /// Ids of the elements that describe the field.
    #[prop(optional_no_strip)]
    described_by: Option<String>,
    /// The page opens with the focus here.
    #[prop(optional)]
    autofocus: bool,
    /// The text breaks a rule.
    #[prop(optional)]
    invalid: bool,
    /// Language of the text.
    #[prop(optional_no_strip)]
    lang: Option<String>,
) -> impl IntoView {
    view! {
        <textarea
            id=id
            name=name
            class=class
            rows=rows.to_string()
            readonly=readonly
            autofocus=autofocus
            aria-label=label
            aria-describedby=described_by
            aria-invalid=invalid.then_some("true")
            lang=lang
            dir="auto"
            inner_html=escaped(&text)
        ></textarea>
    }
}

/// Escapes text for an element whose content is escapable raw text (HTML §13.1.2.2).
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    html.push('\n');
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            // HTML has no character reference for it, and forms of browsers do not contain it.
            '\0' => html.push('\u{fffd}'),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let owner = Owner::new();
        let text = text.to_owned();
        owner.with(|| view! { <SafeTextarea id="x".to_owned() name="body" text=text /> }.to_html())
    }

    #[test]
    fn finding_0_1_text_cannot_end_the_element() {
        for text in [
            "</textarea><script>alert(1)</script>",
            "</TEXTAREA ><img src=x onerror=alert(1)>",
            "&lt;/textarea&gt;<b>&amp;</b>",
            "<!--</textarea>--><svg onload=alert(1)>",
        ] {
            let html = html(text);
            assert_eq!(html.to_lowercase().matches("</textarea").count(), 1, "{html}");
            assert_eq!(html.matches('<').count(), 2, "{html}");
            let inside = html.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</textarea>"));
            let read = inside.expect("an element").0.replace("&lt;", "<").replace("&gt;", ">");
            assert_eq!(read.replace("&amp;", "&"), format!("\n{text}"));
        }
    }

    #[test]
    fn a_leading_line_feed_stays() {
        // The parser drops the first one.
        assert!(html("\nafter").contains(">\n\nafter</textarea>"));
        assert!(html("").contains(">\n</textarea>"));
    }
}
