//! The columns that tables are made of.

use chohyo_extract::{Cell, Diagnostic, Field, FormColumnKind, Measure, Place, Section, Text};
use chohyo_normalize::Period;

use crate::sink::part::{Part, Thing, maybe, part};
use crate::sink::table::{Type, Value, json, name};
use crate::sink::{Entry, FileRow};

/// A file, with its number.
#[derive(Clone, Copy)]
pub(crate) struct Numbered<'a> {
    pub(crate) number: i64,
    pub(crate) entry: Entry<'a>,
    /// Of its record.
    pub(crate) sheet: Option<&'a chohyo_extract::Sheet>,
}

impl<'a> Numbered<'a> {
    fn file(&self) -> &'a FileRow {
        self.entry.file
    }

    fn municipality(&self) -> Option<&'a chohyo_extract::Municipality> {
        self.sheet.and_then(|s| s.municipality.as_ref())
    }
}

/// The columns of `files`.
pub(crate) enum File {}
impl Thing for File {
    type Of<'a> = Numbered<'a>;
}

const FILE_NUMBER: Part<File> =
    part("file", Type::Integer, "Number of the file in `files`", |f| f.number.into());
const PATH: Part<File> =
    part("path", Type::Key, "Path as it was found, from the argument on", |f| (&f.file().path).into());
const SHA256: &str = "SHA-256 of the content, in hexadecimal";
const FORM: Part<File> = maybe("form", Type::Key, "Id of the form the sheet was read with", |f| {
    f.sheet.map(|s| &s.form.id).into()
});
const CODE: Part<File> = maybe(
    "municipality_code",
    Type::Key,
    "Local government code (全国地方公共団体コード), six digits with the check digit",
    |f| f.municipality().map(|m| &m.code).into(),
);
const NAME: Part<File> =
    maybe("municipality", Type::Key, "Name of the municipality that published the sheet", |f| {
        f.municipality().map(|m| &m.name).into()
    });
const KIND: Part<File> = maybe("municipality_kind", Type::Key, "`prefecture`, `designated_city`, ...", |f| {
    f.municipality().map_or(Value::Null, |m| name(m.kind))
});
const PREFECTURE: Part<File> = maybe("prefecture", Type::Key, "The prefecture it is or lies in", |f| {
    f.municipality().map(|m| &m.prefecture).into()
});
const FISCAL_YEAR: Part<File> = maybe(
    "fiscal_year",
    Type::Integer,
    "Fiscal year of the sheet (the year in which it begins, in April)",
    |f| f.sheet.and_then(|s| s.fiscal_year).into(),
);

pub(crate) const FILE: &[Part<File>] = &[
    part("file", Type::Integer, "Number of the file in the order of the input, from 1", |f| f.number.into()),
    PATH,
    part(
        "path_escaped",
        Type::Boolean,
        "True when the path is no Unicode, and is percent-encoded for that",
        |f| f.file().path_escaped.into(),
    ),
    maybe("sha256", Type::Key, SHA256, |f| f.file().sha256.as_ref().into()),
    maybe("bytes", Type::Integer, "Size of the content in bytes", |f| f.file().bytes.into()),
    maybe(
        "same_as",
        Type::Text,
        "Path of the file before it with the same content, which has the record",
        |f| f.file().same_as.as_ref().into(),
    ),
    part("read", Type::Boolean, "True when the file gave a record", |f| f.entry.record.is_some().into()),
    maybe("failure", Type::Key, "Kind of failure, when it gave none: `not_pdf`, `no_form`, ...", |f| {
        f.entry.failure.map(|e| e.kind.name()).into()
    }),
    maybe("failure_message", Type::Text, "What went wrong", |f| f.entry.failure.map(|e| &e.message).into()),
    maybe("failure_page", Type::Integer, "The page it went wrong on, from 1", |f| {
        f.entry.failure.and_then(|e| e.page).into()
    }),
    maybe("kind", Type::Key, "`pdf` or `text`", |f| f.sheet.map_or(Value::Null, |s| name(s.source.kind))),
    maybe("pages", Type::Integer, "Number of pages", |f| f.sheet.map(|s| s.source.pages).into()),
    maybe("producer", Type::Key, "The program that wrote the PDF", |f| {
        f.sheet.and_then(|s| s.source.producer.as_ref()).into()
    }),
    FORM,
    maybe("form_match", Type::Real, "How well the form fits, from 0 to 1", |f| {
        f.sheet.map(|s| s.form.score).into()
    }),
    CODE,
    NAME,
    KIND,
    PREFECTURE,
    FISCAL_YEAR,
    maybe("title", Type::Text, "Title of the sheet", |f| {
        f.sheet.and_then(|s| s.title.as_ref()).map(|t| &t.text).into()
    }),
    maybe("program", Type::Text, "The program the sheet belongs to", |f| {
        f.sheet.and_then(|s| s.program.as_ref()).map(|t| &t.text).into()
    }),
];

