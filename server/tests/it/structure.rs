//! The modules of every crate: no import cycles, and the layers of `http` import downwards only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Layers of `server/src/http`, each with the layers that it must not import.
const LAYERS: [(&str, &[&str]); 4] = [
    ("http::reply", &["http::request", "http::middleware", "http::routes", "http::areas"]),
    ("http::request", &["http::middleware", "http::routes", "http::areas"]),
    ("http::middleware", &["http::routes", "http::areas"]),
    ("http::routes", &["http::middleware", "http::areas"]),
];

const CRATES: [&str; 7] = [
    "app/src",
    "app/domain/src",
    "server/src",
    "server/authorizer/src",
    "server/lambda-authorizer/src",
    "server/table/src",
    "server/user-pool/src",
];

/// Longest file of product code, in lines.
const MAX_LINES: usize = 300;

#[test]
fn no_module_imports_another_in_a_cycle() {
    let cycles: Vec<String> = CRATES
        .into_iter()
        .filter_map(|source| {
            let cycle = find_cycle(&Modules::read(source).imports())?;
            Some(format!("{source}: {}", cycle.join(" → ")))
        })
        .collect();
    assert!(cycles.is_empty(), "{cycles:#?}");
}

#[test]
fn the_layers_of_http_import_downwards_only() {
    let graph = Modules::read("server/src").imports();
    for (from, targets) in &graph {
        for (layer, forbidden) in LAYERS {
            if !is_below(from, layer) {
                continue;
            }
            for target in targets {
                let is_forbidden = forbidden.iter().any(|layer| is_below(target, layer));
                assert!(!is_forbidden, "{from} must not import {target}");
                let is_sibling = layer == "http::routes" && is_below(target, layer);
                assert!(!is_sibling, "{from} must not import another route, {target}");
            }
        }
        let is_below_http =
            is_below(from, "http") || from == "application" || is_below(from, "cli");
        let imports_http = targets.iter().any(|target| is_below(target, "http"));
        assert!(is_below_http || !imports_http, "{from} must not know http");
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_follow() {
    for source in CRATES {
        let long: Vec<String> = Modules::read(source)
            .0
            .into_iter()
            .map(|(name, module)| (name, module.text.lines().count()))
            .filter(|(_, lines)| *lines > MAX_LINES)
            .map(|(name, lines)| format!("{name}: {lines} lines"))
            .collect();
        assert!(long.is_empty(), "{source}: {long:?}");
    }
}

/// Leptos does not escape the text of a `textarea` (security.md 0.1).
#[test]
fn finding_0_1_there_is_no_other_text_area_than_the_safe_one() {
    let modules = Modules::read("app/src").0;
    for (name, module) in modules.iter().filter(|(name, _)| *name != "components::safe_textarea") {
        let code = module.product_code();
        for way in ["<textarea", "textarea("] {
            assert!(!code.contains(way), "{name} must use SafeTextarea");
        }
    }
    assert!(modules["components::safe_textarea"].product_code().contains("<textarea"));
}

#[test]
fn every_file_is_a_module() {
    for source in CRATES {
        let modules = Modules::read(source).0;
        for name in modules.keys().filter(|name| *name != "lib" && !name.starts_with("bin")) {
            let (parent, own) = name.rsplit_once("::").unwrap_or(("lib", name));
            let declares = modules[parent]
                .text
                .lines()
                .any(|line| line.trim_end().ends_with(&format!("mod {own};")));
            assert!(declares, "{source}: {name} is not declared in {parent}");
        }
    }
}

/// Modules of a crate by their path, such as `http::routes::story`.
struct Modules(BTreeMap<String, Module>);

struct Module {
    text: String,
}

impl Module {
    /// Returns the code without its tests and comments.
    fn product_code(&self) -> String {
        let code = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl Modules {
    fn read(source: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(source);
        let mut modules = BTreeMap::new();
        for path in rust_files(&root) {
            let below = path.strip_prefix(&root).expect("below the root").with_extension("");
            let mut parts: Vec<_> =
                below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            if parts.last().is_some_and(|last| last == "mod") {
                parts.pop();
            }
            let name = parts.join("::");
            if name == "main" || parts.iter().any(|part| part == "tests" || part == "conformance") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("readable");
            modules.insert(name, Module { text });
        }
        Self(modules)
    }

    /// Returns which modules each module imports. A re-export counts as its origin.
    fn imports(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut graph = BTreeMap::new();
        for (name, module) in &self.0 {
            if name == "lib" {
                continue;
            }
            let mut targets: BTreeSet<String> = import_paths(&module.product_code())
                .into_iter()
                .filter_map(|path| self.origin(name, &path, 0))
                .collect();
            targets.remove(name);
            // A module that only gathers its own parts imports nothing.
            targets.retain(|target| !is_below(target, name));
            graph.insert(name.clone(), targets);
        }
        graph
    }

    /// Resolves an import path to the module that defines the item.
    fn origin(&self, from: &str, path: &[String], depth: usize) -> Option<String> {
        let path = absolute(from, path)?;
        let (module, rest) = (0..=path.len()).rev().find_map(|length| {
            let name = path[..length].join("::");
            self.0.contains_key(&name).then(|| (name, &path[length..]))
        })?;
        let Some(item) = rest.first().filter(|_| depth < 8) else { return Some(module) };
        let re_export = import_paths_of(&self.0[&module].product_code(), true)
            .into_iter()
            .find(|path| path.last() == Some(item) && path.len() > 1);
        match re_export {
            Some(path) => self.origin(&module, &path, depth + 1).or(Some(module)),
            None => Some(module),
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Makes a path that begins with `crate`, `super`, `self` or a child absolute.
fn absolute(from: &str, path: &[String]) -> Option<Vec<String>> {
    let mut base: Vec<String> =
        if from == "lib" { Vec::new() } else { from.split("::").map(str::to_owned).collect() };
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        _ => {}
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

fn import_paths(text: &str) -> Vec<Vec<String>> {
    let mut paths = import_paths_of(text, false);
    // Paths written out in expressions.
    for (at, _) in text.match_indices("crate::") {
        let path: String = text[at..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
            .collect();
        let parts: Vec<String> =
            path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        // The braces of a `use` are read below.
        if !text[at + path.len()..].starts_with('{') {
            paths.push(parts);
        }
    }
    paths
}

/// Reads the `use` declarations; only public ones if `re_exports`.
fn import_paths_of(text: &str, re_exports: bool) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for statement in text.split(';') {
        let Some(line) = statement.lines().position(|line| {
            let line = line.trim_start();
            let is_public = line.starts_with("pub");
            let is_use = line.starts_with("use ") || (is_public && line.contains(" use "));
            is_use && (is_public || !re_exports)
        }) else {
            continue;
        };
        let declaration: String = statement.lines().skip(line).collect::<Vec<_>>().join(" ");
        let Some((_, tree)) = declaration.split_once("use ") else { continue };
        expand(&mut Vec::new(), tree.trim(), &mut paths);
    }
    paths
}

/// Expands the tree of a `use` declaration into its paths.
fn expand(prefix: &mut Vec<String>, tree: &str, paths: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    if let Some((head, rest)) = tree.split_once("::").filter(|(head, _)| !head.contains('{')) {
        prefix.push(head.trim().to_owned());
        expand(prefix, rest, paths);
        prefix.pop();
        return;
    }
    if let Some(list) = tree.strip_prefix('{').and_then(|list| list.strip_suffix('}')) {
        let (mut depth, mut start) = (0, 0);
        for (at, c) in list.char_indices().chain([(list.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    if !list[start..at].trim().is_empty() {
                        expand(prefix, &list[start..at], paths);
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let name = tree.split(" as ").next().unwrap_or_default().trim();
    let mut path = prefix.clone();
    if name != "self" {
        path.push(name.to_owned());
    }
    paths.push(path);
}

fn is_below(module: &str, layer: &str) -> bool {
    module.strip_prefix(layer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn find_cycle(graph: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    graph.keys().find_map(|start| walk(graph, start, &mut Vec::new(), &mut done))
}

fn walk(
    graph: &BTreeMap<String, BTreeSet<String>>,
    module: &str,
    trail: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(at) = trail.iter().position(|seen| seen == module) {
        return Some([&trail[at..], &[module.to_owned()]].concat());
    }
    if done.contains(module) {
        return None;
    }
    trail.push(module.to_owned());
    let targets = graph.get(module).into_iter().flatten();
    let cycle = targets.into_iter().find_map(|target| walk(graph, target, trail, done));
    trail.pop();
    done.insert(module.to_owned());
    cycle
}

#[test]
fn a_cycle_is_found_through_re_exports_and_braces() {
    let paths = import_paths("use crate::a::{self, b::{C, D}, e};\nfn f() { crate::x::y() }");
    let joined: Vec<String> = paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        joined,
        ["crate::a", "crate::a::b::C", "crate::a::b::D", "crate::a::e", "crate::x::y"]
    );
    let edge = |a: &str, b: &str| (a.to_owned(), BTreeSet::from([b.to_owned()]));
    let graph = BTreeMap::from([edge("a", "b"), edge("b", "c"), edge("c", "a")]);
    assert_eq!(find_cycle(&graph), Some(["a", "b", "c", "a"].map(str::to_owned).to_vec()));
    assert_eq!(find_cycle(&BTreeMap::from([edge("a", "b"), edge("b", "c")])), None);
}
