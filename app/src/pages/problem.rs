//! The pages for when something is not there, not allowed or not working.

use leptos::prelude::*;

use crate::frame::Frame;
use crate::pages::{Page, sign_in_href};

/// Where a form that was kept is offered again.
const KEPT: &str = "/kept";

/// What is wrong, told by what the reader can do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorPage {
    /// 400: the address or form cannot be read.
    BadRequest(String),
    /// 401: signing in may help.
    NotSignedIn,
    /// 401: the session ended while a form was being filled in, which is kept.
    SessionEnded,
    /// 403: signing in does not help.
    Forbidden,
    /// 403: the request did not come from a page of this site.
    ForeignRequest,
    /// 404: nothing was ever here.
    NotFound,
    /// 405: the address does not take this kind of request.
    MethodNotAllowed,
    /// 410: it was deleted.
    Gone,
    /// 4xx: signing in did not work out.
    SignInFailed(String),
    /// 502 or 503: somebody behind this site does not answer.
    Unavailable(String),
    /// 500: the fault is ours.
    Internal,
}

/// Says what is wrong and what to do next; `request_id` helps the operator to find it in the log.
pub fn problem(frame: &Frame, problem: &ErrorPage, request_id: Option<&str>) -> Page {
    let (title, text) = words(problem);
    let action = match problem {
        ErrorPage::NotSignedIn => {
            let href = sign_in_href(&frame.path);
            view! { <a class="btn" href=href rel="nofollow">"Sign in"</a> }.into_any()
        }
        ErrorPage::SessionEnded => {
            let href = sign_in_href(KEPT);
            view! { <a class="btn" href=href rel="nofollow">"Sign in and go on"</a> }.into_any()
        }
        ErrorPage::SignInFailed(_) => {
            view! { <a class="btn" href="/auth/login" rel="nofollow">"Try again"</a> }.into_any()
        }
        ErrorPage::Unavailable(_) | ErrorPage::Internal | ErrorPage::ForeignRequest => {
            view! { <a class="btn" href="/">"To the front page"</a> }.into_any()
        }
        ErrorPage::Forbidden => {
            view! { <a class="btn" href="/account">"Your account"</a> }.into_any()
        }
        ErrorPage::BadRequest(_)
        | ErrorPage::NotFound
        | ErrorPage::MethodNotAllowed
        | ErrorPage::Gone => view! { <a class="btn" href="/news">"Latest news"</a> }.into_any(),
    };
    // A number to tell the newsroom is of use only where the newsroom can do something.
    let told = matches!(
        problem,
        ErrorPage::Internal | ErrorPage::Unavailable(_) | ErrorPage::SignInFailed(_)
    );
    let request_id = request_id.filter(|_| told).map(|id| {
        view! { <p class="meta">"Request " <code>{id.to_owned()}</code></p> }
    });
    let content = view! {
        <div class="panel problem">
            <h1>{title}</h1>
            <p>{text}</p>
            <p class="choices">{action}</p>
            {request_id}
        </div>
    };
    Page::private(title, content.into_any())
}

fn words(problem: &ErrorPage) -> (&'static str, String) {
    match problem {
        ErrorPage::BadRequest(what) => ("That request cannot be read", what.clone()),
        ErrorPage::NotSignedIn => {
            ("Please sign in", "This page is for people who are signed in.".to_owned())
        }
        ErrorPage::SessionEnded => (
            "You were signed out meanwhile",
            "What you sent is not lost: it is kept for an hour and offered again in this browser when you have signed in.".to_owned(),
        ),
        ErrorPage::Forbidden => (
            "Not for your account",
            "You are signed in, but your groups do not allow this. If they were changed just now, refresh your permissions on your account page.".to_owned(),
        ),
        ErrorPage::ForeignRequest => (
            "Refused",
            "The request did not come from a page of this site, so nothing was done. Go back and try again from here.".to_owned(),
        ),
        ErrorPage::NotFound => (
            "Page not found",
            "There is nothing at this address. It may have been mistyped.".to_owned(),
        ),
        ErrorPage::MethodNotAllowed => {
            ("Not possible here", "This address does not take that kind of request.".to_owned())
        }
        ErrorPage::Gone => {
            ("This story was deleted", "It was here once. The newsroom has taken it down.".to_owned())
        }
        ErrorPage::SignInFailed(what) => ("Signing in did not work", what.clone()),
        ErrorPage::Unavailable(what) => ("Please try again in a moment", what.clone()),
        ErrorPage::Internal => (
            "Something went wrong",
            "The fault is ours, and it has been written down. Please try again; if it stays, tell the newsroom the number below.".to_owned(),
        ),
    }
}
