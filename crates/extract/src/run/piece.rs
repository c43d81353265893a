//! What stands between the white space of a dump, as the pieces that cells are made of.

use std::ops::Range;

use chohyo_normalize::Context;

use crate::figure::{Content, figure};
use crate::form::{Alias, ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::paragraph::{Opener, enumerator, first_word_columns, opener, text_columns};
use crate::stream::Stream;
use crate::unit;

/// Fields that one date or one number may be printed in.
const FIELDS_OF_ONE: usize = 9;

/// Pages of a document that numbers them, at least.
const PAGES: usize = 5;

/// Lines that a date may wrap over.
const LINES_OF_A_DATE: usize = 3;

/// Letters that count entries, in order.
const LETTERS: &str = "アイウエオカキクケコサシスセソ";

/// What a piece can be the cell of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    /// A number, a null mark or a placeholder: its value where it has one, and its unit.
    Figure {
        number: Option<f64>,
        unit: Option<String>,
    },
    /// Digits that are no number, or only one line of it.
    Broken,
    Period,
    /// The name of an actor, by index into the names of its column.
    Actor(usize),
    /// The head of a column, by index into those of the shape.
    Head(usize),
}

/// A line of a dump, or a part of one that is a cell of its own.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its atoms, line by line.
    pub parts: Vec<Range<u32>>,
    pub kind: Kind,
    /// Behind a blank line, or a page break.
    pub opens_block: bool,
    /// On the line of the piece before it.
    pub same_line: bool,
    pub page: u32,
    /// Index of the table whose heads it stands behind.
    pub home: usize,
    /// The text as printed.
    pub text: String,
    /// Width in columns, and that of its first word.
    pub width: f32,
    pub first_word: f32,
    pub opener: Opener,
    /// Brackets opened less brackets closed.
    pub open_brackets: i32,
}

impl Piece {
    pub(super) fn is_head(&self) -> bool {
        matches!(self.kind, Kind::Head(_))
    }

    /// The piece, where the columns are numbered in another way.
    pub(super) fn under(&self, column: impl Fn(usize) -> usize) -> Self {
        let kind = match &self.kind {
            Kind::Head(c) => Kind::Head(column(*c)),
            kind => kind.clone(),
        };
        Self { kind, ..self.clone() }
    }
}

/// The pieces of all that is free in the tables' atoms, in reading order.
pub(super) fn pieces(
    ledger: &Ledger<'_, '_>,
    tables: &[(&TableForm, &[Range<u32>])],
    names: &[&str],
    context: &Context,
) -> Vec<Piece> {
    let stream = ledger.stream;
    let columns = || tables.iter().flat_map(|(form, _)| &form.columns);
    let has = |kind| columns().any(|c| c.kind == kind);
    let actors = columns().find(|c| c.kind == ColumnKind::Actor).map_or(&[][..], |c| &c.values);
    let cutter = Cutter {
        stream,
        actors,
        spaced: stream.spaced,
        periods: has(ColumnKind::Period),
        values: has(ColumnKind::Value),
        context,
    };
    let mut atoms: Vec<(usize, Range<u32>)> =
        tables.iter().enumerate().flat_map(|(t, (_, a))| a.iter().map(move |a| (t, a.clone()))).collect();
    atoms.sort_by_key(|(_, a)| a.start);
    let mut out: Vec<Piece> = Vec::new();
    let mut before: Option<u32> = None;
    let parts = atoms.iter().flat_map(|(t, a)| stream.by_line(a.clone()).map(move |part| (*t, part)));
    for (home, part) in parts {
        let line = &stream.lines[stream.atoms[part.start as usize].line as usize];
        let fields: Vec<Range<u32>> =
            stream.fields_in(part.clone()).filter(|f| ledger.is_free(f.clone())).collect();
        if fields.is_empty() {
            before = Some(line.block);
            continue;
        }
        // The name of the municipality, on each page of most sheets, is of no table.
        if fields.len() == 1 && names.contains(&stream.spelled(fields[0].clone())) {
            continue;
        }
        // Nor is `5 / 7`, the number of the page and that of all.
        if fields.len() <= 3
            && is_page_number(stream.spelled(part.clone()), line.page, stream.document.pages.len())
        {
            continue;
        }
        let opens = before != Some(line.block);
        before = Some(line.block);
        for (i, (range, kind)) in cutter.cut(&fields).into_iter().enumerate() {
            let place = Place { page: line.page, home, opens_block: opens && i == 0, same_line: i > 0 };
            out.push(piece(stream, vec![range], kind, place));
        }
    }
    join_names(stream, &mut out, cutter.actors);
    if cutter.periods {
        join_dates(stream, &mut out, context);
    }
    drop_counts(&mut out);
    count_letters(&mut out);
    if cutter.values {
        part_counted(stream, &mut out);
        join_units(stream, &mut out);
        join_broken(stream, &mut out);
        join_notes(stream, &mut out);
    }
    out
}

