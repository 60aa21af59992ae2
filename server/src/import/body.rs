//! The text of a file: what its tool would have replaced, as far as the result is certain.

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

use crate::import::code::{code_ranges, map_text};
use crate::import::mdx;
use crate::import::site::{Site, Tool};

/// A pattern and what replaces it.
struct Rule {
    pattern: Regex,
    replace: fn(&Captures<'_>) -> String,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = |pattern: &str, replace: fn(&Captures<'_>) -> String| {
        Regex::new(pattern).ok().map(|pattern| Rule { pattern, replace })
    };
    [
        rule(r"(?s)\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", nothing),
        rule(r"(?s)\{\{/\*.*?\*/\}\}|\{#\s.*?#\}", nothing),
        rule(r"\{\{[<%]\s*figure\s+([^}]*?)/?\s*[>%]\}\}", figure),
        rule(r#"\{\{<\s*youtube\s+(?:id=)?["']?([\w-]{6,20})["']?\s*>\}\}"#, |found| {
            link("https://www.youtube.com/watch?v=", found)
        }),
        rule(r#"\{\{<\s*vimeo\s+(?:id=)?["']?(\d{5,12})["']?\s*>\}\}"#, |found| {
            link("https://vimeo.com/", found)
        }),
        rule(r"\{\{-?\s*site\.(?:url|baseurl)\s*-?\}\}(/?)", |found| part(found, 1).to_owned()),
        rule(
            r#"\{\{-?\s*["'](/?[^"'{}]*)["']\s*\|\s*(?:relative_url|absolute_url|url|prepend:\s*site\.baseurl)\s*-?\}\}"#,
            |found| format!("/{}", part(found, 1).trim_start_matches('/')),
        ),
        // Attributes of kramdown, which only its own readers understand.
        rule(r"(?m)^[ \t]*(?:[*-]|\d\.)[ \t]+\w+[ \t]*\n[ \t]*\{:\s*toc[^}]*\}[ \t]*$", nothing),
        rule(r"[ \t]*\{:\s*#([\w-]+)[^}\n]*\}", |found| format!(" {{#{}}}", part(found, 1))),
        rule(r"\{:[^}\n]*\}", nothing),
    ]
    .into_iter()
    .flatten()
    .collect()
});
static HIGHLIGHT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?xs)\{%-?\s*highlight\s+(?<liquid>[\w+\#.-]+)[^%]*-?%\}(?<code>.*?)\{%-?\s*endhighlight\s*-?%\}
        |\{\{<\s*highlight\s+"?(?<hugo>[\w+\#.-]+)"?[^>]*>\}\}(?<code2>.*?)\{\{<\s*/\s*highlight\s*>\}\}"#,
    )
    .ok()
});
static RAW: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}").ok());

/// Returns the text of a file with what is certain replaced. What is left is counted later.
pub(super) fn translated(body: &str, key: &str, site: &Site) -> String {
    let mut body = body.replace("\r\n", "\n");
    if mdx::is_mdx(key) {
        body = mdx::without_modules(&body);
    }
    if body.contains("highlight") {
        body = highlighted(&body);
    }
    if !matches!(site.tool, Tool::Hugo | Tool::Zola) && body.contains("endraw") {
        body = without_raw(&body);
    }
    if body.contains('{') {
        body = map_text(&body, |text| {
            if !text.contains('{') {
                return text.to_owned();
            }
            RULES.iter().fold(text.to_owned(), |text, rule| {
                if rule.pattern.is_match(&text) {
                    rule.pattern.replace_all(&text, rule.replace).into_owned()
                } else {
                    text
                }
            })
        });
    }
    body.trim().to_owned()
}

fn nothing(_: &Captures<'_>) -> String {
    String::new()
}

fn part<'t>(found: &Captures<'t>, number: usize) -> &'t str {
    found.get(number).map_or("", |part| part.as_str())
}

fn link(address: &str, found: &Captures<'_>) -> String {
    format!("<{address}{}>", part(found, 1))
}

