//! Content of the people pages, and reports of a refusal by the user pool.

use axum::http::StatusCode;
use axum::response::Response;
use gazette_app::pages::{
    self, InviteForm, PeopleNotice, Person, PersonRow, PoolProblem, TokenGroups,
};
use gazette_domain::{Caller, NewsDesk, Policy, Role};
use jiff::Timestamp;

use crate::http::reply::AppError;
use crate::http::request::{RequestContext, run_detached};
use crate::http::state::AppState;
use crate::people::{ListedPerson, People, PeopleError, PeopleSearch, PersonDetails, SignedOut};
use crate::pool_admin::{Operation, PoolAdminError};

/// Shows the list.
pub(super) async fn list(
    app: &AppState,
    context: &RequestContext,
    search: PeopleSearch,
    form: &InviteForm,
    notice: Option<PeopleNotice>,
) -> Result<Response, AppError> {
    let list = app.people.list(&app.desk, &context.caller, &search).await.map_err(app_error)?;
    let policy = app.desk.policy();
    let position = if list.problem.is_some() { "after" } else { "cursor" };
    let shown = pages::People {
        rows: list.people.into_iter().map(|person| row(policy, person)).collect(),
        text: search.text,
        role: search.role,
        first: search.cursor.is_none() && search.after.is_none(),
        next: list.next.map(|next| (position, next)),
        problem: list.problem.as_ref().map(|error| PoolProblem {
            message: format!(
                "{} This list has only the people who signed in recently.",
                problem(error).message
            ),
            ..problem(error)
        }),
    };
    Ok(context.page(app, |frame| pages::people(frame, &shown, form, notice)).await)
}

/// Shows a person; `refusal` tells why a change was not made.
pub(super) async fn person(
    app: &AppState,
    context: &RequestContext,
    sub: &str,
    refusal: Option<PoolProblem>,
    notice: Option<PeopleNotice>,
) -> Result<Response, AppError> {
    let person = app.people.person(&app.desk, &context.caller, sub).await.map_err(app_error)?;
    let refusal = refusal.or_else(|| person.problem.as_ref().map(problem));
    let shown = details(person);
    let policy = app.desk.policy();
    let make = |frame: &_| pages::person(frame, policy, &shown, refusal.as_ref(), notice);
    Ok(context.page(app, make).await)
}

/// Responds to a change that was not made.
pub(super) async fn refused(
    app: &AppState,
    context: &RequestContext,
    sub: &str,
    error: PeopleError,
) -> Result<Response, AppError> {
    let (status, refusal) = match error {
        PeopleError::Pool(error) => (status(&error), problem(&error)),
        PeopleError::LastAdmin => {
            let message = "This is the only admin who can sign in. Make someone else an admin \
                           first, then try again.";
            let refusal = PoolProblem { message: message.to_owned(), actions: Vec::new() };
            (StatusCode::CONFLICT, refusal)
        }
        error => return Err(app_error(error)),
    };
    let mut response = person(app, context, sub, Some(refusal), None).await?;
    *response.status_mut() = status;
    Ok(response)
}

/// Responds to a sign-out that the user pool did not complete.
pub(super) async fn signed_out_here(
    app: &AppState,
    context: &RequestContext,
    sub: &str,
    done: &SignedOut,
) -> Result<Response, AppError> {
    let reason = done.problem.as_ref().map(problem);
    let (message, actions) = reason.map(|it| (it.message, it.actions)).unwrap_or_default();
    let message = format!(
        "Signed out of this site ({} sessions ended), but not at the user pool. {message}",
        done.ended
    );
    person(app, context, sub, Some(PoolProblem { message, actions }), None).await
}

/// Runs a change to its end, and separates what the page reports from what failed.
pub(super) async fn run<T: Send + 'static, F>(
    app: &AppState,
    context: &RequestContext,
    change: impl FnOnce(People, NewsDesk, Caller) -> F,
) -> Result<Result<T, PeopleError>, AppError>
where
    F: Future<Output = Result<T, PeopleError>> + Send + 'static,
{
    let change = change(app.people.clone(), context.desk(app), context.caller.clone());
    run_detached(async move {
        match change.await {
            Err(PeopleError::Desk(error)) => Err(AppError::from(error)),
            Err(PeopleError::Sessions(error)) => Err(AppError::from(error)),
            done => Ok(done),
        }
    })
    .await
}

