//! A look at folded text from a byte position: characters, words, gaps, integers.

/// A folded text to read from. Positions are bytes and lie between characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'t> {
    pub(crate) text: &'t str,
}

/// A small integer: a year, a month, a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer {
    pub(crate) value: i32,
    /// How many digits were printed.
    pub(crate) digits: usize,
    pub(crate) kanji: bool,
    pub(crate) end: usize,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str) -> Reader<'t> {
        Reader { text }
    }

    pub(crate) fn at(self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() { Some(byte as char) } else { self.text[at..].chars().next() }
    }

    pub(crate) fn before(self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at.checked_sub(1)?)?;
        if byte.is_ascii() { Some(byte as char) } else { self.text[..at].chars().next_back() }
    }

    /// The end of `word`, if it stands at `at`.
    pub(crate) fn eat(self, at: usize, word: &str) -> Option<usize> {
        let (rest, word) = (self.text.as_bytes().get(at..)?, word.as_bytes());
        // Kanji differ in their third byte if in any: most words are refused without a call.
        if rest.get(2) != word.get(2) && word.len() > 2 {
            return None;
        }
        rest.starts_with(word).then(|| at + word.len())
    }

    /// The end of the first of `words` that stands at `at`.
    pub(crate) fn eat_any(self, at: usize, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|word| self.eat(at, word))
    }

    /// Behind a gap inside an expression: up to four spaces, with at most one line end among them.
    pub(crate) fn gap(self, at: usize) -> usize {
        let mut end = at;
        let mut lines = 0;
        for &byte in self.text.as_bytes()[at..].iter().take(4) {
            match byte {
                b' ' | b'\t' | b'\r' => {}
                b'\n' if lines == 0 => lines = 1,
                _ => return end,
            }
            end += 1;
        }
        end
    }

    /// Behind up to two spaces on the same line.
    pub(crate) fn space(self, at: usize) -> usize {
        let spaces = self.text.as_bytes()[at..].iter().take(2).take_while(|&&byte| byte == b' ').count();
        at + spaces
    }

    /// `word`, after a gap.
    pub(crate) fn eat_after_gap(self, at: usize, word: &str) -> Option<usize> {
        self.eat(self.gap(at), word)
    }

    /// Whether a line, a cell or the text ends at `at`.
    pub(crate) fn is_end(self, at: usize) -> bool {
        self.at(at).is_none_or(char::is_whitespace)
    }

    /// An integer of up to four digits, or up to 9999 in kanji, that no digit follows.
    pub(crate) fn integer(self, at: usize) -> Option<Integer> {
        let bytes = self.text.as_bytes();
        let digits = bytes.get(at..)?.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
        match digits {
            0 => self.kanji_integer(at),
            1..=4 => {
                let end = at + digits;
                let value = bytes[at..end].iter().fold(0, |value, byte| value * 10 + i32::from(byte - b'0'));
                Some(Integer { value, digits, kanji: false, end })
            }
            _ => None,
        }
    }

    /// As [`Reader::integer`], and no decimal or comma group goes on from it.
    fn kanji_integer(self, at: usize) -> Option<Integer> {
        let (mut total, mut current, mut digits, mut end) = (0, None::<i32>, 0, at);
        let mut unit = 10_000;
        while let Some(c) = self.at(end) {
            if let Some(digit) = kanji_digit(c) {
                let next = current.unwrap_or(0) * 10 + i32::from(digit);
                if next > 9999 {
                    return None;
                }
                current = Some(next);
            } else if let Some(scale) = match c {
                '十' | '拾' => Some(10),
                '百' => Some(100),
                '千' => Some(1000),
                _ => None,
            } {
                if scale >= unit || current.is_some_and(|current| current > 9) {
                    return None;
                }
                unit = scale;
                total += current.take().unwrap_or(1) * scale;
            } else {
                break;
            }
            digits += 1;
            end += c.len_utf8();
        }
        let current = current.unwrap_or(0);
        if digits == 0 || current >= unit {
            return None;
        }
        Some(Integer { value: total + current, digits, kanji: true, end })
    }
}

/// The value of a kanji digit that dates are written with.
pub(crate) fn kanji_digit(c: char) -> Option<u8> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壱' => 1,
        '二' | '弐' => 2,
        '三' | '参' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<i32> {
        Reader::new(text).integer(0).filter(|integer| integer.end == text.len()).map(|integer| integer.value)
    }

    #[test]
    fn integers() {
        assert_eq!(value("2020"), Some(2020));
        assert_eq!(value("二〇二〇"), Some(2020));
        assert_eq!(value("二千二十"), Some(2020));
        assert_eq!(value("十一"), Some(11));
        assert_eq!(value("三十"), Some(30));
        assert_eq!(value("12345"), None);
        assert_eq!(value("百千"), None);
    }

    #[test]
    fn a_gap_spans_one_line_end() {
        let reader = Reader::new("a \n b\n\nc");
        assert_eq!(reader.gap(1), 4);
        assert_eq!(reader.at(reader.gap(5)), Some('\n'));
    }
}
