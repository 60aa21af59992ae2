//! Reads the data of the front page from its HTML, so that another template can write it again.

use crate::page::{Band, FrontPage, Picture, Teaser};

/// Returns the data of a signed-in front page.
pub(crate) fn read(html: &str) -> FrontPage {
    let main = between(html, "<main", "</main>").expect("the content");
    let navigation = between(html, "<nav id=\"sections\"", "</nav>").expect("the navigation");
    let stylesheet = tag_with(html, "rel=\"stylesheet\"").expect("a style sheet");
    let canonical = tag_with(html, "rel=\"canonical\"").expect("its address");
    let account = tag_with_text(html, "href=\"/account\"").expect("the name of the person");
    let links = navigation.split("<a ").skip(1).map(|link| {
        (attribute(link, "href").unwrap_or_default(), text(between(link, ">", "</a>")))
    });
    FrontPage {
        title: text(between(html, "<title>", "</title>")),
        origin: attribute(canonical, "href").expect("a URL").trim_end_matches('/').to_owned(),
        username: account,
        stylesheet: (
            attribute(stylesheet, "href").expect("a path"),
            attribute(stylesheet, "integrity").unwrap_or_default(),
        ),
        sections: links.filter(|(path, _)| path.starts_with("/section/")).collect(),
        bands: bands(main),
    }
}

/// Returns the headings and the stories after each.
fn bands(main: &str) -> Vec<Band> {
    let headings = main.split("<h2 id=").skip(1);
    let band = |part: &str| {
        let (heading, rest) = part.split_once("</h2>").expect("the end of a heading");
        let before_stories = rest.split("class=\"card").next().unwrap_or_default();
        let more = tag_with(before_stories, "class=\"more\"");
        let title = heading.split_once('>').map_or("", |(_, title)| title);
        Band {
            id: heading
                .trim_start_matches('"')
                .split(['"', ' ', '>'])
                .next()
                .unwrap_or_default()
                .to_owned(),
            title: text(Some(without_tags(title))),
            more: more.and_then(|link| attribute(link, "href")),
            teasers: rest.split("class=\"card").skip(1).map(teaser).collect(),
        }
    };
    headings.map(band).collect()
}

fn teaser(part: &str) -> Teaser {
    let part = part.split("</h2>").next().unwrap_or(part);
    let heading = between(part, "<h3", "</h3>").expect("a headline");
    let link = heading.split_once("<a ").expect("a link").1;
    let after = part.split_once("</h3>").map_or("", |(_, after)| after);
    let paragraph = between(after, "<p", "</p>").and_then(|text| text.split_once('>'));
    let author = between(after, "class=\"meta\">", "<time").filter(|text| text.contains("<span"));
    let time = tag_with(part, "datetime=").expect("a time");
    Teaser {
        class: format!("card{}", part.split('"').next().unwrap_or_default()),
        kicker: between(part, "class=\"kicker", "</span>")
            .and_then(|text| text.split_once('>'))
            .map(|(_, kicker)| text(Some(kicker))),
        path: attribute(link, "href").expect("a path"),
        headline: text(between(link, ">", "</a>")),
        summary: paragraph.map(|(_, summary)| text(Some(summary))),
        author: author.map(|author| text(between(author, ">", "</span>"))),
        published_at: attribute(time, "datetime").and_then(|at| at.parse().ok()).expect("a time"),
        picture: tag_with(part, "src=").map(picture),
    }
}

fn picture(tag: &str) -> Picture {
    let number = |name| attribute(tag, name).and_then(|value| value.parse().ok()).unwrap_or(0);
    Picture {
        src: attribute(tag, "src").expect("an address"),
        srcset: attribute(tag, "srcset"),
        sizes: attribute(tag, "sizes"),
        width: number("width"),
        height: number("height"),
    }
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

/// Returns the tag that contains a text.
fn tag_with<'t>(html: &'t str, text: &str) -> Option<&'t str> {
    let at = html.find(text)?;
    let start = html[..at].rfind('<')?;
    html[start..].split('>').next()
}

/// Returns the text of the element whose tag contains a text.
fn tag_with_text(html: &str, part: &str) -> Option<String> {
    let (_, rest) = html.split_once(part)?;
    Some(text(between(rest, ">", "</")))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = between(tag, &format!(" {name}=\""), "\"");
    let value = value.or_else(|| tag.strip_prefix(&format!("{name}=\""))?.split('"').next());
    value.map(|value| text(Some(value)))
}

/// Returns the text of a link, or of text alone.
fn without_tags(html: &str) -> &str {
    html.strip_suffix("</a>").and_then(|link| link.split_once('>')).map_or(html, |(_, text)| text)
}

/// Returns text without its entities.
fn text(html: Option<&str>) -> String {
    let text = html.unwrap_or_default();
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}
