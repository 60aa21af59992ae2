//! Pictures of imported stories: each is stored once, and shown from here.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use gazette_domain::{DeskError, ImageRecord, NewImage, OperatorDesk, StoryImport};

use crate::images::{ImageStoreError, Images, ImagesError, id_of, planned_name};
use crate::import::picture_bytes::picture_bytes;
use crate::import::picture_files::{Found, PictureFiles};
use crate::import::picture_links::{picture_links, with_urls};
use crate::import::source_story::{SourceImage, SourceStory};

/// Pictures that are read and converted at the same time.
const AT_ONCE: usize = 2;
/// Pictures that a note names.
const MAX_NAMED: usize = 5;

/// Pictures could not be stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PictureImportError {
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The store of pictures failed.
    #[error(transparent)]
    Store(#[from] ImageStoreError),
}

/// The pictures of an import.
pub(crate) struct PictureImport {
    files: PictureFiles,
    /// Storage of pictures; `None` for a dry run, which converts nothing.
    images: Option<Images>,
    taken: HashMap<PathBuf, Taken>,
    /// Number of pictures that are new here.
    added: usize,
    /// URLs of the pictures that were not imported.
    missing: HashSet<String>,
}

/// Outcome of importing a file.
#[derive(Clone, Debug)]
enum Taken {
    Here(ImageRecord),
    Refused(String),
}

/// The reason there is no picture.
enum NotHere {
    /// There is no file. With the picture's address at the old site, if that is known.
    Unfound(Option<String>),
    Refused(String),
    /// It is on another site.
    Elsewhere,
}

/// A file that is read.
enum Read {
    /// A picture that is here already.
    Known(ImageRecord),
    New(NewImage),
    Refused(String),
}

/// Alternative text and credit that a story gives a file.
#[derive(Default)]
struct Wanted {
    alt: Option<String>,
    credit: Option<String>,
}

impl PictureImport {
    /// Begins to take in pictures. Without `images`, files are only looked at.
    pub(crate) fn new(files: PictureFiles, images: Option<Images>) -> Self {
        Self { files, images, taken: HashMap::new(), added: 0, missing: HashSet::new() }
    }

    /// Returns the number of pictures that are new here.
    pub(super) fn added(&self) -> usize {
        self.added
    }

    /// Returns the number of pictures that were not imported.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }

    /// Takes in the pictures of some stories, each file once, and lets the stories show them. A
    /// picture that cannot be used costs a note.
    ///
    /// # Errors
    /// Of the stores.
    pub(super) async fn bring_in(
        &mut self,
        desk: &OperatorDesk,
        import: &mut StoryImport<'_>,
        stories: Vec<&mut SourceStory>,
    ) -> Result<(), PictureImportError> {
        let mut wanted: BTreeMap<PathBuf, Wanted> = BTreeMap::new();
        for story in &stories {
            for (path, about) in self.wanted(story) {
                if !self.taken.contains_key(&path) {
                    let known = wanted.entry(path).or_default();
                    known.alt = known.alt.take().or(about.alt);
                    known.credit = known.credit.take().or(about.credit);
                }
            }
        }
        self.take_in(desk, import, wanted).await?;
        for story in stories {
            self.place(story);
        }
        Ok(())
    }

    async fn take_in(
        &mut self,
        desk: &OperatorDesk,
        import: &mut StoryImport<'_>,
        wanted: BTreeMap<PathBuf, Wanted>,
    ) -> Result<(), PictureImportError> {
        let images = self.images.clone();
        let reads = wanted.into_iter().map(|(path, about)| {
            let images = images.clone();
            async move {
                let read = read(desk, images.as_ref(), &path, about).await;
                read.map(|read| (path, read))
            }
        });
        let mut reads = futures_util::stream::iter(reads).buffered(AT_ONCE);
        while let Some(read) = reads.next().await {
            let (path, read) = read?;
            let taken = match read {
                Read::Known(record) => Taken::Here(record),
                Read::Refused(reason) => Taken::Refused(reason),
                Read::New(image) => {
                    let (record, is_new) = import.add_image(image).await?;
                    self.added += usize::from(is_new);
                    Taken::Here(record)
                }
            };
            self.taken.insert(path, taken);
        }
        Ok(())
    }

    fn wanted(&self, story: &SourceStory) -> Vec<(PathBuf, Wanted)> {
        let mut wanted = Vec::new();
        if let Some(SourceImage { url, alt, credit, .. }) = &story.image
            && let Found::File(path) = self.find(url, story)
        {
            wanted.push((path, Wanted { alt: alt.clone(), credit: credit.clone() }));
        }
        for link in picture_links(&story.body) {
            if let Found::File(path) = self.find(&link.url, story) {
                wanted.push((path, Wanted::default()));
            }
        }
        wanted
    }