/// What stands before the columns of every other table but `cells`: which sheet the row is from.
pub(crate) const SHEET: &[Part<File>] = &[
    FILE_NUMBER,
    PATH,
    maybe("sha256", Type::Key, SHA256, |f| f.file().sha256.as_ref().into()),
    FORM,
    CODE,
    NAME,
    KIND,
    PREFECTURE,
    FISCAL_YEAR,
];

/// The same for `cells`, of which there are many: what else there is to say stands in `files`.
pub(crate) const SHEET_BRIEF: &[Part<File>] = &[FILE_NUMBER, FORM];

/// Which row of its table and its file a row is, from 1.
pub(crate) enum RowNumber {}
impl Thing for RowNumber {
    type Of<'a> = i64;
}

pub(crate) const ROW: &[Part<RowNumber>] =
    &[part("row", Type::Integer, "Number of the row in its file, from 1, in the order of the record", |n| {
        (**n).into()
    })];

/// Where something is printed.
pub(crate) enum Places {}
impl Thing for Places {
    type Of<'a> = &'a [Place];
}

pub(crate) const PLACE: &[Part<Places>] = &[
    maybe("page", Type::Integer, "Page of the first place, from 1", |at| at.first().map(|p| p.page).into()),
    maybe(
        "x0",
        Type::Real,
        "Left edge of its box, in points from the left of the page; null in a dump",
        |at| edge(at, 0),
    ),
    maybe("top", Type::Real, "Upper edge, in points from the top of the page", |at| edge(at, 1)),
    maybe("x1", Type::Real, "Right edge", |at| edge(at, 2)),
    maybe("bottom", Type::Real, "Lower edge", |at| edge(at, 3)),
    maybe(
        "span_start",
        Type::Integer,
        "Of a dump: where it begins, in bytes of the input; null in a PDF",
        |at| at.first().and_then(|p| p.span).map(|s| s[0]).into(),
    ),
    maybe("span_end", Type::Integer, "Of a dump: where it ends", |at| {
        at.first().and_then(|p| p.span).map(|s| s[1]).into()
    }),
    part("places", Type::Json, "All places, as the record has them", |at| json(&**at)),
];

fn edge(at: &[Place], index: usize) -> Value<'static> {
    at.first().and_then(|p| p.bbox).map(|b| b[index]).into()
}

/// A stretch of time; the names are put behind that of what it belongs to.
pub(crate) enum Time {}
impl Thing for Time {
    type Of<'a> = Option<&'a Period>;
}

const EDTF: Part<Time> =
    maybe("_edtf", Type::Key, "The same as EDTF (ISO 8601-2)", |p| p.map(|p| &p.edtf).into());
const START: Part<Time> =
    maybe("_start", Type::Date, "Its first day; null where it is open or not known", |p| {
        p.and_then(|p| p.start).into()
    });
const END: Part<Time> = maybe("_end", Type::Date, "Its last day; null where it is open or not known", |p| {
    p.and_then(|p| p.end).into()
});
const YEAR: Part<Time> = maybe("_fiscal_year", Type::Integer, "The fiscal year that it is or lies in", |p| {
    p.and_then(|p| p.fiscal_year).into()
});
const STRETCH: Part<Time> = maybe("_kind", Type::Key, "`day`, `month`, `fiscal_year`, `range`, ...", |p| {
    p.map_or(Value::Null, |p| name(p.kind))
});

