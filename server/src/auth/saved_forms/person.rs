//! The person who signed in on a browser, in a cookie that outlives that of the session.

use serde::{Deserialize, Serialize};

use super::SavedForms;

/// Purpose for which the cookie was sealed. A sealed form does not open as one, nor the other way around.
const CONTEXT: &str = "person";

#[derive(Serialize, Deserialize)]
struct Person {
    sub: String,
    expires_at: i64,
}

impl SavedForms {
    /// Time for which a browser remembers who signed in, in seconds: 30 days.
    pub(crate) const PERSON_SECONDS: i64 = 30 * 24 * 60 * 60;

    /// Returns the value of the cookie; `None` if the system has no randomness.
    pub(crate) fn seal_person(&self, sub: &str, now: i64) -> Option<String> {
        let person = Person { sub: sub.to_owned(), expires_at: now + Self::PERSON_SECONDS };
        self.keys.seal(&serde_json::to_string(&person).ok()?, CONTEXT).ok()
    }

    /// Returns the subject of the person in the cookie; `None` if it is not genuine or expired.
    pub(crate) fn open_person(&self, cookie: &str, now: i64) -> Option<String> {
        let person: Person = serde_json::from_str(&self.keys.open(cookie, CONTEXT)?).ok()?;
        (now < person.expires_at).then_some(person.sub)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gazette_table::{MemoryTable, Table};

    use super::*;
    use crate::auth::sealing::SealingKeys;
    use crate::auth::{FormSender, SavedForm, Secret};

    fn forms(table: &Arc<MemoryTable>) -> SavedForms {
        let key = [7; 32];
        let keys = SealingKeys::new([key.as_slice()].into_iter()).expect("keys");
        SavedForms::new(keys, Arc::clone(table) as Arc<dyn Table>)
    }

    #[test]
    fn ses_08_the_cookie_of_the_person_is_sealed_and_expires() {
        let forms = forms(&Arc::new(MemoryTable::new(Arc::new(|| 0))));
        let cookie = forms.seal_person("sub-of-ada", 0).expect("sealed");
        assert!(!cookie.contains("ada"));
        assert_eq!(forms.open_person(&cookie, 0).as_deref(), Some("sub-of-ada"));
        assert_eq!(forms.open_person(&cookie, SavedForms::PERSON_SECONDS), None);
        for broken in ["", "x", &cookie[1..], &format!("{cookie}A")] {
            assert_eq!(forms.open_person(broken, 0), None, "{broken}");
        }
    }

    #[tokio::test]
    async fn bff_05_a_form_is_sealed_and_only_its_sender_finds_it() {
        let table = Arc::new(MemoryTable::new(Arc::new(|| 0)));
        let forms = forms(&table);
        let (browser, other) =
            (Secret::generate().expect("a secret"), Secret::generate().expect("a secret"));
        let saved = SavedForm {
            path: "/desk/x".to_owned(),
            fields: vec![("body".to_owned(), "between \u{6a4b} ourselves ".repeat(40_000))],
            saved_at: 1,
        };
        let sender = FormSender { browser: &browser, sub: Some("ada") };
        assert!(forms.save(&sender, &saved).await.expect("written"));
        let items = table.scan(None, 100).await.expect("read").items;
        assert!(items.len() > 3, "{}", items.len());
        assert!(items.iter().all(|item| !item.body.to_string().contains("ourselves")));
        let find = async |browser: &Secret, sub: &str| {
            let found = forms.find(browser, sub).await.expect("read");
            found.map(|(form, sender)| (form, sender.sub.map(str::to_owned)))
        };
        assert_eq!(find(&browser, "ada").await, Some((saved.clone(), Some("ada".to_owned()))));
        assert_eq!(find(&browser, "ed").await, None);
        assert_eq!(find(&other, "ada").await, None);
        let unknown = FormSender { browser: &browser, sub: None };
        let later = SavedForm {
            fields: vec![("a".to_owned(), "b".to_owned())],
            saved_at: 2,
            ..saved.clone()
        };
        assert!(forms.save(&unknown, &later).await.expect("written"));
        assert_eq!(find(&browser, "ada").await, Some((later.clone(), None)), "the later one");
        assert_eq!(find(&browser, "ed").await, Some((later, None)));
        forms.delete(&unknown).await.expect("deleted");
        assert_eq!(find(&browser, "ed").await, None);
        assert_eq!(find(&browser, "ada").await.map(|(form, _)| form), Some(saved));
    }
}
