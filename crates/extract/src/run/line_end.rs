//! Line ends: which one is a wrap inside a cell, and which one the end of the cell, in natural logarithms of odds.

use super::piece::{Kind, Piece};
use crate::paragraph::Opener;

/// Cost of taking the end of the line before for a wrap.
pub(super) fn join_cost(pieces: &[Piece], i: usize, blocks: bool) -> f64 {
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
    let mut cost = match this.opens_block && blocks {
        // Of two places that are as good, the earlier one.
        true if listed => 1.2 + 0.05 * i as f64,
        true => 3.2,
        false => 0.2,
    };
    if before.text.ends_with('。') {
        cost += 0.8;
    }
    match this.opener {
        Opener::None if before.width + this.first_word < this.width - 2.0 && !goes_on(before, this) => {
            cost += 1.5;
        }
        Opener::None => {}
        _ if listed => cost += 0.3,
        // A list begins its own cell.
        _ => cost += 1.0,
    }
    cost
}

/// Cost of taking the end of the line before for the end of its cell.
pub(super) fn break_cost(pieces: &[Piece], i: usize, blocks: bool) -> f64 {
    let Some(before) = i.checked_sub(1).and_then(|b| pieces.get(b)) else { return 0.0 };
    let this = &pieces[i];
    if this.same_line {
        // `... に / 12 も応じ`: a number written into a line of text.
        let text = i.checked_sub(2).map(|b| &pieces[b]).filter(|p| p.kind == Kind::Text);
        let number = matches!(before.kind, Kind::Figure { .. });
        return if number && text.is_some_and(|text| goes_on(text, this)) { 4.0 } else { 0.3 };
    }
    let mut cost = match (this.opens_block, blocks) {
        (true, true) => 0.0,
        (_, true) => 1.2,
        (_, false) => 0.4,
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
