//! The site that a folder belongs to: what its configuration says about its stories.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::import::head::Head;
use crate::import::split::parse_data;

/// The tool that makes the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tool {
    Eleventy,
    Hugo,
    Jekyll,
    VuePress,
    Zola,
    #[default]
    Unknown,
}

/// Facts about the site of the files.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// Zone of local times.
    pub zone: TimeZone,
    /// Time of the import.
    pub now: Timestamp,
    /// The tool that makes the site.
    pub tool: Tool,
    /// The folder's path below the root of the site; empty for the root.
    pub prefix: String,
    /// The site's configuration.
    pub config: Head,
    /// Host of the site.
    pub host: Option<String>,
    /// Path below which the site is, without a slash at its end.
    pub base_path: String,
    /// Names of authors by the key that front matter uses.
    pub authors: BTreeMap<String, String>,
    /// Section files by their folder.
    pub sections: HashMap<String, Section>,
}

/// Facts in a section file about the files of its folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    /// Title.
    pub title: Option<String>,
    /// Hugo's `cascade`: front matter of every file below.
    pub cascade: Head,
}

/// Folders above the imported one that may be the root of the site.
const MAX_LEVELS: usize = 4;
/// Maximum size of a configuration, in bytes.
const MAX_CONFIG_BYTES: u64 = 1024 * 1024;
const CONFIGS: [(&str, Tool); 19] = [
    ("_config.yml", Tool::Jekyll),
    ("_config.yaml", Tool::Jekyll),
    ("_config.toml", Tool::Jekyll),
    ("hugo.toml", Tool::Hugo),
    ("hugo.yaml", Tool::Hugo),
    ("hugo.yml", Tool::Hugo),
    ("hugo.json", Tool::Hugo),
    ("config/_default/hugo.toml", Tool::Hugo),
    ("config/_default/hugo.yaml", Tool::Hugo),
    ("config/_default/config.toml", Tool::Hugo),
    ("config/_default/config.yaml", Tool::Hugo),
    ("config.toml", Tool::Unknown),
    ("config.yaml", Tool::Hugo),
    ("config.yml", Tool::Hugo),
    ("zola.toml", Tool::Zola),
    (".eleventy.js", Tool::Eleventy),
    ("eleventy.config.js", Tool::Eleventy),
    ("eleventy.config.mjs", Tool::Eleventy),
    (".vuepress", Tool::VuePress),
];

impl Site {
    /// Looks for the configuration in the folder and in those above it.
    pub(super) fn of(folder: &Path, zone: TimeZone, now: Timestamp) -> Self {
        let mut site = Self::unknown(zone, now);
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let Some((root, tool, config)) = folder.ancestors().take(MAX_LEVELS).find_map(|above| {
            let (tool, config) = config_in(above)?;
            Some((above.to_owned(), tool, config))
        }) else {
            if folder.ends_with("_posts") || folder.join("_posts").is_dir() {
                site.tool = Tool::Jekyll;
            }
            return site;
        };
        site.prefix = folder.strip_prefix(&root).map(slashes).unwrap_or_default();
        site.tool = tool;
        site.authors = author_names(&root);
        site.read_address(&config);
        site.config = config;
        site
    }

    /// Returns a site of which nothing is known.
    pub(super) fn unknown(zone: TimeZone, now: Timestamp) -> Self {
        Self {
            zone,
            now,
            tool: Tool::Unknown,
            prefix: String::new(),
            config: Head::default(),
            host: None,
            base_path: String::new(),
            authors: BTreeMap::new(),
            sections: HashMap::new(),
        }
    }

    /// Returns the path of a file below the root of the site.
    pub(super) fn path_in_site(&self, key: &str) -> String {
        if self.prefix.is_empty() { key.to_owned() } else { format!("{}/{key}", self.prefix) }
    }

    /// Returns the path of a file below the folder of the content.
    pub(super) fn path_in_content(&self, key: &str) -> String {
        let path = self.path_in_site(key);
        path.strip_prefix("content/").map_or(path.clone(), str::to_owned)
    }

    /// Returns the title of the nearest section above a file.
    pub(super) fn section_title(&self, key: &str) -> Option<String> {
        folders_above(key).find_map(|folder| self.sections.get(folder)?.title.clone())
    }

