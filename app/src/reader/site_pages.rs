//! Pages about the site: about, privacy and accessibility.

use gazette_domain::{Endpoint, FeedFormat};
use leptos::prelude::*;

use crate::components::{TextLanguage, section_links};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::page::{FeedLinks, Page};

/// Data that the site stores and for how long, from the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivacyFacts {
    /// Name of the session cookie.
    pub session_cookie: String,
    /// Beginning of the names of the cookies with a sign-in in progress.
    pub login_cookie: String,
    /// Name of the cookie that belongs to a saved form.
    pub saved_form_cookie: String,
    /// Name of the cookie that remembers who signed in last.
    pub person_cookie: String,
    /// Name of the cookie with the theme.
    pub theme_cookie: String,
    /// Seconds without a request after which a session ends.
    pub session_idle_seconds: i64,
    /// Seconds after signing in at which a session ends in any case.
    pub session_absolute_seconds: i64,
    /// Seconds in which a sign-in must be completed.
    pub login_seconds: i64,
    /// Seconds for which a form is saved.
    pub saved_form_seconds: i64,
    /// Seconds for which the last person is remembered.
    pub person_seconds: i64,
    /// Seconds for which the theme is remembered.
    pub theme_seconds: i64,
    /// Seconds for which deleted stories are kept.
    pub trash_seconds: i64,
    /// Each request gets a line in the log.
    pub has_access_log: bool,
    /// Accounts are kept by this site; else by a sign-in service.
    pub has_own_accounts: bool,
}

/// Shows what the site is, and where to go on.
pub fn about(frame: &Frame) -> Page {
    let title = frame.site.title.clone();
    let sections = section_links(frame);
    let sections = (!frame.sections.is_empty()).then(|| {
        view! {
            <h2>"What we write about"</h2>
            <ul class="tags">{sections}</ul>
        }
    });
    let feeds = FeedFormat::ALL
        .map(|format| view! { <li><a href=format.path("")>{format.name()}</a></li> })
        .collect_view();
    let content = view! {
        <p>
            <bdi>{title.clone()}</bdi>
            " is free to read. There are no advertisements, no tracking and no pop-ups, and every page works without scripts."
        </p>
        {sections}
        <h2>"When we get something wrong"</h2>
        <p>
            "We correct it, and say so below the story and on the page of all "
            <a href=Endpoint::Corrections.path()>"corrections"</a>
            ". A story that was removed keeps its address, which says when and why."
        </p>
        <h2>"Follow us"</h2>
        <p>"Each section, tag and author has feeds of its own. These are of all stories:"</p>
        <ul class="tags">{feeds}</ul>
        <h2>"Your data"</h2>
        <p>
            "The page about " <a href=Endpoint::Privacy.path()>"privacy"</a>
            " lists everything that we store. The page about "
            <a href=Endpoint::Accessibility.path()>"accessibility"</a>
            " says what works, and what does not yet."
        </p>
    };
    let description = format!("What {title} is, how it corrects mistakes, and how to follow it.");
    let page = site_page(frame, "About us", Endpoint::About, description, content.into_markup());
    Page { feeds: Some(FeedLinks::site()), ..page }
}

/// Shows what the site stores, as it is configured.
pub fn privacy(frame: &Frame, facts: &PrivacyFacts) -> Page {
    let log = if facts.has_access_log {
        "For each request, the log has the time, the path without its query, the status and the duration. It has no IP addresses and no names."
    } else {
        "Requests are not logged. Errors and refused requests are, with the time and the path, but without IP addresses and names."
    };
    let accounts = if facts.has_own_accounts {
        "Your account, with your user name, e-mail address and a hash of your password, is stored on this site."
    } else {
        "Your account is kept by the sign-in service that you are sent to. We get your user name, your e-mail address and your groups from it, and never see your password."
    };
    let trash = duration(facts.trash_seconds);
    let idle = duration(facts.session_idle_seconds);
    let absolute = duration(facts.session_absolute_seconds);
    let content = view! {
        <h2>"When you read"</h2>
        <p>"Reading needs no account and sets no cookie. No other company learns that you were here: pages load nothing from other sites, and we do not track what you read."</p>
        <p>{log}</p>
        <h2>"When you sign in"</h2>
        <p>{accounts}</p>
        <p>
            "A session ends after " {idle} " without a request, and " {absolute}
            " after you signed in. It has the name of your browser and the times of its first and last request, which you see in your account. There you can end each of your sessions."
        </p>
        <p>"We store which stories you saved, until you remove them from your list. Only you see the list."</p>
        <h2>"Cookies"</h2>
        {cookies(facts)}
        <h2>"When you work in the newsroom"</h2>
        <p>
            "Each change of a story is recorded with your user name and the time, for as long as the site exists. Deleted stories stay in the trash for "
            {trash} "."
        </p>
    };
    let description = format!("What {} stores about you, and for how long.", frame.site.title);
    site_page(frame, "Privacy", Endpoint::Privacy, description, content.into_markup())
}

