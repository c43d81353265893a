//! Numbers of a dump that are written in turns with the labels: label by label (`人口`, `1,087,723人`, `精神科病床数`, …), or
//! a column of labels and then one of numbers.
//!
//! Each run of labels has a run of numbers behind it (or each run of numbers has one of labels), and these go with each
//! other one by one: each has the unit of its measure, and none is left over. That holds by chance nowhere, where it
//! holds for all labels of a section and for several units.

use std::ops::Range;

use super::{Reader, Tie};
use crate::figure::Figure;
use crate::label::Named;
use crate::ratios::Ratio;

/// Labels that must stand in turns with their numbers, and units that they must have.
const LEAST: usize = 8;
const UNITS: usize = 4;

/// What stands in turns.
#[derive(Clone, Debug)]
enum Item {
    /// The measures with a label: a count, and its share if it has one.
    Label(Vec<usize>),
    /// The row of a ratio.
    Row,
    /// A figure, or a unit without one.
    Number(Option<usize>, String),
    Ratio,
}

/// What turns tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    pub ties: Vec<Tie>,
    /// Measures whose unit stands alone.
    pub blank: Vec<usize>,
}

impl Item {
    fn is_name(&self) -> bool {
        matches!(self, Self::Label(_) | Self::Row)
    }
}

impl Reader<'_, '_, '_> {
    /// The ties of numbers that no row ties, where all are in turns with the labels, and none against a row; and the measures
    /// whose unit stands there without a number.
    pub(super) fn turns(&self, figures: &[Figure], rows: &[Tie], ratios: &[(usize, Ratio)]) -> Turns {
        if rows.len() == figures.len() {
            return Turns::default();
        }
        let units = self.lone_units(figures, ratios);
        let Some(items) = self.items(figures, &units, ratios) else { return Turns::default() };
        let backwards: Vec<Item> = items.iter().rev().cloned().collect();
        let ((Some(mut turns), None) | (None, Some(mut turns))) =
            (self.tied(&items, false), self.tied(&backwards, true))
        else {
            return Turns::default();
        };
        let same = |a: &Tie, b: &Tie| a.figure == b.figure && a.measure == b.measure;
        let against =
            |t: &Tie| rows.iter().any(|r| (r.figure == t.figure || r.measure == t.measure) && !same(r, t));
        let blank = |r: &Tie| turns.blank.contains(&r.measure);
        if turns.ties.iter().any(against) || rows.iter().any(blank) {
            return Turns::default();
        }
        turns.ties.retain(|t| !rows.iter().any(|r| same(r, t)));
        turns
    }

    /// Labels and numbers in the order of the text; `None` where a number has no unit.
    fn items(
        &self,
        figures: &[Figure],
        units: &[(Range<u32>, String)],
        ratios: &[(usize, Ratio)],
    ) -> Option<Vec<Item>> {
        let stream = self.ledger.stream;
        let mut items: Vec<(u32, Item)> = Vec::new();
        let mut seen: Vec<Named> = Vec::new();
        for label in self.labels {
            let item = match label.named {
                Named::Measure(first) => {
                    let labels = &self.form.measures[first].labels;
                    let family =
                        (0..self.form.measures.len()).filter(|&m| self.form.measures[m].labels == *labels);
                    Item::Label(family.collect())
                }
                Named::RatioRow(..) => Item::Row,
                _ => continue,
            };
            if seen.contains(&label.named) {
                return None;
            }
            seen.push(label.named);
            items.push((label.atoms.start, item));
        }
        let mut taken: Vec<u32> = Vec::new();
        for (f, figure) in figures.iter().enumerate() {
            let own = figure.unit.as_ref().map(|unit| stream.canonical(unit.clone()));
            let behind = || {
                let unit = units.iter().find(|(at, _)| at.start == figure.atoms.end)?;
                taken.push(unit.0.start);
                Some(unit.1.clone())
            };
            items.push((figure.atoms.start, Item::Number(Some(f), own.or_else(behind)?)));
        }
        let lone = units.iter().filter(|(at, _)| !taken.contains(&at.start));
        items.extend(lone.map(|(at, unit)| (at.start, Item::Number(None, unit.clone()))));
        items.extend(ratios.iter().map(|(_, r)| (r.atoms.start, Item::Ratio)));
        items.sort_by_key(|(at, _)| *at);
        Some(items.into_iter().map(|(_, item)| item).collect())
    }

    /// The ties, where each run of names is answered by the run of numbers behind it.
    fn tied(&self, items: &[Item], backwards: bool) -> Option<Turns> {
        let mut turns = Turns::default();
        let mut names = 0;
        let mut said: Vec<&str> = Vec::new();
        let mut at = 0;
        while at < items.len() {
            let labels = items[at..].iter().take_while(|i| i.is_name()).count();
            let numbers = items[at + labels..].iter().take_while(|i| !i.is_name()).count();
            let (run, mut rest) = (&items[at..at + labels], &items[at + labels..at + labels + numbers]);
            if !self.in_form_order(run, backwards) {
                return None;
            }
            for name in run {
                let (answer, left) = match name {
                    Item::Row => match rest.split_first()? {
                        (Item::Ratio, left) => (Vec::new(), left),
                        _ => return None,
                    },
                    Item::Label(family) => self.answer_of(family, rest, backwards)?,
                    _ => return None,
                };
                for (measure, figure, unit) in answer {
                    said.push(unit);
                    match figure {
                        Some(figure) => turns.ties.push(Tie { figure, measure, unit: None }),
                        None => turns.blank.push(measure),
                    }
                }
                names += 1;
                rest = left;
            }
            if !rest.is_empty() {
                return None;
            }
            at += labels + numbers;
        }
        said.sort_unstable();
        said.dedup();
        (names >= LEAST && said.len() >= UNITS).then_some(turns)
    }

    /// True where neighbours in a run that have one unit stand in the order of the form: units do not tell whether those in
    /// another order have their numbers in it, too.
    fn in_form_order(&self, run: &[Item], backwards: bool) -> bool {
        run.windows(2).all(|pair| match pair {
            [Item::Label(one), Item::Label(next)] => {
                let unit =
                    |family: &[usize]| family.first().map(|&m| self.form.measures[m].unit.canonical.as_str());
                let (one, next) = if backwards { (next, one) } else { (one, next) };
                one.first() < next.first() || unit(one) != unit(next)
            }
            _ => true,
        })
    }

    /// The numbers of one label at the front of these, each with its measure, and what is left.
    #[allow(clippy::type_complexity)]
    fn answer_of<'i>(
        &self,
        family: &[usize],
        numbers: &'i [Item],
        backwards: bool,
    ) -> Option<(Vec<(usize, Option<usize>, &'i str)>, &'i [Item])> {
        let unit = |m: usize| self.form.measures[m].unit.canonical.as_str();
        let mut order: Vec<usize> = family.to_vec();
        if backwards {
            order.reverse();
        }
        let mut out = Vec::new();
        let mut rest = numbers;
        for measure in order {
            match rest.split_first()? {
                (Item::Number(figure, said), left) if *said == unit(measure) => {
                    out.push((measure, *figure, said.as_str()));
                    rest = left;
                }
                _ => return None,
            }
        }
        Some((out, rest))
    }
}

