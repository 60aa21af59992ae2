//! Error pages.

use gazette_domain::{Endpoint, Removed, StoryDenial, Teaser};
use leptos::prelude::*;

use crate::components::{kept_copies, sign_in_href};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::page::Page;
use crate::reader::removed;
use crate::reader::suggestions::suggestions;

/// Path of the page that offers a saved form.
const SAVED_FORM: &str = Endpoint::SavedForm.path();

/// Explanation of a failed sign-in, and the return path of the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInFailure {
    /// Explanation for the person.
    pub explanation: String,
    /// Path that the next sign-in returns to, if it is known.
    pub return_to: Option<String>,
}

impl SignInFailure {
    /// Returns a failure whose path is not known.
    pub fn new(explanation: impl Into<String>) -> Box<Self> {
        Box::new(Self { explanation: explanation.into(), return_to: None })
    }
}

/// The kind of error that a page explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorPage {
    /// 400: the URL or form is malformed. Contains the explanation.
    BadRequest(String),
    /// 4xx: the request cannot be accepted as it is. Contains the explanation.
    NotAccepted(String),
    /// 401: the page requires a sign-in.
    NotSignedIn,
    /// 401: the session ended before a form was submitted. The form is saved.
    SessionEnded {
        /// The form also had a file, which is not saved.
        had_file: bool,
    },
    /// 401: the session ended before a form was submitted. The form cannot be saved.
    SessionEndedUnsaved,
    /// 403: the account lacks the permission.
    Forbidden,
    /// 403: the account may not change this story. Contains the path of the story's page, if
    /// readers can see it.
    StoryDenied(StoryDenial, Option<String>),
    /// 403: the request came from another site.
    ForeignRequest,
    /// 404: the URL matches no page.
    NotFound,
    /// 405: the URL does not support the HTTP method.
    MethodNotAllowed,
    /// 410: the story was removed.
    Gone(Box<Removed>),
    /// 429: too many requests.
    TooManyRequests,
    /// 503: the server has more to do than it can.
    Busy,
    /// 4xx: the sign-in failed.
    SignInFailed(Box<SignInFailure>),
    /// 502 or 503: a service behind the site does not respond. Contains the explanation.
    Unavailable(String),
    /// 502 or 503: the sign-in could not be completed, but another one may.
    SignInUnavailable(Box<SignInFailure>),
    /// 502: the site's configuration is wrong. Contains the explanation.
    Misconfigured(String),
    /// 500: internal error.
    Internal,
}

/// Explains an error and offers a next step.
///
/// Shows `request_id` as a reference where the newsroom can look it up in the log. The pages in
/// place of a story show the latest ones instead.
pub fn error_page(
    frame: &Frame,
    error: &ErrorPage,
    request_id: Option<&str>,
    latest: &[Teaser],
) -> Page {
    let (title, text) = match title_and_text(error) {
        Ok(words) => words,
        Err(story) => return removed::removed(frame, story, latest),
    };
    let reference = request_id.filter(|_| has_reference(error)).map(|id| {
        view! { <p class="meta">"Reference: " <code>{id.to_owned()}</code></p> }
    });
    let is_of_desk = frame.path.starts_with(Endpoint::Desk.path());
    let content = view! {
        <div class="panel error-page">
            <h1>{title}</h1>
            <p>{text}</p>
            <p class="actions">{next_step(frame, error)}</p>
            {is_of_desk.then(|| kept_copies(frame))}
            {reference}
            {has_suggestions(error).then(|| suggestions(frame, latest))}
        </div>
    };
    Page::private(title, content.into_markup())
}

fn next_step(frame: &Frame, error: &ErrorPage) -> Markup {
    let sign_in = |label: &'static str, href: String| {
        view! { <a class="btn" href=href rel="nofollow">{label}</a> }.into_markup()
    };
    let link = |label: &'static str, endpoint: Endpoint| {
        view! { <a class="btn" href=endpoint.path()>{label}</a> }.into_markup()
    };
    match error {
        ErrorPage::NotSignedIn => sign_in("Sign in", sign_in_href(&frame.path)),
        ErrorPage::SessionEndedUnsaved => sign_in("Sign in", sign_in_href(Endpoint::Desk.path())),
        ErrorPage::SessionEnded { .. } => sign_in("Sign in and continue", sign_in_href(SAVED_FORM)),
        ErrorPage::SignInFailed(failure) | ErrorPage::SignInUnavailable(failure) => {
            let href = failure.return_to.as_deref().map(sign_in_href);
            sign_in("Try again", href.unwrap_or_else(|| Endpoint::Login.path().to_owned()))
        }
        ErrorPage::Unavailable(_)
        | ErrorPage::Misconfigured(_)
        | ErrorPage::Internal
        | ErrorPage::TooManyRequests
        | ErrorPage::Busy
        | ErrorPage::ForeignRequest => link("Front page", Endpoint::FrontPage),
        ErrorPage::Forbidden => link("Your account", Endpoint::Account),
        ErrorPage::StoryDenied(_, Some(path)) => {
            view! { <a class="btn" href=path.clone()>"View story"</a> }.into_markup()
        }
        ErrorPage::StoryDenied(_, None) => link("Your stories", Endpoint::Desk),
        // The search below is the act of the page.
        ErrorPage::NotFound | ErrorPage::Gone(_) => view! {
            <a class="btn quiet" href=Endpoint::ListNews.path()>"Latest news"</a>
        }
        .into_markup(),
        ErrorPage::BadRequest(_) | ErrorPage::NotAccepted(_) | ErrorPage::MethodNotAllowed => {
            link("Latest news", Endpoint::ListNews)
        }
    }
}

