//! From what a source yields to stories: checks, addresses, links, publication.
//!
//! The source is read twice. First every story is checked and gets its address; then each is written
//! with its links to the others. So memory holds the addresses of all stories, and the text of few.

use std::collections::{HashMap, HashSet, VecDeque};

use gazette_domain::{
    DeskError, ImportRecord, ImportStory, OperatorDesk, Slug, Status, StoryImport, StoryOutcome,
};
use jiff::Timestamp;

use crate::import::adapt::{digest_of, input_of, reason, wanted_slug};
use crate::import::entry::Entry;
use crate::import::ghost::SourceRedirects;
use crate::import::links::Targets;
use crate::import::mdx::is_mdx;
use crate::import::picture_import::{PictureImport, PictureImportError};
use crate::import::redirects::Redirects;
use crate::import::report::Report;
use crate::import::shortcodes::{kind_of_note, kinds};
use crate::import::source_story::{Refused, SourceStory};
use crate::markdown;

/// Stories that are checked at the same time.
const CHUNK: usize = 100;
/// Stories that are read ahead for their pictures, so that two are converted at a time.
const STORIES_AHEAD: usize = 16;

/// Settings of an import.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Name of the source: stories of another one are others, whatever their key.
    pub source: String,
    /// Replaces what was changed here since the last import.
    pub overwrites: bool,
    /// Redirects that the source has besides the old addresses of its stories.
    pub redirects: SourceRedirects,
    /// Time of the import.
    pub now: Timestamp,
}

/// Facts about a story that are kept between the two readings.
struct Outline {
    key: String,
    wanted: Option<Slug>,
    published_at: Option<Timestamp>,
    old_paths: Vec<String>,
}

/// Facts about a written story for the report.
struct Written {
    is_draft: bool,
    is_scheduled: bool,
    notes: Vec<String>,
    kinds: Vec<String>,
}

/// Imports the stories that `entries` yields each time it is called.
///
/// `progress` receives the number of entries done.
///
/// # Errors
/// Of the stores; stories imported before stay.
pub(crate) async fn import_stories<I: Iterator<Item = Entry>>(
    desk: &OperatorDesk,
    entries: impl Fn() -> I,
    mut targets: Targets,
    mut pictures: PictureImport,
    settings: &Settings,
    mut progress: impl FnMut(usize),
) -> Result<(Report, Option<ImportRecord>), PictureImportError> {
    let mut report = Report::default();
    let outlines = outlines(entries(), settings.now, &mut report, &mut progress);
    let mut import = desk.begin_story_import(&settings.source, settings.overwrites);
    let (slugs, taken) = addresses(desk, &import, outlines, &mut targets, &mut report).await?;
    let mut redirects = Redirects::new(desk, taken);
    let mut written = HashMap::new();
    let (mut reading, mut ahead) = (entries().enumerate(), VecDeque::new());
    loop {
        if ahead.is_empty() {
            ahead.extend(reading.by_ref().take(STORIES_AHEAD));
            let stories = ahead.iter_mut().filter_map(|(_, entry)| wanted(entry, &slugs));
            pictures.bring_in(desk, &mut import, stories.collect()).await?;
        }
        let Some((done, entry)) = ahead.pop_front() else { break };
        progress(done);
        let Entry::Story(story) = entry else { continue };
        let Some(slug) = slugs.get(&story.key) else { continue };
        let body = targets.resolve(&story.body, &story.key, &story.old_paths);
        let mut notes = story.notes.clone();
        let mut input = input_of(&story, body, settings.now, &mut notes);
        let digest = digest_of(&story, &input);
        input.slug.clone_from(slug);
        written.insert(
            story.key.clone(),
            Written {
                is_draft: input.status != Status::Published,
                is_scheduled: input.status == Status::Published
                    && input.published_at > settings.now,
                kinds: kinds(&input.body, is_mdx(&story.key)).into_iter().collect(),
                notes,
            },
        );
        let SourceStory { key, old_paths, .. } = *story;
        import.add(ImportStory { key, digest, input, old_paths }).await?;
        count(&mut import, &mut written, &mut report);
        redirects.add(import.take_old_paths(), &mut report).await?;
    }
    import.flush().await?;
    count(&mut import, &mut written, &mut report);
    redirects.add(import.take_old_paths(), &mut report).await?;
    redirects.finish(&settings.redirects, import.last_number(), &mut report).await?;
    (report.pictures, report.missing_pictures) = (pictures.added(), pictures.missing());
    Ok((report, import.finish().await?))
}

