//! What a form says of its measures: their labels and units, and the rules that tie them to each other.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::form::{ColumnKind, Form};

/// A measure of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FormMeasure {
    /// Its key.
    pub key: String,
    /// The first of its labels, in the spelling that labels are compared in.
    pub label: String,
    /// The first label of the group it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its unit.
    pub unit: String,
}

/// A rule over measures, by their keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
#[non_exhaustive]
pub enum Relation {
    /// The parts add up to the total.
    Sum {
        /// Key of the total.
        total: String,
        /// Keys of its parts.
        parts: Vec<String>,
    },
    /// The share is 100 · part / total, rounded as printed.
    Share {
        /// Key of the share, in per cent.
        share: String,
        /// Key of the part.
        part: String,
        /// Key of the total.
        total: String,
    },
    /// None is greater than the next.
    Order {
        /// Keys, the least first.
        keys: Vec<String>,
    },
}

impl Form {
    /// The measures of the form, in its order.
    pub fn measures(&self) -> Vec<FormMeasure> {
        let mut measures = Vec::new();
        for section in &self.sections {
            for measure in &section.measures {
                let group = section.groups.iter().find(|g| Some(&g.id) == measure.group.as_ref());
                measures.push(FormMeasure {
                    key: measure.key.clone(),
                    label: measure.labels.first().map(text).unwrap_or_default(),
                    group: group.and_then(|g| g.labels.first()).map(text),
                    unit: measure.unit.written.clone(),
                });
            }
        }
        measures
    }

    /// What the tables of the form are of, by name: a caption, or the heading of their section.
    pub fn table_titles(&self) -> BTreeMap<String, String> {
        let mut titles = BTreeMap::new();
        for section in &self.sections {
            let heading = section.headings.first();
            let tables = section.tables.iter().map(|t| (&t.name, t.captions.first().or(heading)));
            let ratios = section.ratios.iter().map(|r| (&r.name, r.labels.first()));
            for (name, title) in tables.chain(ratios) {
                titles
                    .entry(name.clone())
                    .or_insert_with(|| title.map_or_else(|| name.clone(), |t| t.written.clone()));
            }
        }
        titles
    }

    /// What the form reads as a number beside its measures: keys of fields, and `table.column` of columns.
    pub fn numbers(&self) -> Vec<String> {
        let mut numbers = Vec::new();
        for section in &self.sections {
            let fields = section.fields.iter().filter(|f| f.kind == ColumnKind::Value);
            numbers.extend(fields.map(|f| f.key.clone()));
            for table in &section.tables {
                let columns = table.columns.iter().filter(|c| c.kind == ColumnKind::Value);
                numbers.extend(columns.map(|c| format!("{}.{}", table.name, c.name)));
            }
            let ratios = section.ratios.iter();
            numbers
                .extend(ratios.flat_map(|r| [&r.columns.0, &r.columns.1].map(|c| format!("{}.{c}", r.name))));
        }
        numbers
    }

    /// The sums, shares and orders of the form that hold whoever publishes the sheet.
    pub fn relations(&self) -> Vec<Relation> {
        let mut relations = Vec::new();
        for section in &self.sections {
            relations.extend(
                section.sums.iter().map(|s| Relation::Sum { total: s.total.clone(), parts: s.parts.clone() }),
            );
            relations.extend(section.shares.iter().map(|s| Relation::Share {
                share: s.share.clone(),
                part: s.part.clone(),
                total: s.total.clone(),
            }));
            let orders = section.orders.iter().filter(|o| o.publishers.is_empty());
            relations.extend(orders.map(|o| Relation::Order { keys: o.keys.clone() }));
        }
        relations
    }
}

fn text(alias: &crate::form::Alias) -> String {
    alias.canonical.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_relation_is_a_measure() {
        let form = &Form::builtin()[0];
        let measures = form.measures();
        let beds = measures.iter().find(|m| m.key == "psychiatric_beds").unwrap();
        assert_eq!((beds.label.as_str(), beds.unit.as_str()), ("精神科病床数", "床"));
        let relations = form.relations();
        assert!(relations.iter().any(|r| matches!(r, Relation::Sum { parts, .. } if parts.len() == 3)));
        for relation in relations {
            let keys = match relation {
                Relation::Sum { total, mut parts } => {
                    parts.push(total);
                    parts
                }
                Relation::Share { share, part, total } => vec![share, part, total],
                Relation::Order { keys } => keys,
            };
            for key in keys {
                assert!(measures.iter().any(|m| m.key == key), "{key}");
            }
        }
    }
}
