//! Which keys a form may have, and what each holds.

/// A table of a form.
#[derive(Debug)]
pub(super) struct Shape {
    /// Its header in the file.
    pub name: &'static str,
    pub keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub(super) struct Key {
    pub name: &'static str,
    pub holds: Holds,
    pub required: bool,
}

/// What a key holds.
#[derive(Debug)]
pub(super) enum Holds {
    /// Any text.
    Text,
    /// A name in the record: letters, digits, `_`, `-` and `.`.
    Name,
    /// A list of names.
    Names,
    /// A list of labels: text as printed, none of it empty.
    Labels,
    /// A regular expression.
    Pattern,
    Number,
    /// A whole number from 0.
    Count,
    Boolean,
    /// Two numbers, the lower one first.
    Interval,
    /// Two names.
    Pair,
    /// One of these words.
    One(&'static [&'static str]),
    /// A list of these words.
    Some(&'static [&'static str]),
    /// Names, each with its labels.
    Choices,
    Table(&'static Shape),
    Tables(&'static Shape),
}

const fn must(name: &'static str, holds: Holds) -> Key {
    Key { name, holds, required: true }
}

const fn may(name: &'static str, holds: Holds) -> Key {
    Key { name, holds, required: false }
}

const PUBLISHERS: &[&str] = &["prefecture", "designated_city", "city", "special_ward", "town", "village"];
pub(super) const COLUMN_TYPES: &[&str] =
    &["text", "value", "period", "actor", "choice", "flag", "municipality"];
const FIELD_TYPES: &[&str] = &["text", "value", "period", "choice", "flag", "municipality"];

/// The headers of the tables that have a key of this name.
pub(super) fn homes(key: &str) -> Vec<&'static str> {
    fn walk(shape: &'static Shape, key: &str, out: &mut Vec<&'static str>) {
        for own in shape.keys {
            if own.name == key {
                out.push(shape.name);
            }
            if let Holds::Table(inner) | Holds::Tables(inner) = own.holds {
                walk(inner, key, out);
            }
        }
    }
    let mut out = Vec::new();
    walk(&FORM, key, &mut out);
    out
}

/// Keys that hold labels of one kind or another, and what else people call them.
pub(super) const LABELS: &[&str] =
    &["headers", "labels", "headings", "label", "header", "heads", "heading", "aliases", "names", "captions"];

/// What people call a type that has another name here.
pub(super) const OTHER_WORDS: &[(&str, &str)] = &[
    ("number", "value"),
    ("integer", "value"),
    ("int", "value"),
    ("float", "value"),
    ("decimal", "value"),
    ("amount", "value"),
    ("string", "text"),
    ("date", "period"),
    ("year", "period"),
    ("month", "period"),
    ("time", "period"),
    ("bool", "flag"),
    ("boolean", "flag"),
    ("checkbox", "choice"),
    ("enum", "choice"),
    ("select", "choice"),
    ("city", "municipality"),
    ("prefecture", "municipality"),
];

pub(super) static FORM: Shape = Shape {
    name: "form",
    keys: &[
        must("id", Holds::Name),
        must("title", Holds::Text),
        may("publishers", Holds::Some(PUBLISHERS)),
        may("marks", Holds::Labels),
        may("heading_leads", Holds::Labels),
        may("cover", Holds::Table(&COVER)),
        may("fiscal_year", Holds::Tables(&FISCAL_YEAR)),
        may("residue", Holds::Tables(&RESIDUE)),
        must("section", Holds::Tables(&SECTION)),
    ],
};

static COVER: Shape = Shape {
    name: "[cover]",
    keys: &[
        may("title", Holds::Labels),
        may("title_end", Holds::Labels),
        may("program", Holds::Labels),
        may("label", Holds::Labels),
        may("text", Holds::Name),
    ],
};

static FISCAL_YEAR: Shape = Shape {
    name: "[[fiscal_year]]",
    keys: &[must("section", Holds::Name), may("month", Holds::Count), must("weight", Holds::Number)],
};

static RESIDUE: Shape = Shape { name: "[[residue]]", keys: &[must("pattern", Holds::Pattern)] };

