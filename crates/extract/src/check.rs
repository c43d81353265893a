//! What does not add up among the numbers of a sheet. The printed values stand; a diagnostic says so.

use rust_decimal::Decimal;

use crate::form::{ColumnForm, ColumnKind, SectionForm, TableForm};
use crate::number::Number;
use crate::sheet::{Cell, Diagnostic, Measure, MunicipalityKind, Place, Row, Severity, Status};
use crate::solve::{scaled, share_holds};
use crate::spelling::canonical;

/// Checks sums, shares, orders and bounds of the form over the values read.
pub(crate) fn check(
    form: &SectionForm,
    measures: &[Measure],
    publisher: Option<MunicipalityKind>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let find = |key: &String| measures.iter().find(|m| m.key == *key).and_then(|m| m.value.map(|v| (m, v)));
    let mut say = |code: &str, message: String, found: &[(&Measure, Number)]| {
        let keys = found.iter().map(|(m, _)| m.key.clone()).collect();
        let at: Vec<Place> = found.iter().flat_map(|(m, _)| m.at.iter().cloned()).collect();
        diagnostics.push(Diagnostic {
            code: code.to_owned(),
            severity: Severity::Warning,
            message,
            keys,
            at,
        });
    };
    for sum in &form.sums {
        let (Some(total), Some(parts)) =
            (find(&sum.total), sum.parts.iter().map(find).collect::<Option<Vec<_>>>())
        else {
            continue;
        };
        let added: Decimal = parts.iter().map(|(_, v)| v.0).sum();
        if added != total.1.0 {
            let terms: Vec<String> = parts.iter().map(|(_, v)| v.to_string()).collect();
            let message =
                format!("{} = {added}, but {} is printed for {}", terms.join(" + "), total.1, sum.total);
            say("sum_mismatch", message, &[vec![total], parts].concat());
        }
    }
    for rule in &form.shares {
        let (Some(share), Some(part), Some(total)) = (find(&rule.share), find(&rule.part), find(&rule.total))
        else {
            continue;
        };
        let values = (scaled(share.1.0), scaled(part.1.0), scaled(total.1.0));
        let (Some(s), Some(p), Some(t)) = values else { continue };
        if !share_holds(s, share.1.0.scale(), p, t) {
            let exact =
                if total.1.0.is_zero() { Decimal::ZERO } else { part.1.0 * Decimal::from(100) / total.1.0 };
            let exact = exact.round_dp(share.1.0.scale().max(1));
            let message = format!("{} of {} is {exact} %, but {} is printed", part.1, total.1, share.1);
            say("share_mismatch", message, &[share, part, total]);
        }
    }
    for order in &form.orders {
        if !order.publishers.is_empty() && !publisher.is_some_and(|p| order.publishers.contains(&p)) {
            continue;
        }
        // What is left out in between does not part its neighbours.
        let found: Vec<_> = order.keys.iter().filter_map(find).collect();
        for pair in found.windows(2).filter(|pair| pair[0].1 > pair[1].1) {
            let message = format!(
                "{} ({}) is greater than {} ({})",
                pair[0].0.key, pair[0].1, pair[1].0.key, pair[1].1
            );
            say(if order.usual { "unusual_order" } else { "order_break" }, message, pair);
        }
    }
    for measure in &form.measures {
        let Some(found) = find(&measure.key) else { continue };
        let below = measure.min.is_some_and(|m| found.1.0 < m);
        let above = measure.max.is_some_and(|m| found.1.0 > m);
        if below || above {
            let bound = |b: Option<Decimal>| b.map_or_else(|| "…".to_owned(), |b| b.to_string());
            let range = format!("{} to {}", bound(measure.min), bound(measure.max));
            say("out_of_bounds", format!("{} is {}, expected {range}", measure.key, found.1), &[found]);
        }
    }
}

/// Checks the sums of a table: within the rows that are alike in all but the summed cells and the choice that tells
/// the rows apart.
pub(crate) fn table_sums(form: &TableForm, rows: &[Row], diagnostics: &mut Vec<Diagnostic>) {
    for sum in &form.sums {
        let across = form.columns.iter().find_map(|c| c.across.as_deref());
        let period = |row: &Row| across.and_then(|a| row.get(a)).map(|c| c.text.clone());
        let mut periods: Vec<Option<String>> = Vec::new();
        for row in rows {
            if !periods.contains(&period(row)) {
                periods.push(period(row));
            }
        }
        let summed = |c: &&ColumnForm| match sum.columns.as_slice() {
            [] if across.is_some() => c.across.is_some(),
            [] => {
                c.kind == ColumnKind::Value
                    && c.unit.as_deref().is_none_or(|u| canonical(u) != canonical("％"))
            }
            names => names.contains(&c.name),
        };
        for column in form.columns.iter().filter(summed) {
            for at in &periods {
                let find = |key: &String| -> Option<&Cell> {
                    let mut found = rows.iter().filter(|r| {
                        period(r) == *at
                            && r.get(&sum.by)
                                .is_some_and(|c| c.choice.as_slice() == std::slice::from_ref(key))
                    });
                    let row = found.next()?;
                    // Two rows of one kind: which of them is the part cannot be told.
                    found.next().is_none().then(|| row.get(&column.name)).flatten()
                };
                let Some(total) = find(&sum.total).filter(|c| c.value.is_some()) else { continue };
                let parts: Vec<&Cell> = sum.parts.iter().filter_map(find).collect();
                // A dash among the parts is none of it.
                let known = |c: &&Cell| c.value.is_some() || c.status == Some(Status::NullMark);
                if parts.len() != sum.parts.len() || !parts.iter().all(known) {
                    continue;
                }
                let values: Vec<Number> = parts.iter().filter_map(|c| c.value).collect();
                let added: Decimal = values.iter().map(|v| v.0).sum();
                let Some(printed) = total.value else { continue };
                if (added - printed.0).abs() <= sum.tolerance {
                    continue;
                }
                let terms: Vec<String> = values.iter().map(Number::to_string).collect();
                let of = at.as_ref().map_or_else(String::new, |at| format!(" of {at}"));
                diagnostics.push(Diagnostic {
                    code: "sum_mismatch".to_owned(),
                    severity: Severity::Warning,
                    message: format!(
                        "{} = {added}, but {printed} is printed for {}{of}",
                        terms.join(" + "),
                        sum.total
                    ),
                    keys: vec![format!("{}.{}", form.name, column.name)],
                    at: std::iter::once(total).chain(parts).flat_map(|c| c.at.iter().cloned()).collect(),
                });
            }
        }
    }
}
