//! Prints what is found in the text on standard input, one find a line.
//!
//! `echo 'Ｈ20～24年度は4～5％' | cargo run --example scan`

use std::io::{self, Read, Write};

use chohyo_normalize::{Context, scan};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut out = io::stdout().lock();
    for found in scan(&text, &Context::default()) {
        let printed = text[found.span.clone()].replace('\n', " ");
        let meaning = found.iso().or_else(|| found.value_text()).unwrap_or_default();
        let unit = found.unit.as_deref().unwrap_or_default();
        let flags: Vec<_> = found.flags.iter().collect();
        writeln!(out, "{:<14} {printed}\t{meaning} {unit}\t{}", found.kind.name(), flags.join(" "))?;
    }
    out.flush()
}
