//! What a form says that cannot be meant: names of nothing, the same label twice, bounds that nothing holds.

use std::ops::Range;

use rust_decimal::Decimal;

use super::faults::{Found, nearest};
use super::tree::{Node, Written};
use crate::fiscal_year::TITLE;
use crate::spelling::canonical;
use crate::unit;

/// Checks a form whose keys have been looked at.
pub(super) fn check(root: &Node, found: &mut Found) {
    let sections = root.tables("section");
    unique(found, sections.iter().filter_map(|s| s.text("id")), "section");
    let all = |list: &'static str, name: &'static str| {
        sections.iter().flat_map(move |s| s.tables(list)).filter_map(move |t| t.text(name))
    };
    // The record lists measures and fields of all sections together.
    unique(found, all("measure", "key").chain(all("field", "key")), "measure or field");
    let ids: Vec<&str> = sections.iter().filter_map(|s| s.text("id")).map(|w| w.text).collect();
    for rule in root.tables("fiscal_year") {
        if let Some(section) = rule.text("section") {
            if section.text != TITLE || ids.contains(&TITLE) {
                known(found, &section, &ids, "section");
            } else if root.get("cover").is_none_or(|c| c.get("title").is_none()) {
                found.error(section.span, "the title is looked at, and [cover] has no title to find it by");
            }
        }
        if let Some((month, at)) = rule.number("month")
            && (month < Decimal::ONE || month > Decimal::from(12))
        {
            found.error(at, format!("there is no month {month}"));
        }
        if let Some((weight, at)) = rule.number("weight")
            && weight <= Decimal::ZERO
        {
            found.error(at, "a weight is greater than 0");
        }
    }
    if !found.any() {
        recognition(root, found);
    }
    let headings = sections.iter().enumerate().flat_map(|(i, s)| {
        let all = s.texts("headings").into_iter().chain(s.texts("short_headings"));
        all.map(move |w| (format!("section {}", i + 1), w))
    });
    folded_alike(found, headings, "heading");
    for section in sections {
        // A table or text that several sections have is one in the record.
        let own = |list: &str| {
            section.tables(list).iter().filter_map(|t| t.text("name")).collect::<Vec<_>>().into_iter()
        };
        unique(found, own("table").chain(own("ratios")), "table");
        unique(found, own("text"), "text");
        labels(section, found);
        measures(section, found);
        rules(section, found);
        for field in section.tables("field") {
            typed(field, found);
        }
        for table in section.tables("table") {
            columns(table, found);
        }
        for ratios in section.tables("ratios") {
            self::ratios(section, ratios, found);
        }
        contents(section, found);
    }
}

/// The sheet must be told by something, and at most one section can do without a heading.
fn recognition(root: &Node, found: &mut Found) {
    let sections = root.tables("section");
    let without: Vec<&Node> = sections.iter().filter(|s| s.get("headings").is_none()).collect();
    if !sections.is_empty() && without.len() == sections.len() && root.get("marks").is_none() {
        let message = "nothing tells a sheet of this form: give a section headings, or the form marks (text that every \
             such sheet prints)";
        found.error(sections[0].span.clone(), message);
    }
    for section in without.iter().skip(1) {
        let message = "only one section can do without headings: it is what stands before the first heading";
        found.error(section.span.clone(), message);
    }
    let cover_text = root.get("cover").and_then(|c| c.entry("text"));
    if let (Some(text), false) = (cover_text, without.is_empty()) {
        let message =
            "a section without headings takes what is left of the cover; cover.text gets nothing else";
        found.warning(text.span.clone(), message);
    }
}

/// Names that the record uses once.
fn unique<'a>(found: &mut Found, names: impl Iterator<Item = Written<'a>>, what: &str) {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name.text) {
            found.error(name.span, format!("there is a {what} {} already", name.text));
        } else {
            seen.push(name.text);
        }
    }
}

/// A name of something that must be there.
fn known(found: &mut Found, name: &Written<'_>, there: &[&str], what: &str) -> bool {
    if there.contains(&name.text) {
        return true;
    }
    let hint = match nearest(name.text, there.iter().copied()) {
        Some(near) => format!("; did you mean {near}?"),
        None if there.is_empty() => "; there is none".to_owned(),
        None => format!("; there are {}", there.join(", ")),
    };
    found.error(name.span.clone(), format!("there is no {what} {}{hint}", name.text));
    false
}

/// Labels of different owners that are one after folding. Measures that share their whole list share a row.
fn folded_alike<'a>(found: &mut Found, labels: impl Iterator<Item = (String, Written<'a>)>, what: &str) {
    let mut seen: Vec<(Vec<char>, String, &str)> = Vec::new();
    for (owner, written) in labels {
        let folded = canonical(written.text);
        if folded.is_empty() {
            continue;
        }
        match seen.iter().find(|(f, o, _)| *f == folded && *o != owner) {
            Some((_, other, text)) => {
                let message = format!(
                    "the {what} 「{}」 of {owner} is 「{text}」 of {other}, too: width, spaces and spelling are folded",
                    written.text
                );
                found.error(written.span, message);
            }
            None => seen.push((folded, owner, written.text)),
        }
    }
}

