//! Who you are, why this site thinks so, and where you are signed in.

use gazette_domain::{Action, Caller, Identity, Policy};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::{long_form, reason_code, time};
use crate::frame::Frame;
use crate::pages::Page;

/// What the page shows.
pub struct Account<'a> {
    /// The verified identity.
    pub identity: &'a Identity,
    /// What it may do.
    pub policy: &'a Policy,
    /// When the pool last verified for it; `None` for a token.
    pub verified_at: Option<Timestamp>,
    /// The person's sessions, the one used last first.
    pub sessions: Vec<SessionLine>,
    /// Whether there are more.
    pub more: bool,
    /// What the request before this one did.
    pub notice: Option<AccountNotice>,
}

/// One session, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// Names it, to end it.
    pub name: String,
    /// The browser, in plain words.
    pub device: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// Whether this page was asked for by it.
    pub is_this: bool,
}

/// What was just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountNotice {
    /// The groups are those of now.
    Refreshed,
    /// So many sessions were ended.
    Ended(usize),
}

/// Shows the verified identity, what it may do and its sessions.
pub fn account(frame: &Frame, shown: &Account<'_>) -> Page {
    let caller = Caller::SignedIn(shown.identity.clone());
    let may_manage = shown.policy.authorize(&caller, Action::ManageAccess).is_ok();
    let people = may_manage.then(|| {
        view! { <p class="more"><a href="/account/people">"Who has signed in lately"</a></p> }
    });
    let content = view! {
        <div class="panel">
            <h1>"Your account"</h1>
            {shown.notice.map(notice_line)}
            {facts(frame, shown)}
            <h2>"What you may do"</h2>
            {rights(shown.policy, &caller)}
            {shown.verified_at.map(|_| refresh_form())}
            <h2>"Where you are signed in"</h2>
            {sessions(frame, &shown.sessions, shown.more)}
            {people}
        </div>
    };
    Page::private("Your account", content.into_any())
}

fn facts(frame: &Frame, shown: &Account<'_>) -> impl IntoView + use<> {
    let claims = shown.identity.claims();
    let groups =
        if claims.groups.is_empty() { "none".to_owned() } else { claims.groups.join(", ") };
    let email = claims.email.clone().unwrap_or_else(|| "not told".to_owned());
    let until = Timestamp::from_second(claims.expires_at).map(long_form).unwrap_or_default();
    let verified = match shown.verified_at {
        Some(at) => view! { <dt>"Confirmed"</dt> <dd>{time(at, frame.now)}</dd> }.into_any(),
        None => view! { <dt>"Token ends"</dt> <dd>{until}</dd> }.into_any(),
    };
    view! {
        <dl class="facts">
            <dt>"Signed in as"</dt>
            <dd>{claims.username.clone()}</dd>
            <dt>"Email"</dt>
            <dd>{email}</dd>
            <dt>"Groups"</dt>
            <dd>{groups}</dd>
            <dt>"Subject"</dt>
            <dd><code>{claims.sub.clone()}</code></dd>
            <dt>"Vouched for by"</dt>
            <dd>{format!("the user pool, in an {} token", claims.token_use.as_str())}</dd>
            {verified}
        </dl>
    }
}

fn rights(policy: &Policy, caller: &Caller) -> impl IntoView + use<> {
    let rows = Action::ALL
        .into_iter()
        .map(|action| {
            let reason = policy.decide(caller, action);
            let answer = if reason.is_allowed() { "Yes" } else { "No" };
            view! {
                <tr>
                    <th scope="row">{what(action)}</th>
                    <td>{answer}</td>
                    <td>{reason_code(reason.as_str())}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="rights">
            <thead>
                <tr>
                    <th scope="col">"Action"</th>
                    <th scope="col">"Allowed"</th>
                    <th scope="col">"Reason"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn refresh_form() -> impl IntoView {
    view! {
        <form method="post" action="/account/refresh">
            <p class="meta">"Were your groups changed just now?"</p>
            <p class="choices"><button class="btn quiet">"Refresh my permissions"</button></p>
        </form>
    }
}

fn sessions(frame: &Frame, sessions: &[SessionLine], more: bool) -> impl IntoView + use<> {
    let more = more.then(|| {
        let count = sessions.len();
        view! {
            <p class="meta">
                {format!("There are more than these {count}. \u{201c}Sign out everywhere\u{201d} ends all of them.")}
            </p>
        }
    });
    let rows = sessions.iter().map(|session| session_row(frame, session)).collect_view();
    view! {
        <table class="rights stacked">
            <thead>
                <tr>
                    <th scope="col">"Browser"</th>
                    <th scope="col">"Since"</th>
                    <th scope="col">"Last seen"</th>
                    <th scope="col"><span class="vh">"End it"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {more}
        <div class="choices">
            <form method="post" action="/auth/logout">
                <button class="btn">"Sign out"</button>
            </form>
            <form method="post" action="/account/sessions/end-all">
                <button class="btn quiet">"Sign out everywhere"</button>
            </form>
        </div>
    }
}

fn session_row(frame: &Frame, session: &SessionLine) -> impl IntoView + use<> {
    let name = session.name.clone();
    let label = format!("End the session of {}", session.device);
    let end = if session.is_this {
        view! { "This one" }.into_any()
    } else {
        view! {
            <form method="post" action="/account/sessions/end">
                <input r#type="hidden" name="session" value=name />
                <button class="btn quiet" aria-label=label>"End"</button>
            </form>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">{session.device.clone()}</th>
            <td data-head="Since">{time(session.began_at, frame.now)}</td>
            <td data-head="Last seen">{time(session.seen_at, frame.now)}</td>
            <td>{end}</td>
        </tr>
    }
}

pub(super) fn notice_line(notice: AccountNotice) -> impl IntoView {
    let text = match notice {
        AccountNotice::Refreshed => "Your permissions are those of now.".to_owned(),
        AccountNotice::Ended(1) => "1 session was ended.".to_owned(),
        AccountNotice::Ended(count) => format!("{count} sessions were ended."),
    };
    view! { <p class="notice" role="status">{text}</p> }
}

fn what(action: Action) -> &'static str {
    match action {
        Action::ReadNews => "Read the news",
        Action::ReadAccount => "See your account",
        Action::SaveNews => "Keep a reading list",
        Action::OpenDesk => "Open the newsroom",
        Action::WriteNews => "Write news",
        Action::DeleteNews => "Delete news",
        Action::RestoreNews => "Restore deleted news",
        Action::EraseNews => "Empty the trash",
        Action::ReadAudit => "Read the audit log",
        Action::ManageAccess => "Sign others out",
    }
}
