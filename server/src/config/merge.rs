//! Merges flags, environment and file: a flag overrides the environment, which overrides the file.

use std::fs;

use super::error::SettingErrors;
use super::introspection::Setting;
use super::kubernetes::is_service_variable;
use super::tables::read_pool;
use super::variables::Variables;

/// Variable that names the configuration file.
const FILE: &str = "GAZETTE_CONFIG";

/// Table of the file for the embedded pool.
const POOL: &str = "pool";

/// Returns the value of each setting that has one. Reports unknown names, unreadable values and
/// secrets that are set twice.
pub(super) fn merge(
    settings: &[Setting],
    flags: &Variables,
    environment: &Variables,
    errors: &mut SettingErrors,
) -> Variables {
    let path = flags.get(FILE).or(environment.get(FILE));
    let file = path.map(|path| read_file(path, errors)).unwrap_or_default();
    report_unknown(settings, environment, &file, errors);
    report_unreadable(settings, flags, environment, errors);
    let mut merged = Variables::default();
    for setting in settings {
        let name = setting.variable();
        let secret = read_secret(setting, environment, &file, errors);
        let value = flags.get(name).or(environment.get(name)).or(secret.as_deref());
        if let Some(value) = value.or(file.get(name)) {
            merged.set(name, value);
        }
    }
    merged
}

fn report_unknown(
    settings: &[Setting],
    environment: &Variables,
    file: &Variables,
    errors: &mut SettingErrors,
) {
    let is_known = |name: &str| is_known(settings, name);
    let in_file = file.names().filter(|name| !is_known(name) || *name == FILE);
    let in_environment = environment.names().filter(|name| {
        let value = environment.get(name).unwrap_or_default();
        name.starts_with("GAZETTE_") && !is_known(name) && !is_service_variable(name, value)
    });
    for name in in_file.chain(in_environment) {
        errors.add(name, "unknown setting; `gazette --help` lists all");
    }
}

fn report_unreadable(
    settings: &[Setting],
    flags: &Variables,
    environment: &Variables,
    errors: &mut SettingErrors,
) {
    for name in flags.unreadable().chain(environment.unreadable()) {
        if is_known(settings, name) {
            errors.add_once(name, "is not valid UTF-8");
        }
    }
}

/// Checks whether a variable is that of a setting, or names the file of one.
fn is_known(settings: &[Setting], name: &str) -> bool {
    settings.iter().any(|setting| {
        setting.variable() == name || setting.file_variable().is_some_and(|file| file == name)
    })
}

/// Reads a secret from the file that its `<NAME>_FILE` variable names. An empty file is an error,
/// since the setting would silently be absent.
fn read_secret(
    setting: &Setting,
    environment: &Variables,
    file: &Variables,
    errors: &mut SettingErrors,
) -> Option<String> {
    let variable = setting.file_variable()?;
    let path = environment.get(&variable).or(file.get(&variable))?;
    let name = setting.variable();
    if environment.get(name).or(file.get(name)).is_some() {
        errors.add(&variable, format!("is set, but {name} is set too; remove one of them"));
        return None;
    }
    match fs::read_to_string(path) {
        Ok(secret) if secret.trim().is_empty() => {
            errors.add(&variable, format!("{path} is empty"));
            None
        }
        Ok(secret) => Some(secret.trim().to_owned()),
        Err(error) => {
            errors.add(&variable, format!("{path}: {error}"));
            None
        }
    }
}

fn read_file(path: &str, errors: &mut SettingErrors) -> Variables {
    let mut variables = Variables::default();
    let table =
        fs::read_to_string(path).map_err(|error| format!("{path}: {error}")).and_then(|text| {
            let table: Result<toml::Table, _> = toml::from_str(&text);
            table.map_err(|error| format!("{path} is not TOML: {}", error.message()))
        });
    let table = match table {
        Ok(table) => table,
        Err(message) => {
            errors.add(FILE, message);
            return variables;
        }
    };
    let mut pool = toml::Table::new();
    for (key, value) in table {
        match value {
            toml::Value::String(text) => variables.set(key, text),
            toml::Value::Integer(number) => variables.set(key, number.to_string()),
            toml::Value::Table(table) if key == POOL => pool = table,
            _ => errors.add(&key, "must be a string or a whole number"),
        }
    }
    if let Err(message) = read_pool(pool, &mut variables) {
        errors.add(POOL, message);
    }
    variables
}
