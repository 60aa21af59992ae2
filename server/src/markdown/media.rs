//! Links in place of what a story would load from other sites.

use url::Url;

use crate::markdown::url::{is_local, is_web};

/// A link in place of a picture, a film or a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MediaLink {
    /// URL, or `None` if only words can be shown.
    pub(super) href: Option<String>,
    pub(super) words: String,
}

/// Sites that show films, and the start of the path that names one in a frame.
const FILM_SITES: [(&str, &str); 6] = [
    ("youtube.com", "/embed/"),
    ("youtube-nocookie.com", "/embed/"),
    ("vimeo.com", "/video/"),
    ("dailymotion.com", "/embed/video/"),
    ("ted.com", "/talks/"),
    ("twitch.tv", "/"),
];

/// Returns the link in place of a frame, a film, a recording or a plug-in.
///
/// Its words are the title, or else the kind of content and the site.
pub(super) fn of_frame(element: &str, source: Option<&str>, title: &str) -> MediaLink {
    let url = source.and_then(web_url);
    let is_film = element == "video" || url.as_ref().is_some_and(|url| film_site(url).is_some());
    let kind = match element {
        _ if is_film => "Video",
        "audio" => "Audio",
        _ => "Content",
    };
    let href = match &url {
        Some(url) => Some(film_page(url).unwrap_or_else(|| url.to_string())),
        None => source.filter(|source| is_local(source)).map(str::to_owned),
    };
    let host = href.as_deref().and_then(web_url).as_ref().map(host);
    let words = match (title.trim(), host) {
        ("", Some(host)) => format!("{kind} on {host}"),
        ("", None) => kind.to_owned(),
        (title, _) => title.to_owned(),
    };
    MediaLink { href, words }
}

/// Returns the link in place of a picture that is not on this site.
///
/// Its words are the text for those who do not see the picture, or else its title or site. A
/// picture with a relative address, which was at the story's old site, becomes words alone.
pub(super) fn of_picture(source: Option<&str>, alt: &str, title: &str) -> MediaLink {
    let url = source.and_then(web_url);
    let words = match (alt.trim(), title.trim(), &url) {
        ("", "", Some(url)) => format!("Picture on {}", host(url)),
        ("", title, _) => title.to_owned(),
        (alt, ..) => alt.to_owned(),
    };
    MediaLink { href: url.map(String::from), words }
}

/// Returns the URL of another site.
fn web_url(source: &str) -> Option<Url> {
    let source = source.trim();
    let url = match source.strip_prefix("//") {
        Some(rest) => Url::parse(&format!("https://{rest}")),
        None if is_web(source) => Url::parse(source),
        None => return None,
    };
    url.ok().filter(Url::has_host)
}

/// Returns the host of a URL as readers know it.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

fn film_site(url: &Url) -> Option<(&'static str, &'static str)> {
    let host = url.host_str().unwrap_or_default();
    FILM_SITES.into_iter().find(|(site, _)| {
        host.strip_suffix(site).is_some_and(|start| start.is_empty() || start.ends_with('.'))
    })
}

/// Returns the page of a film that is shown in a frame.
fn film_page(url: &Url) -> Option<String> {
    let (site, start) = film_site(url)?;
    let id = url.path().strip_prefix(start)?.trim_end_matches('/');
    let parameter =
        |name: &str| url.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value);
    let is_id = |id: &str| {
        !id.is_empty()
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    match site {
        "youtube.com" | "youtube-nocookie.com" if id == "videoseries" => {
            let list = parameter("list").filter(|list| is_id(list))?;
            Some(format!("https://www.youtube.com/playlist?list={list}"))
        }
        "youtube.com" | "youtube-nocookie.com" if is_id(id) => {
            let start = parameter("start").filter(|start| is_id(start));
            let start = start.map_or_else(String::new, |start| format!("&t={start}"));
            Some(format!("https://www.youtube.com/watch?v={id}{start}"))
        }
        "vimeo.com" if is_id(id) => Some(match parameter("h").filter(|hash| is_id(hash)) {
            Some(hash) => format!("https://vimeo.com/{id}/{hash}"),
            None => format!("https://vimeo.com/{id}"),
        }),
        "dailymotion.com" if is_id(id) => Some(format!("https://www.dailymotion.com/video/{id}")),
        "ted.com" if is_id(id) => Some(format!("https://www.ted.com/talks/{id}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(href: &str, words: &str) -> MediaLink {
        let href = (!href.is_empty()).then(|| href.to_owned());
        MediaLink { href, words: words.to_owned() }
    }

    #[test]
    fn frames_link_to_the_page_of_their_film() {
        for (source, href, words) in [
            (
                "https://www.youtube.com/embed/a-b_1?rel=0",
                "https://www.youtube.com/watch?v=a-b_1",
                "Video on youtube.com",
            ),
            (
                "//www.youtube-nocookie.com/embed/x?start=9",
                "https://www.youtube.com/watch?v=x&t=9",
                "Video on youtube.com",
            ),
            (
                "https://player.vimeo.com/video/12?h=ab",
                "https://vimeo.com/12/ab",
                "Video on vimeo.com",
            ),
            (
                "https://codepen.io/x/embed/y",
                "https://codepen.io/x/embed/y",
                "Content on codepen.io",
            ),
            ("javascript:alert(1)", "", "Content"),
            ("x.html", "", "Content"),
        ] {
            assert_eq!(of_frame("iframe", Some(source), " "), link(href, words), "{source}");
        }
        let titled = of_frame("video", Some("/films/a.mp4"), "The bridge opens");
        assert_eq!(titled, link("/films/a.mp4", "The bridge opens"));
    }

    #[test]
    fn pictures_always_have_words() {
        let url = "https://www.elsewhere.example/a.png";
        assert_eq!(of_picture(Some(url), "A", "B"), link(url, "A"));
        assert_eq!(of_picture(Some(url), "", "B"), link(url, "B"));
        assert_eq!(of_picture(Some(url), " ", ""), link(url, "Picture on elsewhere.example"));
        assert_eq!(of_picture(Some("a.png"), "A", ""), link("", "A"));
    }
}