    fn find(&self, url: &str, story: &SourceStory) -> Found {
        let page = story.old_paths.first().map(String::as_str);
        self.files.find(url, &story.key, page)
    }

    /// Lets a story show the pictures that were taken in. The others are noted.
    fn place(&mut self, story: &mut SourceStory) {
        let (mut urls, mut unfound) = (Vec::new(), Vec::new());
        for link in picture_links(&story.body) {
            let found = self.find(&link.url, story);
            let url = match self.taken_in(&found) {
                Ok(record) => Some(record.name().path()),
                Err(NotHere::Elsewhere) => None,
                // A link says where it leads; a picture would show nothing.
                Err(_) if !link.is_shown => None,
                Err(NotHere::Refused(reason)) => {
                    self.note_refused(story, &link.url, &reason);
                    None
                }
                Err(NotHere::Unfound(address)) => {
                    unfound.push(link.url);
                    address
                }
            };
            urls.extend(url.map(|url| (link.range, url)));
        }
        story.body = with_urls(&story.body, &urls);
        self.place_image(story, &mut unfound);
        self.note_unfound(story, unfound);
    }

    fn place_image(&mut self, story: &mut SourceStory, unfound: &mut Vec<String>) {
        let Some(image) = story.image.clone() else { return };
        let found = self.find(&image.url, story);
        match self.taken_in(&found) {
            Ok(record) => {
                story.image = Some(SourceImage {
                    url: record.name().path(),
                    alt: image.alt.or_else(|| record.alt.clone()),
                    caption: image.caption,
                    credit: image.credit.or_else(|| record.credit.clone()),
                });
            }
            Err(NotHere::Elsewhere) => {}
            Err(NotHere::Refused(reason)) => {
                self.note_refused(story, &image.url, &reason);
                story.image = None;
            }
            Err(NotHere::Unfound(_)) => {
                story.image = None;
                unfound.push(image.url);
            }
        }
    }

    /// Returns the picture of a file, or the reason there is none.
    fn taken_in(&self, found: &Found) -> Result<&ImageRecord, NotHere> {
        match found {
            Found::File(path) => match self.taken.get(path) {
                Some(Taken::Here(record)) => Ok(record),
                Some(Taken::Refused(reason)) => Err(NotHere::Refused(reason.clone())),
                None => Err(NotHere::Unfound(None)),
            },
            Found::Missing(address) => Err(NotHere::Unfound(address.clone())),
            Found::Elsewhere => Err(NotHere::Elsewhere),
        }
    }

    fn note_refused(&mut self, story: &mut SourceStory, url: &str, reason: &str) {
        let note = format!("the picture {url:.200} was not brought in: {reason}");
        if !story.notes.contains(&note) {
            story.notes.push(note);
        }
        self.missing.insert(url.to_owned());
    }

    fn note_unfound(&mut self, story: &mut SourceStory, mut urls: Vec<String>) {
        let mut seen = HashSet::new();
        urls.retain(|url| seen.insert(url.clone()));
        let names: Vec<String> =
            urls.iter().take(MAX_NAMED).map(|url| format!("{url:.200}")).collect();
        let names = names.join(", ");
        match urls.len() {
            0 => {}
            1 => story.notes.push(format!("the picture {names} was not found")),
            count if count <= MAX_NAMED => {
                story.notes.push(format!("{count} pictures were not found: {names}"));
            }
            count => story.notes.push(format!("{count} pictures were not found: {names} …")),
        }
        self.missing.extend(urls);
    }
}

/// Reads a file, and converts it unless it is here already.
async fn read(
    desk: &OperatorDesk,
    images: Option<&Images>,
    path: &Path,
    about: Wanted,
) -> Result<Read, PictureImportError> {
    let bytes = match picture_bytes(path).await {
        Ok(bytes) => bytes,
        Err(reason) => return Ok(Read::Refused(reason)),
    };
    if let Some(record) = desk.image(id_of(&bytes)).await? {
        // A store that was moved without its pictures gets them again.
        let is_stored = match images {
            Some(images) => images.get(record.name()).await?.is_some(),
            None => true,
        };
        if is_stored {
            return Ok(Read::Known(record));
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Some(images) = images else {
        return Ok(match planned_name(&bytes) {
            Ok(planned) => Read::New(NewImage {
                name: planned,
                alt: about.alt,
                credit: about.credit,
                licence: None,
                file_name: name,
            }),
            Err(error) => Read::Refused(error.to_string()),
        });
    };
    match images.import(bytes, &name).await {
        Ok(stored) => Ok(Read::New(stored.into_new(about.alt, about.credit))),
        Err(ImagesError::Refused(error)) => Ok(Read::Refused(error.to_string())),
        Err(error @ ImagesError::Busy) => Ok(Read::Refused(error.to_string())),
        Err(ImagesError::Store(error)) => Err(error.into()),
    }
}