/// Returns whether the page replaces a story, and so offers other stories.
pub fn has_suggestions(error: &ErrorPage) -> bool {
    matches!(error, ErrorPage::NotFound | ErrorPage::Gone(_))
}

/// Returns true for errors that the newsroom can trace in the log.
fn has_reference(error: &ErrorPage) -> bool {
    match error {
        ErrorPage::Internal
        | ErrorPage::Unavailable(_)
        | ErrorPage::Misconfigured(_)
        | ErrorPage::SignInFailed(..)
        | ErrorPage::SignInUnavailable(..) => true,
        ErrorPage::BadRequest(_)
        | ErrorPage::NotAccepted(_)
        | ErrorPage::NotSignedIn
        | ErrorPage::SessionEnded { .. }
        | ErrorPage::SessionEndedUnsaved
        | ErrorPage::Forbidden
        | ErrorPage::StoryDenied(..)
        | ErrorPage::ForeignRequest
        | ErrorPage::TooManyRequests
        | ErrorPage::Busy
        | ErrorPage::NotFound
        | ErrorPage::MethodNotAllowed
        | ErrorPage::Gone(_) => false,
    }
}

/// Returns the title and the text of a page that refuses a change of a story.
pub fn story_denied(denial: StoryDenial) -> (&'static str, &'static str) {
    match denial {
        StoryDenial::Published => (
            "This story is published",
            "From now on, only an editor can change it. Ask an editor if something must be corrected.",
        ),
        StoryDenial::Scheduled => (
            "This story is scheduled",
            "From now on, only an editor can change it. Ask an editor if something must be corrected.",
        ),
        StoryDenial::OfAnother => (
            "This isn't your story",
            "You can change your own drafts. An editor can change this story.",
        ),
        StoryDenial::EditorsDecide => (
            "Only an editor can do this",
            "Hand your story in for review. An editor publishes it, or sends it back with a note.",
        ),
    }
}

/// Returns the title and the text. A story that was removed has a page of its own.
fn title_and_text(error: &ErrorPage) -> Result<(&'static str, String), &Removed> {
    let (title, text) = match error {
        ErrorPage::BadRequest(text) => ("Something's wrong with that link", text.as_str()),
        ErrorPage::NotAccepted(text) => ("We can't accept this", text.as_str()),
        ErrorPage::SignInFailed(failure) => ("Sign-in failed", failure.explanation.as_str()),
        ErrorPage::Unavailable(text) => ("Please try again in a moment", text.as_str()),
        ErrorPage::Busy => (
            "Please try again in a moment",
            "More people are asking for pages right now than we can serve at once.",
        ),
        ErrorPage::SignInUnavailable(failure) => {
            ("Sign-in isn't available", failure.explanation.as_str())
        }
        ErrorPage::Misconfigured(text) => ("This site is misconfigured", text.as_str()),
        ErrorPage::NotSignedIn => ("Please sign in", "Sign in to see this page."),
        ErrorPage::SessionEnded { had_file: false } => (
            "You've been signed out",
            "We've saved your form for an hour. Sign in on this browser to continue.",
        ),
        ErrorPage::SessionEnded { had_file: true } => (
            "You've been signed out",
            "We've saved what you typed for an hour, but not the file. Sign in on this browser to continue, and choose the file again.",
        ),
        ErrorPage::SessionEndedUnsaved => (
            "You've been signed out",
            "This form was too large to save, or too many were saved just now. Go back in your browser: what you typed is still there. Copy it, sign in, and paste it.",
        ),
        ErrorPage::Forbidden => (
            "You don't have access",
            "Your account isn't in a group that can open this page. Recently added to a group? Refresh your permissions on your account page.",
        ),
        ErrorPage::StoryDenied(denial, _) => story_denied(*denial),
        ErrorPage::ForeignRequest => (
            "Blocked for your safety",
            "This request didn't come from a page on this site, so nothing was changed. Open the page here and try again.",
        ),
        ErrorPage::NotFound => {
            ("Page not found", "Check the address for typos, or search for what you are after.")
        }
        ErrorPage::TooManyRequests => (
            "Too many requests",
            "Your address has sent us a lot of requests in a short time. Wait a minute, then try again.",
        ),
        ErrorPage::MethodNotAllowed => ("This page can't do that", "Go back and try again."),
        ErrorPage::Gone(story) => return Err(story),
        ErrorPage::Internal => (
            "Something went wrong",
            "Sorry, that's our fault. We've logged it. If it keeps happening, quote the reference below.",
        ),
    };
    Ok((title, text.to_owned()))
}