#[cfg(test)]
mod tests {
    use crate::sheet::Status;

    fn read(rows: &str) -> crate::Sheet {
        let dump = format!("仙台市\n１ 県又は政令市の基礎情報\n{rows}\n");
        crate::extract_sheet(dump.as_str()).unwrap()
    }

    const LABELS: [&str; 8] = [
        "市町村数",
        "人口",
        "精神科病院の数",
        "精神科病床数",
        "退院率\n入院後３か月時点",
        "入院後１年時点",
        "一般相談支援事業所数",
        "保健所数",
    ];
    const NUMBERS: [&str; 8] =
        ["1市町村", "1,087,723人", "18病院", "2,674床", "61.0％", "82.5％", "85か所", "5か所"];

    fn value(sheet: &crate::Sheet, key: &str) -> Option<String> {
        sheet.measure(key).filter(|m| m.status == Status::Solved)?.value.map(|v| v.0.to_string())
    }

    #[test]
    fn columns_of_labels_with_columns_of_numbers() {
        let columns = |order: [&[usize]; 2]| {
            let column =
                |of: &[&str], rows: &[usize]| rows.iter().map(|&r| of[r]).collect::<Vec<_>>().join("\n");
            order.map(|rows| format!("{}\n{}", column(&LABELS, rows), column(&NUMBERS, rows))).join("\n")
        };
        let sheet = read(&columns([&[0, 2, 4, 6], &[1, 3, 5, 7]]));
        assert_eq!(value(&sheet, "population").as_deref(), Some("1087723"));
        assert_eq!(value(&sheet, "psychiatric_hospitals").as_deref(), Some("18"));
        assert_eq!(value(&sheet, "discharge_rate_12_months").as_deref(), Some("82.5"));
        assert_eq!(value(&sheet, "consultation_general").as_deref(), Some("85"));
    }

    #[test]
    fn neighbours_of_one_unit_in_another_order_are_not_told_by_turns() {
        let labels = [0, 1, 2, 3, 4, 5, 7, 6].map(|r| LABELS[r]).join("\n");
        let sheet = read(&format!("{labels}\n{}", NUMBERS.join("\n")));
        assert_ne!(value(&sheet, "public_health_centers").as_deref(), Some("85"));
    }

    #[test]
    fn a_unit_alone_is_a_blank() {
        let mut numbers = NUMBERS;
        numbers[3] = "床";
        let rows: Vec<String> = LABELS.iter().zip(numbers).map(|(l, n)| format!("{l}\n{n}")).collect();
        let sheet = read(&rows.join("\n"));
        assert_eq!(sheet.measure("psychiatric_beds").map(|m| m.status), Some(Status::Blank));
        assert_eq!(value(&sheet, "psychiatric_hospitals").as_deref(), Some("18"));
    }
}
