//! The fields of a saved form.

/// Names and values of the fields of a saved form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedFields(pub Vec<(String, String)>);

impl SavedFields {
    /// Returns the first value of a field; an absent one is empty.
    pub fn get(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map_or("", |(_, value)| value.as_str())
    }

    /// Returns the values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of_name = self.0.iter().filter(move |(field, _)| field == name);
        of_name.map(|(_, value)| value.as_str())
    }

    /// Checks whether there is a field of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }
}
