//! What does not add up among the numbers of a sheet. The printed values stand; a diagnostic says so.

use rust_decimal::Decimal;

use crate::diagnostic::Code;
use crate::form::{ColumnForm, ColumnKind, SectionForm, TableForm};
use crate::number::Number;
use crate::sheet::{Cell, Diagnostic, Measure, MunicipalityKind, Place, Row, Status};
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
    let mut say = |code: Code, message: String, found: &[(&Measure, Number)]| {
        let keys = found.iter().map(|(m, _)| m.key.clone()).collect();
        let at: Vec<Place> = found.iter().flat_map(|(m, _)| m.at.iter().cloned()).collect();
        diagnostics.push(Diagnostic::new(code, message).of(keys).at(at));
    };
    for tied in tied(form) {
        let found: Vec<_> = tied.iter().filter_map(find).collect();
        let month = |m: &Measure| m.as_of.as_ref().and_then(|p| p.start);
        let dated: Vec<_> = found.iter().filter(|(m, _)| month(m).is_some()).copied().collect();
        if let Some(other) = dated.iter().find(|(m, _)| month(m) != month(dated[0].0)) {
            let text = |m: &Measure| m.as_of.as_ref().map_or_else(String::new, |p| p.text.clone());
            let message = format!(
                "{} is as of {}, and {} as of {}",
                dated[0].0.key,
                text(dated[0].0),
                other.0.key,
                text(other.0)
            );
            say(Code::AsOfMismatch, message, &dated);
        }
    }
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
            say(Code::SumMismatch, message, &[vec![total], parts].concat());
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
            say(Code::ShareMismatch, message, &[share, part, total]);
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
            say(if order.usual { Code::UnusualOrder } else { Code::OrderBreak }, message, pair);
        }
    }
    for measure in &form.measures {
        let Some(found) = find(&measure.key) else { continue };
        let below = measure.min.is_some_and(|m| found.1.0 < m);
        let above = measure.max.is_some_and(|m| found.1.0 > m);
        if below || above {
            let bound = |b: Option<Decimal>| b.map_or_else(|| "…".to_owned(), |b| b.to_string());
            let range = format!("{} to {}", bound(measure.min), bound(measure.max));
            say(Code::OutOfBounds, format!("{} is {}, expected {range}", measure.key, found.1), &[found]);
        }
    }
}

/// The measures that a sum ties together, one list for each total and what it is a part of; shares are of the same
/// labels as their parts.
fn tied(form: &SectionForm) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    for sum in &form.sums {
        let own = std::iter::once(&sum.total).chain(&sum.parts);
        match all.iter_mut().find(|list| own.clone().any(|key| list.contains(key))) {
            Some(list) => {
                let more: Vec<String> = own.filter(|key| !list.contains(key)).cloned().collect();
                list.extend(more);
            }
            None => all.push(own.cloned().collect()),
        }
    }
    all
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
                let message = format!(
                    "{} = {added}, but {printed} is printed for {}{of}",
                    terms.join(" + "),
                    sum.total
                );
                let at = std::iter::once(total).chain(parts).flat_map(|c| c.at.iter().cloned()).collect();
                let keys = vec![format!("{}.{}", form.name, column.name)];
                diagnostics.push(Diagnostic::new(Code::SumMismatch, message).of(keys).at(at));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    fn codes(lines: &[&str]) -> Vec<(String, Vec<String>)> {
        let mut page = Page::default().text(
            30.0,
            30.0,
            "仙台市における精神障害にも対応した地域包括ケアシステムの構築に向けた取組",
        );
        page = page.text(30.0, 50.0, "１ 県又は政令市の基礎情報");
        for (i, line) in lines.iter().enumerate() {
            page = page.text(30.0, 70.0 + 15.0 * i as f32, line);
        }
        let rules = [
            "sum_mismatch",
            "share_mismatch",
            "order_break",
            "as_of_mismatch",
            "out_of_bounds",
            "unusual_order",
        ];
        let said = sheet(&[page]).diagnostics.into_iter().filter(|d| rules.contains(&d.code.as_str()));
        said.map(|d| (d.code, d.keys)).collect()
    }

    fn of(code: &str, keys: &[&str]) -> (String, Vec<String>) {
        (code.to_owned(), keys.iter().map(|k| (*k).to_owned()).collect())
    }

    #[test]
    fn consistent_numbers_say_nothing() {
        let lines = [
            "入院精神障害者数（R2年3月時点）",
            "合計：2,150人",
            "３か月未満（％：構成割合）：452人（21.0％）",
            "３か月以上１年未満（％：構成割合）：490人（22.8％）",
            "１年以上（％：構成割合）：1,208人（56.2％）",
            "退院率（H30年6月時点）",
            "入院後３か月時点：61.5％",
            "入院後６か月時点：80.9％",
        ];
        assert_eq!(codes(&lines), []);
    }

    #[test]
    fn each_rule_says_what_breaks_it() {
        let share = [
            "入院精神障害者数（R2年3月時点）",
            "合計：2,150人",
            "３か月未満（％：構成割合）：452人（25.0％）",
        ];
        let keys = ["inpatients_under_3_months_share", "inpatients_under_3_months", "inpatients_total"];
        assert_eq!(codes(&share), [of("share_mismatch", &keys)]);
        let order = ["退院率（H30年6月時点）", "入院後３か月時点：85.0％", "入院後６か月時点：80.9％"];
        assert_eq!(
            codes(&order),
            [of("order_break", &["discharge_rate_3_months", "discharge_rate_6_months"])]
        );
        let bound = ["保健所数（R2年4月時点）：70か所"];
        assert_eq!(codes(&bound), [of("out_of_bounds", &["public_health_centers"])]);
    }

    #[test]
    fn parts_of_another_date_than_their_total() {
        let lines = [
            "入院精神障害者数（R2年3月時点）",
            "合計（R1年6月時点）：2,150人",
            "３か月未満（％：構成割合）：452人（21.0％）",
        ];
        assert_eq!(codes(&lines), [of("as_of_mismatch", &["inpatients_total", "inpatients_under_3_months"])]);
    }
}
