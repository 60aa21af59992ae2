//! The account page: identity, permissions and active sessions.

use gazette_domain::{Action, Caller, Endpoint, Identity, Policy, TokenUse};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::{kept_copies, long_form, time};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::member::notice::{AccountNotice, notice_line};
use crate::member::permissions::permissions_table;
use crate::member::sessions::{SessionRow, sessions};
use crate::page::Page;

/// Data of the account page.
pub struct Account<'a> {
    /// Verified identity.
    pub identity: &'a Identity,
    /// Access policy; decides which actions are listed as allowed.
    pub policy: &'a Policy,
    /// Time at which the pool last verified the session; `None` for a bearer token.
    pub verified_at: Option<Timestamp>,
    /// Sessions of this person, the most recently used first.
    pub sessions: Vec<SessionRow>,
    /// There are more sessions than these.
    pub more: bool,
    /// Outcome of the previous request.
    pub notice: Option<AccountNotice>,
}

/// Shows the account of the person who is signed in.
pub fn account(frame: &Frame, shown: &Account<'_>) -> Page {
    let caller = Caller::SignedIn(shown.identity.clone());
    let may_manage = shown.policy.authorize(&caller, Action::ManageAccess).is_ok();
    let people = may_manage.then(|| {
        view! { <p class="more"><a href=Endpoint::People.path()>"People"</a></p> }
    });
    // Readers have the rights of every reader.
    let has_role = shown.policy.authorize(&caller, Action::OpenDesk).is_ok();
    let permissions = has_role.then(|| {
        view! { <h2>"Permissions"</h2> {permissions_table(shown.policy, &caller)} }
    });
    let content = view! {
        <div class="panel account">
            <div class="head">
                <h1>"Your account"</h1>
                {sign_out_form()}
            </div>
            {shown.notice.map(notice_line)}
            {kept_copies(frame)}
            {facts(frame, shown)}
            {permissions}
            {shown.verified_at.map(|_| refresh_form())}
            <h2>"Active sessions"</h2>
            {sessions(frame, &shown.sessions, shown.more)}
            {people}
        </div>
    };
    Page::private("Your account", content.into_markup())
}

fn facts(frame: &Frame, shown: &Account<'_>) -> impl IntoView + use<> {
    let claims = shown.identity.claims();
    let groups =
        if claims.groups.is_empty() { "none".to_owned() } else { claims.groups.join(", ") };
    let email = claims.email.clone().unwrap_or_else(|| "not provided".to_owned());
    let expires_at = Timestamp::from_second(claims.expires_at)
        .map(|at| long_form(frame, at))
        .unwrap_or_default();
    let token = match claims.token_use {
        TokenUse::Access => "access token",
        TokenUse::Id => "ID token",
    };
    let verified = match shown.verified_at {
        Some(at) => view! { <dt>"Last checked"</dt> <dd>{time(frame, at)}</dd> }.into_markup(),
        None => view! { <dt>"Token expires"</dt> <dd>{expires_at}</dd> }.into_markup(),
    };
    view! {
        <dl class="facts">
            <dt>"Signed in as"</dt>
            <dd dir="auto">{claims.username.clone()}</dd>
            <dt>"Email"</dt>
            <dd>{email}</dd>
            <dt>"Groups"</dt>
            <dd>{groups}</dd>
            <dt>"User ID"</dt>
            <dd><code>{claims.sub.clone()}</code></dd>
            <dt>"Signed in through"</dt>
            <dd>{format!("{} user pool ({token})", frame.site.title)}</dd>
            {verified}
        </dl>
    }
}

fn sign_out_form() -> impl IntoView {
    view! {
        <form method="post" action=Endpoint::Logout.path()>
            <button class="btn">"Sign out"</button>
        </form>
    }
}

fn refresh_form() -> impl IntoView {
    view! {
        <form method="post" action=Endpoint::RefreshAccount.path()>
            <p class="meta">"Recently added to a group?"</p>
            <p class="actions"><button class="btn quiet">"Refresh permissions"</button></p>
        </form>
    }
}
