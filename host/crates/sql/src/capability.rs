//! What each database can do: one table, from which both the refusals and docs/capabilities.md come.
//!
//! A feature is native where the database does it by itself, emulated where the host reaches the same result by other
//! means, and otherwise refused before any statement runs.

use crate::Dialect;

/// Something that a database may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Namespaces with plain table names.
    PlacementOwn,
    /// A schema or database for each namespace.
    PlacementSchema,
    /// Namespaces told apart by the beginning of their table names.
    PlacementPrefix,
    /// Tables that come and go with the transaction that makes or drops them.
    TransactionalTables,
    /// Statements that all happen or none.
    Transactions,
    /// Writes that answer with the row.
    ReturnedRows,
    /// Keys of several fields.
    CompositeKeys,
    /// Keys that the database numbers.
    Sequences,
    /// References between models, with delete rules.
    References,
    /// Unique sets.
    UniqueSets,
    /// Indexes of one or several fields, in both directions.
    Indexes,
    /// Indexes that hold only the records that meet a condition.
    PartialIndexes,
    /// Unique indexes that hold only the records that meet a condition.
    UniquePartialIndexes,
    /// Keys, unique sets and indexes on text or bytes of any length.
    IndexesOfAnyLength,
    /// Text that compares and sorts by code point, trailing spaces included.
    TextByCodePoint,
    /// Finite 64-bit floats, -0.0 among them.
    Floats,
    /// Exact decimals of up to 38 digits.
    Decimals,
    /// Dates, times of day and timestamps with microseconds.
    DatesAndTimes,
    /// 128-bit identifiers.
    Uuids,
    /// Bytes.
    Bytes,
    /// One of some texts.
    Enums,
    /// JSON documents.
    Json,
    /// Lists of scalars.
    Lists,
    /// Vectors of floats.
    Vectors,
    /// Nulls first, in both directions.
    NullsFirst,
    /// Comparisons, membership and their complements, null included.
    Comparisons,
    /// `$like`, `$contains`, `$startsWith`, `$endsWith`.
    Patterns,
    /// `$ilike`.
    PatternsIgnoringCase,
    /// `$regex`.
    RegularExpressions,
    /// Conditions on what is inside of a JSON document.
    JsonPaths,
    /// Pages by cursor.
    Cursors,
    /// Many records in one call.
    BulkCreate,
    /// `on_conflict: skip`.
    SkippedConflicts,
}