    /// Returns the front matter that a file has from the sections above it, or from the
    /// configuration.
    pub(super) fn cascade(&self, key: &str) -> Head {
        let above = folders_above(key)
            .filter_map(|folder| self.sections.get(folder))
            .fold(Head::default(), |head, section| head.with_defaults(&section.cascade));
        if self.tool == Tool::Jekyll { above.with_defaults(&self.defaults(key)) } else { above }
    }

    /// Returns Jekyll's defaults for a file: those of the longest path come first.
    fn defaults(&self, key: &str) -> Head {
        let path = self.path_in_site(key);
        let is_post = path.split('/').any(|folder| folder == "_posts");
        let all = self.config.get("defaults").and_then(Value::as_array);
        let mut scopes: Vec<(&str, Head)> = all
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let scope = entry.get("scope");
                let text = |name: &str| scope?.get(name)?.as_str();
                let within = text("path").unwrap_or_default();
                let has_type = text("type").is_none_or(|kind| is_post && kind.contains("post"));
                let applies = has_type && !within.contains('*') && path.starts_with(within);
                let values = Head::new(entry.get("values")?.as_object()?);
                applies.then_some((within, values))
            })
            .collect();
        scopes.sort_by_key(|(within, _)| std::cmp::Reverse(within.len()));
        scopes.iter().fold(Head::default(), |head, (_, values)| head.with_defaults(values))
    }

    fn read_address(&mut self, config: &Head) {
        let url = ["baseurl", "url"].iter().find_map(|key| {
            config.get(key).and_then(Value::as_str).filter(|text| text.contains("://"))
        });
        if let Some(url) = url.and_then(|text| url::Url::parse(text).ok()) {
            self.host = url.host_str().map(str::to_owned);
            url.path().trim_end_matches('/').clone_into(&mut self.base_path);
        }
        if self.tool == Tool::Jekyll
            && let Some(path) = config.get("baseurl").and_then(Value::as_str)
            && !path.contains("://")
        {
            path.trim_end_matches('/').clone_into(&mut self.base_path);
        }
    }
}

fn folders_above(key: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(key);
    std::iter::from_fn(move || {
        let (above, _) = match rest? {
            "" => return None,
            path => path.rsplit_once('/').unwrap_or(("", path)),
        };
        rest = (!above.is_empty()).then_some(above);
        Some(above)
    })
}

fn config_in(folder: &Path) -> Option<(Tool, Head)> {
    CONFIGS.iter().find_map(|(name, tool)| {
        let path = folder.join(name);
        if *tool == Tool::VuePress {
            return path.is_dir().then(|| (*tool, Head::default()));
        }
        let config = read_data(&path);
        if *tool == Tool::Eleventy {
            return path.is_file().then(|| (*tool, Head::default()));
        }
        let config = config?;
        let tool = match tool {
            // Of both tools; only Zola writes its keys in this way.
            Tool::Unknown if config.raw.contains("base_url") => Tool::Zola,
            Tool::Unknown => Tool::Hugo,
            tool => *tool,
        };
        Some((tool, config.head))
    })
}

struct Config {
    raw: String,
    head: Head,
}

fn read_data(path: &Path) -> Option<Config> {
    let size = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?.len();
    if size > MAX_CONFIG_BYTES {
        return None;
    }
    let raw = std::fs::read_to_string(path).ok()?;
    let ending = path.extension()?.to_str()?;
    let head = parse_data(ending, &raw).map(|map| Head::new(&map)).unwrap_or_default();
    Some(Config { raw, head })
}

/// Reads the list of authors that sites of Jekyll and Hugo keep.
fn author_names(root: &Path) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for folder in ["_data", "data"] {
        for ending in ["yml", "yaml", "toml", "json"] {
            let path: PathBuf = root.join(folder).join(format!("authors.{ending}"));
            let Some(config) = std::fs::metadata(&path).ok().and_then(|_| {
                let raw = std::fs::read_to_string(&path).ok()?;
                parse_data(ending, &raw)
            }) else {
                continue;
            };
            for (key, value) in config {
                let name = value
                    .as_object()
                    .map(Head::new)
                    .and_then(|head| head.get("name").or_else(|| head.get("displayname")).cloned());
                if let Some(name) = name.as_ref().and_then(Value::as_str) {
                    names.insert(key, name.to_owned());
                }
            }
        }
    }
    names
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests;
