//! People: the list, one person, and changes of their access.

mod invitation;
mod view;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, AccessLoss, InviteForm, Invited, PeopleNotice};
use gazette_domain::{Endpoint, Role, role_names};
use serde::Deserialize;

use self::invitation::{fault, words};
use crate::http::reply::{AppError, moved};
use crate::http::request::{Form, PageQuery, RequestContext, Segment, set_flash, take_flash};
use crate::http::state::AppState;
use crate::people::{InvitedPerson, PeopleError, PeopleSearch, RoleChange, SignedOut};
use crate::pool_admin::{Invitation, TemporaryPassword};

/// Value of the field `confirm` on the page that asks for confirmation.
const CONFIRMED: &str = "yes";
/// Value of the field `confirm` on the page of a person, which asks before it disables them.
const ASK: &str = "ask";

/// Parameters of the list.
#[derive(Default, Deserialize)]
pub(in crate::http) struct Parameters {
    q: Option<String>,
    role: Option<String>,
    /// Position in the list of the user pool.
    cursor: Option<String>,
    /// Position in the list of those who signed in recently.
    after: Option<String>,
}

/// Fields of the form that invites a person.
#[derive(Deserialize)]
pub(in crate::http) struct InviteFields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
}

/// Fields of the form that changes a role.
#[derive(Deserialize)]
pub(in crate::http) struct RoleFields {
    /// Only for people who must send the form again while the user pool does not answer.
    #[serde(default, rename = "name")]
    _name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    confirm: String,
}

/// Field of the form that disables a person.
#[derive(Deserialize)]
pub(in crate::http) struct DisableFields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    confirm: String,
}

/// Field of a form that has only a button.
#[derive(Deserialize)]
pub(in crate::http) struct PersonFields {
    #[serde(default, rename = "name")]
    _name: String,
}

/// `GET /account/people`: the address of the list in earlier versions.
pub(in crate::http) async fn moved_page() -> Response {
    moved(Endpoint::People.path())
}

/// `GET /desk/people`.
pub(in crate::http) async fn list(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let search = PeopleSearch {
        text: parameters.q.unwrap_or_default(),
        role: parameters.role.as_deref().and_then(Role::named),
        cursor: parameters.cursor.filter(|cursor| !cursor.is_empty()),
        after: parameters.after.filter(|after| !after.is_empty()),
    };
    let notice = take_flash(context.session.as_ref()).await?;
    view::list(&app, &context, search, &InviteForm::default(), notice).await
}

/// `GET /desk/people/{sub}`.
pub(in crate::http) async fn person(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(sub): Segment,
) -> Result<Response, AppError> {
    let notice = take_flash(context.session.as_ref()).await?;
    view::person(&app, &context, &sub, None, notice).await
}

/// `POST /desk/people/{sub}/role`.
pub(in crate::http) async fn change_role(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(sub): Segment,
    Form(fields): Form<RoleFields>,
) -> Result<Response, AppError> {
    let role = view::role(&fields.role)?;
    let change = RoleChange { sub: sub.clone(), role, is_confirmed: fields.confirm == CONFIRMED };
    let changed = view::run(&app, &context, async move |people, desk, caller| {
        people.change_role(&desk, &caller, &change).await
    })
    .await?;
    let names = role_names(role.as_slice());
    let done = changed.map(|name| PeopleNotice::RoleChanged { name, role: names });
    answer(&app, &context, &sub, AccessLoss::Role(role), done).await
}

/// `POST /desk/people/{sub}/disable`.
pub(in crate::http) async fn disable(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(sub): Segment,
    Form(fields): Form<DisableFields>,
) -> Result<Response, AppError> {
    if fields.confirm == ASK && !is_own(&context, &sub) {
        return Ok(context.page(&app, |_| pages::confirm_disable(&sub, &fields.name)).await);
    }
    let (person, is_confirmed) = (sub.clone(), fields.confirm == CONFIRMED);
    let disabled = view::run(&app, &context, async move |people, desk, caller| {
        people.disable(&desk, &caller, &person, is_confirmed).await
    })
    .await?;
    let done = disabled.map(PeopleNotice::Disabled);
    answer(&app, &context, &sub, AccessLoss::Account, done).await
}

/// `POST /desk/people/{sub}/enable`.
pub(in crate::http) async fn enable(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(sub): Segment,
    Form(PersonFields { .. }): Form<PersonFields>,
) -> Result<Response, AppError> {
    let person = sub.clone();
    let enabled = view::run(&app, &context, async move |people, desk, caller| {
        people.enable(&desk, &caller, &person).await
    })
    .await?;
    match enabled {
        Ok(name) => Ok(done(&context, &sub, PeopleNotice::Enabled(name)).await),
        Err(error) => view::refused(&app, &context, &sub, error).await,
    }
}

