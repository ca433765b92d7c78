//! Parquet: columns with types, for tools that analyse rather than read.
//!
//! Rows are gathered until they fill a row group, and written column by column; nothing refers back, so it is a stream like
//! any other format. The same rows give the same bytes: nothing in the file tells when or where it was made.

#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use ::parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{ColumnPath, Type, TypePtr};
use asana_model::{Cell, Column, ColumnKind, Table, Typed};
use bytes::Bytes;

use super::{Format, Kind, Sink, check_width};
use crate::error::{Error, Result};
use crate::output::Output;

/// What a row group holds at most, whichever comes first. A resource has up to twenty tables open at once.
const GROUP_ROWS: usize = 128 * 1024;
const GROUP_BYTES: usize = 8 << 20;
/// Text with more different values in a row group is better off without a dictionary.
const DICTIONARY_BYTES: usize = 256 << 10;
/// Texts handed over at once.
const BATCH: usize = 1024;
const COMPRESSION_LEVEL: i32 = 3;
/// As the specification of the format would have it.
const CREATED_BY: &str = concat!("asana-workspace version ", env!("CARGO_PKG_VERSION"));

pub(super) const FORMAT: Format = Format {
    name: "parquet",
    kind: Kind::Files { open: |output, table, _| Ok(Box::new(Parquet::new(output, table)?)), read: None },
};

#[derive(Debug)]
struct Parquet {
    table: String,
    path: PathBuf,
    writer: SerializedFileWriter<Slot>,
    columns: Vec<Gathered>,
    rows: usize,
    bytes: usize,
}

impl Parquet {
    fn new(output: Output, table: &Table) -> Result<Self> {
        let path = output.path().to_owned();
        let columns: Vec<Gathered> = table.columns.iter().enumerate().map(|at| Gathered::new(table, at)).collect();
        let open = || {
            let properties = Arc::new(properties(table)?);
            SerializedFileWriter::new(Slot(Some(output)), schema(table, &columns)?, properties)
        };
        let writer = open().map_err(|error| cannot_write(&path, error))?;
        Ok(Self { table: table.name.clone(), path, writer, columns, rows: 0, bytes: 0 })
    }

    /// Writes what was gathered as a row group.
    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else { break };
            column.write(writer.untyped())?;
            writer.close()?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Sink for Parquet {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        check_width(&self.table, self.columns.len(), cells.len())?;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += column
                .push(cell)
                .ok_or_else(|| Error::NoKey { table: self.table.clone(), column: column.name.clone() })?;
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.write_group().map_err(|error| cannot_write(&self.path, error))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Output> {
        let mut end = || {
            if self.rows > 0 {
                self.write_group()?;
            }
            self.writer.finish()?;
            self.writer.inner_mut().0.take().ok_or_else(|| ParquetError::General("the file is gone".to_owned()))
        };
        end().map_err(|error| cannot_write(&self.path, error))
    }
}

/// The output, which can be taken back.
#[derive(Debug)]
struct Slot(Option<Output>);

impl Write for Slot {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Err(io::ErrorKind::BrokenPipe.into()), |output| output.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Write::flush)
    }
}

fn cannot_write(path: &std::path::Path, error: ParquetError) -> Error {
    let source = match error {
        ParquetError::External(source) => source.downcast().map_or_else(io::Error::other, |error| *error),
        other => io::Error::other(other),
    };
    Error::io("write", path)(source)
}

fn properties(table: &Table) -> Result<WriterProperties, ParquetError> {
    let about: serde_json::Map<String, serde_json::Value> =
        table.columns.iter().map(|column| (column.name.clone(), column.about.as_str().into())).collect();
    let keys: Vec<&str> = table.columns.iter().take(table.key_columns).map(|column| column.name.as_str()).collect();
    let metadata = [
        ("table", table.name.clone()),
        ("description", table.about.clone()),
        ("column_descriptions", serde_json::Value::from(about).to_string()),
        ("primary_key", serde_json::Value::from(keys).to_string()),
    ];
    let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value)).to_vec();
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(COMPRESSION_LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_bloom_filter_enabled(false)
        .set_dictionary_enabled(false)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_key_value_metadata(Some(metadata));
    for (at, column) in table.columns.iter().enumerate() {
        let is_text = matches!(column.kind, ColumnKind::Gid | ColumnKind::Text);
        let is_unique = at == 0 && table.key_columns == 1;
        if is_text && !is_unique {
            let path = ColumnPath::new(vec![column.name.clone()]);
            properties = properties.set_column_dictionary_enabled(path, true);
        }
    }
    Ok(properties.build())
}

fn schema(table: &Table, columns: &[Gathered]) -> Result<TypePtr, ParquetError> {
    let fields = table.columns.iter().zip(columns).map(|(column, gathered)| field(column, gathered.required));
    let fields = fields.collect::<Result<_, _>>()?;
    Ok(Arc::new(Type::group_type_builder(&table.name).with_fields(fields).build()?))
}

