//! Ghost's cards as HTML. Lexical and mobiledoc have the same ones.

use serde_json::Value;

use crate::import::ghost::body::{Body, escape};

/// Adds a card; `false` if its kind is unknown.
pub(super) fn push_card(body: &mut Body, kind: &str, card: &Value) -> bool {
    match kind {
        "image" => figure(body, card, &image(card)),
        "gallery" => gallery(body, card),
        "bookmark" => bookmark(body, card),
        "embed" => embed(body, card),
        "callout" => callout(body, card),
        "toggle" => {
            let (heading, content) = (text(card, "heading"), text(card, "content"));
            body.push(&format!(
                "<details><summary>{}</summary>{content}</details>",
                in_line(heading)
            ));
        }
        "html" => html(body, text(card, "html")),
        "markdown" | "card-markdown" => body.push_markdown(text(card, "markdown")),
        "codeblock" | "code" => code(body, card),
        "horizontalrule" | "hr" => body.push("<hr>"),
        "button" => link(body, text(card, "buttonUrl"), text(card, "buttonText")),
        "video" => {
            let name = first(card, &["title", "fileName"]);
            figure(body, card, &media_link(text(card, "src"), name));
        }
        "audio" => link(body, text(card, "src"), first(card, &["title", "fileName"])),
        "file" => {
            link(body, text(card, "src"), first(card, &["fileTitle", "fileName"]));
            paragraph(body, text(card, "fileCaption"));
        }
        "header" => header(body, card),
        "product" => product(body, card),
        "call-to-action" => {
            paragraph(body, text(card, "textValue"));
            link(body, text(card, "buttonUrl"), text(card, "buttonText"));
        }
        "signup" | "email" | "email-cta" => {
            body.note(format!(
                "a card for {} was left out",
                if kind == "signup" { "signing up" } else { "email" }
            ));
        }
        "paywall" => body.note("its rest was for members only".to_owned()),
        _ => return false,
    }
    true
}

fn text<'c>(card: &'c Value, key: &str) -> &'c str {
    card.get(key).and_then(Value::as_str).unwrap_or_default().trim()
}

fn first<'c>(card: &'c Value, keys: &[&str]) -> &'c str {
    keys.iter().map(|key| text(card, key)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// Returns the HTML of a caption without its paragraphs.
fn in_line(html: &str) -> String {
    html.replace("</p><p>", "<br>").replace("<p>", "").replace("</p>", "")
}

fn callout(body: &mut Body, card: &Value) {
    let emoji = escape(text(card, "calloutEmoji"));
    let space = if emoji.is_empty() { "" } else { " " };
    let words = in_line(text(card, "calloutText"));
    body.push(&format!("<blockquote><p>{emoji}{space}{words}</p></blockquote>"));
}

/// Adds HTML. A comment that is not closed must not hide what follows.
fn html(body: &mut Body, html: &str) {
    let is_open = html.rfind("<!--").is_some_and(|start| html.rfind("-->") < Some(start));
    let end = if is_open { "-->" } else { "" };
    body.push(&format!("<div>{html}{end}</div>"));
}

fn figure(body: &mut Body, card: &Value, content: &str) {
    if content.is_empty() {
        return;
    }
    let caption = in_line(text(card, "caption"));
    let caption =
        if caption.is_empty() { caption } else { format!("<figcaption>{caption}</figcaption>") };
    body.push(&format!("<figure>{content}{caption}</figure>"));
}

fn image(card: &Value) -> String {
    let src = text(card, "src");
    if src.is_empty() {
        return String::new();
    }
    let title = match text(card, "title") {
        "" => String::new(),
        title => format!(" title=\"{}\"", escape(title)),
    };
    let image =
        format!("<img src=\"{}\" alt=\"{}\"{title}>", escape(src), escape(text(card, "alt")));
    match text(card, "href") {
        "" => image,
        href => format!("<a href=\"{}\">{image}</a>", escape(href)),
    }
}

fn gallery(body: &mut Body, card: &Value) {
    let images = card.get("images").and_then(Value::as_array).into_iter().flatten();
    let images: Vec<String> = images
        .map(image)
        .filter(|image| !image.is_empty())
        .map(|image| format!("<figure>{image}</figure>"))
        .collect();
    figure(body, card, &images.concat());
}

fn bookmark(body: &mut Body, card: &Value) {
    let nothing = Value::Null;
    let metadata = card.get("metadata").unwrap_or(&nothing);
    let url = first(card, &["url"]);
    let url = if url.is_empty() { text(metadata, "url") } else { url };
    let title = text(metadata, "title");
    let link = media_link(url, title);
    if link.is_empty() {
        return;
    }
    let description = text(metadata, "description");
    let description =
        if description.is_empty() { String::new() } else { format!("<br>{}", escape(description)) };
    body.push(&format!("<p>{link}{description}</p>"));
    paragraph(body, text(card, "caption"));
}

/// Adds a frame as it is; of other embedded things their link.
fn embed(body: &mut Body, card: &Value) {
    let (html, url) = (text(card, "html"), text(card, "url"));
    let title = card.get("metadata").map_or("", |metadata| text(metadata, "title"));
    let content = match (html.contains("<iframe"), url) {
        (true, _) if title.is_empty() || html.contains("title=") => html.to_owned(),
        (true, _) => html.replacen("<iframe", &format!("<iframe title=\"{}\"", escape(title)), 1),
        (false, "") => html.to_owned(),
        (false, url) => media_link(url, title),
    };
    figure(body, card, &content);
}

fn code(body: &mut Body, card: &Value) {
    let language = text(card, "language");
    let class = if language.is_empty() {
        String::new()
    } else {
        format!(" class=\"language-{}\"", escape(language))
    };
    let code = card.get("code").and_then(Value::as_str).unwrap_or_default();
    figure(body, card, &format!("<pre><code{class}>{}</code></pre>", escape(code)));
}

fn header(body: &mut Body, card: &Value) {
    let (heading, below) = (text(card, "heading"), first(card, &["subheading", "subheader"]));
    let heading = if heading.is_empty() { text(card, "header") } else { heading };
    if !heading.is_empty() {
        body.push(&format!("<h2>{}</h2>", in_line(heading)));
    }
    paragraph(body, below);
    link(body, text(card, "buttonUrl"), text(card, "buttonText"));
}

fn product(body: &mut Body, card: &Value) {
    let title = text(card, "productTitle");
    if !title.is_empty() {
        body.push(&format!("<h3>{}</h3>", in_line(title)));
    }
    match text(card, "productImageSrc") {
        "" => {}
        src => body.push(&format!("<figure><img src=\"{}\" alt=\"\"></figure>", escape(src))),
    }
    body.push(text(card, "productDescription"));
    link(body, text(card, "productUrl"), text(card, "productButton"));
}

fn link(body: &mut Body, url: &str, title: &str) {
    let link = media_link(url, title);
    if !link.is_empty() {
        body.push(&format!("<p>{link}</p>"));
    }
}

fn paragraph(body: &mut Body, html: &str) {
    if !html.is_empty() {
        body.push(&format!("<p>{}</p>", in_line(html)));
    }
}

fn media_link(url: &str, title: &str) -> String {
    if url.is_empty() {
        return String::new();
    }
    let title = if title.is_empty() { url } else { title };
    format!("<a href=\"{}\">{}</a>", escape(url), escape(title))
}
