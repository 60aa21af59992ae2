//! `/signup` and `/confirmUser`: users who register themselves.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::html;

use super::authorization_request::AuthorizationRequest;
use super::authorize::server_error;
use super::browser_error::BrowserError;
use super::form_context::{FormContext, status_of};
use super::login::{EXPIRED, show_login, start_session};
use super::pages::{Field, FieldKind, Form, outbox_hint};
use super::parameters::Parameters;
use crate::attributes::{AttributeChanges, Author};
use crate::error::{AccountError, InternalError};
use crate::grants::SignIn;
use crate::pool::UserPool;
use crate::registration::SignUp;

/// Cognito's name of the field.
const EMAIL: &str = "requiredAttributes[email]";

pub(super) async fn form(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let parameters = Parameters::from_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool, &parameters).await?;
    let shown = FormContext::new(&pool, &request, &headers)
        .and_then(|context| show_sign_up(&context, &Parameters::default(), None));
    shown.map_err(|error| server_error(&request, &error))
}

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let parameters = Parameters::from_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool, &parameters).await?;
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    let response = sign_up(&pool, &request, &headers, &form).await;
    response.map_err(|error| server_error(&request, &error))
}

pub(super) async fn confirm_form(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let parameters = Parameters::from_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool, &parameters).await?;
    let shown = FormContext::new(&pool, &request, &headers).and_then(|context| {
        let confirmation = Confirmation { username: &request.login_hint, session: "" };
        confirmation.show(&context, None, None)
    });
    shown.map_err(|error| server_error(&request, &error))
}

pub(super) async fn confirm_submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let parameters = Parameters::from_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool, &parameters).await?;
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    let response = confirm(&pool, &request, &headers, &form).await;
    response.map_err(|error| server_error(&request, &error))
}

async fn sign_up(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Response, InternalError> {
    let context = FormContext::new(pool, request, headers)?;
    if !context.accepts(form) {
        return show_sign_up(&context, form, Some(EXPIRED));
    }
    let field = |name| form.get(name).unwrap_or_default().to_owned();
    let email = [("email".to_owned(), field(EMAIL))];
    let signed_up = match AttributeChanges::parse(email, Author::User) {
        Ok(attributes) => {
            let (username, password) = (field("username"), field("password"));
            pool.sign_up(SignUp { username, password, attributes }).await
        }
        Err(error) => Err(error.into()),
    };
    match signed_up {
        Ok((account, delivery)) => {
            let sign_in = SignIn::new(&account, pool.now());
            let session = pool.state.sign_ups.begin(&sign_in).await?;
            let username = account.user.username.as_str();
            let confirmation = Confirmation { username, session: session.as_str() };
            confirmation.show(&context, Some(&delivery.destination), None)
        }
        Err(AccountError::Internal(error)) => Err(error),
        Err(error) => show_sign_up(&context, form, Some(&message(&error))),
    }
}

async fn confirm(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Response, InternalError> {
    let context = FormContext::new(pool, request, headers)?;
    let field = |name| form.get(name).unwrap_or_default();
    let confirmation = Confirmation { username: field("username"), session: field("session") };
    if !context.accepts(form) {
        return confirmation.show(&context, None, Some(EXPIRED));
    }
    if form.get("resend").is_some() {
        return match pool.resend_sign_up_code(confirmation.username).await {
            Ok(delivery) => confirmation.show(&context, Some(&delivery.destination), None),
            Err(AccountError::Internal(error)) => Err(error),
            Err(error) => confirmation.show(&context, None, Some(&message(&error))),
        };
    }
    match pool.confirm_sign_up(confirmation.username, field("code").trim(), false).await {
        Ok(account) => {
            let sign_up = pool.state.sign_ups.take(confirmation.session).await?;
            if sign_up.is_some_and(|it| it.sub == account.user.sub && it.epoch == account.epoch) {
                return start_session(pool, request, headers, &account).await;
            }
            let username = &account.user.username;
            show_login(&context, StatusCode::OK, username, None).await
        }
        Err(AccountError::Internal(error)) => Err(error),
        Err(error) => confirmation.show(&context, None, Some(&message(&error))),
    }
}

fn show_sign_up(
    context: &FormContext<'_>,
    form: &Parameters,
    error: Option<&str>,
) -> Result<Response, InternalError> {
    let field = |kind, name, label| {
        let is_password = kind == FieldKind::NewPassword;
        let value = if is_password { "" } else { form.get(name).unwrap_or_default() };
        Field { kind, name, label, value }
    };
    let form = Form {
        title: "Create an account",
        lead: html! { p { "to continue to " bdi { (context.request.callback.client.name) } } },
        action: &context.address("/signup"),
        csrf: context.csrf(),
        error,
        hidden: Vec::new(),
        fields: vec![
            field(FieldKind::Username, "username", "Username"),
            field(FieldKind::Email, EMAIL, "Email"),
            field(FieldKind::NewPassword, "password", "Password"),
        ],
        submit: "Create account",
        after: html! {
            p class="links" { "Have an account? " a href=(context.address("/login")) { "Sign in" } }
        },
        form_target: context.form_target(),
    };
    context.respond(form.page(status_of(error)))
}

/// A sign-up that waits for its code.
pub(super) struct Confirmation<'a> {
    pub(super) username: &'a str,
    /// Secret of the browser that signed the user up; else empty.
    pub(super) session: &'a str,
}

impl Confirmation<'_> {
    /// Shows the form for the code, which was just sent to an address, or earlier.
    pub(super) fn show(
        &self,
        context: &FormContext<'_>,
        sent_to: Option<&str>,
        error: Option<&str>,
    ) -> Result<Response, InternalError> {
        let action = context.address("/confirmUser");
        let code = Field { kind: FieldKind::Code, name: "code", label: "Code", value: "" };
        let username = Field {
            kind: FieldKind::Username,
            name: "username",
            label: "Username",
            value: self.username,
        };
        let is_known = !self.username.is_empty();
        let known = is_known.then_some(("username", self.username));
        let form = Form {
            title: "Confirm your account",
            lead: outbox_hint(sent_to),
            action: &action,
            csrf: context.csrf(),
            error,
            hidden: known.into_iter().chain([("session", self.session)]).collect(),
            fields: if is_known { vec![code] } else { vec![username, code] },
            submit: "Confirm account",
            after: html! {
                @if is_known {
                    form method="post" action=(action) class="again" {
                        input type="hidden" name="_csrf" value=(context.csrf());
                        input type="hidden" name="username" value=(self.username);
                        input type="hidden" name="session" value=(self.session);
                        button type="submit" class="quiet" name="resend" value="1" {
                            "Send a new code"
                        }
                    }
                }
            },
            form_target: context.form_target(),
        };
        context.respond(form.page(status_of(error)))
    }
}

/// Returns the text for the user.
pub(super) fn message(error: &AccountError) -> String {
    match error {
        AccountError::UsernameExists => {
            "This username is taken. Choose another one, or sign in.".to_owned()
        }
        AccountError::PasswordTooShort | AccountError::PasswordTooLong => {
            "The password must have 8 to 256 characters.".to_owned()
        }
        AccountError::CodeMismatch => "That code is wrong. Please try again.".to_owned(),
        AccountError::CodeExpired => "That code has expired. Ask for a new one.".to_owned(),
        AccountError::LimitExceeded => "Too many attempts. Please try again in an hour.".to_owned(),
        other => other.to_string(),
    }
}