/// Converts what no page of this file reports.
pub(super) fn app_error(error: PeopleError) -> AppError {
    match error {
        PeopleError::Desk(error) => error.into(),
        PeopleError::Sessions(error) => error.into(),
        PeopleError::NotFound => AppError::not_found(),
        PeopleError::Pool(error) => AppError::with_message(status(&error), problem(&error).message),
        error @ (PeopleError::LastAdmin | PeopleError::Unconfirmed) => {
            AppError::with_message(StatusCode::CONFLICT, error.to_string())
        }
    }
}

/// Reads a role; readers have none.
pub(super) fn role(name: &str) -> Result<Option<Role>, AppError> {
    match (name, Role::named(name)) {
        ("reader", _) => Ok(None),
        (_, Some(role)) => Ok(Some(role)),
        _ => Err(AppError::bad_request("Choose a role: reader, writer, editor or admin.")),
    }
}

/// Says in words why the user pool refused.
pub(super) fn problem(error: &PoolAdminError) -> PoolProblem {
    let all = || Operation::ALL.iter().map(|operation| operation.iam_action()).collect();
    let (message, actions) = match error {
        PoolAdminError::NotPermitted { operation, reason } => {
            let action = operation.iam_action();
            let message = format!(
                "The user pool does not permit {action} ({reason}). Allow it to the site's AWS \
                 credentials, then reload this page."
            );
            (message, all())
        }
        PoolAdminError::Unavailable(_) | PoolAdminError::Unreadable => {
            ("The user pool does not answer. Try again in a moment.".to_owned(), Vec::new())
        }
        PoolAdminError::Throttled => {
            let message = "The user pool gets too many requests. Try again in a minute.";
            (message.to_owned(), Vec::new())
        }
        PoolAdminError::UserExists => {
            ("The user pool has such a user already.".to_owned(), Vec::new())
        }
        PoolAdminError::UserNotFound => {
            ("The user pool has no such user any more.".to_owned(), Vec::new())
        }
        PoolAdminError::ResourceNotFound(message) => {
            let message = format!(
                "The user pool answered: {message} Create the groups of the roles there, then \
                 try again."
            );
            (message, Vec::new())
        }
        PoolAdminError::Rejected(message) => {
            (format!("The user pool answered: {message}"), Vec::new())
        }
    };
    PoolProblem { message, actions }
}

fn status(error: &PoolAdminError) -> StatusCode {
    match error {
        PoolAdminError::NotPermitted { .. }
        | PoolAdminError::Unavailable(_)
        | PoolAdminError::Unreadable
        | PoolAdminError::Throttled => StatusCode::SERVICE_UNAVAILABLE,
        PoolAdminError::UserNotFound => StatusCode::NOT_FOUND,
        PoolAdminError::UserExists
        | PoolAdminError::ResourceNotFound(_)
        | PoolAdminError::Rejected(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn row(policy: &Policy, person: ListedPerson) -> PersonRow {
    PersonRow {
        roles: person.groups.as_deref().map(|groups| policy.named_roles(groups)),
        sub: person.sub,
        name: person.name,
        email: person.email,
        is_enabled: person.is_enabled,
        is_invited: person.is_invited,
        seen_at: person.seen_at.map(timestamp),
        sessions: person.sessions,
        has_more_sessions: person.has_more_sessions,
    }
}

fn details(person: PersonDetails) -> Person {
    Person {
        sub: person.sub,
        username: person.username,
        name: person.name,
        email: person.email,
        created_at: person.created_at,
        is_enabled: person.is_enabled,
        is_invited: person.is_invited,
        groups: person.groups,
        token: person.token.map(|token| TokenGroups {
            groups: token.groups,
            verified_at: token.verified_at.map(timestamp),
        }),
        seen_at: person.seen_at.map(timestamp),
        sessions: person.sessions,
        has_more_sessions: person.has_more_sessions,
    }
}

fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}
