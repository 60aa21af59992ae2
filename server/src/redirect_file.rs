//! A CSV file of redirects, with the columns `from`, `to` and `status`.

use std::fs::File;
use std::io::{Chain, Read, Take, Write};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use csv::{ByteRecord, Reader, ReaderBuilder, Terminator, Writer};
use gazette_domain::{ListedRedirect, Redirect, RedirectTarget};

/// The largest file, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// The most rows of a file.
const MAX_ROWS: usize = 500_000;
const COLUMNS: [&str; 3] = ["from", "to", "status"];

/// A row of the file, with the number of its line.
#[derive(Debug)]
pub(crate) enum Row {
    /// A redirect.
    Redirect(u64, Redirect),
    /// A row that is refused, and the reason.
    Refused(u64, String),
}

/// Reads the rows of a file one by one.
#[derive(Debug)]
pub(crate) struct RedirectFile<R = Take<File>> {
    reader: Reader<Input<Chain<R, &'static [u8]>>>,
    record: ByteRecord,
    rows: usize,
    /// Origin of the site, whose URLs are paths here.
    origin: Option<String>,
}

/// Input that knows if it was read to its end.
#[derive(Debug)]
struct Input<R> {
    input: R,
    is_ended: bool,
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.is_ended |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

impl RedirectFile {
    /// Opens a file and checks its size and its header line.
    pub(crate) fn open(path: &Path, origin: Option<&str>) -> Result<Self> {
        let open = || -> Result<(File, u64)> {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            Ok((file, size))
        };
        let (file, size) = open().with_context(|| format!("cannot read {}", path.display()))?;
        if size > MAX_FILE_BYTES {
            bail!("{} is larger than 64 MiB; split it into several files", path.display());
        }
        // A pipe has no size.
        Self::new(file.take(MAX_FILE_BYTES + 1), origin)
            .with_context(|| format!("cannot read {}", path.display()))
    }
}

impl<R: Read> RedirectFile<R> {
    fn new(input: R, origin: Option<&str>) -> Result<Self> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            // Otherwise lines that end in a carriage return are counted late.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(Input { input: input.chain(b"\n".as_slice()), is_ended: false });
        let origin = origin.map(str::to_owned);
        let mut file = Self { reader, record: ByteRecord::new(), rows: 0, origin };
        let is_read = file.reader.read_byte_record(&mut file.record)?;
        let header: Vec<String> = file
            .record
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
            .collect();
        if !is_read || header != COLUMNS {
            bail!("its first line must be `{}`", COLUMNS.join(","));
        }
        Ok(file)
    }

    /// Returns the next row; `None` at the end.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            if !self.reader.read_byte_record(&mut self.record)? {
                return Ok(None);
            }
            let is_blank = self.record.len() == 1
                && self.record.iter().all(|field| field.trim_ascii().is_empty());
            if !is_blank {
                break;
            }
        }
        if self.reader.position().byte() > MAX_FILE_BYTES {
            bail!("the file is larger than 64 MiB; split it into several files");
        }
        // The line break at the end ends every row but one within a quote.
        if self.reader.get_ref().is_ended {
            let reason = "the quote that opens here is not closed".to_owned();
            return Ok(Some(Row::Refused(self.line_of_open_quote(), reason)));
        }
        self.rows += 1;
        if self.rows > MAX_ROWS {
            bail!("the file has more than {MAX_ROWS} rows; split it into several files");
        }
        let line = self.line();
        Ok(Some(match parse(&self.record, self.origin.as_deref()) {
            Ok(redirect) => Row::Redirect(line, redirect),
            Err(reason) => Row::Refused(line, reason),
        }))
    }
}

impl<R: Read> RedirectFile<R> {
    /// Returns the line in which the current row begins; blank lines may come before it.
    fn line(&self) -> u64 {
        let breaks: u64 = self.record.iter().map(breaks).sum();
        self.reader.position().line().saturating_sub(1 + breaks)
    }

    /// Returns the line in which the last field of the file begins, whose quote is not closed.
    fn line_of_open_quote(&self) -> u64 {
        let breaks = self.record.iter().next_back().map_or(0, breaks);
        self.reader.position().line().saturating_sub(breaks)
    }
}

fn breaks(field: &[u8]) -> u64 {
    field.split(|byte| *byte == b'\n').skip(1).count() as u64
}

