//! The index on disk: stories go in, ids come out.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use gazette_domain::{Language, LogPosition, Story, StoryId};
use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, Term};

use crate::search::document::document;
use crate::search::schema::{FORMAT, Fields};
use crate::search::stems::Stems;
use crate::search::word_list::{TOKENIZER, WordListTokenizer};

/// Memory in which stories are collected before they are written, in bytes.
const WRITER_MEMORY: usize = 16_000_000;
/// Languages whose stems a query tries.
const MAX_LANGUAGES: usize = 12;

/// Description of the index's content, committed with it.
#[derive(Serialize, Deserialize)]
struct Mark {
    format: u32,
    /// Language of the site, in which stories without one are indexed.
    language: String,
    /// The part of the log that it contains.
    position: LogPosition,
}

/// The index of one process.
pub(super) struct StoryIndex {
    index: Index,
    pub(super) fields: Fields,
    reader: IndexReader,
    /// Open only while stories are written, because it takes memory and threads.
    writer: Mutex<Option<IndexWriter>>,
    language: Language,
    stems: RwLock<Vec<Stems>>,
}

/// An opened index, and the part of the log that it contains; `None` if it is new.
pub(super) type Opened = (StoryIndex, Option<LogPosition>);

impl StoryIndex {
    /// Opens the index in a folder. One that is damaged, or that another version or language made,
    /// is deleted.
    pub(super) fn open(folder: &Path, language: &Language) -> tantivy::Result<Opened> {
        fs::create_dir_all(folder)?;
        match Self::open_existing(folder, language) {
            Ok(Some((index, position))) => return Ok((index, Some(position))),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, folder = %folder.display(), "the search index cannot be used and is built again");
            }
        }
        Ok((Self::create(folder, language)?, None))
    }

    /// Deletes what is in the folder, and makes an empty index there.
    fn create(folder: &Path, language: &Language) -> tantivy::Result<Self> {
        fs::remove_dir_all(folder)?;
        fs::create_dir_all(folder)?;
        let (schema, fields) = Fields::schema();
        let index = Index::create_in_dir(folder, schema)?;
        Self::new(index, fields, language)
    }

    fn open_existing(
        folder: &Path,
        language: &Language,
    ) -> tantivy::Result<Option<(Self, LogPosition)>> {
        let directory = MmapDirectory::open(folder)?;
        if !Index::exists(&directory)? {
            return Ok(None);
        }
        let index = Index::open(directory)?;
        let (schema, fields) = Fields::schema();
        // Written whole by the first commit; before that the index is as good as new.
        let Some(payload) = index.load_metas()?.payload else { return Ok(None) };
        let mark: Mark = serde_json::from_str(&payload).map_err(io::Error::other)?;
        let is_current = mark.format == FORMAT && index.schema() == schema;
        if !is_current || mark.language != language.as_str() {
            tracing::info!("the search index is of another version or language and is built again");
            return Ok(None);
        }
        let damaged = index.validate_checksum()?;
        if let Some(file) = damaged.iter().next() {
            let message = format!("the file {} is damaged", file.display());
            return Err(io::Error::other(message).into());
        }
        let index = Self::new(index, fields, language)?;
        Ok(Some((index, mark.position)))
    }

    fn new(index: Index, fields: Fields, language: &Language) -> tantivy::Result<Self> {
        index.tokenizers().register(TOKENIZER, WordListTokenizer::default());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let index = Self {
            index,
            fields,
            reader,
            writer: Mutex::new(None),
            language: language.clone(),
            stems: RwLock::default(),
        };
        index.reload()?;
        Ok(index)
    }

    /// Returns the current state of the index.
    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Returns the stems of the languages in the index.
    pub(super) fn stems(&self) -> Vec<Stems> {
        self.stems.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Removes stories, and adds those that readers will see in their current state. Nothing is
    /// found before [`StoryIndex::commit`].
    pub(super) fn replace(&self, ids: &[StoryId], stories: &[Story]) -> tantivy::Result<()> {
        self.with_writer(|writer| {
            for id in ids {
                writer.delete_term(Term::from_field_text(self.fields.id, &id.to_string()));
            }
            for story in stories {
                writer.add_document(document(story, &self.fields, &self.language))?;
            }
            Ok(())
        })
    }

    /// Removes all stories.
    pub(super) fn clear(&self) -> tantivy::Result<()> {
        self.with_writer(|writer| writer.delete_all_documents().map(drop))
    }

    /// Makes the changes durable and found, together with the part of the log that they are of.
    pub(super) fn commit(&self, position: &LogPosition) -> tantivy::Result<()> {
        let mark = Mark {
            format: FORMAT,
            language: self.language.to_string(),
            position: position.clone(),
        };
        let payload = serde_json::to_string(&mark).map_err(io::Error::other)?;
        self.with_writer(|writer| {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&payload);
            commit.commit().map(drop)
        })?;
        self.reload()
    }

    /// Closes the writer, which frees its memory and its threads.
    pub(super) fn close_writer(&self) -> tantivy::Result<()> {
        let Some(writer) = self.lock_writer().take() else { return Ok(()) };
        writer.wait_merging_threads()?;
        self.reload()
    }

    fn with_writer<T>(
        &self,
        write: impl FnOnce(&mut IndexWriter) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        let mut open = self.lock_writer();
        // Taken out, so that a writer that failed is dropped with what it had not written.
        let mut writer = match open.take() {
            Some(writer) => writer,
            None => self.new_writer()?,
        };
        let written = write(&mut writer)?;
        *open = Some(writer);
        Ok(written)
    }

    fn new_writer(&self) -> tantivy::Result<IndexWriter> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_MEMORY);
        self.index.writer_with_options(options.build())
    }

    fn lock_writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reload(&self) -> tantivy::Result<()> {
        self.reader.reload()?;
        let stems = self.languages()?.iter().map(|language| Stems::of(language)).collect();
        *self.stems.write().unwrap_or_else(PoisonError::into_inner) = stems;
        Ok(())
    }

    fn languages(&self) -> tantivy::Result<BTreeSet<String>> {
        let mut languages = BTreeSet::from([self.language.primary().to_owned()]);
        for segment in self.reader.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.fields.language)?;
            let mut terms = inverted.terms().stream()?;
            while languages.len() < MAX_LANGUAGES && terms.advance() {
                if let Ok(language) = std::str::from_utf8(terms.key()) {
                    languages.insert(language.to_owned());
                }
            }
        }
        Ok(languages)
    }
}