pub(crate) const TIME: &[Part<Time>] = &[
    maybe("", Type::Text, "The date or period as printed", |p| p.map(|p| &p.text).into()),
    EDTF,
    START,
    END,
    YEAR,
    STRETCH,
    maybe("_flags", Type::Json, "What it remarks: `era_overflow`, `era_omitted`, ...", |p| {
        p.map_or(Value::Null, |p| json(&p.flags))
    }),
];

/// A number of the form.
pub(crate) enum Measured {}
impl Thing for Measured {
    type Of<'a> = &'a Measure;
}

pub(crate) const MEASURE: &[Part<Measured>] = &[
    part("key", Type::Key, "The form's key of the measure", |m| (&m.key).into()),
    maybe("block", Type::Integer, "Of a section that the sheet repeats: which of its blocks, from 1", |m| {
        m.block.into()
    }),
    maybe("label", Type::Text, "The label as printed", |m| m.label.as_ref().map(|l| &l.text).into()),
    maybe("label_group", Type::Text, "The label of its group as printed", |m| {
        m.group.as_ref().map(|g| &g.text).into()
    }),
    part("raw", Type::Text, "The number as printed; empty when there is none", |m| (&m.raw).into()),
    maybe(
        "value",
        Type::Decimal,
        "The number; null unless the status is `read`, `solved` or `corrected`",
        |m| m.value.into(),
    ),
    maybe("unit", Type::Key, "The unit", |m| m.unit.as_ref().into()),
    part(
        "status",
        Type::Key,
        "`read`, `solved`, `ambiguous`, `blank`, `null_mark`, `placeholder`, `missing` or `corrected`",
        |m| name(m.status),
    ),
    part("confidence", Type::Real, "From 0 to 1: how sure status and value are", |m| m.confidence.into()),
    part("evidence", Type::Json, "What decided: `row`, `unit`, `sum`, ...", |m| json(&m.evidence)),
    part("candidates", Type::Integer, "How many values it may have, when it is ambiguous; else 0", |m| {
        m.candidates.len().into()
    }),
    part("candidate_list", Type::Json, "They, as the record has them, the likeliest first", |m| {
        json(&m.candidates)
    }),
    maybe("correction", Type::Json, "Of a corrected measure: how it was read, and who corrected it", |m| {
        m.correction.as_ref().map_or(Value::Null, json)
    }),
];

/// A cell of a tidy table; `None` where its row has none. The names are put behind that of the column.
pub(crate) enum Celled {}
impl Thing for Celled {
    type Of<'a> = Option<&'a Cell>;
}

const STATUS: Part<Celled> =
    maybe("_status", Type::Key, "How it was come by, where there is something to say", |c| {
        c.and_then(|c| c.status).map_or(Value::Null, name)
    });

/// What a text column of a form gives.
pub(crate) const TEXT: &[Part<Celled>] =
    &[maybe("", Type::Text, "The text as printed", |c| c.map(|c| &c.text).into()), STATUS];

/// What a value column of a form gives.
pub(crate) const VALUE: &[Part<Celled>] = &[
    maybe("", Type::Decimal, "The number", |c| c.and_then(|c| c.value).into()),
    maybe("_text", Type::Text, "The text as printed", |c| c.map(|c| &c.text).into()),
    maybe("_unit", Type::Key, "The unit", |c| c.and_then(|c| c.unit.as_ref()).into()),
    STATUS,
    maybe("_edtf", Type::Key, "The date it stands for, as EDTF", |c| as_of(**c).map(|p| &p.edtf).into()),
    maybe("_start", Type::Date, "The first day of that date", |c| as_of(**c).and_then(|p| p.start).into()),
    maybe("_end", Type::Date, "The last day of that date", |c| as_of(**c).and_then(|p| p.end).into()),
];

