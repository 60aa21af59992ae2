//! Stories of a page by maud.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::page::{Band, Picture, Teaser};

const DAY: i64 = 24 * 60 * 60;

impl Band {
    pub(crate) fn markup(&self, now: Timestamp) -> Markup {
        html! {
            section.band aria-labelledby=(self.id) {
                header.band-head {
                    h2 #(self.id) dir="auto" { (self.title) }
                    @if let Some(path) = &self.more {
                        a.more href=(path) { "All " bdi { (self.title) } " stories" }
                    }
                }
                ul { @for teaser in &self.teasers { (teaser.markup(now)) } }
            }
        }
    }
}

impl Teaser {
    fn markup(&self, now: Timestamp) -> Markup {
        let is_line = self.class.contains("line");
        html! {
            li class=(self.class) {
                @if let Some(picture) = &self.picture { (picture.markup()) }
                @if let Some(kicker) = &self.kicker { span.kicker dir="auto" { (kicker) } }
                @if is_line { (self.time(&brief_form(self.published_at, now))) }
                h3 lang="en" dir="ltr" { a href=(self.path) { (self.headline) } }
                @if let Some(summary) = &self.summary { p lang="en" dir="ltr" { (summary) } }
                @if !is_line {
                    span.meta {
                        @if let Some(author) = &self.author { span dir="auto" { (author) } " · " }
                        (self.time(&short_form(self.published_at, now)))
                        @if self.author.is_some() { " · " span { "3 min read" } }
                    }
                }
            }
        }
    }

    fn time(&self, text: &str) -> Markup {
        let at = self.published_at.to_zoned(TimeZone::UTC);
        let title = format!("{} UTC", at.strftime("%-d %B %Y, %H:%M"));
        html! { time datetime=(self.published_at) title=(title) { (text) } }
    }
}

impl Picture {
    fn markup(&self) -> Markup {
        html! {
            div.media {
                img src=(self.src) srcset=[&self.srcset] sizes=[&self.sizes] width=(self.width)
                    height=(self.height) alt="" loading="lazy" decoding="async";
            }
        }
    }
}

/// Returns "4 h" within seven days, then "18 Nov".
fn brief_form(at: Timestamp, now: Timestamp) -> String {
    match now.as_second() - at.as_second() {
        i64::MIN..60 => "Now".to_owned(),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..DAY => format!("{} h", seconds / 3_600),
        seconds if seconds < 7 * DAY => format!("{} d", seconds / DAY),
        _ => at.to_zoned(TimeZone::UTC).strftime("%-d %b").to_string(),
    }
}

/// Returns "2 hours ago" within seven days, then the date.
fn short_form(at: Timestamp, now: Timestamp) -> String {
    let plural =
        |count: i64, unit| format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" });
    match now.as_second() - at.as_second() {
        i64::MIN..60 => "Just now".to_owned(),
        seconds @ 60..3_600 => plural(seconds / 60, "minute"),
        seconds @ 3_600..DAY => plural(seconds / 3_600, "hour"),
        seconds if seconds < 7 * DAY => plural(seconds / DAY, "day"),
        _ => at.to_zoned(TimeZone::UTC).strftime("%-d %B %Y").to_string(),
    }
}
