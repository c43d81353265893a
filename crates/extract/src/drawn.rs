//! Dumps that hold each cell whole, one after the other as the page was drawn, and those that hold the page line by line.

use chohyo_layout::{Document, SourceKind};

/// Brackets that wrap inside their cell, at least, where cells are whole.
const ENOUGH: usize = 3;

/// True for a dump without blank lines whose cells are whole wherever they wrap: a bracket that is open at the end of a
/// line closes at the beginning of the next one. Line by line, another cell stands behind the open bracket.
pub(crate) fn by_cell(document: &Document) -> bool {
    if document.kind != SourceKind::Text || document.pages.iter().any(|p| p.width > 0.0) {
        return false;
    }
    let blank_lines = |p: &chohyo_layout::Page| p.blocks.iter().any(|b| b.group != p.blocks[0].group);
    if document.pages.iter().any(blank_lines) {
        return false;
    }
    let (mut whole, mut parted) = (0, 0);
    for page in &document.pages {
        for pair in page.lines.windows(2) {
            let Some(open) = open_bracket(&pair[0].text).filter(|_| closes(&pair[1].text)) else { continue };
            if other_cell_behind(open) { parted += 1 } else { whole += 1 }
        }
    }
    whole >= ENOUGH && parted == 0
}

/// From the bracket that is open at the end of a line.
fn open_bracket(line: &str) -> Option<&str> {
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in line.char_indices() {
        match c {
            '（' | '(' => open.push(at),
            '）' | ')' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.last().and_then(|&at| line.get(at..))
}

fn closes(line: &str) -> bool {
    line.find(['（', '(', '）', ')']).is_some_and(|at| line[at..].starts_with(['）', ')']))
}

/// True when white space parts words or a number from what is in an open bracket. (Some tools put it around each number
/// of a date.)
fn other_cell_behind(open: &str) -> bool {
    let wide = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
    let fields: Vec<&str> = open.split_whitespace().collect();
    fields.windows(2).enumerate().any(|(i, pair)| {
        let words = wide(pair[0].chars().next_back()) && wide(pair[1].chars().next());
        let number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
        // `（％：構成 1,450 人`: no date goes on so.
        let counted = fields.get(i + 2).is_none_or(|unit| unit.starts_with(['人', '％', '%', 'か']));
        words || wide(pair[0].chars().next_back()) && number(pair[1]) && counted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_behind_an_open_bracket() {
        assert_eq!(open_bracket("目標値（R1）（ R 元年度当"), Some("（ R 元年度当"));
        assert!(!other_cell_behind("（ R 元年度当"));
        assert!(other_cell_behind("（％：構成 1,450 人 16.1 ％"));
        assert!(other_cell_behind("（令和２年度 実績値"));
        assert!(closes("割合） 1,450 人") && !closes("（回） 4"));
    }
}