/// What a period column of a form gives.
pub(crate) const PERIOD: &[Part<Celled>] = &[
    maybe("", Type::Text, "The text as printed", |c| c.map(|c| &c.text).into()),
    STATUS,
    maybe("_edtf", Type::Key, "The period as EDTF (ISO 8601-2)", |c| period(**c).map(|p| &p.edtf).into()),
    maybe("_start", Type::Date, "Its first day; null where it is open or not known", |c| {
        period(**c).and_then(|p| p.start).into()
    }),
    maybe("_end", Type::Date, "Its last day; null where it is open or not known", |c| {
        period(**c).and_then(|p| p.end).into()
    }),
    maybe("_fiscal_year", Type::Integer, "The fiscal year that it is or lies in", |c| {
        period(**c).and_then(|p| p.fiscal_year).into()
    }),
    maybe("_kind", Type::Key, "`day`, `month`, `fiscal_year`, `range`, ...", |c| {
        period(**c).map_or(Value::Null, |p| name(p.kind))
    }),
];

/// What a choice column of a form gives.
pub(crate) const CHOICE: &[Part<Celled>] = &[
    maybe("", Type::Text, "The text as printed", |c| c.map(|c| &c.text).into()),
    STATUS,
    maybe("_choice", Type::Json, "The keys of what is chosen", |c| {
        c.map_or(Value::Null, |c| json(&c.choice))
    }),
];

/// What a flag column of a form gives.
pub(crate) const FLAG: &[Part<Celled>] = &[
    maybe("", Type::Text, "The text as printed", |c| c.map(|c| &c.text).into()),
    STATUS,
    maybe("_flag", Type::Integer, "1 for ○, 0 for ×; null where it is neither", |c| {
        c.and_then(|c| c.flag).map(i64::from).into()
    }),
];

/// What a municipality column of a form gives.
pub(crate) const MUNICIPALITY: &[Part<Celled>] = &[
    maybe("", Type::Text, "The text as printed", |c| c.map(|c| &c.text).into()),
    STATUS,
    maybe("_code", Type::Key, "Its local government code, six digits", |c| {
        c.and_then(|c| c.municipality.as_ref()).map(|m| &m.code).into()
    }),
    maybe("_prefecture", Type::Key, "The prefecture it is or lies in", |c| {
        c.and_then(|c| c.municipality.as_ref()).map(|m| &m.prefecture).into()
    }),
];

fn as_of(cell: Option<&Cell>) -> Option<&Period> {
    cell.and_then(|c| c.as_of.as_ref())
}

fn period(cell: Option<&Cell>) -> Option<&Period> {
    cell.and_then(|c| c.period.as_ref())
}

/// What a column of a form gives.
pub(crate) fn of_column(kind: FormColumnKind) -> &'static [Part<Celled>] {
    match kind {
        FormColumnKind::Value => VALUE,
        FormColumnKind::Period => PERIOD,
        FormColumnKind::Choice => CHOICE,
        FormColumnKind::Flag => FLAG,
        FormColumnKind::Municipality => MUNICIPALITY,
        // A kind that is not known here has its text at least.
        _ => TEXT,
    }
}

/// A cell of the long table `cells`, with where in the record it is.
#[derive(Clone, Copy)]
pub(crate) struct Located<'a> {
    pub(crate) table: &'a str,
    pub(crate) row: i64,
    pub(crate) column: &'a str,
    /// The printed head of the column.
    pub(crate) head: Option<&'a Text>,
}

/// The columns of `cells`; those of the cell follow.
pub(crate) enum Long {}
impl Thing for Long {
    type Of<'a> = Located<'a>;
}

pub(crate) const LONG: &[Part<Long>] = &[
    part("table_name", Type::Key, "The table", |l| l.table.into()),
    part("row", Type::Integer, "Number of the row in the table of its file, from 1", |l| l.row.into()),
    part("column_name", Type::Key, "The column", |l| l.column.into()),
    maybe("head", Type::Key, "The head of the column as printed; null where it was not found", |l| {
        l.head.map(|h| &h.text).into()
    }),
];

