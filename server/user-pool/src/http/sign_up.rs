//! `/signup` and `/confirmUser`: users who register themselves.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::html;

use super::browser_error::BrowserError;
use super::confirmation::{Confirmation, message};
use super::form_context::{FormContext, show, status_of};
use super::login_page::{EXPIRED, show_login};
use super::pages::{Field, FieldKind, Form};
use super::parameters::Parameters;
use super::steps::go_on;
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
    let form =
        async |context: &FormContext<'_>| show_sign_up(context, &Parameters::default(), None);
    show(&pool, query.as_deref(), &headers, form).await
}

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| sign_up(context, &form).await).await
}

pub(super) async fn confirm_form(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let form = async |context: &FormContext<'_>| {
        let confirmation = Confirmation { username: &context.request.login_hint, session: "" };
        confirmation.show(context, None, None)
    };
    show(&pool, query.as_deref(), &headers, form).await
}

pub(super) async fn confirm_submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| confirm(context, &form).await).await
}

async fn sign_up(context: &FormContext<'_>, form: &Parameters) -> Result<Response, InternalError> {
    let pool = context.pool;
    if !context.accepts(form) {
        return show_sign_up(context, form, Some(EXPIRED));
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
            confirmation.show(context, Some(&delivery.destination), None)
        }
        Err(AccountError::Internal(error)) => Err(error),
        Err(error) => show_sign_up(context, form, Some(&message(&error))),
    }
}

async fn confirm(context: &FormContext<'_>, form: &Parameters) -> Result<Response, InternalError> {
    let pool = context.pool;
    let field = |name| form.get(name).unwrap_or_default();
    let confirmation = Confirmation { username: field("username"), session: field("session") };
    if !context.accepts(form) {
        return confirmation.show(context, None, Some(EXPIRED));
    }
    if form.get("resend").is_some() {
        return match pool.resend_sign_up_code(confirmation.username).await {
            Ok(delivery) => confirmation.show(context, Some(&delivery.destination), None),
            Err(AccountError::Internal(error)) => Err(error),
            Err(error) => confirmation.show(context, None, Some(&message(&error))),
        };
    }
    match pool.confirm_sign_up(confirmation.username, field("code").trim(), false).await {
        Ok(account) => {
            let sign_up = pool.state.sign_ups.take(confirmation.session).await?;
            if sign_up.is_some_and(|it| it.sub == account.user.sub && it.epoch == account.epoch) {
                return go_on(context, account).await;
            }
            let username = &account.user.username;
            show_login(context, StatusCode::OK, username, None).await
        }
        Err(AccountError::Internal(error)) => Err(error),
        Err(error) => confirmation.show(context, None, Some(&message(&error))),
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
            ul class="links" {
                li { a href=(context.address("/login")) { "I have an account" } }
                li { a href=(context.address("/confirmUser")) { "I have a code" } }
            }
        },
        target: context.form_target(),
    };
    context.respond(form.page(status_of(error)))
}
