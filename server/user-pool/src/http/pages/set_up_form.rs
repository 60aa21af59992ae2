//! The page that sets an authenticator app up.

use axum::http::StatusCode;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::page::Page;

/// The secret for an authenticator app, and the form for its first code.
pub(in crate::http) struct SetUpForm<'a> {
    pub(in crate::http) site_name: &'a str,
    pub(in crate::http) action: &'a str,
    pub(in crate::http) csrf: &'a str,
    pub(in crate::http) session: &'a str,
    pub(in crate::http) username: &'a str,
    /// In base 32.
    pub(in crate::http) secret: &'a str,
    pub(in crate::http) error: Option<&'a str>,
    /// CSP source of the callback URL.
    pub(in crate::http) form_target: String,
}

impl SetUpForm<'_> {
    pub(in crate::http) fn page(self, status: StatusCode) -> Page {
        let described_by = self.error.map(|_| "error");
        let body = html! {
            p { "Your password is right. This sign-in also needs an authenticator app, from now on." }
            @if let Some(error) = self.error {
                p class="error" id="error" role="alert" { (error) }
            }
            (self.steps())
            form method="post" action=(self.action) {
                input type="hidden" name="_csrf" value=(self.csrf);
                input type="hidden" name="session" value=(self.session);
                input type="hidden" name="step" value="set-up";
                div class="field" {
                    label for="code" { "Code that the app shows" }
                    input id="code" name="code" type="text" inputmode="numeric" required
                        pattern="[0-9]{6}" maxlength="6" autocomplete="one-time-code"
                        aria-describedby=[described_by];
                }
                button type="submit" { "Turn on and sign in" }
            }
        };
        Page::new(status, "Set up your authenticator app", body).with_form(self.form_target)
    }

    fn steps(&self) -> Markup {
        html! {
            ol class="steps" {
                li { "Open an authenticator app, or your password manager." }
                li {
                    "Add an account: "
                    a href=(self.link()) { "open it on this device" }
                    ", or type this key into the app."
                    dl class="key" {
                        dt { "Key" }
                        dd { code { (in_groups(self.secret)) } }
                        dt { "Account" }
                        dd { bdi { (self.username) } " at " bdi { (self.site_name) } }
                    }
                }
                li { "Enter the code of six digits that it shows." }
            }
        }
    }

    /// Returns the address that apps register for. Source: Google Authenticator, "Key Uri Format".
    fn link(&self) -> String {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let (issuer, account) = (encode(self.site_name), encode(self.username));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.secret)
    }
}

/// Writes a key in groups of four letters, which are easier to type. Apps ignore the spaces.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_names_issuer_and_account() {
        let form = SetUpForm {
            site_name: "The Gazette & Co",
            action: "",
            csrf: "",
            session: "",
            username: "ré:a",
            secret: "ABCDEFGHIJ",
            error: None,
            form_target: String::new(),
        };
        assert_eq!(
            form.link(),
            "otpauth://totp/The%20Gazette%20%26%20Co:r%C3%A9%3Aa?secret=ABCDEFGHIJ\
             &issuer=The%20Gazette%20%26%20Co"
        );
        assert_eq!(in_groups(form.secret), "ABCD EFGH IJ");
    }
}
