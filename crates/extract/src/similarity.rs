//! How alike two spellings are.

/// Characters to insert, take out, or change until one is the other (Levenshtein's distance).
pub(crate) fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (corner + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            corner = above;
        }
    }
    row[b.len()]
}

/// 1 for the same, 0 for nothing in common: the share of the longer one's characters that need no change.
pub(crate) fn similarity(a: &[char], b: &[char]) -> f64 {
    let longest = a.len().max(b.len());
    if longest == 0 {
        return 1.0;
    }
    1.0 - distance(a, b) as f64 / longest as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let chars = |s: &str| s.chars().collect::<Vec<_>>();
        for (a, b, expected) in
            [("heading", "headings", 1), ("人口", "人口", 0), ("", "ab", 2), ("担当課", "担当部局", 2)]
        {
            assert_eq!(distance(&chars(a), &chars(b)), expected, "{a} {b}");
        }
        assert!((similarity(&chars("総事業費"), &chars("事業費")) - 0.75).abs() < 1e-9);
    }
}