fn parse(record: &ByteRecord, origin: Option<&str>) -> Result<Redirect, String> {
    let text = |index: usize| {
        let field = record.get(index).unwrap_or_default();
        std::str::from_utf8(field)
            .map_err(|_| "is not valid UTF-8; save the file as UTF-8".to_owned())
    };
    if record.len() != COLUMNS.len() {
        let count = record.len();
        return Err(format!("has {count} columns instead of {}", COLUMNS.join(",")));
    }
    let (from, to, status) = (text(0)?, text(1)?, text(2)?);
    let to = origin.map_or(to, |origin| path_on(origin, to));
    Redirect::by_hand(from, to, status).map_err(|error| error.to_string())
}

/// Returns the path of a URL of the site; any other address is returned as it is.
pub(crate) fn path_on<'a>(origin: &str, address: &'a str) -> &'a str {
    let address = address.trim();
    address.strip_prefix(origin).filter(|path| path.starts_with('/')).unwrap_or(address)
}

/// Writes the header line.
pub(crate) fn write_header<W: Write>(out: &mut Writer<W>) -> csv::Result<()> {
    out.write_record(COLUMNS)
}

/// Writes a redirect; `false` if it leads to a story that is no longer there.
pub(crate) fn write_row<W: Write>(out: &mut Writer<W>, item: &ListedRedirect) -> csv::Result<bool> {
    let from = item.redirect.from.as_str();
    match (&item.redirect.target, &item.to) {
        (RedirectTarget::Gone, _) => out.write_record([from, "", "410"])?,
        (_, Some(to)) => out.write_record([from, to, "301"])?,
        (_, None) => return Ok(false),
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Vec<String> {
        let mut file = RedirectFile::new(text, Some("https://news.example")).expect("a header");
        let mut rows = Vec::new();
        while let Some(row) = file.next_row().expect("readable") {
            rows.push(match row {
                Row::Redirect(line, redirect) => {
                    format!("{line}: {} {:?}", redirect.from, redirect.target)
                }
                Row::Refused(line, reason) => format!("{line}: refused: {reason}"),
            });
        }
        rows
    }

    #[test]
    fn bad_rows_are_named_and_good_ones_are_read() {
        let text = "\u{feff}From, To ,status\r\n/a,/b,301\r\n\"/c,d\",https://news.example/\u{44f}, 301\n\r\n\n/gone,,410\n\"/x\ny\"\n/desk,/b,301\n/a,,301";
        let rows = rows(text.as_bytes());
        let [first, quoted, gone, short, own, empty] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(first, "2: /a Path(\"/b\")");
        assert_eq!(quoted, "3: /c,d Path(\"/\u{44f}\")");
        assert_eq!(gone, "6: /gone Gone");
        assert_eq!(short, "7: refused: has 1 columns instead of from,to,status");
        assert!(own.starts_with("9: refused: from: `/desk` is a page of this site"), "{own}");
        assert!(empty.starts_with("10: refused: to: is empty"), "{empty}");
        let latin = self::rows(b"from,to,status\n/caf\xe9,/b,301\n/c,/d,301\n");
        assert!(latin[0].starts_with("2: refused: is not valid UTF-8"), "{latin:?}");
        assert_eq!(latin[1], "3: /c Path(\"/d\")");
    }

    #[test]
    fn a_quote_without_an_end_names_the_line_in_which_it_opens() {
        for (text, line) in [
            ("from,to,status\n\"/a,/b,301\n/c,/d,301\n", 2),
            ("from,to,status\n/a,/b,301\n\n/c,\"/d,301", 4),
            ("from,to,status\n/a,/b,301\n\"/c\nd\",\"/e,301\n/f,/g,301\n", 4),
        ] {
            let rows = rows(text.as_bytes());
            let expected = format!("{line}: refused: the quote that opens here is not closed");
            assert_eq!(rows.last(), Some(&expected), "{text}");
        }
        assert_eq!(rows(b"from,to,status\n/a,\"/b\n\",301").len(), 1);
    }

    #[test]
    fn a_file_without_the_header_is_refused() {
        for text in ["", "/a,/b,301\n", "from,to\n/a,/b\n", "to,from,status\n"] {
            let error =
                RedirectFile::new(text.as_bytes(), None).expect_err("no header").to_string();
            assert_eq!(error, "its first line must be `from,to,status`", "{text:?}");
        }
    }

    #[test]
    fn a_file_with_too_many_rows_is_refused() {
        let text = format!("from,to,status\n{}", "/a,/b,301\n".repeat(MAX_ROWS + 1));
        let mut file = RedirectFile::new(text.as_bytes(), None).expect("a header");
        let outcome = (0..=MAX_ROWS).try_for_each(|_| file.next_row().map(|_| ()));
        assert!(outcome.expect_err("too many").to_string().contains("500000 rows"));
    }
}