/// The columns of a cell with all that the record says of it, but its dates and places.
pub(crate) enum Whole {}
impl Thing for Whole {
    type Of<'a> = &'a Cell;
}

pub(crate) const WHOLE: &[Part<Whole>] = &[
    part("text", Type::Text, "The text as printed; empty when the cell is blank", |c| (&c.text).into()),
    maybe("value", Type::Decimal, "Of a value: the number", |c| c.value.into()),
    maybe("unit", Type::Key, "Of a value: the unit", |c| c.unit.as_ref().into()),
    maybe("status", Type::Key, "How it was come by, where there is something to say", |c| {
        c.status.map_or(Value::Null, name)
    }),
    part("choice", Type::Json, "Of a choice: the keys of what is chosen", |c| json(&c.choice)),
    maybe("flag", Type::Boolean, "Of a flag: true for ○, false for ×", |c| c.flag.into()),
    maybe("named", Type::Json, "Of a municipality: which one it is, as the record has it", |c| {
        c.municipality.as_ref().map_or(Value::Null, json)
    }),
    maybe("correction", Type::Json, "Of a corrected cell: how it was read, and who corrected it", |c| {
        c.correction.as_ref().map_or(Value::Null, json)
    }),
];

/// The columns of `fields`; those of its cell follow.
pub(crate) enum Labelled {}
impl Thing for Labelled {
    type Of<'a> = &'a Field;
}

pub(crate) const FIELD: &[Part<Labelled>] = &[
    part("key", Type::Key, "The form's key of the field", |f| (&f.key).into()),
    maybe("block", Type::Integer, "Of a section that the sheet repeats: which of its blocks, from 1", |f| {
        f.block.into()
    }),
    maybe("label", Type::Text, "The label as printed; null where it was not found", |f| {
        f.label.as_ref().map(|l| &l.text).into()
    }),
];

/// A piece of running text: its name, its number under that name, and the text.
#[derive(Clone, Copy)]
pub(crate) struct Running<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a Text,
}

/// The columns of `texts`.
pub(crate) enum Prose {}
impl Thing for Prose {
    type Of<'a> = Running<'a>;
}

pub(crate) const PROSE: &[Part<Prose>] = &[
    part("name", Type::Key, "The form's name for it", |t| t.name.into()),
    part(
        "text",
        Type::Text,
        "The text as printed; paragraphs and bullets are separated by line feeds",
        |t| (&t.text.text).into(),
    ),
];

/// The columns of `leftovers`.
pub(crate) const OTHER: &[Part<Prose>] = &[
    part(
        "kind",
        Type::Key,
        "`residue` (text of the template left standing), `furniture` (page numbers, running heads) or `unclaimed` \
         (what no rule knew)",
        |t| t.name.into(),
    ),
    part("text", Type::Text, "The text as printed", |t| (&t.text.text).into()),
];

/// The columns of `sections`.
pub(crate) enum Headed {}
impl Thing for Headed {
    type Of<'a> = &'a Section;
}

pub(crate) const SECTION: &[Part<Headed>] = &[
    part("section", Type::Key, "The form's id of the section", |s| (&s.id).into()),
    part("number", Type::Text, "The number as printed; empty when none is", |s| (&s.number).into()),
    part("title", Type::Text, "The heading as printed, without its number", |s| (&s.title).into()),
    part("pages", Type::Json, "Its pages, from 1", |s| json(&s.pages)),
    part("captions", Type::Json, "Captions inside it, as the record has them", |s| json(&s.captions)),
];

/// The columns of `diagnostics`.
pub(crate) enum Remark {}
impl Thing for Remark {
    type Of<'a> = &'a Diagnostic;
}

pub(crate) const REMARK: &[Part<Remark>] = &[
    part("code", Type::Key, "A stable name: `sum_mismatch`, `ambiguous`, ...", |d| (&d.code).into()),
    part("severity", Type::Key, "`info`, `warning` or `error`", |d| name(d.severity)),
    part("message", Type::Text, "One sentence for a person", |d| (&d.message).into()),
    part("keys", Type::Json, "The measures, or `table.column`s, concerned", |d| json(&d.keys)),
];