/// True for `5/7` on the fifth page of seven; where the dump has no form feeds, pages may have been taken together.
fn is_page_number(text: &str, page: u32, pages: usize) -> bool {
    let number = |t: &str| t.parse::<usize>().ok().filter(|_| t.len() <= 3);
    let Some((at, all)) = text.split_once('/').and_then(|(a, b)| number(a).zip(number(b))) else {
        return false;
    };
    at == page as usize + 1 && all == pages || (1..=all).contains(&at) && all >= pages.max(PAGES)
}

/// Rows whose numbers are a column of their own.
const COUNTED: usize = 3;

/// Drops the numbers 1, 2, 3, … that begin the lines of rows: a column that counts them.
fn drop_counts(pieces: &mut Vec<Piece>) {
    let own = |i: usize| -> Option<usize> {
        let (piece, next) = (&pieces[i], pieces.get(i + 1)?);
        let alone =
            !piece.same_line && next.same_line && matches!(piece.kind, Kind::Text | Kind::Figure { .. });
        let digits = alone && piece.text.chars().all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
        digits.then(|| chohyo_normalize::fold(&piece.text).text().parse().ok()).flatten()
    };
    let found: Vec<(usize, usize)> = (0..pieces.len()).filter_map(|i| Some((i, own(i)?))).collect();
    if found.len() < COUNTED || found.iter().enumerate().any(|(k, (_, n))| *n != k + 1) {
        return;
    }
    for &(i, _) in &found {
        let opens_block = pieces[i].opens_block;
        if let Some(next) = pieces.get_mut(i + 1) {
            (next.opens_block, next.same_line) = (opens_block, false);
        }
    }
    let mut at = 0;
    pieces.retain(|_| {
        at += 1;
        found.binary_search_by_key(&(at - 1), |f| f.0).is_err()
    });
}

/// The place of a letter that stands alone among those that count entries: 3 for ウ.
fn letter(text: &str) -> Option<u32> {
    let mut chars = text.trim_end_matches(['.', '．', ')', '）', ' ', '\u{3000}']).chars();
    let first = chars.next().filter(|_| chars.next().is_none())?;
    LETTERS.chars().position(|c| c == first).map(|i| i as u32 + 1)
}

/// Entries that letters count: what begins with one is numbered as others are, where another one stands next to it.
fn count_letters(pieces: &mut [Piece]) {
    let own = |p: &Piece| -> Option<u32> {
        let mark = enumerator(&p.text).unwrap_or(&p.text);
        letter(mark)
            .filter(|_| p.kind == Kind::Text && matches!(p.opener, Opener::None | Opener::Enumerator(0)))
    };
    let found: Vec<Option<u32>> = pieces.iter().map(own).collect();
    for (piece, n) in pieces.iter_mut().zip(&found) {
        if let Some(n) = n.filter(|&n| found.contains(&Some(n + 1)) || n > 1 && found.contains(&Some(n - 1)))
        {
            piece.opener = Opener::Enumerator(n);
        }
    }
}

/// Names that stand beside each other on a line, where those of the next rows are numbered on: the second of them.
fn part_counted(stream: &Stream<'_>, pieces: &mut Vec<Piece>) {
    let number = |o: Opener| match o {
        Opener::Circled(n) | Opener::Enumerator(n) if n > 0 => Some(n),
        _ => None,
    };
    let mut at = 0;
    while at < pieces.len() {
        let next = pieces[at + 1..].iter().find_map(|p| number(p.opener));
        let piece = &pieces[at];
        let parted =
            number(piece.opener).filter(|n| piece.kind == Kind::Text && next == Some(n + 2)).and_then(|n| {
                let [whole] = piece.parts.as_slice() else { return None };
                let rest = (whole.start + 1..whole.end).find(|&i| {
                    let text = stream.printed_text(i..whole.end);
                    stream.atoms[i as usize - 1].ch != '('
                        && text.starts_with(|c: char| c.is_numeric() || matches!(c, '(' | '（'))
                        && !stream.atoms[i as usize - 1].ch.is_ascii_digit()
                        && number(opener(text)) == Some(n + 1)
                })?;
                Some((whole.start..rest, rest..whole.end))
            });
        if let Some((first, rest)) = parted {
            let place = |same_line: bool| Place {
                page: piece.page,
                home: piece.home,
                opens_block: piece.opens_block && !same_line,
                same_line,
            };
            let second = self::piece(stream, vec![rest], Kind::Text, place(true));
            let first = self::piece(stream, vec![first], Kind::Text, place(piece.same_line));
            pieces[at] = first;
            pieces.insert(at + 1, second);
        }
        at += 1;
    }
}

