//! Images of a page, no finer than they are shown.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hayro_interpret::kurbo::Affine;
use hayro_interpret::{CacheKey, Image, ImageData, LumaData};

use super::{Kind, Painter};

/// Rows of pixels, `channels` bytes each.
struct Pixels {
    width: u32,
    height: u32,
    channels: usize,
    data: Vec<u8>,
}

impl<'a> Painter<'_> {
    pub(super) fn image(&mut self, image: Image<'a, '_>, transform: Affine) {
        let [a, b, c, d, ..] = transform.as_coeffs();
        let shown = |pixels: u32, x: f64, y: f64| {
            let most = (f64::from(pixels) * x.hypot(y) * self.limits.pixels_per_point).ceil();
            if most.is_finite() { (most as u32).clamp(1, 4096) } else { 1 }
        };
        let target = (shown(image.width(), a, b), shown(image.height(), c, d));
        let key = image.cache_key();
        let mut placed = None;
        match image {
            Image::Stencil(stencil) => stencil.with_stencil(
                |luma, paint| {
                    let color = self.flat(paint);
                    let scale = luma.scale_factors;
                    let [r, g, b, alpha] = color.0;
                    let data =
                        luma.data.iter().flat_map(|&v| [r, g, b, if v == 255 { alpha } else { 0 }]).collect();
                    let pixels = Pixels { width: luma.width, height: luma.height, channels: 4, data };
                    // The same stencil may be painted in another colour.
                    let key = key ^ u128::from(u32::from_be_bytes(color.0)).rotate_left(32);
                    placed = self.place(pixels, scale, target, key);
                },
                Some(target),
            ),
            Image::Raster(raster) => raster.with_rgba(
                |data, alpha| {
                    let scale = data.scale_factors();
                    placed = self.place(merge(data, alpha), scale, target, key);
                },
                Some(target),
            ),
        }
        if let Some((id, scale)) = placed {
            let _ = write!(self.body, r##"<use href="#p{id}""##);
            self.transform(transform * scale);
            self.body.push_str("/>");
        } else {
            self.cut = true;
        }
    }

    /// Defines an image, no finer than `target`; gives its id and the scale from its pixels to the engine's.
    fn place(
        &mut self,
        pixels: Pixels,
        scale: (f32, f32),
        target: (u32, u32),
        key: u128,
    ) -> Option<(u32, Affine)> {
        let (width, height) = (pixels.width, pixels.height);
        let small = coarser(pixels, target)?;
        let scale = Affine::scale_non_uniform(
            f64::from(scale.0) * f64::from(width) / f64::from(small.width),
            f64::from(scale.1) * f64::from(height) / f64::from(small.height),
        );
        // The same image shown larger needs more pixels.
        let key = key ^ (u128::from(small.width) << 96 | u128::from(small.height) << 64);
        if let Some(&id) = self.shared.ids.get(&(Kind::Image, key)) {
            return Some((id, scale));
        }
        let color = match small.channels {
            1 => png::ColorType::Grayscale,
            3 => png::ColorType::Rgb,
            _ => png::ColorType::Rgba,
        };
        let id = self.png(small.width, small.height, color, &small.data)?;
        self.shared.ids.insert((Kind::Image, key), id);
        Some((id, scale))
    }

    /// Defines an image as PNG; `None` when the document has too many already.
    pub(super) fn png(&mut self, width: u32, height: u32, color: png::ColorType, data: &[u8]) -> Option<u32> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder.write_header().ok()?.write_image_data(data).ok()?;
        self.shared.image_bytes += file.len() * 4 / 3;
        if self.shared.image_bytes > self.limits.image_bytes {
            self.cut = true;
            return None;
        }
        let id = self.shared.ids.len() as u32;
        self.shared.ids.insert((Kind::Image, u128::from(id) | 1 << 127), id);
        let out = &mut self.shared.definitions;
        let _ = write!(
            out,
            r#"<image id="p{id}" width="{width}" height="{height}" preserveAspectRatio="none" href="data:image/png;base64,"#
        );
        STANDARD.encode_string(&file, out);
        out.push_str(r#""/>"#);
        Some(id)
    }
}

fn merge(data: ImageData, alpha: Option<LumaData>) -> Pixels {
    let (width, height) = (data.width(), data.height());
    let (channels, data) = match data {
        ImageData::Rgb(rgb) => (3, rgb.data),
        ImageData::Luma(luma) => (1, luma.data),
    };
    let Some(alpha) = alpha.filter(|a| a.width > 0 && a.height > 0) else {
        return Pixels { width, height, channels, data };
    };
    let column = |x: u32| (u64::from(x) * u64::from(alpha.width) / u64::from(width.max(1))) as usize;
    let row = |y: u32| (u64::from(y) * u64::from(alpha.height) / u64::from(height.max(1))) as usize;
    let mut merged = Vec::with_capacity(width as usize * height as usize * 4);
    for (i, pixel) in data.chunks_exact(channels).enumerate() {
        let (x, y) = (i as u32 % width.max(1), i as u32 / width.max(1));
        let opacity = alpha.data.get(row(y) * alpha.width as usize + column(x)).copied().unwrap_or(255);
        match pixel {
            [r, g, b] => merged.extend([*r, *g, *b, opacity]),
            _ => merged.extend([pixel[0], pixel[0], pixel[0], opacity]),
        }
    }
    Pixels { width, height, channels: 4, data: merged }
}

/// The mean of the pixels that fall on each pixel of the smaller image.
fn coarser(pixels: Pixels, target: (u32, u32)) -> Option<Pixels> {
    let Pixels { width, height, channels, data } = pixels;
    if width == 0 || height == 0 || data.len() < width as usize * height as usize * channels {
        return None;
    }
    let (columns, rows) = (target.0.min(width), target.1.min(height));
    if (columns, rows) == (width, height) {
        return Some(Pixels { width, height, channels, data });
    }
    let bound = |i: u32, from: u32, to: u32| (u64::from(i) * u64::from(from) / u64::from(to)) as usize;
    let mut small = Vec::with_capacity(columns as usize * rows as usize * channels);
    for row in 0..rows {
        let lines = bound(row, height, rows)..bound(row + 1, height, rows);
        for column in 0..columns {
            let span = bound(column, width, columns)..bound(column + 1, width, columns);
            let mut sum = [0_u64; 4];
            for y in lines.clone() {
                let line = &data[y * width as usize * channels..];
                for pixel in line[span.start * channels..span.end * channels].chunks_exact(channels) {
                    for (total, &value) in sum.iter_mut().zip(pixel) {
                        *total += u64::from(value);
                    }
                }
            }
            let count = (lines.len() * span.len()).max(1) as u64;
            small.extend(sum[..channels].iter().map(|&total| (total / count) as u8));
        }
    }
    Some(Pixels { width: columns, height: rows, channels, data: small })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarser_image_has_the_mean_colours() {
        let data = vec![0, 100, 200, 60, 0, 100, 200, 60];
        let small = coarser(Pixels { width: 4, height: 2, channels: 1, data }, (2, 1)).unwrap();
        assert_eq!((small.width, small.height, small.data), (2, 1, vec![50, 130]));
        let short = Pixels { width: 4, height: 2, channels: 1, data: vec![0; 7] };
        assert!(coarser(short, (2, 1)).is_none());
    }
}
