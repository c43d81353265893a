//! Reads `{"id","text"}` a line and writes what is found in it, with offsets in characters.
//!
//! `normalize_jsonl --jsonl < cases.jsonl` writes `{"id","found":[…]}`; `--fold` writes `{"id","text"}`, folded.

use std::io::{self, BufRead, Write};

use chohyo_normalize::Context;
use chohyo_normalize::jsonl::{FoldedLine, FoundLine, InputLine};

fn main() -> io::Result<()> {
    let fold = std::env::args().any(|argument| argument == "--fold");
    let context = Context::default();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let input: InputLine = serde_json::from_str(&line?)?;
        if fold {
            serde_json::to_writer(&mut out, &FoldedLine::new(&input))?;
        } else {
            serde_json::to_writer(&mut out, &FoundLine::new(&input, &context))?;
        }
        writeln!(out)?;
    }
    out.flush()
}