static SECTION: Shape = Shape {
    name: "[[section]]",
    keys: &[
        must("id", Holds::Name),
        may("headings", Holds::Labels),
        may("short_headings", Holds::Labels),
        may("captions", Holds::Labels),
        may("repeated", Holds::Name),
        may("text", Holds::Tables(&TEXT)),
        may("group", Holds::Tables(&GROUP)),
        may("field", Holds::Tables(&FIELD)),
        may("measure", Holds::Tables(&MEASURE)),
        may("table", Holds::Tables(&TABLE)),
        may("ratios", Holds::Tables(&RATIOS)),
        may("sum", Holds::Tables(&SUM)),
        may("share", Holds::Tables(&SHARE)),
        may("order", Holds::Tables(&ORDER)),
        may("bound", Holds::Tables(&BOUND)),
    ],
};

static TEXT: Shape = Shape {
    name: "[[section.text]]",
    keys: &[must("name", Holds::Name), may("headings", Holds::Labels), may("begins", Holds::Labels)],
};

static GROUP: Shape =
    Shape { name: "[[section.group]]", keys: &[must("id", Holds::Name), must("labels", Holds::Labels)] };

static FIELD: Shape = Shape {
    name: "[[section.field]]",
    keys: &[
        must("key", Holds::Name),
        must("labels", Holds::Labels),
        must("type", Holds::One(FIELD_TYPES)),
        may("unit", Holds::Text),
        may("choices", Holds::Choices),
        may("optional", Holds::Boolean),
        may("behind", Holds::Boolean),
    ],
};

static MEASURE: Shape = Shape {
    name: "[[section.measure]]",
    keys: &[
        must("key", Holds::Name),
        must("labels", Holds::Labels),
        must("unit", Holds::Text),
        may("group", Holds::Name),
        may("places", Holds::Count),
        may("min", Holds::Number),
        may("max", Holds::Number),
        may("typical", Holds::Interval),
        may("optional", Holds::Boolean),
    ],
};

static TABLE: Shape = Shape {
    name: "[[section.table]]",
    keys: &[
        must("name", Holds::Name),
        may("captions", Holds::Labels),
        must("column", Holds::Tables(&COLUMN)),
        may("sum", Holds::Tables(&TABLE_SUM)),
    ],
};

static COLUMN: Shape = Shape {
    name: "[[section.table.column]]",
    keys: &[
        must("name", Holds::Name),
        must("type", Holds::One(COLUMN_TYPES)),
        may("headers", Holds::Labels),
        may("values", Holds::Labels),
        may("beside", Holds::Name),
        may("right_of", Holds::Name),
        may("under", Holds::Labels),
        may("unit", Holds::Text),
        may("choices", Holds::Choices),
        may("across", Holds::Name),
        may("across_type", Holds::One(&["period", "text"])),
    ],
};

static TABLE_SUM: Shape = Shape {
    name: "[[section.table.sum]]",
    keys: &[
        must("by", Holds::Name),
        must("total", Holds::Name),
        must("parts", Holds::Names),
        may("columns", Holds::Names),
        may("tolerance", Holds::Number),
    ],
};

static RATIOS: Shape = Shape {
    name: "[[section.ratios]]",
    keys: &[
        must("name", Holds::Name),
        must("labels", Holds::Labels),
        must("rows", Holds::Labels),
        must("row_column", Holds::Name),
        must("columns", Holds::Pair),
        must("unit", Holds::Text),
        may("first_heads", Holds::Labels),
        may("second_heads", Holds::Labels),
        may("totals", Holds::Names),
    ],
};

static SUM: Shape =
    Shape { name: "[[section.sum]]", keys: &[must("total", Holds::Name), must("parts", Holds::Names)] };

static SHARE: Shape = Shape {
    name: "[[section.share]]",
    keys: &[
        must("share", Holds::Name),
        must("part", Holds::Name),
        must("total", Holds::Name),
        may("labels", Holds::Labels),
    ],
};

static ORDER: Shape = Shape {
    name: "[[section.order]]",
    keys: &[
        must("keys", Holds::Names),
        may("usual", Holds::Boolean),
        may("publishers", Holds::Some(PUBLISHERS)),
    ],
};

static BOUND: Shape = Shape {
    name: "[[section.bound]]",
    keys: &[
        must("key", Holds::Name),
        may("publishers", Holds::Some(PUBLISHERS)),
        may("min", Holds::Number),
        may("max", Holds::Number),
    ],
};
