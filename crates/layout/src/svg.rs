//! A picture of what the reader saw on a page.

use std::fmt::Write;

use crate::{BBox, BlockKind, Page};

impl Page {
    /// The page as SVG: glyph boxes (grey) with their text, lines (green), rulings (black), cells (red; orange
    /// where no rulings bound them), blocks, each kind in a colour of its own, with their place in the reading
    /// order, their kind, and the way from each to the next.
    ///
    /// Empty for a page of a text dump, which has no geometry.
    pub fn to_svg(&self) -> String {
        let mut svg = String::new();
        if self.width <= 0.0 {
            return svg;
        }
        // Writing to a string cannot fail.
        let _ = self.write_svg(&mut svg);
        svg
    }

    fn write_svg(&self, svg: &mut String) -> std::fmt::Result {
        let (width, height) = (self.width, self.height);
        writeln!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">"#
        )?;
        writeln!(svg, r#"<rect width="{width}" height="{height}" fill="white"/>"#)?;
        for image in &self.images {
            rect(svg, image, r##"fill="#eee" stroke="none""##)?;
        }
        writeln!(svg, r#"<g font-family="sans-serif" text-anchor="middle">"#)?;
        for glyph in &self.glyphs {
            rect(svg, &glyph.bbox, r##"fill="none" stroke="#ccc" stroke-width="0.2""##)?;
            let (x, y) = glyph.bbox.center();
            let text = escaped(&self.text[glyph.start as usize..glyph.end as usize]);
            writeln!(
                svg,
                r#"<text x="{x}" y="{}" font-size="{}">{text}</text>"#,
                y + 0.38 * glyph.size,
                0.9 * glyph.size
            )?;
        }
        writeln!(svg, "</g>")?;
        for line in &self.lines {
            rect(svg, &line.bbox, r##"fill="#0a0" fill-opacity="0.08" stroke="#0a0" stroke-width="0.3""##)?;
        }
        for ruling in &self.rulings {
            let b = &ruling.bbox;
            writeln!(
                svg,
                r#"<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="black" stroke-width="{}"/>"#,
                b.x0,
                b.top,
                b.x1,
                b.bottom,
                ruling.thickness.max(0.2)
            )?;
        }
        for table in &self.tables {
            let style = if table.ruled {
                r#"fill="none" stroke="red" stroke-width="0.8""#
            } else {
                r#"fill="none" stroke="orange" stroke-width="0.8""#
            };
            for cell in &table.cells {
                rect(svg, &cell.bbox, style)?;
            }
        }
        for (number, block) in self.blocks.iter().enumerate() {
            let b = &block.bbox;
            let (color, name) = match block.kind {
                BlockKind::Table(_) => ("blue", ""),
                BlockKind::Paragraph => ("blue", " paragraph"),
                BlockKind::Heading => ("#c0c", " heading"),
                BlockKind::ListItem => ("#080", " item"),
                BlockKind::Note => ("#960", " note"),
                BlockKind::Caption => ("#088", " caption"),
                BlockKind::RunningHead => ("#888", " head"),
                BlockKind::RunningFoot => ("#888", " foot"),
                BlockKind::PageNumber => ("#888", " number"),
            };
            if !matches!(block.kind, BlockKind::Table(_)) {
                rect(svg, b, &format!(r#"fill="none" stroke="{color}" stroke-width="0.5""#))?;
            }
            let (x, y) = (b.x0, b.top);
            writeln!(svg, r#"<text x="{x}" y="{y}" font-size="6" fill="{color}">{number}{name}</text>"#)?;
        }
        let way: Vec<String> =
            self.blocks.iter().map(|b| format!("{:.1},{:.1}", b.bbox.x0, b.bbox.top)).collect();
        let way = way.join(" ");
        writeln!(
            svg,
            r#"<polyline points="{way}" fill="none" stroke="blue" stroke-width="0.5" stroke-dasharray="3 2"/>"#
        )?;
        writeln!(svg, "</svg>")
    }
}

fn rect(svg: &mut String, b: &BBox, style: &str) -> std::fmt::Result {
    let (width, height) = (b.width(), b.height());
    writeln!(svg, r#"<rect x="{}" y="{}" width="{width}" height="{height}" {style}/>"#, b.x0, b.top)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
