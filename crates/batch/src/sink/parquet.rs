//! `TABLE.parquet`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::{Date, date};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int32Type,
    Int64Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type as SchemaType, TypePtr};
use rust_decimal::Decimal;

use crate::sink::Complete;
use crate::sink::catalog::{Catalog, Rows};
use crate::sink::staged::Staged;
use crate::sink::table::{Column, PRECISION, SCALE, Table, Type, Value};
use crate::sink::tabular::Writer;
use crate::{Error, ErrorKind};

/// Rows of a row group, at most.
const ROWS: usize = 1 << 17;
/// Bytes of the values that wait for their row group to be full, about; for each table.
const BYTES: usize = 16 << 20;
/// Bytes of a decimal: as many as its digits need.
const DECIMAL_BYTES: usize = 16;

/// A Parquet file for each table.
pub(crate) struct Parquet {
    tables: Vec<File>,
}

impl Parquet {
    /// Begins the files.
    pub(crate) fn create(folder: &Path, catalog: &Catalog) -> std::result::Result<Self, Error> {
        let tables = catalog
            .tables()
            .iter()
            .map(|t| File::create(folder, t))
            .collect::<std::result::Result<_, _>>()?;
        Ok(Self { tables })
    }
}

impl Rows for Parquet {
    fn row(&mut self, table: usize, row: &[Value<'_>]) -> std::result::Result<(), Error> {
        let file = &mut self.tables[table];
        file.row(row).map_err(|e| error(&file.path, e))
    }
}

impl Writer for Parquet {
    fn finish(self: Box<Self>) -> std::result::Result<Vec<Complete>, Error> {
        let complete = |mut file: File| {
            let written = file.row_group().and_then(|()| file.writer.into_inner());
            written.map_err(|e| error(&file.path, e))?.complete()
        };
        self.tables.into_iter().map(complete).collect()
    }
}

/// One table, and the rows of its row group that is not full yet.
struct File {
    writer: SerializedFileWriter<Staged>,
    path: PathBuf,
    buffers: Vec<Buffer>,
    rows: usize,
    bytes: usize,
    /// Of a row group: [`BYTES`].
    most_bytes: usize,
}

impl File {
    fn create(folder: &Path, table: &Table) -> std::result::Result<Self, Error> {
        let file = Staged::create(folder, &format!("{}.parquet", table.name))?;
        let path = file.partial().to_owned();
        let writer = schema(table)
            .and_then(|schema| SerializedFileWriter::new(file, schema, properties(table)))
            .map_err(|e| error(&path, e))?;
        let buffers = table.columns.iter().map(Buffer::new).collect();
        Ok(Self { writer, path, buffers, rows: 0, bytes: 0, most_bytes: BYTES })
    }

