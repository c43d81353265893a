//! What a record warns of: all codes, in one place.

use crate::sheet::{Diagnostic, Place, Severity};

/// Makes the codes of a table: name of the variant, stable name, severity.
macro_rules! codes {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $severity:ident;)+) => {
        /// What a [`Diagnostic`] is about. [`diagnostics`](crate::diagnostics) says what to do about each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])+ $variant,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name, as in [`Diagnostic::code`].
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// How grave it is, where nothing is known that makes it more or less so.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)+
                }
            }
        }
    };
}

codes! {
    /// Nothing of a page could be read.
    UnreadablePage = "unreadable_page", Error;
    /// The text of a page is in fonts whose characters cannot be told.
    UndecodablePage = "undecodable_page", Error;
    /// Some characters cannot be told.
    UndecodableText = "undecodable_text", Warning;
    /// Text without ink: what some program recognised in a scan.
    OcrLayer = "ocr_layer", Info;
    /// The content of a page lost bytes.
    DamagedContent = "damaged_content", Warning;
    /// Text that is white on white.
    HiddenText = "hidden_text", Warning;
    /// The file names radicals where it prints ideographs.
    RadicalCharacters = "radical_characters", Info;
    /// A page has more strokes than are looked at.
    TooManyRulings = "too_many_rulings", Warning;
    /// Digits of a number are cut off.
    CutNumbers = "cut_numbers", Warning;
    /// There were more warnings about the pages than are kept.
    TooManyWarnings = "too_many_warnings", Warning;
    /// A second reader reads other characters.
    ReaderDisagreement = "reader_disagreement", Warning;
    /// The second reader did not read.
    NoWitness = "no_witness", Info;
    /// Nothing tells whose sheet it is.
    MunicipalityUnknown = "municipality_unknown", Warning;
    /// Several municipalities have the publisher's name.
    MunicipalityAmbiguous = "municipality_ambiguous", Warning;
    /// No date tells the fiscal year.
    FiscalYearUnknown = "fiscal_year_unknown", Warning;
    /// The dates speak for several fiscal years.
    FiscalYearDoubtful = "fiscal_year_doubtful", Warning;
    /// A heading like the others that the form does not know.
    UnknownSection = "unknown_section", Warning;
    /// A column of numbers that are not the form's: of another year, or of the difference to it.
    OtherColumn = "other_column", Info;
    /// A section whose numbers are a picture.
    TableIsImage = "table_is_image", Warning;
    /// Values that cannot be told from the text.
    Ambiguous = "ambiguous", Warning;
    /// No assignment of the numbers holds all rules.
    Contradiction = "contradiction", Warning;
    /// Digits that are not understood.
    UnreadDigits = "unread_digits", Warning;
    /// Too many assignments to look at.
    SearchExhausted = "search_exhausted", Warning;
    /// The parts are not the total.
    SumMismatch = "sum_mismatch", Warning;
    /// A share is not that of its part.
    ShareMismatch = "share_mismatch", Warning;
    /// A number is greater than one that it is a part of, or that follows it.
    OrderBreak = "order_break", Warning;
    /// The same for an order that most sheets have, and not all.
    UnusualOrder = "unusual_order", Warning;
    /// A number is smaller or greater than the form allows.
    OutOfBounds = "out_of_bounds", Warning;
    /// Numbers that belong together are of different dates.
    AsOfMismatch = "as_of_mismatch", Warning;
    /// One label stands in two rows.
    DuplicateLabel = "duplicate_label", Warning;
    /// A date names a year that its era did not have.
    EraOverflow = "era_overflow", Info;
    /// What stands where a value was corrected is not what was corrected.
    CorrectionPlace = "correction_place", Warning;
    /// A corrected value is read otherwise than when it was corrected.
    CorrectionReread = "correction_reread", Warning;
    /// A correction is of a file of the same name with other content.
    CorrectionOtherFile = "correction_other_file", Warning;
    /// A correction is of a value that the sheet has not.
    CorrectionKey = "correction_key", Warning;
    /// A correction of a number is none.
    CorrectionNumber = "correction_number", Warning;
    /// Two corrections contradict each other.
    CorrectionConflict = "correction_conflict", Warning;
}

impl Code {
    /// The code of this stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }

    /// The code of what the reader of the pages warns of.
    pub(crate) fn of_warning(name: &str) -> Option<Self> {
        match name {
            "invisible_text" => Some(Self::OcrLayer),
            "unknown_cmap" | "unmapped_glyphs" | "private_use_characters" | "symbol_characters" => {
                Some(Self::UndecodableText)
            }
            _ => Self::from_name(name),
        }
    }
}

impl Diagnostic {
    /// Of no value and no place in particular.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code: code.name().to_owned(),
            severity: code.severity(),
            message: message.into(),
            keys: Vec::new(),
            at: Vec::new(),
        }
    }

    /// Of these measures or `table.column`s.
    pub(crate) fn of(mut self, keys: Vec<String>) -> Self {
        self.keys = keys;
        self
    }

    /// Of these places.
    pub(crate) fn at(mut self, at: Vec<Place>) -> Self {
        self.at = at;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCS: &str = include_str!("../docs/diagnostics.md");

    /// (name, severity) of each row of the tables.
    fn documented() -> Vec<(&'static str, &'static str)> {
        let rows = DOCS.lines().filter_map(|l| l.strip_prefix("| `"));
        rows.map(|row| {
            let mut cells = row.split('|').map(str::trim);
            let name = cells.next().unwrap().trim_end_matches('`');
            let severity = cells.next().unwrap();
            let texts: Vec<&str> = cells.filter(|c| !c.is_empty()).collect();
            assert_eq!(texts.len(), 2, "{name} says what it means and what to do: {texts:?}");
            (name, severity)
        })
        .collect()
    }

    #[test]
    fn each_code_is_documented_once() {
        let documented = documented();
        let severity = |c: Code| match c.severity() {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let all: Vec<(&str, &str)> = Code::ALL.iter().map(|c| (c.name(), severity(*c))).collect();
        assert_eq!(documented, all);
    }

    /// What the reader of the pages warns of is here by its own name or another one.
    #[test]
    fn warnings_of_the_pages_are_known() {
        let source = include_str!("../../layout/src/warning.rs");
        let names: Vec<&str> =
            source.split("warn(\"").skip(1).filter_map(|a| a.split_once('"')).map(|(name, _)| name).collect();
        assert!(names.len() >= 7, "{names:?}");
        assert!(names.iter().all(|name| Code::of_warning(name).is_some()), "{names:?}");
        let is = |name| Code::of_warning(name).map(Code::name);
        for own in
            ["unreadable_page", "undecodable_page", "radical_characters", "hidden_text", "too_many_rulings"]
        {
            assert_eq!(is(own), Some(own));
        }
        assert_eq!(is("invisible_text"), Some("ocr_layer"));
        for other in ["unknown_cmap", "unmapped_glyphs", "private_use_characters", "symbol_characters"] {
            assert_eq!(is(other), Some("undecodable_text"));
        }
    }

    #[test]
    fn names_go_both_ways() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Some(*code));
        }
        assert_eq!(Code::from_name("sum"), None);
    }
}