/// How a database does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// By itself.
    Native,
    /// The host reaches the same result, in this way.
    Emulated(&'static str),
    /// Not at all; this works instead.
    Unsupported(&'static str),
}

use Support::{Emulated, Native, Unsupported};

impl Feature {
    /// Every feature, in the order of the documentation.
    pub const ALL: [Self; 33] = [
        Self::PlacementOwn,
        Self::PlacementSchema,
        Self::PlacementPrefix,
        Self::TransactionalTables,
        Self::Transactions,
        Self::ReturnedRows,
        Self::CompositeKeys,
        Self::Sequences,
        Self::References,
        Self::UniqueSets,
        Self::Indexes,
        Self::PartialIndexes,
        Self::UniquePartialIndexes,
        Self::IndexesOfAnyLength,
        Self::TextByCodePoint,
        Self::Floats,
        Self::Decimals,
        Self::DatesAndTimes,
        Self::Uuids,
        Self::Bytes,
        Self::Enums,
        Self::Json,
        Self::Lists,
        Self::Vectors,
        Self::NullsFirst,
        Self::Comparisons,
        Self::Patterns,
        Self::PatternsIgnoringCase,
        Self::RegularExpressions,
        Self::JsonPaths,
        Self::Cursors,
        Self::BulkCreate,
        Self::SkippedConflicts,
    ];

    /// What it is, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::PlacementOwn => "placement `own`",
            Self::PlacementSchema => "placement `schema`",
            Self::PlacementPrefix => "placement `prefix`",
            Self::TransactionalTables => "tables made and dropped in a transaction",
            Self::Transactions => "transactions",
            Self::ReturnedRows => "writes that answer with the record",
            Self::CompositeKeys => "keys of several fields",
            Self::Sequences => "keys that the database numbers",
            Self::References => "references with delete rules",
            Self::UniqueSets => "unique sets",
            Self::Indexes => "indexes of one or several fields, in both directions",
            Self::PartialIndexes => "indexes with conditions",
            Self::UniquePartialIndexes => "unique indexes with conditions",
            Self::IndexesOfAnyLength => "keys and indexes on text or bytes without a maximal length",
            Self::TextByCodePoint => "text by code point, trailing spaces included",
            Self::Floats => "floats, -0.0 among them",
            Self::Decimals => "decimals of up to 38 digits",
            Self::DatesAndTimes => "dates, times, timestamps with microseconds",
            Self::Uuids => "uuids",
            Self::Bytes => "bytes",
            Self::Enums => "enums",
            Self::Json => "JSON documents",
            Self::Lists => "lists of scalars",
            Self::Vectors => "vectors of up to 2,000 floats; PostgreSQL needs the extension `vector`",
            Self::NullsFirst => "nulls first in both directions",
            Self::Comparisons => "`$eq $ne $gt $gte $lt $lte $in $nin $between $mod $null $and $or $not $nor`",
            Self::Patterns => "`$like $contains $startsWith $endsWith`",
            Self::PatternsIgnoringCase => "`$ilike`",
            Self::RegularExpressions => "`$regex`",
            Self::JsonPaths => "conditions inside of JSON documents, `$exists`",
            Self::Cursors => "pages by cursor",
            Self::BulkCreate => "bulk_create",
            Self::SkippedConflicts => "bulk_create with `on_conflict: skip`",
        }
    }

    /// How a database does it.
    pub fn on(self, dialect: Dialect) -> Support {
        match dialect {
            Dialect::Sqlite => self.on_sqlite(),
            Dialect::Postgres => self.on_postgres(),
            Dialect::Mysql => self.on_mysql(),
        }
    }

    fn on_sqlite(self) -> Support {
        match self {
            Self::PlacementSchema => Unsupported("one file for each namespace: `sqlite:data/{namespace}.db`"),
            Self::Floats => Emulated("a column of type ANY, because a REAL one has no -0.0"),
            Self::Decimals => Emulated("whole numbers of the last digit; above 18 digits ordered bytes"),
            Self::DatesAndTimes => Emulated("whole numbers: days and microseconds"),
            Self::Uuids => Emulated("16 bytes"),
            Self::Lists => Emulated("a JSON array"),
            Self::Vectors => Emulated("4 bytes for each float"),
            Self::Patterns => Emulated("GLOB, which tells upper from lower case"),
            Self::PatternsIgnoringCase => Emulated("GLOB with both cases of each letter"),
            Self::RegularExpressions => Emulated("a function of the host"),
            _ => Native,
        }
    }

    fn on_postgres(self) -> Support {
        match self {
            Self::Lists => Emulated("a JSON array"),
            Self::IndexesOfAnyLength => Emulated("up to about 2,700 bytes of a value, compressed"),
            Self::PatternsIgnoringCase => Emulated("a regular expression with both cases of each letter"),
            _ => Native,
        }
    }

    fn on_mysql(self) -> Support {
        match self {
            Self::TransactionalTables => Emulated("statements one by one, taken back when one fails"),
            Self::ReturnedRows => Emulated("a SELECT in the same transaction"),
            Self::PartialIndexes => Emulated("an index that holds every record"),
            Self::UniquePartialIndexes => Unsupported("a unique set, or a check in validate"),
            Self::IndexesOfAnyLength => Unsupported("a length-max of at most 768 characters or 3,072 bytes"),
            Self::Floats => Emulated("a double without the sign of zero: -0.0 is kept as 0.0"),
            Self::Uuids => Emulated("16 bytes"),
            Self::Lists => Emulated("a JSON array"),
            Self::Vectors => Emulated("a JSON array"),
            Self::NullsFirst => Emulated("one more expression in ORDER BY"),
            Self::PatternsIgnoringCase => Emulated("a regular expression with both cases of each letter"),
            Self::SkippedConflicts => {
                Emulated("INSERT IGNORE; of models with references, halves of a batch until the record is found")
            }
            _ => Native,
        }
    }

    /// The table as a page of Markdown.
    pub fn markdown() -> String {
        let cell = |support: Support| match support {
            Native => "native".to_owned(),
            Emulated(how) => format!("emulated: {how}"),
            Unsupported(instead) => format!("**unsupported**; instead: {instead}"),
        };
        let mut text = "| feature | SQLite | PostgreSQL | MySQL, MariaDB |\n|---|---|---|---|\n".to_owned();
        for feature in Self::ALL {
            let [sqlite, postgres, mysql] =
                [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql].map(|dialect| cell(feature.on(dialect)));
            text.push_str(&format!("| {} | {sqlite} | {postgres} | {mysql} |\n", feature.title()));
        }
        text
    }
}

impl Support {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Native => "native",
            Emulated(_) => "emulated",
            Unsupported(_) => "unsupported",
        }
    }

    /// How it is emulated, or what works instead.
    pub fn note(self) -> Option<&'static str> {
        match self {
            Native => None,
            Emulated(how) => Some(how),
            Unsupported(instead) => Some(instead),
        }
    }
}
