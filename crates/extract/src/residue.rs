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
    let mut at = 0;
    while at < stream.lines.len() {
        let home = (stream.lines[at].block, stream.lines[at].cell);
        let count = stream.lines[at..].iter().take_while(|l| (l.block, l.cell) == home).count();
        let parts: Vec<Range<u32>> =
            stream.lines[at..at + count].iter().flat_map(|l| ledger.free_parts(l.atoms.clone())).collect();
        for paragraph in paragraphs(stream, &parts) {
            let text: String = paragraph.iter().map(|p| stream.canonical(p.clone())).collect();
            if form.residue.iter().any(|r| r.pattern.is_match(&text)) {
                out.push(ledger.take(&[paragraph]));
            }
        }
        at += count;
    }
    out
}