/// `POST /desk/people/{sub}/sign-out`.
pub(in crate::http) async fn sign_out(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(sub): Segment,
    Form(PersonFields { .. }): Form<PersonFields>,
) -> Result<Response, AppError> {
    let person = sub.clone();
    let signed_out = view::run(&app, &context, async move |people, desk, caller| {
        people.sign_out(&desk, &caller, &person).await
    })
    .await?;
    match signed_out {
        Ok(ended) if ended.problem.is_some() => {
            view::signed_out_here(&app, &context, &sub, &ended).await
        }
        Ok(SignedOut { name, ended, .. }) => {
            Ok(done(&context, &sub, PeopleNotice::SignedOut { name, ended }).await)
        }
        Err(error) => view::refused(&app, &context, &sub, error).await,
    }
}

/// `POST /desk/people/invite`.
pub(in crate::http) async fn invite(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<InviteFields>,
) -> Result<Response, AppError> {
    let role = view::role(&fields.role)?;
    let InviteFields { name, email, .. } = fields;
    let invitation = Invitation { name: name.trim().to_owned(), email: email.trim().to_owned() };
    let form = InviteForm { name, email, role, error: None };
    if let Some(error) = fault(&invitation) {
        return show_again(&app, &context, InviteForm { error: Some(error), ..form }).await;
    }
    let invited = view::run(&app, &context, async move |people, desk, caller| {
        people.invite(&desk, &caller, &invitation, role).await
    })
    .await?;
    match invited {
        Ok(invited) => Ok(show_invited(&app, &context, &invited).await),
        Err(PeopleError::Pool(error)) => {
            let error = words(&error).unwrap_or_else(|| view::problem(&error).message);
            let error = ("name", error);
            show_again(&app, &context, InviteForm { error: Some(error), ..form }).await
        }
        Err(error) => Err(view::app_error(error)),
    }
}

/// `POST /desk/people/{sub}/invite`: a new temporary password for an invited person.
pub(in crate::http) async fn invite_again(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(sub): Segment,
    Form(PersonFields { .. }): Form<PersonFields>,
) -> Result<Response, AppError> {
    let person = sub.clone();
    let invited = view::run(&app, &context, async move |people, desk, caller| {
        people.invite_again(&desk, &caller, &person).await
    })
    .await?;
    match invited {
        Ok(invited) => Ok(show_invited(&app, &context, &invited).await),
        Err(error) => view::refused(&app, &context, &sub, error).await,
    }
}

/// Responds with the temporary password, which is stored nowhere.
async fn show_invited(
    app: &AppState,
    context: &RequestContext,
    invited: &InvitedPerson,
) -> Response {
    let problem = invited.problem.as_ref().map(view::problem);
    let shown = Invited {
        sub: &invited.sub,
        name: &invited.name,
        email: invited.email.as_deref(),
        role: invited.role,
        password: invited.password.as_ref().map(TemporaryPassword::expose),
        problem: problem.as_ref(),
    };
    context.page(app, |_| pages::invited(shown)).await
}

async fn show_again(
    app: &AppState,
    context: &RequestContext,
    form: InviteForm,
) -> Result<Response, AppError> {
    let search = PeopleSearch::default();
    let mut response = view::list(app, context, search, &form, None).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Answers a change that may take away the caller's own access, which they have to confirm.
async fn answer(
    app: &AppState,
    context: &RequestContext,
    sub: &str,
    loss: AccessLoss,
    changed: Result<PeopleNotice, PeopleError>,
) -> Result<Response, AppError> {
    match changed {
        Ok(notice) => Ok(done(context, sub, notice).await),
        Err(PeopleError::Unconfirmed) => {
            Ok(context.page(app, |_| pages::confirm_access_loss(sub, loss)).await)
        }
        Err(error) => view::refused(app, context, sub, error).await,
    }
}

/// Returns to the person, or to the account of an admin who gave up their own access.
async fn done(context: &RequestContext, sub: &str, notice: PeopleNotice) -> Response {
    set_flash(context.session.as_ref(), notice).await;
    let path = if is_own(context, sub) {
        Endpoint::Account.path().to_owned()
    } else {
        Endpoint::Person.path_with(sub)
    };
    Redirect::to(&path).into_response()
}

fn is_own(context: &RequestContext, sub: &str) -> bool {
    context.caller.identity().is_some_and(|identity| identity.claims().sub == sub)
}
