//! From what a source yields to stories: checks, addresses, links, publication.
//!
//! The source is read twice. First every story is checked and gets its address; then each is written
//! with its links to the others. So memory holds the addresses of all stories, and the text of few.

use std::collections::{HashMap, HashSet};

use gazette_domain::{DeskError, OperatorDesk, Published, Slug, StoryInput, SystemTask};
use jiff::Timestamp;

use crate::import::adapt::{input_of, reason, wanted_slug};
use crate::import::entry::Entry;
use crate::import::links::Targets;
use crate::import::mdx::is_mdx;
use crate::import::report::Report;
use crate::import::shortcodes::kinds;
use crate::import::source_story::{Refused, SourceStory};
use crate::markdown;

/// Stories that are checked at the same time.
const CHUNK: usize = 64;

/// What an import is told.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Time of the import.
    pub now: Timestamp,
}

/// The reason an import stopped; stories imported before stay.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PipelineError {
    /// The store failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// What is remembered of a story between the two readings.
struct Outline {
    key: String,
    wanted: Option<Slug>,
    published_at: Option<Timestamp>,
    old_paths: Vec<String>,
}

/// Imports the stories that `entries` yields each time it is called.
///
/// `progress` receives the number of entries read and their total.
pub(crate) async fn import_stories<I: Iterator<Item = Entry>>(
    desk: &OperatorDesk,
    entries: impl Fn() -> I,
    mut targets: Targets,
    settings: &Settings,
    mut progress: impl FnMut(usize),
) -> Result<Report, PipelineError> {
    let mut report = Report::default();
    let mut outlines = Vec::new();
    let mut chunk = Vec::new();
    for (read, entry) in entries().enumerate() {
        match entry {
            Entry::Story(story) => chunk.push(*story),
            Entry::Refused(refused) => report.refused.push(refused),
            Entry::PassedOver(passed) => report.passed_over.push(passed),
        }
        if chunk.len() == CHUNK {
            outlines.extend(checked(std::mem::take(&mut chunk), settings.now, &mut report));
            progress(read / 2);
        }
    }
    outlines.extend(checked(chunk, settings.now, &mut report));
    let slugs = addresses(desk, outlines, &mut targets, &mut report).await?;
    let stories = entries().filter_map(|entry| match entry {
        Entry::Story(story) => Some(story),
        _ => None,
    });
    for (done, story) in stories.enumerate() {
        if let Some(slug) = slugs.get(&story.key) {
            let body = targets.resolve(&story.body, &story.key, &story.old_paths);
            let mut notes = story.notes.clone();
            let mut input = input_of(&story, body, settings.now, &mut notes);
            input.slug.clone_from(slug);
            input.source = Some(story.key.clone());
            publish(desk, &story, input, notes, settings.now, &mut report).await?;
        }
        progress((slugs.len() + done) / 2);
    }
    Ok(report)
}

/// Checks stories on all processors, and returns those that can be imported.
fn checked(stories: Vec<SourceStory>, now: Timestamp, report: &mut Report) -> Vec<Outline> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = stories.len().div_ceil(threads).max(1);
    let results: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let checks: Vec<_> = stories
            .chunks(share)
            .map(|part| {
                scope.spawn(|| part.iter().map(|story| check(story, now)).collect::<Vec<_>>())
            })
            .collect();
        checks.into_iter().flat_map(|check| check.join().unwrap_or_default()).collect()
    });
    let mut outlines = Vec::new();
    for (story, result) in stories.into_iter().zip(results) {
        match result {
            Ok(()) => outlines.push(Outline {
                wanted: wanted_slug(&story),
                key: story.key,
                published_at: story.published_at,
                old_paths: story.old_paths,
            }),
            Err(reason) => report.refused.push(Refused { key: story.key, reason }),
        }
    }
    outlines
}

fn check(story: &SourceStory, now: Timestamp) -> Result<(), String> {
    let input = input_of(story, story.body.clone(), now, &mut Vec::new());
    markdown::check(&input.body).map_err(|error| format!("body: {error}"))?;
    input.validate().map_err(|errors| reason(&errors))
}

/// Gives every story its address: of two that want the same one, the older gets it.
async fn addresses(
    desk: &OperatorDesk,
    mut outlines: Vec<Outline>,
    targets: &mut Targets,
    report: &mut Report,
) -> Result<HashMap<String, Option<Slug>>, DeskError> {
    outlines.sort_by(|a, b| (a.published_at, &a.key).cmp(&(b.published_at, &b.key)));
    let mut slugs: HashMap<String, Option<Slug>> = HashMap::new();
    let mut taken: HashSet<Slug> = HashSet::new();
    for outline in outlines {
        if slugs.contains_key(&outline.key) {
            let reason = "a second story with this name".to_owned();
            report.refused.push(Refused { key: outline.key, reason });
            continue;
        }
        let slug = match desk.slug_of_source(&outline.key).await? {
            Some(slug) => Some(slug),
            None => match outline.wanted {
                Some(wanted) => desk.free_slug(&wanted, &taken).await?,
                None => None,
            },
        };
        if let Some(slug) = &slug {
            taken.insert(slug.clone());
            targets.add(&outline.key, &outline.old_paths, slug);
        }
        slugs.insert(outline.key, slug);
    }
    Ok(slugs)
}

async fn publish(
    desk: &OperatorDesk,
    story: &SourceStory,
    input: StoryInput,
    notes: Vec<String>,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), DeskError> {
    let is_draft = input.status == gazette_domain::Status::Draft;
    let is_scheduled = !is_draft && input.published_at > now;
    let left = kinds(&input.body, is_mdx(&story.key));
    let published = match desk.publish(SystemTask::Import, input).await {
        Ok(published) => published,
        Err(DeskError::Unacceptable(errors)) => {
            report.refused.push(Refused { key: story.key.clone(), reason: reason(&errors) });
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let is_written = matches!(published, Published::Created(_) | Published::Updated(_));
    match published {
        Published::Created(_) => report.created += 1,
        Published::Updated(_) => report.updated += 1,
        Published::Unchanged(_) => report.unchanged += 1,
        Published::InTrash(_) => report.in_trash += 1,
    }
    report.drafts += usize::from(is_written && is_draft);
    report.scheduled += usize::from(is_written && is_scheduled);
    report.notes.extend(notes.into_iter().map(|note| (story.key.clone(), note)));
    for kind in left {
        *report.leftovers.entry(kind).or_default() += 1;
    }
    Ok(())
}