    fn row(&mut self, row: &[Value<'_>]) -> Result<()> {
        for (buffer, value) in self.buffers.iter_mut().zip(row) {
            self.bytes += buffer.push(value)?;
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= self.most_bytes { self.row_group() } else { Ok(()) }
    }

    fn row_group(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for buffer in &mut self.buffers {
            let column = group.next_column()?;
            buffer.write(column.ok_or_else(|| ParquetError::General("a column too many".to_owned()))?)?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

/// The values of a column that wait to be written.
struct Buffer {
    values: Values,
    /// For each row 1 where there is a value, 0 where it is null; `None` for a column that always has one.
    present: Option<Vec<i16>>,
}

/// Values by their physical type.
enum Values {
    Bytes(Vec<ByteArray>),
    Days(Vec<i32>),
    Integers(Vec<i64>),
    Reals(Vec<f64>),
    Booleans(Vec<bool>),
    Decimals(Vec<FixedLenByteArray>),
}

impl Buffer {
    fn new(column: &Column) -> Self {
        let values = match column.kind {
            Type::Text | Type::Key | Type::Json => Values::Bytes(Vec::new()),
            Type::Integer => Values::Integers(Vec::new()),
            Type::Decimal => Values::Decimals(Vec::new()),
            Type::Real => Values::Reals(Vec::new()),
            Type::Date => Values::Days(Vec::new()),
            Type::Boolean => Values::Booleans(Vec::new()),
        };
        Self { values, present: (!column.required).then(Vec::new) }
    }

    /// Takes a value; gives the bytes it takes, about.
    fn push(&mut self, value: &Value<'_>) -> Result<usize> {
        if let Some(present) = &mut self.present {
            present.push(i16::from(*value != Value::Null));
            if *value == Value::Null {
                return Ok(size_of::<i16>());
            }
        }
        match (&mut self.values, value) {
            (Values::Bytes(values), Value::Text(text)) => {
                // What repeats from row to row is there once.
                let same = values.last().filter(|last| last.data() == text.as_bytes()).cloned();
                let bytes = size_of::<ByteArray>() + if same.is_some() { 0 } else { text.len() };
                values.push(same.unwrap_or_else(|| ByteArray::from(text.as_bytes().to_vec())));
                return Ok(bytes);
            }
            (Values::Integers(values), Value::Integer(number)) => values.push(*number),
            (Values::Reals(values), Value::Real(number)) => values.push(*number),
            (Values::Booleans(values), Value::Boolean(truth)) => values.push(*truth),
            (Values::Days(values), Value::Date(day)) => values.push(days(*day)),
            (Values::Decimals(values), Value::Decimal(number)) => values.push(unscaled(*number)),
            (_, value) => {
                return Err(ParquetError::General(format!("{value:?} in a column of another type")));
            }
        }
        Ok(size_of::<FixedLenByteArray>())
    }

    fn write(&mut self, mut column: SerializedColumnWriter<'_>) -> Result<()> {
        let present = self.present.as_deref();
        match &self.values {
            Values::Bytes(values) => column.typed::<ByteArrayType>().write_batch(values, present, None),
            Values::Days(values) => column.typed::<Int32Type>().write_batch(values, present, None),
            Values::Integers(values) => column.typed::<Int64Type>().write_batch(values, present, None),
            Values::Reals(values) => column.typed::<DoubleType>().write_batch(values, present, None),
            Values::Booleans(values) => column.typed::<BoolType>().write_batch(values, present, None),
            Values::Decimals(values) => {
                column.typed::<FixedLenByteArrayType>().write_batch(values, present, None)
            }
        }?;
        column.close()?;
        if let Some(present) = &mut self.present {
            present.clear();
        }
        match &mut self.values {
            Values::Bytes(values) => values.clear(),
            Values::Days(values) => values.clear(),
            Values::Integers(values) => values.clear(),
            Values::Reals(values) => values.clear(),
            Values::Booleans(values) => values.clear(),
            Values::Decimals(values) => values.clear(),
        }
        Ok(())
    }
}

/// Days since 1970-01-01.
fn days(day: Date) -> i32 {
    // A span between two civil dates in days cannot overflow: there are under four million.
    day.since(date(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// The number times ten to the power of [`SCALE`], as a big-endian integer in two's complement.
fn unscaled(number: Decimal) -> FixedLenByteArray {
    // 96 bits times 10^9 are fewer than 127 bits.
    let integer = number.mantissa() * 10_i128.pow(SCALE.saturating_sub(number.scale()));
    FixedLenByteArray::from(integer.to_be_bytes().to_vec())
}

fn schema(table: &Table) -> Result<TypePtr> {
    let columns = table.columns.iter().map(|c| column(c).map(Arc::new)).collect::<Result<Vec<_>>>()?;
    SchemaType::group_type_builder(&table.name).with_fields(columns).build().map(Arc::new)
}

fn column(column: &Column) -> Result<SchemaType> {
    let (physical, logical) = match column.kind {
        Type::Text | Type::Key => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Type::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        Type::Integer => (Physical::INT64, None),
        Type::Decimal => {
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(SCALE as i32, PRECISION as i32)))
        }
        Type::Real => (Physical::DOUBLE, None),
        Type::Date => (Physical::INT32, Some(LogicalType::Date)),
        Type::Boolean => (Physical::BOOLEAN, None),
    };
    let mut builder = SchemaType::primitive_type_builder(&column.name, physical)
        .with_repetition(if column.required { Repetition::REQUIRED } else { Repetition::OPTIONAL })
        .with_logical_type(logical);
    if column.kind == Type::Decimal {
        builder = builder
            .with_length(DECIMAL_BYTES as i32)
            .with_precision(PRECISION as i32)
            .with_scale(SCALE as i32);
    }
    builder.build()
}

/// Nothing in them depends on the time or the place of the run: the same rows give the same bytes.
fn properties(table: &Table) -> WriterPropertiesPtr {
    let columns: Vec<_> = table.columns.iter().map(|c| format!("{}: {}", c.name, c.about)).collect();
    let about = [
        ("chohyo.schema", chohyo_extract::SCHEMA.to_owned()),
        ("chohyo.table", table.about.clone()),
        ("chohyo.columns", columns.join("\n")),
    ];
    let about = about.map(|(key, value)| KeyValue::new(key.to_owned(), value)).to_vec();
    Arc::new(
        WriterProperties::builder()
            .set_created_by(concat!("chohyo version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::SNAPPY)
            .set_key_value_metadata(Some(about))
            .build(),
    )
}

fn error(path: &Path, source: ParquetError) -> Error {
    let source = match source {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(inner) => *inner,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    };
    Error::io(ErrorKind::Write, path, source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_in_memory_is_bounded_and_all_of_it_is_written() {
        use parquet::file::reader::{FileReader, SerializedFileReader};
        let column = |name: &str, kind, required| Column { name: name.to_owned(), kind, required, about: "" };
        let table = Table {
            name: "t".to_owned(),
            about: String::new(),
            columns: vec![column("number", Type::Integer, true), column("text", Type::Text, false)],
            indices: Vec::new(),
        };
        let folder = tempfile::tempdir().unwrap();
        let mut file = File::create(folder.path(), &table).unwrap();
        file.most_bytes = 64 << 10;
        for number in 0..5000 {
            let text = if number % 3 == 0 { Value::Null } else { Value::Text(format!("行{number}").into()) };
            file.row(&[Value::Integer(number), text]).unwrap();
            assert!(file.bytes < 64 << 10);
        }
        Box::new(Parquet { tables: vec![file] }).finish().unwrap().pop().unwrap().publish().unwrap();
        let file = std::fs::File::open(folder.path().join("t.parquet")).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        assert!(reader.metadata().num_row_groups() > 3);
        for (number, row) in reader.get_row_iter(None).unwrap().enumerate() {
            let text = if number % 3 == 0 { "null".to_owned() } else { format!("\"行{number}\"") };
            assert_eq!(row.unwrap().to_string(), format!("{{number: {number}, text: {text}}}"));
        }
        assert_eq!(reader.metadata().file_metadata().num_rows(), 5000);
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(days(date(1970, 1, 1)), 0);
        assert_eq!(days(date(2020, 4, 1)), 18_353);
        assert_eq!(days(date(1868, 1, 1)), -37_255);
        assert_eq!(days(Date::MAX), 2_932_896);
    }

    #[test]
    fn decimals_are_scaled_integers() {
        let integer =
            |text: &str| i128::from_be_bytes(unscaled(text.parse().unwrap()).data().try_into().unwrap());
        assert_eq!(integer("21.0"), 21_000_000_000);
        assert_eq!(integer("-0.000000001"), -1);
        assert_eq!(
            integer("79228162514264337593543950335"),
            79_228_162_514_264_337_593_543_950_335_000_000_000
        );
    }
}
