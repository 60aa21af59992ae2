//! The address that a tool itself makes for a file, where that is certain.

use gazette_domain::Slug;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;

use crate::import::date::parse_date;
use crate::import::file_name::FileName;
use crate::import::head::Head;
use crate::import::site::{Site, Tool};

/// Returns the path that the site's tool gives to a file.
pub(super) fn tool_path(head: &Head, key: &str, file: &FileName, site: &Site) -> Option<String> {
    match site.tool {
        Tool::Jekyll => jekyll(head, file, site),
        Tool::Zola => zola(head, key, site),
        Tool::Hugo => hugo(head, key, file, site),
        Tool::VuePress => vuepress(head, key, site),
        Tool::Eleventy | Tool::Unknown => None,
    }
    .map(|path| format!("{}{path}", site.base_path))
}

fn jekyll(head: &Head, file: &FileName, site: &Site) -> Option<String> {
    if !file.is_dated {
        return None;
    }
    let own = head.get("permalink").and_then(Value::as_str);
    let template = match own.or_else(|| site.config.get("permalink").and_then(Value::as_str)) {
        None | Some("date") => "/:categories/:year/:month/:day/:title.html",
        Some("pretty") => "/:categories/:year/:month/:day/:title/",
        Some("ordinal") => "/:categories/:year/:y_day/:title.html",
        Some("none") => "/:categories/:title.html",
        Some(template) => template,
    };
    let at = date(head, file, site)?;
    let title = head.get("slug").and_then(Value::as_str).unwrap_or(&file.name);
    let categories = jekyll_categories(head, file)?;
    expand(template, |name| {
        Some(match name {
            "categories" => categories.clone(),
            "title" => title.to_owned(),
            "slug" => Slug::from_text(title)?.as_str().to_owned(),
            "output_ext" => ".html".to_owned(),
            "y_day" => format!("{:03}", at.day_of_year()),
            other => part_of_date(other, at)?,
        })
    })
}

/// Returns the categories as they stand in addresses: those of the folders and of the front matter.
fn jekyll_categories(head: &Head, file: &FileName) -> Option<String> {
    let above = file.folders.iter().position(|folder| folder == "_posts").unwrap_or(0);
    let mut categories: Vec<String> = file.folders.iter().take(above).cloned().collect();
    let value = head.get("categories").or_else(|| head.get("category"));
    match value {
        Some(Value::String(text)) => categories.extend(text.split_whitespace().map(str::to_owned)),
        Some(Value::Array(values)) => {
            categories.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        None => {}
        Some(_) => return None,
    }
    let mut seen: Vec<String> = Vec::new();
    for category in categories {
        let category = category.to_lowercase().replace(' ', "%20");
        if !seen.contains(&category) {
            seen.push(category);
        }
    }
    Some(seen.join("/"))
}

fn zola(head: &Head, key: &str, site: &Site) -> Option<String> {
    if head.get("path").is_some() {
        return None;
    }
    let file = FileName::of(&site.path_in_content(key));
    if file.language.is_some() {
        return None;
    }
    let slug = head.get("slug").and_then(Value::as_str).unwrap_or(&file.name);
    let mut parts = file.folders.clone();
    parts.push(slug.to_owned());
    let parts: Option<Vec<String>> = parts.iter().map(|part| ascii_slug(part)).collect();
    Some(format!("/{}/", parts?.join("/")))
}

fn hugo(head: &Head, key: &str, file: &FileName, site: &Site) -> Option<String> {
    if head.get("url").is_some() || file.language.is_some() {
        return None;
    }
    let in_content = FileName::of(&site.path_in_content(key));
    let section = in_content.folders.first().cloned().unwrap_or_default();
    let name = key.rsplit('/').next().unwrap_or_default();
    // Hugo keeps the day of a name unless it is told otherwise.
    let stem = if in_content.is_bundle {
        key.rsplit('/').nth(1).unwrap_or_default()
    } else {
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    };
    let slug = head.get("slug").and_then(Value::as_str).unwrap_or(stem);
    let template = site.config.inner("permalinks").and_then(|templates| {
        let templates = templates.inner("page").unwrap_or(templates);
        templates.get(&section.to_lowercase()).and_then(Value::as_str).map(str::to_owned)
    });
    if let Some(template) = template {
        let at = date(head, file, site)?;
        let title = head.get("title").and_then(Value::as_str).unwrap_or_default();
        return expand(&template, |name| {
            let slug_or =
                |other: &str| head.get("slug").and_then(Value::as_str).unwrap_or(other).to_owned();
            Some(match name {
                "section" => section.clone(),
                "sections" => in_content.folders.join("/"),
                "slug" => ascii_slug(&slug_or(title))?,
                "title" => ascii_slug(title)?,
                "filename" | "contentbasename" => stem.to_lowercase(),
                "slugorfilename" | "slugorcontentbasename" => slug_or(stem),
                other => part_of_date(other, at)?,
            })
        });
    }
    let mut parts = in_content.folders.clone();
    parts.push(slug.to_owned());
    let parts: Vec<String> =
        parts.iter().map(|part| part.to_lowercase().replace(' ', "-")).collect();
    Some(format!("/{}/", parts.join("/")))
}

fn vuepress(head: &Head, key: &str, site: &Site) -> Option<String> {
    if head.get("permalink").is_some() {
        return None;
    }
    let path = site.path_in_site(key);
    let path = path.strip_prefix("docs/").unwrap_or(&path);
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    match stem.strip_suffix("/README").or_else(|| stem.strip_suffix("/index")) {
        Some(folder) => Some(format!("/{folder}/")),
        None => Some(format!("/{stem}.html")),
    }
}

/// Replaces `:name` in an address; `None` if a name is unknown.
fn expand(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    if template.contains(['{', '[', '<']) {
        return None;
    }
    let mut pieces = template.split(':');
    let mut path = format!("/{}", pieces.next().unwrap_or_default().trim_start_matches('/'));
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_alphabetic() && c != '_').unwrap_or(piece.len());
        let (name, rest) = piece.split_at(end);
        path.push_str(&value(name)?);
        path.push_str(rest);
    }
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    Some(path)
}

fn part_of_date(name: &str, at: DateTime) -> Option<String> {
    Some(match name {
        "year" => format!("{:04}", at.year()),
        "short_year" => format!("{:02}", at.year() % 100),
        "month" => format!("{:02}", at.month()),
        "i_month" => at.month().to_string(),
        "day" => format!("{:02}", at.day()),
        "i_day" => at.day().to_string(),
        "hour" => format!("{:02}", at.hour()),
        "minute" => format!("{:02}", at.minute()),
        "second" => format!("{:02}", at.second()),
        _ => return None,
    })
}

/// Returns the date in the site's zone.
fn date(head: &Head, file: &FileName, site: &Site) -> Option<DateTime> {
    let written = head.get("date").and_then(Value::as_str);
    match written.and_then(|text| parse_date(text, &site.zone)) {
        Some(date) => Some(in_zone(date.at, site)),
        None => file.day.map(DateTime::from),
    }
}

fn in_zone(at: Timestamp, site: &Site) -> DateTime {
    at.to_zoned(site.zone.clone()).datetime()
}

/// Returns the slug of an ASCII text; of other scripts each tool makes something else.
fn ascii_slug(text: &str) -> Option<String> {
    text.is_ascii().then(|| Slug::from_text(text)).flatten().map(|slug| slug.as_str().to_owned())
}