/// Where a piece stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub page: u32,
    pub home: usize,
    pub opens_block: bool,
    pub same_line: bool,
}

pub(super) fn piece(stream: &Stream<'_>, parts: Vec<Range<u32>>, kind: Kind, place: Place) -> Piece {
    let text: String = parts.iter().map(|p| stream.printed_text(p.clone())).collect();
    let open_brackets = text
        .chars()
        .map(|c| match c {
            '（' | '(' | '「' | '『' | '【' => 1,
            '）' | ')' | '」' | '』' | '】' => -1,
            _ => 0,
        })
        .sum();
    Piece {
        opener: opener(&text),
        width: text_columns(&text),
        first_word: first_word_columns(&text),
        open_brackets,
        parts,
        kind,
        opens_block: place.opens_block,
        same_line: place.same_line,
        page: place.page,
        home: place.home,
        text,
    }
}

struct Cutter<'a, 's, 'd> {
    stream: &'s Stream<'d>,
    actors: &'a [Alias],
    /// The dump puts white space around the numbers in its sentences.
    spaced: bool,
    periods: bool,
    values: bool,
    context: &'a Context,
}

impl Cutter<'_, '_, '_> {
    /// What these fields (of one line) are as one cell that is no text.
    fn typed(&self, fields: &[Range<u32>]) -> Option<Kind> {
        let (first, last) = (fields.first()?, fields.last()?);
        let whole = first.start..last.end;
        if self.periods
            && chohyo_normalize::period(self.stream.printed_text(whole.clone()), self.context).is_some()
        {
            return Some(Kind::Period);
        }
        let named = |a: &Alias| {
            a.canonical.len() == whole.len() && self.stream.matches(whole.start, whole.end, &a.canonical)
        };
        if let Some(actor) = self.actors.iter().position(named) {
            return Some(Kind::Actor(actor));
        }
        if !self.values {
            return None;
        }
        // `80（R2年6月末）`: the number with its note.
        let bracket = whole.clone().find(|&i| self.stream.atoms[i as usize].ch == '(');
        let closes = self.stream.atoms[whole.end as usize - 1].ch == ')';
        let number = match bracket {
            Some(at) if closes && at > whole.start => whole.start..at,
            Some(_) => return None,
            None => whole,
        };
        let found = figure(self.stream, number)?;
        let unit = found.unit.map(|unit| crate::label::printed(self.stream, unit).into_owned());
        Some(Kind::Figure {
            number: match found.content {
                Content::Number(value, _) => value.to_string().parse().ok(),
                _ => None,
            },
            unit,
        })
    }

    /// The number with its unit that ends these fields, where the dump parts the two; in a sentence a particle stands
    /// before it.
    fn with_unit(&self, fields: &[Range<u32>]) -> Option<Kind> {
        let [.., before, number, unit] = fields else { return None };
        let particle = |c: char| ('ぁ'..='ん').contains(&c) || c == '、';
        if !self.spaced || self.stream.printed_text(before.clone()).ends_with(particle) {
            return None;
        }
        self.typed(&[number.clone(), unit.clone()])
            .filter(|kind| matches!(kind, Kind::Figure { unit: Some(_), .. }))
    }

    /// The cells of a line that has numbers of a table in its midst, where white space stands around each number of a
    /// sentence, too: two numbers next to each other are in no sentence.
    fn around_figures(&self, fields: &[Range<u32>]) -> Option<Vec<(Range<u32>, Kind)>> {
        if !self.spaced || !self.values {
            return None;
        }
        let figure = |at: usize| {
            (1..=2).rev().find_map(|n| {
                let kind = self.typed(fields.get(at..at + n)?)?;
                let unit = matches!(&kind, Kind::Figure { unit, .. } if n == 1 || unit.is_some());
                unit.then_some((n, kind))
            })
        };
        for from in 1..fields.len() {
            let mut found: Vec<(Range<u32>, Kind)> = Vec::new();
            let mut to = from;
            while let Some((n, kind)) = figure(to) {
                found.push((fields[to].start..fields[to + n - 1].end, kind));
                to += n;
            }
            if found.len() < 2 || to == fields.len() {
                continue;
            }
            let mut cells = self.cut(&fields[..from]);
            cells.extend(found);
            cells.extend(self.cut(&fields[to..]));
            return Some(cells);
        }
        None
    }

    /// True for an enumerator alone: what stands behind it is its entry.
    fn counts(&self, field: &Range<u32>) -> bool {
        let text = self.stream.printed_text(field.clone());
        field.len() <= 3 && (opener(text) != Opener::None || letter(text).is_some())
    }

    /// The fields of a line as cells: dates and numbers at its ends, and the text between them, which is parted
    /// where white space stands between two full-width characters. (Some tools put it around each number.)
    fn cut(&self, fields: &[Range<u32>]) -> Vec<(Range<u32>, Kind)> {
        if let [first, rest @ ..] = fields
            && !rest.is_empty()
            && self.counts(first)
        {
            // An enumerator with white space behind it.
            let mut out = self.cut(rest);
            if let Some((range, kind)) = out.first_mut().filter(|(_, kind)| *kind == Kind::Text) {
                range.start = first.start;
                *kind = Kind::Text;
                return out;
            }
        }
        let whole = |f: &[Range<u32>]| match (f.first(), f.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        };
        if let Some(kind) = self.typed(fields).filter(|_| fields.len() <= FIELDS_OF_ONE) {
            let apart =
                fields.len() > 1 && fields.iter().all(|f| self.typed(std::slice::from_ref(f)).is_some());
            if !apart {
                return vec![(whole(fields), kind)];
            }
        }
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        let mut rest = fields;
        while !rest.is_empty() {
            let most = rest.len().min(FIELDS_OF_ONE);
            let found = (1..=most).rev().find_map(|n| {
                let apart = n > 1 && rest[..n].iter().all(|f| self.typed(std::slice::from_ref(f)).is_some());
                self.typed(&rest[..n]).filter(|_| !apart).map(|kind| (n, kind))
            });
            let Some((n, kind)) = found else { break };
            head.push((whole(&rest[..n]), kind));
            rest = &rest[n..];
        }
        while let Some((last, before)) = rest.split_last() {
            if let Some(kind) = self.typed(std::slice::from_ref(last)) {
                tail.push((last.clone(), kind));
                rest = before;
            } else if let Some(kind) = self.with_unit(rest) {
                let (before, pair) = rest.split_at(rest.len() - 2);
                tail.push((whole(pair), kind));
                rest = before;
            } else {
                break;
            }
        }
        if let Some(cells) = self.around_figures(rest) {
            head.extend(cells);
            head.extend(tail.into_iter().rev());
            return head;
        }
        let mut text: Vec<Range<u32>> = Vec::new();
        for field in rest {
            let edge = |at: u32| self.spaced && self.stream.printed_text(at..at + 1).is_ascii();
            match text.last_mut() {
                Some(last) if edge(last.end - 1) || edge(field.start) || self.counts(last) => {
                    last.end = field.end;
                }
                _ => text.push(field.clone()),
            }
        }
        for range in text {
            let kind = if self.spaced { None } else { self.typed(std::slice::from_ref(&range)) };
            head.push((range, kind.unwrap_or(Kind::Text)));
        }
        head.extend(tail.into_iter().rev());
        head
    }
}

