//! Text, data, styles and scripts as parts of an HTML file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Writes `text` so that it is text wherever it stands: between tags or in a quoted attribute. Control
/// characters, which HTML does not allow, are written as U+FFFD.
pub(crate) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
}

/// A block of data for the page's script: `<` is written as `\u003c`, so that nothing in it can end the block.
///
/// # Errors
/// When `value` cannot be written as JSON, as a map with keys that are no strings.
pub(crate) fn data_block(out: &mut String, id: &str, value: &impl Serialize) -> serde_json::Result<()> {
    let json = serde_json::to_string(value)?;
    out.push_str("<script type=\"application/json\" id=\"");
    escape(out, id);
    out.push_str("\">");
    out.push_str(&json.replace('<', "\\u003c"));
    out.push_str("</script>\n");
    Ok(())
}

/// Writes all up to the body of a page that may show its own styles and scripts, and images of its own data, and
/// nothing else.
pub(crate) fn head(out: &mut String, title: &str, style: &str, scripts: &[&str]) {
    out.push_str("<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ",
    );
    out.push_str("base-uri 'none'; form-action 'none'; style-src ");
    source(out, style);
    out.push_str("; script-src");
    for script in scripts {
        out.push(' ');
        source(out, script);
    }
    out.push_str("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.push_str("<meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"data:,\">\n<title>");
    escape(out, title);
    out.push_str("</title>\n<style>");
    out.push_str(style);
    out.push_str("</style>\n</head>\n");
}

/// Writes the scripts and the end of the page.
pub(crate) fn foot(out: &mut String, scripts: &[&str]) {
    for script in scripts {
        out.push_str("<script>");
        out.push_str(script);
        out.push_str("</script>\n");
    }
    out.push_str("</body>\n</html>\n");
}

/// The source expression that allows exactly this text (Content Security Policy Level 3, 6.7.2.5).
fn source(out: &mut String, text: &str) {
    out.push_str("'sha256-");
    STANDARD.encode_string(Sha256::digest(text.as_bytes()), out);
    out.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        let mut out = String::new();
        escape(&mut out, "</script><img src=x onerror='a'>\" & \u{7}");
        assert_eq!(out, "&lt;/script&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&quot; &amp; \u{fffd}");
        let mut out = String::new();
        data_block(&mut out, "data", &"</script><!-- <script>").unwrap();
        assert_eq!(
            out,
            "<script type=\"application/json\" id=\"data\">\"\\u003c/script>\\u003c!-- \\u003cscript>\"</script>\n"
        );
    }

    #[test]
    fn the_policy_names_the_hash_of_the_script() {
        let mut out = String::new();
        source(&mut out, "alert('Hello, world.');");
        // The example of the specification.
        assert_eq!(out, "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    }
}
