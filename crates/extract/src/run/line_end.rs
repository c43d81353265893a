//! Line ends: which one is a wrap inside a cell, and which one the end of the cell, in natural logarithms of odds.

use super::piece::{Kind, Piece};
use crate::paragraph::Opener;

/// What it costs that a blank line stands between two cells, and that none does.
#[derive(Clone, Copy)]
pub(super) struct Blanks {
    with: f64,
    without: f64,
}

impl Blanks {
    /// Told by what cannot be anything but the end of a cell: that of a number, a date, a name or a head.
    pub(super) fn of(pieces: &[Piece]) -> Option<Self> {
        if !pieces.iter().skip(1).any(|p| p.opens_block) {
            return None;
        }
        let ends = pieces.windows(2).filter(|w| !w[1].same_line && w.iter().any(|p| p.kind != Kind::Text));
        let (mut with, mut without) = (1.0_f64, 0.6_f64);
        for pair in ends {
            if pair[1].opens_block { with += 1.0 } else { without += 1.0 }
        }
        let all = with + without;
        Some(Self {
            with: (all / with).ln().min(1.0),
            without: (all / without).ln().clamp(0.4, MOST_WITHOUT),
        })
    }
}

/// The most that the end of a cell without a blank line costs.
const MOST_WITHOUT: f64 = 3.0;

/// Cost of taking the end of the line before for a wrap.
pub(super) fn join_cost(pieces: &[Piece], i: usize, blanks: Option<Blanks>) -> f64 {
    let Some(before) = i.checked_sub(1).and_then(|b| pieces.get(b)) else { return 0.0 };
    let this = &pieces[i];
    if this.same_line {
        return 1.0;
    }
    let list = pieces[..i].iter().rev().take(4).map(|p| p.opener).find(|o| *o != Opener::None);
    let listed = match (list, this.opener) {
        (Some(Opener::Bullet), Opener::Bullet) => true,
        (Some(Opener::Circled(a)), Opener::Circled(b))
        | (Some(Opener::Enumerator(a)), Opener::Enumerator(b)) => b == a + 1,
        _ => false,
    };
    let mut cost = match this.opens_block && blanks.is_some() {
        // Of two places that are as good, the earlier one.
        true if listed => 1.2 + 0.05 * i as f64,
        true => 2.8,
        false => 0.2,
    };
    if before.text.ends_with('。') {
        cost += 0.8;
    }
    match this.opener {
        Opener::None => {}
        _ if listed => cost += 0.3,
        // A list begins its own cell.
        _ => cost += 1.0,
    }
    cost
}

/// Cost of taking the end of the line before for the end of its cell.
pub(super) fn break_cost(pieces: &[Piece], i: usize, blanks: Option<Blanks>) -> f64 {
    let Some(before) = i.checked_sub(1).and_then(|b| pieces.get(b)) else { return 0.0 };
    let this = &pieces[i];
    if this.same_line {
        // `... に / 12 も応じ`: a number written into a line of text.
        let text = i.checked_sub(2).map(|b| &pieces[b]).filter(|p| p.kind == Kind::Text);
        let number = matches!(before.kind, Kind::Figure { .. });
        return if number && text.is_some_and(|text| goes_on(text, this)) { 4.0 } else { 0.3 };
    }
    let mut cost = match (this.opens_block, blanks) {
        (true, Some(blanks)) => blanks.with,
        (false, Some(blanks)) => blanks.without,
        (_, None) => 0.4,
    };
    if goes_on(before, this) {
        cost += 4.0;
    } else if this.opener == Opener::None && !before.text.ends_with('。') && before.width >= this.width {
        cost += 0.4;
    }
    cost
}

/// True when no cell ends and none begins between these two lines, whatever else they say.
pub(super) fn goes_on(before: &Piece, this: &Piece) -> bool {
    let starts = this.text.chars().next();
    before.text.ends_with('、')
        || before.open_brackets > 0 && !this.text.starts_with(['（', '('])
        || starts.is_some_and(|c| ('ぁ'..='ん').contains(&c) || "ー、。）)」".contains(c))
}