/// A date that wraps is one piece: lines that only together are a date.
fn join_dates(stream: &Stream<'_>, pieces: &mut Vec<Piece>, context: &Context) {
    let mut at = 0;
    while at < pieces.len() {
        let most = LINES_OF_A_DATE.min(pieces.len() - at);
        let joined = (2..=most).rev().find(|&n| {
            let run = &pieces[at..at + n];
            let near = run[1..].iter().all(|p| !p.same_line && p.page == run[0].page && p.width <= 16.0);
            // 令和元年 and 10～11月 are two dates, unless one goes on with the other.
            let year = run[0].text.trim_end().ends_with('年') && !run[1].opens_block && n == 2;
            let alone = run.iter().all(|p| p.kind == Kind::Period) && !year;
            let text: String = run.iter().map(|p| p.text.as_str()).collect();
            near && !alone && text.chars().count() <= 40 && chohyo_normalize::period(&text, context).is_some()
        });
        if let Some(n) = joined {
            merge(stream, pieces, at..at + n, Kind::Period);
        }
        at += 1;
    }
}

/// The name of an actor that wraps.
fn join_names(stream: &Stream<'_>, pieces: &mut Vec<Piece>, actors: &[Alias]) {
    let mut at = 0;
    while at < pieces.len() {
        let most = LINES_OF_A_DATE.min(pieces.len() - at);
        let joined = (2..=most).find_map(|n| {
            let run = &pieces[at..at + n];
            let near = run[1..].iter().all(|p| !p.same_line && p.page == run[0].page);
            let atoms = || run.iter().flat_map(|p| p.parts.iter()).flat_map(Clone::clone);
            let chars = || atoms().map(|i| stream.atoms[i as usize].ch);
            let actor = actors.iter().position(|a| a.canonical.iter().copied().eq(chars()))?;
            near.then_some((n, actor))
        });
        if let Some((n, actor)) = joined {
            merge(stream, pieces, at..at + n, Kind::Actor(actor));
        }
        at += 1;
    }
}

