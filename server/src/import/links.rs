//! Links between the files of a folder.

use std::collections::HashMap;

use gazette_domain::{DeskError, Endpoint, OperatorDesk, Slug};

use crate::markdown;

/// Maximum length of a file's path within the folder, in bytes; it becomes part of a key.
pub(super) const MAX_NAME_BYTES: usize = 1_000;
/// The start of Zola's links to another file of the folder.
const INTERNAL_LINK: &str = "](@/";

/// Returns whether a body has links to files that have no story yet.
pub(super) fn has_unresolved_links(body: &str) -> bool {
    body.contains(INTERNAL_LINK)
}

/// Replaces links to other files of the folder by links to their stories, as far as these exist.
pub(super) async fn resolve_links(
    desk: &OperatorDesk,
    body: &str,
    slugs: &mut HashMap<String, Slug>,
) -> Result<String, DeskError> {
    let mut pieces = body.split(INTERNAL_LINK);
    let mut resolved = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find([')', '#', ' ']).unwrap_or(piece.len());
        let (file, rest) = piece.split_at(end);
        let known = slugs.contains_key(file) || file.len() > MAX_NAME_BYTES;
        if !known && let Some(slug) = desk.slug_of_source(file).await? {
            slugs.insert(file.to_owned(), slug);
        }
        match slugs.get(file) {
            Some(slug) => {
                resolved.extend(["](", &Endpoint::ReadStory.path_with(slug.as_str())]);
                resolved.push_str(&with_heading_id(rest));
            }
            None => resolved.extend([INTERNAL_LINK, piece]),
        }
    }
    Ok(resolved)
}

/// Makes the name of a heading after `#` the id that it has in the rendered story.
fn with_heading_id(rest: &str) -> String {
    let Some(named) = rest.strip_prefix('#') else { return rest.to_owned() };
    let (name, rest) = named.split_at(named.find([')', ' ']).unwrap_or(named.len()));
    format!("#{}{rest}", markdown::heading_id(name))
}
