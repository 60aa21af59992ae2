//! Redirects from the old addresses of imported stories.

use std::collections::HashSet;

use gazette_domain::{
    AddedRedirect, DeskError, Endpoint, ImportNumber, OldPaths, OperatorDesk, Redirect, Slug,
};

use crate::import::ghost::SourceRedirects;
use crate::import::report::Report;
use crate::import::source_story::Refused;

/// The number of redirects that are written together, since each batch costs the store a sync.
const BATCH: usize = 90;

/// The redirects of an import. Problems with one cost that one and a note.
pub(super) struct Redirects<'a> {
    desk: &'a OperatorDesk,
    /// Addresses of the stories of the import, which answer by themselves.
    slugs: HashSet<Slug>,
    /// Key of the story, and the redirect.
    pending: Vec<(String, Redirect)>,
}

impl<'a> Redirects<'a> {
    pub(super) fn new(desk: &'a OperatorDesk, slugs: HashSet<Slug>) -> Self {
        Self { desk, slugs, pending: Vec::new() }
    }

    /// Adds the redirects of stories, and writes those that make a batch.
    ///
    /// # Errors
    /// Of the table.
    pub(super) async fn add(
        &mut self,
        stories: Vec<OldPaths>,
        report: &mut Report,
    ) -> Result<(), DeskError> {
        for OldPaths { key, story, slug: _, import, paths } in stories {
            for path in paths {
                let Some(from) = without_host(&path) else { continue };
                match Redirect::of_import(&from, story, import) {
                    Ok(redirect) if self.is_answered(redirect.from.as_str()).await? => {}
                    Ok(redirect) => self.pending.push((key.clone(), redirect)),
                    Err(error) => report.note(&key, format!("no redirect from {path}: {error}")),
                }
            }
        }
        while self.pending.len() >= BATCH {
            let batch = self.pending.drain(..BATCH).collect();
            self.write(batch, report).await?;
        }
        Ok(())
    }

    /// Writes what is left, then the redirects that the source has besides. These lead to a story if
    /// their target is one of its old addresses.
    ///
    /// # Errors
    /// Of the table.
    pub(super) async fn finish(
        mut self,
        others: &SourceRedirects,
        import: Option<ImportNumber>,
        report: &mut Report,
    ) -> Result<(), DeskError> {
        let batch = std::mem::take(&mut self.pending);
        self.write(batch, report).await?;
        let passed_over = |reason| Refused { key: "redirect".to_owned(), reason };
        report.passed_over.extend(others.not_taken.iter().cloned().map(passed_over));
        let Some(import) = import else { return Ok(()) };
        for redirects in others.taken.chunks(BATCH) {
            let mut batch = Vec::new();
            for redirect in redirects {
                match Redirect::to_path_of_import(&redirect.from, &redirect.to, import) {
                    Ok(made) => batch.push(("redirect".to_owned(), made)),
                    Err(error) => {
                        let reason = format!("{} → {}: {error}", redirect.from, redirect.to);
                        report.passed_over.push(passed_over(reason));
                    }
                }
            }
            self.write(batch, report).await?;
        }
        Ok(())
    }

    async fn write(
        &self,
        batch: Vec<(String, Redirect)>,
        report: &mut Report,
    ) -> Result<(), DeskError> {
        let (keys, redirects): (Vec<String>, Vec<Redirect>) = batch.into_iter().unzip();
        let outcomes = self.desk.add_redirects(&redirects).await?;
        for ((key, redirect), outcome) in keys.iter().zip(&redirects).zip(outcomes) {
            match outcome {
                Ok(AddedRedirect::Created) => report.redirects += 1,
                Ok(AddedRedirect::Unchanged) => {}
                Err(error) => {
                    report.note(key, format!("no redirect from {}: {error}", redirect.from));
                }
            }
        }
        Ok(())
    }

    /// Checks whether a story has the address.
    async fn is_answered(&self, path: &str) -> Result<bool, DeskError> {
        let prefix = Endpoint::ReadStory.path_with("");
        let slug = path.strip_prefix(&prefix).and_then(|name| name.parse::<Slug>().ok());
        let Some(slug) = slug else { return Ok(false) };
        if self.slugs.contains(&slug) {
            return Ok(true);
        }
        Ok(self.desk.free_slug(&slug, &HashSet::new()).await?.as_ref() != Some(&slug))
    }
}

/// Returns the path of an old address, absolute and without `.` and `..`; `None` for the front page.
fn without_host(address: &str) -> Option<String> {
    let address = address.trim().split('#').next().unwrap_or_default();
    let address = match address.split_once("://") {
        Some((_, rest)) => rest.find(['/', '?']).and_then(|start| rest.get(start..))?,
        None => address,
    };
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let path = format!("/{}", parts.join("/"));
    match query {
        Some(query) if !query.is_empty() => Some(format!("{path}?{query}")),
        _ => (path != "/").then_some(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_addresses_become_absolute_paths() {
        for (address, path) in [
            ("https://old.example/a/b.html#c", Some("/a/b.html")),
            ("http://old.example/?p=12", Some("/?p=12")),
            ("/posts/../a/./b/", Some("/a/b")),
            ("a//b", Some("/a/b")),
            ("https://old.example", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(without_host(address).as_deref(), path, "{address}");
        }
    }
}
