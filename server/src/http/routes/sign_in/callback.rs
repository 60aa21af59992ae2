//! Finishing a sign-in.

use axum::extract::{Request, State};
use axum::http::header::USER_AGENT;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::ReadingListNotice;
use gazette_domain::{Caller, DeskError, Identity, StoryId};
use time::Duration;
use tower_sessions::Session;

use crate::auth::{ClaimedLogin, SavedForms, Secret, device_name};
use crate::http::reply::{AppError, add_cookie, short_lived_cookie};
use crate::http::request::{RequestContext, login_cookies, set_flash};
use crate::http::state::AppState;

/// The longest query that is read (OAU-04).
const MAX_QUERY_BYTES: usize = 2 * 1024;
/// Lengths at which the error and the description of the hosted UI are cut.
const MAX_ERROR_CHARACTERS: usize = 60;
const MAX_DESCRIPTION_CHARACTERS: usize = 300;
const NOT_COMPLETED: &str = "We couldn't complete your sign-in. Please start again in a moment.";
const EXPIRED: &str = "This sign-in link has expired. Please start again.";

/// `GET /auth/callback`: finishes the login that this browser began, once.
pub(in crate::http) async fn callback(
    State(app): State<AppState>,
    context: RequestContext,
    session: Session,
    request: Request,
) -> Result<Response, AppError> {
    let issuer = app.oidc.issuer().await?;
    let reply = Reply::parse(request.uri().query().unwrap_or_default(), issuer)?;
    let cookie = login_cookies::find(&app, request.headers(), &reply.state);
    let cookie = cookie.ok_or_else(|| AppError::sign_in(EXPIRED))?;
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let device = device_name(user_agent.unwrap_or_default());
    let completed = complete(&app, &context, &session, &reply, &cookie, device).await;
    let mut response = completed.into_response();
    // Also after an error: each login has one attempt.
    login_cookies::remove(&mut response, &app, &reply.state);
    Ok(response)
}

/// Completes the login in a cookie and begins a session.
async fn complete(
    app: &AppState,
    context: &RequestContext,
    session: &Session,
    reply: &Reply,
    cookie: &str,
    device: String,
) -> Result<Response, AppError> {
    let ClaimedLogin { login, completion, .. } = &claim(app, &reply.state, cookie).await?;
    let Some(code) = reply.code.clone() else {
        return Err(AppError::sign_in(&reply.explanation()));
    };
    let now = app.clock.now().as_second();
    let verifier = login.pkce_verifier.clone();
    let tokens = app.oidc.complete_login(code, verifier, &login.nonce, now).await?;
    let presented = context.presented.as_ref();
    app.sessions.begin(session, presented, &tokens, device, completion.clone()).await?;
    app.metrics.sessions.add("begun");
    if let Some(story) = login.save {
        let notice = save(app, &tokens.identity, story).await;
        set_flash(Some(session), notice).await;
    }
    let mut response = Redirect::to(&login.return_to).into_response();
    remember_person(app, &tokens.identity.claims().sub, &mut response);
    Ok(response)
}

/// Saves the story whose button led to the sign-in. A failure costs the story, not the sign-in.
async fn save(app: &AppState, identity: &Identity, story: StoryId) -> ReadingListNotice {
    match app.desk.save(&Caller::SignedIn(identity.clone()), story).await {
        Ok(()) => ReadingListNotice::Saved,
        Err(DeskError::ListFull { max }) => ReadingListNotice::Full(max),
        Err(DeskError::Missing) => ReadingListNotice::Missing,
        Err(error) => {
            tracing::warn!(%error, "the story was not saved after signing in");
            ReadingListNotice::Failed
        }
    }
}

/// Adds the cookie that says whose form this is, when the session's is gone.
fn remember_person(app: &AppState, sub: &str, response: &mut Response) {
    let Some(sealed) = app.saved_forms.seal_person(sub, app.clock.now().as_second()) else {
        return;
    };
    let lifetime = Duration::seconds(SavedForms::PERSON_SECONDS);
    let cookie = short_lived_cookie(&app.cookies.person, sealed, app.is_https(), lifetime);
    add_cookie(response, &cookie);
}

/// Claims the login that this browser began with this provider.
async fn claim<'a>(
    app: &'a AppState,
    state: &Secret,
    cookie: &str,
) -> Result<ClaimedLogin<'a>, AppError> {
    let now = app.clock.now().as_second();
    let claimed = app.pending_logins.claim(state, cookie, now).await;
    claimed
        .map_err(|error| AppError::sign_in_unavailable(NOT_COMPLETED, error))?
        .filter(|claimed| claimed.login.provider == app.oidc.provider())
        .ok_or_else(|| AppError::sign_in(EXPIRED))
}

