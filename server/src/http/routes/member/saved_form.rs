//! A form that was sent after the session had ended, offered again to the person who sent it.

mod names;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Names, OfferedForm, SavedFields};
use gazette_domain::{Action, Endpoint, Method};

use crate::auth::SavedForm;
use crate::http::editor::Sent;
use crate::http::reply::{AppError, add_cookie, expired_cookie};
use crate::http::request::{RequestContext, StoryFields, secret_cookie};
use crate::http::state::AppState;

/// `GET /saved-form`: offers the form as a page of its act.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let browser = secret_cookie(&headers, &app.cookies.saved_form);
    let browser = browser.ok_or_else(AppError::not_found)?;
    let sub = context.identity()?.claims().sub.clone();
    let found = app.saved_forms.find(&browser, &sub).await?;
    let (SavedForm { path, fields, .. }, _) = found.ok_or_else(AppError::not_found)?;
    let route = Endpoint::find(Method::Post, &path).and_then(Endpoint::route);
    let route = route.filter(|route| route.is_newsroom_form()).ok_or_else(AppError::not_found)?;
    let endpoint = route.endpoint;
    let fields = SavedFields(fields);
    let policy = app.desk.policy();
    let may = route.action.is_some_and(|it| policy.authorize(&context.caller, it).is_ok());
    if !may {
        // Names of stories that the person may not change any more are not looked up.
        let names = Names { known: Vec::new(), count: fields.all("id").count() };
        let form = OfferedForm { endpoint, path: &path, fields: &fields, names: &names };
        let refused = pages::refused_form(&form).ok_or_else(AppError::not_found)?;
        let mut response = context.page(&app, |_| refused).await;
        *response.status_mut() = StatusCode::FORBIDDEN;
        return Ok(response);
    }
    if pages::is_editor(endpoint) {
        // An address without a valid id is that of a new story.
        let id = route.variable(&path).and_then(|id| id.parse().ok());
        let fields = StoryFields::of_pairs(&fields.0)?;
        return Ok(Sent::new(app, context, id, fields, false).restored().await);
    }
    let subjects = pages::subjects(endpoint, route.variable(&path), &fields);
    let names = names::names(&app, &context.caller, &subjects).await?;
    let form = OfferedForm { endpoint, path: &path, fields: &fields, names: &names };
    let offered = pages::saved_form(&form).ok_or_else(AppError::not_found)?;
    Ok(context.page(&app, |_| offered).await)
}

/// `POST /saved-form/discard`: forgets the form.
pub(in crate::http) async fn discard(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let name = &app.cookies.saved_form;
    if let Some(browser) = secret_cookie(&headers, name) {
        let sub = &context.identity()?.claims().sub;
        if let Some((_, sender)) = app.saved_forms.find(&browser, sub).await? {
            app.saved_forms.delete(&sender).await?;
        }
    }
    let may_open_desk = app.desk.policy().authorize(&context.caller, Action::OpenDesk).is_ok();
    let next = if may_open_desk { Endpoint::Desk } else { Endpoint::FrontPage };
    let mut response = Redirect::to(next.path()).into_response();
    add_cookie(&mut response, &expired_cookie(name, app.is_https()));
    Ok(response)
}
