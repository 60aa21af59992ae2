//! The steps of a sign-in after the password: a new password, a code, setting an app up.

use axum::http::header::SET_COOKIE;
use axum::response::Response;

use super::authorize::redirect_with_code;
use super::cookies::{session_cookie, set_session};
use super::form_context::FormContext;
use super::form_pages::answer;
use super::form_state::{FormError, HostedForm, shown_again};
use super::parameters::Parameters;
use super::sign_in_error::text_of;
use super::step_pages::TOO_LATE;
use crate::challenge::{ChallengeError, Step};
use crate::error::{InternalError, NewPasswordError, SignInError};
use crate::grants::SignIn;
use crate::pool::SignedIn;
use crate::user::Account;

const WRONG_CODE: &str = "That code isn't right. Enter the newest one.";
const USED_CODE: &str = "That code was used before. Wait for the next one.";

/// Goes on with a user who is identified: to the application, or to what is missing.
pub(super) async fn go_on(
    context: &FormContext<'_>,
    account: Account,
) -> Result<Response, InternalError> {
    let client = &context.request.callback.client;
    match context.pool.after_password(client, account).await {
        Ok(signed_in) => show_next(context, signed_in).await,
        Err(SignInError::Internal(error)) => Err(error),
        Err(error) => start_again(context, "", text_of(&error)).await,
    }
}

/// Shows the next step, or redirects to the application after the last one.
pub(super) async fn show_next(
    context: &FormContext<'_>,
    signed_in: SignedIn,
) -> Result<Response, InternalError> {
    let form = match signed_in {
        SignedIn::Complete(account) => return start_session(context, &account).await,
        SignedIn::NewPasswordRequired { account, session } => {
            let (session, username) = (session.as_str().to_owned(), account.user.username);
            HostedForm::NewPassword { session, username }
        }
        SignedIn::CodeRequired { session, .. } => {
            HostedForm::Code { session: session.as_str().to_owned() }
        }
        SignedIn::SetUpRequired { session, .. } => {
            HostedForm::SetUp { session: session.as_str().to_owned() }
        }
    };
    answer(context, form).await
}

/// Takes the step of a form.
pub(super) async fn take_step(
    context: &FormContext<'_>,
    form: &Parameters,
    session: &str,
) -> Result<Response, InternalError> {
    let step = &context.step(session);
    match (form.get("step"), form.get("code")) {
        (Some("set-up"), code) => set_up(context, step, code.unwrap_or_default().trim()).await,
        (_, Some(code)) => enter_code(context, step, code.trim()).await,
        (_, None) => choose_password(context, form, step).await,
    }
}

/// Sets an app up by its first code, which completes the sign-in.
async fn set_up(
    context: &FormContext<'_>,
    step: &Step<'_>,
    code: &str,
) -> Result<Response, InternalError> {
    let set_up = async || {
        context.pool.set_token_up(step, code).await?;
        context.pool.end_setup(step).await
    };
    let form = || HostedForm::SetUp { session: shown_again(step.session) };
    end_step(context, set_up().await, form).await
}

/// Completes a sign-in by a code of the authenticator app.
async fn enter_code(
    context: &FormContext<'_>,
    step: &Step<'_>,
    code: &str,
) -> Result<Response, InternalError> {
    let form = || HostedForm::Code { session: shown_again(step.session) };
    end_step(context, context.pool.enter_code(step, code).await, form).await
}

/// Completes the sign-in, or shows the form again.
async fn end_step(
    context: &FormContext<'_>,
    outcome: Result<Account, ChallengeError>,
    form: impl FnOnce() -> HostedForm,
) -> Result<Response, InternalError> {
    let error = match outcome {
        Ok(account) => return start_session(context, &account).await,
        Err(ChallengeError::WrongCode) => WRONG_CODE.to_owned(),
        Err(ChallengeError::UsedCode) => USED_CODE.to_owned(),
        Err(
            ChallengeError::Internal(error) | ChallengeError::SignIn(SignInError::Internal(error)),
        ) => return Err(error),
        Err(ChallengeError::SignIn(error)) => text_of(&error),
        Err(ChallengeError::Session(_) | ChallengeError::InvalidNumber) => {
            return start_again(context, "", TOO_LATE).await;
        }
    };
    answer(context, form().with_error(FormError::refused(error))).await
}

/// Completes a sign-in with a temporary password by the chosen one.
async fn choose_password(
    context: &FormContext<'_>,
    form: &Parameters,
    step: &Step<'_>,
) -> Result<Response, InternalError> {
    let field = |name| form.get(name).unwrap_or_default();
    let (username, password) = (field("username"), field("new_password"));
    let again = async |error: FormError| {
        let (session, username) = (shown_again(step.session), shown_again(username));
        answer(context, HostedForm::NewPassword { session, username }.with_error(error)).await
    };
    if password != field("confirm_password") {
        let text = "The two passwords differ. Type the same password twice.";
        return again(FormError::refused(text)).await;
    }
    match context.pool.choose_password(step, password).await {
        Ok(account) => go_on(context, account).await,
        Err(NewPasswordError::InvalidPassword) => {
            again(FormError::refused("The password must have 8 to 256 characters.")).await
        }
        Err(NewPasswordError::Session(_)) => start_again(context, username, TOO_LATE).await,
        Err(NewPasswordError::Internal(error)) => again(FormError::of_internal(error)?).await,
    }
}

/// Shows the sign-in form with an error.
async fn start_again(
    context: &FormContext<'_>,
    username: &str,
    error: impl Into<String>,
) -> Result<Response, InternalError> {
    let form = HostedForm::Login { username: shown_again(username) };
    answer(context, form.with_error(FormError::refused(error))).await
}

/// Creates a new session, to prevent session fixation, and redirects with a code.
async fn start_session(
    context: &FormContext<'_>,
    account: &Account,
) -> Result<Response, InternalError> {
    let FormContext { pool, request, headers, .. } = context;
    let sign_in = SignIn::new(account, pool.now());
    let previous = session_cookie(&pool.state.settings, headers);
    let session = pool.state.sessions.create(&sign_in, previous.as_ref()).await?;
    let mut response = redirect_with_code(pool, request, sign_in).await?;
    response.headers_mut().append(SET_COOKIE, set_session(&pool.state.settings, &session)?);
    Ok(response)
}