/// Shows the cookies, with their purpose and lifetime.
fn cookies(facts: &PrivacyFacts) -> impl IntoView + use<> {
    let row = |name: String, purpose: &'static str, seconds: i64| {
        view! {
            <dt><code>{name}</code></dt>
            <dd>{purpose} " It ends after " {duration(seconds)} " at the latest."</dd>
        }
    };
    let login = format!("{}\u{2026}", facts.login_cookie);
    view! {
        <p>"We use cookies only to sign you in, to keep what you typed and to remember your theme. Scripts cannot read them."</p>
        <dl class="facts">
            {row(facts.session_cookie.clone(), "Your session.", facts.session_absolute_seconds)}
            {row(login, "A sign-in that you have begun.", facts.login_seconds)}
            {row(facts.person_cookie.clone(), "The owner of a form that you send after your session has ended.", facts.person_seconds)}
            {row(facts.saved_form_cookie.clone(), "The form that you sent after your session had ended.", facts.saved_form_seconds)}
            {row(facts.theme_cookie.clone(), "The theme that you chose: light or dark.", facts.theme_seconds)}
        </dl>
    }
}

/// Shows what works for everyone, and what does not yet.
pub fn accessibility(frame: &Frame) -> Page {
    let content = view! {
        <p>"We want everyone to be able to read, and to work in the newsroom. Our aim is the level AA of the Web Content Accessibility Guidelines 2.2, and we check every page against it."</p>
        <h2>"What you can rely on"</h2>
        <ul class="points">
            <li>"Everything works with the keyboard alone. The first two links of a page skip to its content and to the sections, and you always see where you are."</li>
            <li>"Everything works without scripts."</li>
            <li>"Text has a contrast of at least 7 to 1, in the light and in the dark theme. The theme follows your device, unless you choose one at the end of a page."</li>
            <li>"Text can be twice as large, and pages as narrow as 320 pixels, without scrolling sideways. Wide tables and code scroll by themselves, also with the keyboard."</li>
            <li>"Headings, lists, tables and regions are marked as such. Each text says its language and direction."</li>
            <li>"Nothing moves by itself, plays by itself or disappears after some time."</li>
        </ul>
        <h2>"What does not work yet"</h2>
        <ul class="points">
            <li>"Stories that were moved here from other sites may have pictures without a description, and links whose text does not say where they lead."</li>
            <li>"The interface is in English, in whatever language the stories are."</li>
        </ul>
    };
    let description = format!("How {} makes its pages usable for everyone.", frame.site.title);
    let endpoint = Endpoint::Accessibility;
    site_page(frame, "Accessibility", endpoint, description, content.into_markup())
}

fn site_page(
    frame: &Frame,
    title: &'static str,
    endpoint: Endpoint,
    description: String,
    content: Markup,
) -> Page {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let content = view! {
        <div class="panel prose" lang=lang dir=dir>
            <h1>{title}</h1>
            {content}
        </div>
    };
    let page = Page::public(title, endpoint.path(), content.into_markup());
    Page { description: Some(description), ..page }
}

/// Returns "30 minutes", "12 hours" or "30 days": the largest unit that tells it exactly.
fn duration(seconds: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second")];
    let exact = units.into_iter().find(|(unit, _)| seconds >= *unit && seconds % unit == 0);
    let (unit, name) = exact.unwrap_or((1, "second"));
    match seconds / unit {
        1 => format!("1 {name}"),
        count => format!("{count} {name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_largest_exact_unit() {
        for (seconds, expected) in [
            (1_800, "30 minutes"),
            (43_200, "12 hours"),
            (86_400, "1 day"),
            (2_592_000, "30 days"),
            (5_400, "90 minutes"),
            (0, "0 seconds"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }
}
