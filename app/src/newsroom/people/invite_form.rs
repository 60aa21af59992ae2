//! The form that invites a person.

use gazette_domain::{Endpoint, Role};
use leptos::prelude::*;

use super::role_select::role_select;

/// Fields of the form, as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InviteForm {
    /// Name to sign in with.
    pub name: String,
    /// Address.
    pub email: String,
    /// Role to give.
    pub role: Option<Role>,
    /// Field with a fault, and what is wrong.
    pub error: Option<(&'static str, String)>,
}

/// Shows the form; open if it was sent and is at fault.
pub(super) fn invite_form(form: &InviteForm) -> impl IntoView + use<> {
    let is_open = form.error.is_some();
    let is_faulty = |name: &str| form.error.as_ref().is_some_and(|(field, _)| *field == name);
    let described = |name: &str| is_faulty(name).then_some("invite-error");
    let flag = |name: &str| is_faulty(name).then_some("true");
    let message = form.error.as_ref().map(|(_, message)| {
        view! { <p class="field-error" id="invite-error" role="alert">{message.clone()}</p> }
    });
    view! {
        <details class="invite" open=is_open>
            <summary class="btn">"Invite a person"</summary>
            <form method="post" action=Endpoint::InvitePerson.path()>
                {message}
                <label class="field">
                    <span>"Sign-in name"</span>
                    <span class="meta">"One word, such as maria or m.lopez. No spaces."</span>
                    <input name="name" value=form.name.clone() required=true maxlength="128"
                        autocomplete="off" autocapitalize="none" spellcheck="false"
                        aria-invalid=flag("name") aria-describedby=described("name") />
                </label>
                <label class="field">
                    <span>"Email address"</span>
                    <input r#type="email" name="email" value=form.email.clone() required=true
                        maxlength="254" autocomplete="off"
                        aria-invalid=flag("email") aria-describedby=described("email") />
                </label>
                <div class="field">
                    <label for="invite-role">"Role"</label>
                    {role_select("invite-role", form.role)}
                </div>
                <button class="btn">"Invite"</button>
            </form>
        </details>
    }
}