/// Reply of the hosted UI, in the query of the callback.
struct Reply {
    state: Secret,
    code: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl Reply {
    /// Reads it strictly: no repeated parameters, and not both a code and an error (OAU-04).
    ///
    /// Unlike other queries, an empty value is not an absent one.
    fn parse(query: &str, (issuer, must_be_named): (&str, bool)) -> Result<Self, AppError> {
        let unreadable =
            || AppError::sign_in("We couldn't read the reply from the sign-in service.");
        if query.len() > MAX_QUERY_BYTES {
            return Err(unreadable());
        }
        let (mut code, mut state, mut error, mut iss) = (None, None, None, None);
        let mut description = None;
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "code" => &mut code,
                "state" => &mut state,
                "error" => &mut error,
                "error_description" => &mut description,
                "iss" => &mut iss,
                _ => continue,
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err(unreadable());
            }
        }
        let state = state.as_deref().and_then(Secret::parse).ok_or_else(unreadable)?;
        // RFC 9207: the reply must come from the issuer that was asked.
        if iss.as_deref().map_or(must_be_named, |iss| iss != issuer) {
            return Err(unreadable());
        }
        if code.is_some() == error.is_some() || code.as_deref() == Some("") {
            return Err(unreadable());
        }
        Ok(Self { state, code, error, description })
    }

    /// Logs the error that the hosted UI returned and explains it.
    fn explanation(&self) -> String {
        let error = plain_text(self.error.as_deref().unwrap_or_default(), MAX_ERROR_CHARACTERS);
        let description = self.description.as_deref().unwrap_or_default();
        let description = plain_text(description, MAX_DESCRIPTION_CHARACTERS);
        tracing::info!(error, description, "the hosted UI returned an error");
        let summary = match error.as_str() {
            "access_denied" => "Sign-in was cancelled.",
            _ => "The sign-in service refused the sign-in.",
        };
        let reported = match (error.as_str(), description.as_str()) {
            ("" | "access_denied", "") => return summary.to_owned(),
            (only, "") | ("", only) => only.to_owned(),
            (error, description) => format!("{error} ({description})"),
        };
        format!("{summary} The sign-in service reported: {reported}")
    }
}

/// Returns the beginning of a text without control characters and overrides of its direction.
fn plain_text(text: &str, max_characters: usize) -> String {
    let is_override = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = text.chars().filter(|c| !c.is_control() && !is_override(*c));
    plain.take(max_characters).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ISSUER: &str = "https://issuer.example/pool";

    proptest! {
        #[test]
        fn oau_04_no_reply_panics(query in ".{0,300}") {
            let _ = Reply::parse(&query, (ISSUER, false));
        }
    }

    #[test]
    fn oau_04_repeated_or_contradicting_replies_are_refused() {
        let state = Secret::generate().expect("randomness");
        let state = state.as_str();
        for query in [
            format!("code=a&code=b&state={state}"),
            format!("code=a&state={state}&state={state}"),
            format!("code=a&error=b&state={state}"),
            format!("state={state}"),
            format!("code=&state={state}"),
            "code=a&state=short".to_owned(),
            "code=a".to_owned(),
            format!("code={}&state={state}", "a".repeat(2_048)),
        ] {
            assert!(Reply::parse(&query, (ISSUER, false)).is_err(), "{query}");
        }
        let good = |query: String| Reply::parse(&query, (ISSUER, false));
        assert!(good(format!("error=x&state={state}")).is_ok_and(|reply| reply.code.is_none()));
        assert!(good(format!("code=a&state={state}&session_state=x")).is_ok());
    }

    #[test]
    fn oau_11_the_error_of_the_hosted_ui_is_explained_as_limited_text() {
        let state = Secret::generate().expect("randomness");
        let explain = |query: &str| {
            let query = format!("{query}&state={}", state.as_str());
            Reply::parse(&query, (ISSUER, false)).map(|reply| reply.explanation())
        };
        let text = explain("error=access_denied").expect("readable");
        assert_eq!(text, "Sign-in was cancelled.");
        let text = explain("error=invalid_request&error_description=PreSignUp+failed%0a%E2%80%AE");
        let text = text.expect("readable");
        assert!(
            text.ends_with("The sign-in service reported: invalid_request (PreSignUp failed)"),
            "{text}"
        );
        let long = format!("error={}&error_description={}", "e".repeat(500), "d".repeat(500));
        assert!(explain(&long).expect("readable").len() < 450);
        assert!(explain("error=x&error_description=a&error_description=b").is_err());
    }

    #[test]
    fn oau_05_a_reply_of_another_issuer_is_refused() {
        let state = Secret::generate().expect("randomness");
        let replies = |iss: &str, must_be_named| {
            let query = format!("code=a&state={}{iss}", state.as_str());
            Reply::parse(&query, (ISSUER, must_be_named)).is_ok()
        };
        let parse = |iss: &str| replies(iss, false);
        assert!(parse("") && parse(&format!("&iss={ISSUER}")));
        assert!(!parse("&iss=https://evil.example") && !parse("&iss="));
        assert!(!parse(&format!("&iss={ISSUER}&iss={ISSUER}")));
        assert!(!replies("", true), "the pool declares that it always sends `iss`");
        assert!(replies(&format!("&iss={ISSUER}"), true) && !replies("&iss=https://x", true));
    }
}