/// Pieces made one.
fn merge(stream: &Stream<'_>, pieces: &mut Vec<Piece>, run: Range<usize>, kind: Kind) {
    let parts = pieces[run.clone()].iter().flat_map(|p| p.parts.clone()).collect();
    let first = &pieces[run.start];
    let place = Place {
        page: first.page,
        home: first.home,
        opens_block: first.opens_block,
        same_line: first.same_line,
    };
    pieces[run.start] = piece(stream, parts, kind, place);
    pieces.drain(run.start + 1..run.end);
}

/// Digits that are no number, and those behind them: one number that a narrow cell breaks. Which one it is
/// cannot be told, but it is one cell.
fn join_broken(stream: &Stream<'_>, pieces: &mut Vec<Piece>) {
    let digits = |p: &Piece| {
        let mut chars = p.parts.iter().flat_map(Clone::clone).map(|i| stream.atoms[i as usize].ch);
        chars.all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
    };
    let mut at = 0;
    while at < pieces.len() {
        let run = pieces[at..]
            .iter()
            .enumerate()
            .take_while(|(i, p)| digits(p) && (*i == 0 || p.same_line || !p.opens_block));
        let n = run.count();
        if n > 0 && pieces[at..at + n].iter().any(|p| p.kind == Kind::Text) {
            merge(stream, pieces, at..at + n, Kind::Broken);
        }
        at += n.max(1);
    }
}

/// Letters of a unit, at most.
const UNIT: usize = 3;

/// A unit that a narrow cell breaks off its number.
fn join_units(stream: &Stream<'_>, pieces: &mut Vec<Piece>) {
    let mut at = 1;
    while at < pieces.len() {
        let (before, this) = (&pieces[at - 1], &pieces[at]);
        let own = this.kind == Kind::Text
            && !this.opens_block
            && !this.same_line
            && this.text.chars().count() <= UNIT
            && unit::is_known(&this.text);
        match &before.kind {
            Kind::Figure { number: Some(number), unit: None } if own => {
                let kind = Kind::Figure { number: Some(*number), unit: Some(this.text.clone()) };
                merge(stream, pieces, at - 1..at + 1, kind);
            }
            _ => at += 1,
        }
    }
}

/// A remark in brackets below a number is the number's own.
fn join_notes(stream: &Stream<'_>, pieces: &mut Vec<Piece>) {
    let mut at = 1;
    while at < pieces.len() {
        let (before, this) = (&pieces[at - 1], &pieces[at]);
        let note = this.kind == Kind::Text
            && this.text.starts_with(['（', '('])
            && this.text.ends_with(['）', ')'])
            && !this.opens_block;
        if note && matches!(before.kind, Kind::Figure { number: Some(_), .. }) {
            let kind = before.kind.clone();
            merge(stream, pieces, at - 1..at + 1, kind);
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract_sheet;

    #[test]
    fn numbers_in_the_midst_of_a_line_whose_sentences_have_spaced_numbers() {
        let sheet = extract_sheet(
            "仙台市\n令和 2 年度の資料、平成 18 年度から 5 回\n\
             ４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果\n\
             課題解決の達成度を測る指標 目標値（ R1 年度当初） 実績値（ R1 年度末） 具体的な成果・効果\n\
             ① 研修会の参加者数 791 602 年 3 回の開催により、参加者の職種が広がった。\n\
             ② 退院後支援計画の作成件数 66 件 81 件 手順が共有され、同意が得られるようになった。\n\
             ③ 事例検討会の開催回数 － 14 役割への理解が深まった。\n",
        )
        .unwrap();
        let rows: Vec<[&str; 3]> = sheet.tables["outcomes"]
            .iter()
            .map(|r| ["indicator", "target", "actual"].map(|c| r[c].text.as_str()))
            .collect();
        assert_eq!(
            rows,
            [
                ["① 研修会の参加者数", "791", "602"],
                ["② 退院後支援計画の作成件数", "66 件", "81 件"],
                ["③ 事例検討会の開催回数", "－", "14"]
            ]
        );
        assert!(sheet.tables["outcomes"][0]["narrative"].text.starts_with("年 3 回の開催"));
    }
}
