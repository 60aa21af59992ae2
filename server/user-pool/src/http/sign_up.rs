//! The forms of `/signup` and `/confirmUser`: users who register themselves.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::browser_error::BrowserError;
use super::form_context::{FormContext, show};
use super::form_pages::answer;
use super::form_state::{FormError, HostedForm, shown_again};
use super::parameters::Parameters;
use super::sign_up_page::EMAIL;
use super::steps::go_on;
use crate::attributes::{AttributeChanges, Author};
use crate::error::InternalError;
use crate::grants::SignIn;
use crate::pool::UserPool;
use crate::registration::SignUp;

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| sign_up(context, &form).await).await
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
    let field = |name| form.get(name).unwrap_or_default();
    let (username, email) = (shown_again(field("username")), shown_again(field(EMAIL)));
    let again = HostedForm::SignUp { username, email };
    if !context.accepts(form) {
        return answer(context, again.with_error(FormError::expired())).await;
    }
    let email = [("email".to_owned(), field(EMAIL).to_owned())];
    let signed_up = match AttributeChanges::parse(email, Author::User) {
        Ok(attributes) => {
            let username = field("username").to_owned();
            let password = field("password").to_owned();
            pool.sign_up(SignUp { username, password, attributes }).await
        }
        Err(error) => Err(error.into()),
    };
    match signed_up {
        Ok((account, delivery)) => {
            let sign_in = SignIn::new(&account, pool.now());
            let session = pool.state.sign_ups.begin(&sign_in).await?.as_str().to_owned();
            let (username, sent_to) = (account.user.username, Some(delivery.destination));
            answer(context, HostedForm::Confirm { username, session, sent_to }).await
        }
        Err(error) => answer(context, again.with_error(FormError::of_account(error)?)).await,
    }
}

async fn confirm(context: &FormContext<'_>, form: &Parameters) -> Result<Response, InternalError> {
    let pool = context.pool;
    let field = |name| form.get(name).unwrap_or_default();
    let username = field("username");
    let confirmation = |sent_to| {
        let (username, session) = (shown_again(username), shown_again(field("session")));
        HostedForm::Confirm { username, session, sent_to }
    };
    if !context.accepts(form) {
        return answer(context, confirmation(None).with_error(FormError::expired())).await;
    }
    if form.get("resend").is_some() {
        let sent = pool.resend_sign_up_code(username).await;
        return match sent {
            Ok(delivery) => answer(context, confirmation(Some(delivery.destination))).await,
            Err(error) => {
                answer(context, confirmation(None).with_error(FormError::of_account(error)?)).await
            }
        };
    }
    match pool.confirm_sign_up(username, field("code").trim(), false).await {
        Ok(account) => {
            let sign_up = pool.state.sign_ups.take(field("session")).await?;
            if sign_up.is_some_and(|it| it.sub == account.user.sub && it.epoch == account.epoch) {
                return go_on(context, account).await;
            }
            answer(context, HostedForm::Login { username: account.user.username }).await
        }
        Err(error) => {
            answer(context, confirmation(None).with_error(FormError::of_account(error)?)).await
        }
    }
}