/// Makes a picture with its caption of `{{< figure src="…" >}}`.
fn figure(found: &Captures<'_>) -> String {
    let attributes = part(found, 1);
    let attribute = |name: &str| {
        let at = attributes.find(&format!("{name}="))?;
        let is_whole = at == 0 || attributes.get(..at)?.ends_with(char::is_whitespace);
        let value = attributes.get(at + name.len() + 1..)?;
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        is_whole.then(|| value.get(1..)?.split(quote).next().map(str::to_owned))?
    };
    let Some(src) = attribute("src").filter(|src| !src.is_empty() && !src.contains('{')) else {
        return part(found, 0).to_owned();
    };
    let caption = attribute("caption").or_else(|| attribute("title")).unwrap_or_default();
    let alt = attribute("alt").unwrap_or_else(|| caption.clone());
    let alt = alt.replace(['[', ']'], "");
    let src = if src.contains([' ', '(', ')']) { format!("<{src}>") } else { src };
    let picture = format!("![{alt}]({src})");
    if caption.is_empty() || caption == alt { picture } else { format!("{picture}\n*{caption}*") }
}

/// Makes fenced code of what `highlight` encloses.
fn highlighted(body: &str) -> String {
    let Some(pattern) = HIGHLIGHT.as_ref() else { return body.to_owned() };
    let code = code_ranges(body);
    let is_code = |at: usize| code.iter().any(|range| range.contains(&at));
    let replaced = pattern.replace_all(body, |found: &Captures<'_>| {
        let whole = found.get(0).map_or(0..0, |whole| whole.range());
        if is_code(whole.start) {
            return body.get(whole).unwrap_or_default().to_owned();
        }
        let text = |names: [&str; 2]| {
            names.iter().find_map(|name| found.name(name)).map_or("", |part| part.as_str())
        };
        let code = text(["code", "code2"]).trim_matches('\n').trim_end();
        let mut fence = "```".to_owned();
        while code.contains(&fence) {
            fence.push('`');
        }
        format!("\n{fence}{}\n{code}\n{fence}\n", text(["liquid", "hugo"]))
    });
    replaced.into_owned()
}

/// Removes the marks around text that Liquid must not read. Its braces stay.
fn without_raw(body: &str) -> String {
    let Some(pattern) = RAW.as_ref() else { return body.to_owned() };
    let code = code_ranges(body);
    let replaced = pattern.replace_all(body, |found: &Captures<'_>| {
        let (start, inner) = found.get(1).map_or((0, ""), |part| (part.start(), part.as_str()));
        if code.iter().any(|range| range.contains(&start)) {
            return inner.to_owned();
        }
        map_text(inner, |text| text.replace("{{", "&#123;{").replace("{%", "&#123;%"))
    });
    replaced.into_owned()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::import::shortcodes::kinds;

    fn translate(body: &str) -> String {
        translated(body, "a.md", &Site::unknown(TimeZone::UTC, Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn what_is_certain_is_translated() {
        for (body, expected) in [
            ("{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}", "```ruby\nputs 1\n```"),
            ("{{< highlight go \"hl\" >}}\nx := 1\n{{< /highlight >}}", "```go\nx := 1\n```"),
            ("{{< figure src=\"a.png\" alt=\"A\" >}}", "![A](a.png)"),
            ("{{< figure src=\"/a b.png\" caption=\"C\" alt=\"A\" />}}", "![A](</a b.png>)\n*C*"),
            ("[x]({{ site.baseurl }}/y) {{site.url}}{{ site.baseurl }}/z", "[x](/y) /z"),
            ("[x]({{ '/y' | relative_url }})", "[x](/y)"),
            ("{{< youtube dQw4w9WgXcQ >}}", "<https://www.youtube.com/watch?v=dQw4w9WgXcQ>"),
            ("[x](y){:target=\"_blank\"} z\n{: .note}", "[x](y) z"),
            ("## Head {: #own }", "## Head {#own}"),
            ("* TOC\n{:toc}\n\nText", "Text"),
            ("a{% comment %} no {% endcomment %}b", "ab"),
            ("{% raw %}{{ x }}{% endraw %}", "&#123;{ x }}"),
            ("```\n{% raw %}{{ x }}{% endraw %}\n```", "```\n{{ x }}\n```"),
            ("`{{ site.url }}` a\r\nb", "`{{ site.url }}` a\nb"),
        ] {
            let translated = translate(body);
            assert_eq!(translated, expected);
            assert!(kinds(&translated, true).is_empty(), "{translated}");
        }
    }

    #[test]
    fn what_is_not_certain_stays() {
        for body in [
            "{{< figure alt=\"x\" >}}",
            "{% include a.html %}",
            "{{ page.title }}",
            "```\n{% highlight ruby %}\nx\n{% endhighlight %}\n```",
        ] {
            assert_eq!(translate(body), body);
        }
    }
}
