//! What a form declares, told to a person.

use std::fmt::Write;

use super::{
    AcrossKind, Alias, ColumnForm, ColumnKind, FieldForm, Form, MeasureForm, SectionForm, TableForm,
};

impl Form {
    /// What the form declares, as lines of text: sections, and in each its fields, measures, rules, tables and texts.
    pub fn explain(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{}  {}", self.id(), self.title());
        if !self.marks.is_empty() {
            let _ = writeln!(out, "  told by {}", labels(&self.marks));
        }
        if !self.publishers.is_empty() {
            let kinds: Vec<String> = self
                .publishers
                .iter()
                .filter_map(|k| serde_json::to_value(k).ok()?.as_str().map(str::to_owned))
                .collect();
            let _ = writeln!(out, "  published by {}", kinds.join(", "));
        }
        for rule in &self.fiscal_year {
            let month = rule.month.map_or_else(String::new, |m| format!(" of month {m}"));
            let _ = writeln!(
                out,
                "  fiscal year from the dates{month} in {}, weight {}",
                rule.section, rule.weight
            );
        }
        if !self.residue.is_empty() {
            let _ = writeln!(out, "  residue: {} patterns", self.residue.len());
        }
        for section in &self.sections {
            self::section(&mut out, section);
        }
        out
    }
}

fn section(out: &mut String, form: &SectionForm) {
    let headings = if form.headings.is_empty() {
        "what stands before the first heading".to_owned()
    } else {
        labels(&form.headings)
    };
    let _ = writeln!(out, "\nsection {}  {headings}", form.id);
    if !form.short_headings.is_empty() {
        let _ =
            writeln!(out, "  alone behind a number, a mark or in brackets: {}", labels(&form.short_headings));
    }
    if let Some(name) = &form.repeated {
        let _ = writeln!(out, "  repeated: each heading begins a block of its own; rows name it in {name}");
    }
    for field in &form.fields {
        self::field(out, field);
    }
    for measure in &form.measures {
        self::measure(out, form, measure);
    }
    for sum in &form.sums {
        let _ = writeln!(out, "  sum      {} = {}", sum.total, sum.parts.join(" + "));
    }
    for share in &form.shares {
        let _ = writeln!(out, "  share    {} = 100 × {} ÷ {}", share.share, share.part, share.total);
    }
    for order in &form.orders {
        let _ = writeln!(out, "  order    {}", order.keys.join(" ≤ "));
    }
    for bound in &form.bounds {
        let _ = writeln!(out, "  bound    {} {}", bound.key, interval(bound.min, bound.max));
    }
    for ratios in &form.ratios {
        let rows: Vec<&str> = ratios.rows.iter().map(|r| r.written.as_str()).collect();
        let _ = writeln!(
            out,
            "  ratios   {}: x ／ y {} for {}, into {} and {}",
            ratios.name,
            ratios.unit.written,
            rows.join("・"),
            ratios.columns.0,
            ratios.columns.1
        );
    }
    for table in &form.tables {
        self::table(out, table);
    }
    for text in &form.texts {
        let what = match (text.begins.is_empty(), text.headings.is_empty()) {
            (false, _) => format!("paragraphs that begin with {}", labels(&text.begins)),
            (true, false) => format!("under {}", labels(&text.headings)),
            (true, true) => "what nothing else takes".to_owned(),
        };
        let _ = writeln!(out, "  text     {}: {what}", text.name);
    }
}

fn field(out: &mut String, form: &FieldForm) {
    let unit = form.unit.as_ref().map_or_else(String::new, |u| format!(" in {u}"));
    let optional = if form.optional { ", optional" } else { "" };
    let kind = kind(form.kind);
    let choices = choices(form.choices.keys());
    let optional = format!("{}{optional}", if form.behind { ", behind its value" } else { "" });
    let _ =
        writeln!(out, "  field    {}  {kind}{unit}{choices}  {}{optional}", form.key, labels(&form.labels));
}

fn measure(out: &mut String, section: &SectionForm, form: &MeasureForm) {
    let group = form.group.as_ref().and_then(|id| section.groups.iter().find(|g| g.id == *id));
    let group =
        group.and_then(|g| g.labels.first()).map_or_else(String::new, |g| format!("「{}」 over ", g.written));
    let bounds = interval(form.min, form.max);
    let optional = if form.optional { ", optional" } else { "" };
    let _ = writeln!(
        out,
        "  measure  {}  {}  {group}{} {bounds}{optional}",
        form.key,
        form.unit.written,
        labels(&form.labels)
    );
}

fn table(out: &mut String, form: &TableForm) {
    let captions =
        if form.captions.is_empty() { String::new() } else { format!("  under {}", labels(&form.captions)) };
    let _ = writeln!(out, "  table    {}{captions}", form.name);
    for column in &form.columns {
        let _ = writeln!(out, "    column {}  {}", column.name, self::column(column));
    }
    if let Some(across) = form.columns.iter().find_map(|c| c.across.as_ref()) {
        let _ = writeln!(out, "    column {across}  the head that a row of the record is of");
    }
    for sum in &form.sums {
        let _ = writeln!(out, "    sum    {} = {} of {}", sum.total, sum.parts.join(" + "), sum.by);
    }
}

fn column(form: &ColumnForm) -> String {
    let mut out = kind(form.kind).to_owned();
    if let Some(unit) = &form.unit {
        let _ = write!(out, " in {unit}");
    }
    out.push_str(&choices(form.choices.keys()));
    if !form.values.is_empty() {
        let _ = write!(out, ": {}", labels(&form.values));
    }
    match (&form.beside, form.headers.is_empty(), &form.across) {
        (Some(beside), ..) => {
            let _ = write!(out, ", to the right of {beside} under the same head");
        }
        (None, true, None) => out.push_str(", without a head, at the left of the table"),
        (None, true, Some(_)) => {}
        (None, false, _) => {
            let _ = write!(out, ", headed {}", labels(&form.headers));
        }
    }
    if let Some(left) = &form.right_of {
        let _ = write!(out, ", right of {left}");
    }
    if !form.under.is_empty() {
        let _ = write!(out, ", under {}", labels(&form.under));
    }
    if let Some(across) = &form.across {
        let what = match form.across_type {
            AcrossKind::Period => "period",
            AcrossKind::Text => "head",
        };
        let _ = write!(out, ", once for each {what}, which is in {across}");
    }
    out
}

fn kind(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Value => "value",
        ColumnKind::Period => "period",
        ColumnKind::Actor => "actor",
        ColumnKind::Choice => "choice",
        ColumnKind::Flag => "flag",
        ColumnKind::Municipality => "municipality",
    }
}

fn choices<'a>(keys: impl Iterator<Item = &'a String>) -> String {
    let keys: Vec<&str> = keys.map(String::as_str).collect();
    if keys.is_empty() { String::new() } else { format!(" of {}", keys.join(", ")) }
}

fn labels(labels: &[Alias]) -> String {
    let written: Vec<String> = labels.iter().map(|l| format!("「{}」", l.written)).collect();
    written.join(" or ")
}

fn interval(min: Option<rust_decimal::Decimal>, max: Option<rust_decimal::Decimal>) -> String {
    match (min, max) {
        (None, None) => String::new(),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (Some(min), Some(max)) => format!("{min} to {max}"),
    }
}