fn labels(section: &Node, found: &mut Found) {
    let list =
        |n: &Node, key: &str| -> Vec<Vec<char>> { n.texts(key).iter().map(|w| canonical(w.text)).collect() };
    let mut all: Vec<(String, Written<'_>)> = Vec::new();
    let mut families: Vec<(Vec<Vec<char>>, String)> = Vec::new();
    for measure in section.tables("measure") {
        let own = list(measure, "labels");
        let key = measure.text("key").map_or("", |w| w.text);
        let unit = measure.text("unit").map(|w| canonical(w.text));
        // A count and its share stand in one row under one label; their units part them.
        let twin = section.tables("measure").iter().find(|m| {
            !std::ptr::eq(*m, measure)
                && list(m, "labels") == own
                && m.text("unit").map(|w| canonical(w.text)) == unit
        });
        if let (Some(twin), Some(labels)) = (twin, measure.entry("labels"))
            && twin.span.start < measure.span.start
        {
            let other = twin.text("key").map_or("", |w| w.text);
            let message =
                format!("{key} and {other} have the same labels and the same unit: nothing parts them");
            found.error(labels.span.clone(), message);
        }
        if !families.iter().any(|(f, _)| *f == own) {
            all.extend(measure.texts("labels").into_iter().map(|w| (format!("measure {key}"), w)));
            families.push((own, key.to_owned()));
        }
    }
    let named = [("field", "key", "labels"), ("group", "id", "labels"), ("ratios", "name", "labels")];
    for (kind, name, labels) in named {
        for one in section.tables(kind) {
            let owner = format!("{kind} {}", one.text(name).map_or("", |w| w.text));
            all.extend(one.texts(labels).into_iter().map(|w| (owner.clone(), w)));
        }
    }
    for text in section.tables("text") {
        let owner = format!("text {}", text.text("name").map_or("", |w| w.text));
        all.extend(text.texts("headings").into_iter().map(|w| (owner.clone(), w)));
    }
    all.extend(section.texts("captions").into_iter().map(|w| ("the captions".to_owned(), w)));
    folded_alike(found, all.into_iter(), "label");
}

fn measures(section: &Node, found: &mut Found) {
    let groups: Vec<&str> =
        section.tables("group").iter().filter_map(|g| g.text("id")).map(|w| w.text).collect();
    for measure in section.tables("measure") {
        if let Some(unit) = measure.text("unit") {
            known_unit(found, &unit);
        }
        if let Some(group) = measure.text("group") {
            known(found, &group, &groups, "group");
        }
        interval(found, measure);
        if let Some((places, at)) = measure.number("places")
            && places > Decimal::from(4)
        {
            found.error(at, "numbers are compared to four decimal places; places is 0 to 4");
        }
        let (min, max) = (measure.number("min"), measure.number("max"));
        if let Some(typical) = measure.get("typical").map(Node::items)
            && let [low, high] = typical
            && let (Some(low), Some(high)) = (low.decimal(), high.decimal())
            && (min.as_ref().is_some_and(|m| high < m.0) || max.as_ref().is_some_and(|m| low > m.0))
            && let Some(entry) = measure.entry("typical")
        {
            found.error(entry.node.span.clone(), "typical values lie outside min and max");
        }
    }
    for group in section.tables("group") {
        let used = group.text("id").is_none_or(|id| {
            section.tables("measure").iter().any(|m| m.text("group").is_some_and(|g| g.text == id.text))
        });
        if let (false, Some(id)) = (used, group.text("id")) {
            found.warning(id.span, format!("no measure is in the group {}", id.text));
        }
    }
    for bound in section.tables("bound") {
        interval(found, bound);
        if bound.get("min").is_none() && bound.get("max").is_none() {
            found.error(bound.span.clone(), "a bound has a min, a max or both");
        }
        let key = bound.text("key").map(|w| w.text);
        let Some(measure) = section.tables("measure").iter().find(|m| m.text("key").map(|w| w.text) == key)
        else {
            continue;
        };
        let least = bound.number("min").or(measure.number("min"));
        let most = bound.number("max").or(measure.number("max"));
        if let (Some(least), Some(most)) = (least, most)
            && least.0 > most.0
        {
            let message = format!("no value is both at least {} and at most {}", least.0, most.0);
            found.error(bound.span.clone(), message);
        }
    }
}

/// `min` and `max` of one table.
fn interval(found: &mut Found, node: &Node) {
    if let (Some((min, at)), Some((max, _))) = (node.number("min"), node.number("max"))
        && min > max
    {
        found.error(at, format!("no value is both at least {min} and at most {max}"));
    }
}

/// Sums, shares, orders and bounds name measures of their section.
fn rules(section: &Node, found: &mut Found) {
    let keys: Vec<&str> =
        section.tables("measure").iter().filter_map(|m| m.text("key")).map(|w| w.text).collect();
    let unit_of = |key: &str| {
        let measure = section.tables("measure").iter().find(|m| m.text("key").is_some_and(|k| k.text == key));
        measure.and_then(|m| m.text("unit")).map(|w| canonical(w.text))
    };
    for sum in section.tables("sum") {
        let (Some(total), parts) = (sum.text("total"), sum.texts("parts")) else { continue };
        known(found, &total, &keys, "measure");
        for part in &parts {
            if !known(found, part, &keys, "measure") {
                continue;
            }
            if part.text == total.text {
                found.error(part.span.clone(), format!("{} is a part of itself", part.text));
            } else if unit_of(part.text) != unit_of(total.text) {
                let message = format!("{} and its total {} have different units", part.text, total.text);
                found.warning(part.span.clone(), message);
            }
        }
        twice(found, &parts);
    }
    for share in section.tables("share") {
        for name in ["share", "part", "total"].into_iter().filter_map(|k| share.text(k)) {
            known(found, &name, &keys, "measure");
        }
        if let Some(name) = share.text("share")
            && unit_of(name.text).is_some_and(|u| u != canonical("％"))
        {
            found.warning(name.span, format!("{} is a share, and its unit is not ％", name.text));
        }
    }
    for order in section.tables("order") {
        let names = order.texts("keys");
        for name in &names {
            known(found, name, &keys, "measure");
        }
        if let (true, Some(entry)) = (names.len() < 2, order.entry("keys")) {
            found.error(entry.node.span.clone(), "an order has two keys or more");
        }
        twice(found, &names);
    }
    for name in section.tables("bound").iter().filter_map(|b| b.text("key")) {
        known(found, &name, &keys, "measure");
    }
}

fn twice(found: &mut Found, names: &[Written<'_>]) {
    for (i, name) in names.iter().enumerate() {
        if names[..i].iter().any(|n| n.text == name.text) {
            found.error(name.span.clone(), format!("{} stands here twice", name.text));
        }
    }
}

fn known_unit(found: &mut Found, unit: &Written<'_>) {
    if !unit::is_known(unit.text) {
        let message = format!(
            "the unit {} is none that is known: it is found where the sheet spells it so, and in no other spelling",
            unit.text
        );
        found.warning(unit.span.clone(), message);
    }
}

/// A field or column whose other keys must go with its type.
fn typed(node: &Node, found: &mut Found) {
    let kind = node.text("type").map_or("", |w| w.text);
    let mut only = |key: &str, kinds: &[&str]| {
        if let Some(entry) = node.entry(key)
            && !kinds.contains(&kind)
        {
            let message =
                format!("{key} says nothing where the type is {kind}; it goes with {}", kinds.join(", "));
            found.warning(entry.span.clone(), message);
        }
    };
    only("unit", &["value"]);
    only("choices", &["choice"]);
    only("values", &["actor"]);
    if kind == "choice" && node.get("choices").is_none() {
        found.error(node.span.clone(), "a choice needs choices");
    }
    if kind == "actor" && node.get("values").is_none() {
        found.error(node.span.clone(), "an actor needs values: the names there are");
    }
    if let Some(unit) = node.text("unit") {
        known_unit(found, &unit);
    }
    if let Some(choices) = node.get("choices") {
        let all = choices.entries().iter().flat_map(|e| {
            e.node.items().iter().filter_map(Node::as_text).map(|w| (format!("choice {}", e.key), w))
        });
        folded_alike(found, all, "label");
    }
}

fn columns(table: &Node, found: &mut Found) {
    let columns = table.tables("column");
    unique(found, columns.iter().filter_map(|c| c.text("name")).chain(across(columns)), "column");
    let names: Vec<&str> = columns.iter().filter_map(|c| c.text("name")).map(|w| w.text).collect();
    for column in columns {
        typed(column, found);
        if let Some(left) = column.text("right_of") {
            let before: Vec<&str> = names
                .iter()
                .copied()
                .take_while(|n| column.text("name").is_none_or(|w| w.text != *n))
                .collect();
            known(found, &left, &before, "column before this one");
        }
        if let Some(beside) = column.text("beside") {
            let own = column.text("name").map_or("", |w| w.text);
            if beside.text == own {
                found.error(beside.span, "a column does not stand beside itself");
            } else {
                known(found, &beside, &names, "column");
            }
        }
        if let (Some(entry), None) = (column.entry("across_type"), column.get("across")) {
            found.warning(entry.span.clone(), "across_type says nothing without across");
        }
    }
    let heads = columns.iter().flat_map(|c| {
        let name = c.text("name").map_or("", |w| w.text);
        let under = c.texts("under").iter().map(|w| w.text.to_owned()).collect::<Vec<_>>().join("・");
        let plain = c.get("across").is_none() && under.is_empty() && c.get("right_of").is_none();
        c.texts("headers").into_iter().filter(move |_| plain).map(move |w| (format!("column {name}"), w))
    });
    folded_alike(found, heads, "head");
    let crossed: Vec<&Node> = columns.iter().filter(|c| c.get("across").is_some()).collect();
    if crossed.is_empty() {
        let headed = columns.iter().filter(|c| c.get("headers").is_some()).count();
        if headed < 2 && !columns.is_empty() {
            let message = "a table is told by its heads, and fewer than two columns have headers: it is found as prose or \
                           by the names of actors alone";
            found.warning(table.span.clone(), message);
        }
    } else {
        let first = crossed[0].text("across").map(|w| w.text.to_owned());
        for column in &crossed[1..] {
            if let Some(other) = column.text("across")
                && Some(other.text) != first.as_deref()
            {
                found.error(other.span, "all columns across of a table stand under the same heads: one name");
            }
        }
        if crossed.len() > 1 {
            for column in crossed.iter().filter(|c| c.get("headers").is_none()) {
                found.error(column.span.clone(), "of several columns across, each needs headers");
            }
        }
    }
    sums(table, found);
}

/// The columns that hold the heads of a row of heads: each name once.
fn across(columns: &[Node]) -> Vec<Written<'_>> {
    let mut out: Vec<Written<'_>> = Vec::new();
    for name in columns.iter().filter_map(|c| c.text("across")) {
        if !out.iter().any(|n| n.text == name.text) {
            out.push(name);
        }
    }
    out
}

fn sums(table: &Node, found: &mut Found) {
    let choice = |c: &&Node| c.text("type").is_some_and(|w| w.text == "choice");
    let columns: Vec<&Node> = table.tables("column").iter().filter(choice).collect();
    let names: Vec<&str> = columns.iter().filter_map(|c| c.text("name")).map(|w| w.text).collect();
    for sum in table.tables("sum") {
        let Some(by) = sum.text("by") else { continue };
        if !known(found, &by, &names, "choice column") {
            continue;
        }
        let choices: Vec<&str> = columns
            .iter()
            .filter(|c| c.text("name").is_some_and(|w| w.text == by.text))
            .filter_map(|c| c.get("choices"))
            .flat_map(Node::entries)
            .map(|e| e.key.as_str())
            .collect();
        let parts = sum.texts("parts");
        for name in sum.text("total").iter().chain(&parts) {
            known(found, name, &choices, "choice");
        }
        if let Some(total) = sum.text("total") {
            for part in parts.iter().filter(|p| p.text == total.text) {
                found.error(part.span.clone(), format!("{} is a part of itself", part.text));
            }
        }
        twice(found, &parts);
        let all: Vec<&str> =
            table.tables("column").iter().filter_map(|c| c.text("name")).map(|w| w.text).collect();
        for column in sum.texts("columns") {
            known(found, &column, &all, "column");
        }
        if let Some((tolerance, at)) = sum.number("tolerance")
            && tolerance < Decimal::ZERO
        {
            found.error(at, "a tolerance is 0 or more");
        }
    }
}

fn ratios(section: &Node, ratios: &Node, found: &mut Found) {
    let keys: Vec<&str> =
        section.tables("measure").iter().filter_map(|m| m.text("key")).map(|w| w.text).collect();
    let (rows, totals) = (ratios.texts("rows").len(), ratios.texts("totals"));
    for total in &totals {
        if total.text.parse::<Decimal>().is_err() {
            known(found, total, &keys, "measure");
        }
    }
    if let Some(entry) = ratios.entry("totals")
        && totals.len() != rows
    {
        let at: Range<usize> = entry.node.span.clone();
        found.error(at, format!("{} totals for {rows} rows", totals.len()));
    }
}

/// A section that holds nothing, and texts that cannot both have what is left.
fn contents(section: &Node, found: &mut Found) {
    let holds = ["text", "field", "measure", "table", "ratios"];
    if holds.iter().all(|h| section.tables(h).is_empty()) {
        let id = section.text("id").map_or("", |w| w.text);
        found.warning(
            section.span.clone(),
            format!("section {id} holds nothing: no text, field, measure or table"),
        );
    }
    let open: Vec<&Node> = section
        .tables("text")
        .iter()
        .filter(|t| t.get("headings").is_none() && t.get("begins").is_none())
        .collect();
    for text in open.iter().skip(1) {
        let message = "two texts without headings: the first one takes all that is left of the section";
        found.error(text.span.clone(), message);
    }
}