/// Returns the story of an entry, if it has an address.
fn wanted<'a>(
    entry: &'a mut Entry,
    slugs: &HashMap<String, Option<Slug>>,
) -> Option<&'a mut SourceStory> {
    match entry {
        Entry::Story(story) => slugs.contains_key(&story.key).then_some(&mut **story),
        Entry::Refused(_) | Entry::PassedOver(_) => None,
    }
}

fn outlines(
    entries: impl Iterator<Item = Entry>,
    now: Timestamp,
    report: &mut Report,
    progress: &mut impl FnMut(usize),
) -> Vec<Outline> {
    let mut outlines = Vec::new();
    let mut chunk = Vec::new();
    for (read, entry) in entries.enumerate() {
        match entry {
            Entry::Story(story) => chunk.push(*story),
            Entry::Refused(refused) => report.refused.push(refused),
            Entry::PassedOver(passed) => report.passed_over.push(passed),
        }
        if chunk.len() == CHUNK {
            outlines.extend(checked(std::mem::take(&mut chunk), now, report));
            progress(read);
        }
    }
    outlines.extend(checked(chunk, now, report));
    outlines
}

/// Checks stories on all processors, and returns those that can be imported.
fn checked(stories: Vec<SourceStory>, now: Timestamp, report: &mut Report) -> Vec<Outline> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = stories.len().div_ceil(threads).max(1);
    let results: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let checks: Vec<_> = stories
            .chunks(share)
            .map(|part| {
                let checks = || part.iter().map(|story| check(story, now)).collect();
                (part.len(), scope.spawn(checks))
            })
            .collect();
        let failed = |count| vec![Err("the text cannot be checked".to_owned()); count];
        checks
            .into_iter()
            .flat_map(|(count, check)| check.join().unwrap_or_else(|_| failed(count)))
            .collect()
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
    import: &StoryImport<'_>,
    mut outlines: Vec<Outline>,
    targets: &mut Targets,
    report: &mut Report,
) -> Result<(HashMap<String, Option<Slug>>, HashSet<Slug>), DeskError> {
    outlines.sort_by(|a, b| (a.published_at, &a.key).cmp(&(b.published_at, &b.key)));
    let mut slugs: HashMap<String, Option<Slug>> = HashMap::new();
    let mut taken: HashSet<Slug> = HashSet::new();
    for part in outlines.chunks(CHUNK) {
        let keys: Vec<&str> = part.iter().map(|outline| outline.key.as_str()).collect();
        let known = import.slugs(&keys).await?;
        for (outline, known) in part.iter().zip(known) {
            if slugs.contains_key(&outline.key) {
                let reason = "a second story with this key".to_owned();
                report.refused.push(Refused { key: outline.key.clone(), reason });
                continue;
            }
            let slug = match (known, &outline.wanted) {
                (Some(slug), _) => Some(slug),
                (None, Some(wanted)) => desk.free_slug(wanted, &taken).await?,
                (None, None) => None,
            };
            if let Some(slug) = &slug {
                taken.insert(slug.clone());
                targets.add(&outline.key, &outline.old_paths, slug);
            }
            slugs.insert(outline.key.clone(), slug);
        }
    }
    Ok((slugs, taken))
}

/// Adds to the report what became of the stories that were written.
fn count(
    import: &mut StoryImport<'_>,
    written: &mut HashMap<String, Written>,
    report: &mut Report,
) {
    for (key, outcome) in import.take_outcomes() {
        let Some(story) = written.remove(&key) else { continue };
        let is_written = matches!(outcome, StoryOutcome::Created | StoryOutcome::Updated);
        match outcome {
            StoryOutcome::Created => report.created += 1,
            StoryOutcome::Updated => report.updated += 1,
            StoryOutcome::Unchanged => report.unchanged += 1,
            StoryOutcome::InTrash => report.in_trash += 1,
            StoryOutcome::Kept => report.kept.push(key.clone()),
            StoryOutcome::Refused(error) => {
                let reason = match error {
                    DeskError::Unacceptable(errors) => reason(&errors),
                    error => error.to_string(),
                };
                report.refused.push(Refused { key, reason });
                continue;
            }
        }
        report.drafts += usize::from(is_written && story.is_draft);
        report.scheduled += usize::from(is_written && story.is_scheduled);
        let mut kinds = story.kinds;
        for note in story.notes {
            match kind_of_note(&note) {
                Some(kind) => kinds.push(kind.to_owned()),
                None => report.note(&key, note),
            }
        }
        for kind in kinds {
            *report.leftovers.entry(kind).or_default() += 1;
        }
    }
}
