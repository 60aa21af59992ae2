//! Parameters of the newsroom's list of stories.

use gazette_domain::{MAX_SEARCH_LENGTH, Slug, StoryListQuery};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::query::read_query;

/// Parameters of `GET /desk`. Empty ones are those of a form that was not filled in.
#[derive(Deserialize)]
pub(in crate::http) struct StoryListParameters {
    pub(in crate::http) status: Option<String>,
    q: Option<String>,
    section: Option<String>,
    author: Option<String>,
    sort: Option<String>,
    page: Option<String>,
    /// Set after a form was sent without a selection.
    pub(in crate::http) selected: Option<String>,
}

impl StoryListParameters {
    /// Returns the query of the parameters.
    ///
    /// # Errors
    /// 400 for a value that the list does not know.
    pub(in crate::http) fn query(&self) -> Result<StoryListQuery, AppError> {
        let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let text = self.q.clone().unwrap_or_default();
        if text.chars().count() > MAX_SEARCH_LENGTH {
            let message = format!("Search for at most {MAX_SEARCH_LENGTH} characters.");
            return Err(AppError::bad_request(message));
        }
        Ok(StoryListQuery {
            filter: parsed(given(&self.status))?,
            text,
            section: given(&self.section).map(|name| label(&name)).transpose()?,
            author: given(&self.author).map(|name| label(&name)).transpose()?,
            sort: parsed(given(&self.sort))?,
            page: given(&self.page).map(|page| page_number(&page)).transpose()?.unwrap_or_default(),
        })
    }
}

/// Reads the address of a list that a form sent, to return to it. One that this site did not make
/// is the list without filters.
pub(in crate::http) fn returned_list(address: Option<&str>) -> StoryListQuery {
    let query = address.and_then(|address| address.split_once('?')).map(|(_, query)| query);
    let parameters = query.and_then(|query| read_query::<StoryListParameters>(query).ok());
    parameters.and_then(|parameters| parameters.query().ok()).unwrap_or_default()
}

fn parsed<T>(value: Option<String>) -> Result<T, AppError>
where
    T: std::str::FromStr + Default,
    T::Err: std::fmt::Display,
{
    match value {
        Some(value) => {
            value.parse().map_err(|error: T::Err| AppError::bad_request(format!("{error}.")))
        }
        None => Ok(T::default()),
    }
}

/// Reads the slug of a label, or its name.
fn label(text: &str) -> Result<Slug, AppError> {
    let slug = text.parse().ok().or_else(|| Slug::from_label(text));
    slug.ok_or_else(|| AppError::bad_request("Unknown section or author."))
}

fn page_number(text: &str) -> Result<usize, AppError> {
    let number = text.parse::<usize>().ok().and_then(|page| page.checked_sub(1));
    // Pages after the last one show the last one.
    number
        .filter(|page| *page < 1_000_000)
        .ok_or_else(|| AppError::bad_request("page must be a whole number from 1 to 1000000."))
}

#[cfg(test)]
mod tests {
    use gazette_domain::{StoryFilter, StorySort};

    use super::*;

    fn read(query: &str) -> Result<StoryListQuery, String> {
        let parameters = read_query::<StoryListParameters>(query).map_err(|error| error.message)?;
        parameters.query().map_err(|error| error.message)
    }

    #[test]
    fn parameters_become_a_query() {
        let slug = |text: &str| text.parse::<Slug>().ok();
        let query = "status=draft&q=two+words&section=world&author=Ada%20Reed&sort=oldest&page=3";
        let expected = StoryListQuery {
            filter: StoryFilter::Draft,
            text: "two words".to_owned(),
            section: slug("world"),
            author: slug("ada-reed"),
            sort: StorySort::Oldest,
            page: 2,
        };
        assert_eq!(read(query), Ok(expected.clone()));
        assert_eq!(returned_list(Some(&gazette_app::pages::list_href(&expected))), expected);
        assert_eq!(read("status=&q=&section=&author=&sort="), Ok(StoryListQuery::default()));
        assert_eq!(read("utm_source=x"), Ok(StoryListQuery::default()));
    }

    #[test]
    fn unknown_values_are_refused_with_those_that_are_known() {
        let long = format!("q={}", "x".repeat(201));
        for (query, message) in [
            (
                "status=gone",
                "status must be one of: all, published, scheduled, review, draft, mine, trash.",
            ),
            ("sort=up", "sort must be one of: updated, newest, oldest, headline."),
            ("page=0", "page must be a whole number from 1 to 1000000."),
            ("page=x", "page must be a whole number from 1 to 1000000."),
            (&long, "Search for at most 200 characters."),
        ] {
            assert_eq!(read(query), Err(message.to_owned()), "{query}");
        }
        for address in [None, Some("https://elsewhere.example/?page=x"), Some("/desk?sort=up")] {
            assert_eq!(returned_list(address), StoryListQuery::default());
        }
    }
}
