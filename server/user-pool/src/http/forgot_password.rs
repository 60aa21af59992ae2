//! The forms of `/forgotPassword` and `/confirmforgotPassword`: a new password by a code.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::browser_error::BrowserError;
use super::form_context::{FormContext, show};
use super::form_pages::answer;
use super::form_state::{FormError, HostedForm, shown_again};
use super::login::sign_in_with;
use super::parameters::Parameters;
use crate::error::InternalError;
use crate::pool::UserPool;

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| send_code(context, &form).await).await
}

pub(super) async fn reset_submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| reset(context, &form).await).await
}

async fn send_code(
    context: &FormContext<'_>,
    form: &Parameters,
) -> Result<Response, InternalError> {
    let username = form.get("username").unwrap_or_default();
    let again = HostedForm::Forgot { username: shown_again(username) };
    if !context.accepts(form) {
        return answer(context, again.with_error(FormError::expired())).await;
    }
    let client = &context.request.callback.client;
    match context.pool.forgot_password(client, username).await {
        Ok(delivery) => {
            let (username, sent_to) = (shown_again(username), Some(delivery.destination));
            answer(context, HostedForm::Reset { username, sent_to }).await
        }
        Err(error) => answer(context, again.with_error(FormError::of_account(error)?)).await,
    }
}

async fn reset(context: &FormContext<'_>, form: &Parameters) -> Result<Response, InternalError> {
    let field = |name| form.get(name).unwrap_or_default();
    let (username, password) = (field("username"), field("password"));
    let again = HostedForm::Reset { username: shown_again(username), sent_to: None };
    if !context.accepts(form) {
        return answer(context, again.with_error(FormError::expired())).await;
    }
    let (client, code) = (&context.request.callback.client, field("code").trim());
    match context.pool.confirm_forgot_password(client, username, code, password).await {
        Ok(()) => sign_in_with(context, username, password).await,
        Err(error) => answer(context, again.with_error(FormError::of_account(error)?)).await,
    }
}
