//! Sitemaps (sitemaps.org), and the one for news programs.

use gazette_domain::{Language, Month, MonthSummary, Teaser};
use jiff::Timestamp;

use super::xml::Xml;

/// Stories in a part of the sitemap. The format allows 50,000.
pub(crate) const STORIES_PER_PART: usize = 10_000;
/// Name of the part with the pages that are not stories.
pub(crate) const PAGES_PART: &str = "pages.xml";

const SITEMAP: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
const NEWS: (&str, &str) = ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9");

/// A part of the stories of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SitemapPart {
    /// Month, in UTC.
    pub(crate) month: Month,
    /// Number of the part, from 0.
    pub(crate) number: usize,
}

impl SitemapPart {
    /// Reads the name of a part: `2026-11.xml`, and `2026-11-2.xml` for the second one.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let stem = name.strip_suffix(".xml")?;
        let (month, number) = stem.split_at_checked(7)?;
        let month = month.parse().ok()?;
        let number = match number.strip_prefix('-') {
            // The first part has one name only.
            Some(number) if !number.starts_with(['0', '+']) => number.parse().ok()?,
            None if number.is_empty() => 1_usize,
            _ => return None,
        };
        let part = Self { month, number: number.checked_sub(1)? };
        (part.name() == name).then_some(part)
    }

    /// Returns the name of the part.
    pub(crate) fn name(&self) -> String {
        match self.number {
            0 => format!("{}.xml", self.month),
            number => format!("{}-{}.xml", self.month, number + 1),
        }
    }

    /// Returns the number of stories that the parts before this one have.
    pub(crate) fn skipped(&self) -> usize {
        self.number.saturating_mul(STORIES_PER_PART)
    }

    /// Returns the parts of a month.
    fn of_month(month: &MonthSummary) -> impl Iterator<Item = Self> {
        let parts = month.stories.unwrap_or(1).div_ceil(STORIES_PER_PART).max(1);
        let month = month.month;
        (0..parts).map(move |number| Self { month, number })
    }
}

/// A page that is listed.
pub(crate) struct SitemapPage {
    /// Absolute URL.
    pub(crate) url: String,
    /// Time of its last change, if that is known.
    pub(crate) updated_at: Option<Timestamp>,
}

/// Writes the index of the parts. `folder` is the absolute URL of their folder.
pub(crate) fn write_index(folder: &str, months: &[MonthSummary]) -> Vec<u8> {
    let newest = months.iter().filter_map(|month| month.updated_at).max();
    let mut xml = Xml::new();
    xml.element("sitemapindex", &[SITEMAP], |xml| {
        place(xml, "sitemap", &format!("{folder}/{PAGES_PART}"), newest);
        for month in months {
            for part in SitemapPart::of_month(month) {
                place(xml, "sitemap", &format!("{folder}/{}", part.name()), month.updated_at);
            }
        }
    });
    xml.into_bytes()
}

/// Writes a part.
pub(crate) fn write_part(pages: &[SitemapPage]) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.element("urlset", &[SITEMAP], |xml| {
        for page in pages {
            place(xml, "url", &page.url, page.updated_at);
        }
    });
    xml.into_bytes()
}

fn place(xml: &mut Xml, name: &'static str, url: &str, updated_at: Option<Timestamp>) {
    xml.element(name, &[], |xml| {
        xml.text("loc", url);
        if let Some(time) = updated_at {
            xml.text("lastmod", &second(time));
        }
    });
}

/// Writes the sitemap of the newest stories. `language_of` returns the language of a story.
pub(crate) fn write_news<'a>(
    site_url: &str,
    publication: &str,
    stories: &'a [Teaser],
    language_of: impl Fn(&'a Teaser) -> &'a Language,
) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.element("urlset", &[SITEMAP, NEWS], |xml| {
        for story in stories {
            xml.element("url", &[], |xml| {
                xml.text("loc", &format!("{site_url}{}", story.path()));
                xml.text("lastmod", &second(story.updated_for_readers()));
                xml.element("news:news", &[], |xml| {
                    xml.element("news:publication", &[], |xml| {
                        xml.text("news:name", publication);
                        xml.text("news:language", news_language(language_of(story)));
                    });
                    xml.text("news:publication_date", &second(story.published_at));
                    xml.text("news:title", &story.headline);
                });
            });
        }
    });
    xml.into_bytes()
}

/// Returns the language as the format knows it: without region, but for Chinese.
fn news_language(language: &Language) -> &str {
    match (language.primary(), language.as_str()) {
        ("zh", tag) if ["-Hant", "-TW", "-HK", "-MO"].iter().any(|part| tag.contains(part)) => {
            "zh-tw"
        }
        ("zh", _) => "zh-cn",
        (primary, _) => primary,
    }
}

/// Returns a time in the format of W3C, which has no more digits than programs need.
fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_one_name() {
        for name in ["2026-11.xml", "2026-11-2.xml", "2016-01-12.xml"] {
            assert_eq!(SitemapPart::of_name(name).expect("a part").name(), name);
        }
        for name in [
            "2026-11-1.xml",
            "2026-11-0.xml",
            "2026-11-02.xml",
            "2026-11-+2.xml",
            "2026-13.xml",
            "2026-1.xml",
            "2026-11",
            "2026-11x.xml",
            "2026-11-.xml",
            "pages.xml",
            ".xml",
            "橋橋橋.xml",
            "2026-11-99999999999999999999999.xml",
        ] {
            assert_eq!(SitemapPart::of_name(name), None, "{name}");
        }
    }

    #[test]
    fn large_months_have_several_parts() {
        let updated_at = Some("2026-11-03T04:05:06.789Z".parse().expect("a time"));
        let month = |month: &str, stories| MonthSummary {
            month: month.parse().expect("a month"),
            stories,
            updated_at: updated_at.filter(|_| stories.is_some()),
        };
        let months = [
            month("2026-11", Some(20_001)),
            month("2026-10", Some(10_000)),
            month("2001-02", None),
        ];
        let text = String::from_utf8(write_index("https://a.example/s", &months)).expect("text");
        let names: Vec<_> =
            text.split("<loc>").skip(1).filter_map(|it| it.split("</loc>").next()).collect();
        let expected = ["pages", "2026-11", "2026-11-2", "2026-11-3", "2026-10", "2001-02"];
        assert_eq!(names, expected.map(|name| format!("https://a.example/s/{name}.xml")));
        assert_eq!(text.matches("<lastmod>2026-11-03T04:05:06Z</lastmod>").count(), 5);
    }

    #[test]
    fn chinese_has_its_script_in_the_news() {
        for (tag, expected) in
            [("en-GB", "en"), ("zh-Hant", "zh-tw"), ("zh-TW", "zh-tw"), ("zh", "zh-cn")]
        {
            let language: Language = tag.parse().expect("a language");
            assert_eq!(news_language(&language), expected);
        }
    }
}
