//! Template text left standing on a sheet.

use std::ops::Range;

use crate::form::Form;
use crate::ledger::Ledger;
use crate::paragraph::paragraphs;
use crate::sheet::Text;

/// Takes every paragraph that one of the form's patterns fits.
pub(crate) fn take(ledger: &mut Ledger<'_, '_>, form: &Form) -> Vec<Text> {
    let stream = ledger.stream;
    let mut out = Vec::new();
    let mut parts: Vec<Range<u32>> = Vec::new();
    let is_residue = |text: &str| form.residue_patterns.is_match(text);
    let mut at = 0;
    while at < stream.lines.len() {
        let home = (stream.lines[at].block, stream.lines[at].cell);
        let count = stream.lines[at..].iter().take_while(|l| (l.block, l.cell) == home).count();
        parts.clear();
        for line in &stream.lines[at..at + count] {
            ledger.push_free_parts(line.atoms.clone(), &mut parts);
        }
        at += count;
        if let [part] = parts.as_slice() {
            if is_residue(stream.spelled(part.clone())) {
                out.push(ledger.take(&[vec![part.clone()]]));
            }
            continue;
        }
        for paragraph in paragraphs(stream, &parts) {
            let text: String = paragraph.iter().map(|p| stream.spelled(p.clone())).collect();
            if is_residue(&text) {
                out.push(ledger.take(&[paragraph]));
            }
        }
    }
    out
}