fn field(column: &Column, required: bool) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.kind {
        ColumnKind::Gid | ColumnKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnKind::Integer => (Physical::INT64, None),
        ColumnKind::Number => (Physical::DOUBLE, None),
        ColumnKind::Boolean => (Physical::BOOLEAN, None),
        ColumnKind::Date => (Physical::INT32, Some(LogicalType::Date)),
        ColumnKind::Timestamp => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
    };
    let repetition = if required { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    let field = Type::primitive_type_builder(&column.name, physical);
    Ok(Arc::new(field.with_logical_type(logical).with_repetition(repetition).build()?))
}

/// A column's values that are not written yet.
#[derive(Debug)]
struct Gathered {
    name: String,
    kind: ColumnKind,
    /// Part of the key, and never null.
    required: bool,
    /// For each row whether it has a value, where it may have none.
    levels: Vec<i16>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Texts { bytes: Vec<u8>, ends: Vec<usize> },
    Longs(Vec<i64>),
    Days(Vec<i32>),
    Doubles(Vec<f64>),
    Booleans(Vec<bool>),
}

impl Gathered {
    fn new(table: &Table, (at, column): (usize, &Column)) -> Self {
        let required = at < table.key_columns;
        let (name, kind) = (column.name.clone(), column.kind);
        Self { name, kind, required, levels: Vec::new(), values: Values::none(kind) }
    }

    /// Takes a cell; gives about how many bytes it takes, or `None` where a key has none. A value that the column's type
    /// cannot hold is null: that it is so was told when the row was made.
    fn push(&mut self, cell: &Cell<'_>) -> Option<usize> {
        let typed = self.kind.typed(cell).unwrap_or(Typed::Null);
        let bytes = match (&mut self.values, typed) {
            (Values::Texts { bytes, ends }, Typed::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(bytes.len());
                text.len() + size_of::<usize>()
            }
            (Values::Longs(values), Typed::Integer(value) | Typed::Instant(value)) => pushed(values, value),
            (Values::Days(values), Typed::Day(day)) => pushed(values, day),
            (Values::Doubles(values), Typed::Number(number)) => pushed(values, number),
            (Values::Booleans(values), Typed::Boolean(value)) => pushed(values, value),
            _ if self.required => return None,
            _ => {
                self.levels.push(0);
                return Some(size_of::<i16>());
            }
        };
        if self.required {
            return Some(bytes);
        }
        self.levels.push(1);
        Some(bytes + size_of::<i16>())
    }

    fn write(&mut self, to: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = std::mem::take(&mut self.levels);
        let levels = (!self.required).then_some(levels.as_slice());
        match (std::mem::replace(&mut self.values, Values::none(self.kind)), to) {
            (Values::Texts { bytes, ends }, ColumnWriter::ByteArrayColumnWriter(to)) => {
                write_texts(bytes, &ends, levels, to)
            }
            (Values::Longs(values), ColumnWriter::Int64ColumnWriter(to)) => write_all(&values, levels, to),
            (Values::Days(values), ColumnWriter::Int32ColumnWriter(to)) => write_all(&values, levels, to),
            (Values::Doubles(values), ColumnWriter::DoubleColumnWriter(to)) => write_all(&values, levels, to),
            (Values::Booleans(values), ColumnWriter::BoolColumnWriter(to)) => write_all(&values, levels, to),
            _ => Err(ParquetError::General(format!("{} is written as another type", self.name))),
        }
    }
}

impl Values {
    fn none(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Gid | ColumnKind::Text => Self::Texts { bytes: Vec::new(), ends: Vec::new() },
            ColumnKind::Integer | ColumnKind::Timestamp => Self::Longs(Vec::new()),
            ColumnKind::Number => Self::Doubles(Vec::new()),
            ColumnKind::Boolean => Self::Booleans(Vec::new()),
            ColumnKind::Date => Self::Days(Vec::new()),
        }
    }
}

fn pushed<T>(values: &mut Vec<T>, value: T) -> usize {
    values.push(value);
    size_of::<T>()
}

fn write_all<T: DataType>(
    values: &[T::T],
    levels: Option<&[i16]>,
    to: &mut ColumnWriterImpl<'_, T>,
) -> Result<(), ParquetError> {
    to.write_batch(values, levels, None).map(drop)
}

/// Texts are slices of one piece of memory, and only some of them are handles at any time.
fn write_texts<T: DataType<T = ByteArray>>(
    bytes: Vec<u8>,
    ends: &[usize],
    levels: Option<&[i16]>,
    to: &mut ColumnWriterImpl<'_, T>,
) -> Result<(), ParquetError> {
    let bytes = Bytes::from(bytes);
    let mut start = 0;
    let mut texts = ends.iter().map(|end| {
        let text = ByteArray::from(bytes.slice(start..*end));
        start = *end;
        text
    });
    let mut batch = Vec::with_capacity(BATCH);
    let mut take = |number: usize, levels: Option<&[i16]>| {
        batch.clear();
        batch.extend(texts.by_ref().take(number));
        write_all(&batch, levels, to)
    };
    match levels {
        Some(levels) => levels
            .chunks(BATCH)
            .try_for_each(|levels| take(levels.iter().filter(|level| **level > 0).count(), Some(levels))),
        None => (0..ends.len()).step_by(BATCH).try_for_each(|_| take(BATCH, None)),
    }
}
