//! SQL text as a type, and the builder that is its only maker.
//!
//! [`SqlText`] can be made from a `&'static str` or by [`Builder`], which accepts fixed text, checked names and binds. So no
//! caller's text can become SQL, and placeholders are counted in one place.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use model::{FieldType, Ident, NamespaceName, Row, Value};

use crate::Dialect;

/// SQL without any value in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SqlText(Arc<str>);

impl SqlText {
    /// Text that stands in our own source.
    pub fn fixed(text: &'static str) -> Self {
        Self(text.into())
    }

    /// The text, for a driver or a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, shared.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

/// A value on its way to the database. The type goes along, because a null must be typed too. Values of many records stay
/// where they are.
#[derive(Clone, PartialEq)]
pub enum Bind {
    /// One value or null.
    One(FieldType, Value),
    /// The value of one of many records: the record and the field.
    Cell(FieldType, Arc<Vec<Row>>, (usize, usize)),
    /// A list as one bind; only PostgreSQL gets it.
    List(FieldType, Vec<Value>),
    /// One field of many records as one bind; only PostgreSQL gets it.
    Column(FieldType, Arc<Vec<Row>>, usize),
}

/// What a statement is bound to, run after run.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeats {
    /// The records.
    pub rows: Arc<Vec<Row>>,
    /// Which of them are bound.
    pub range: Range<usize>,
    /// How many of them each run binds; the range holds a multiple of it.
    pub at_once: usize,
    /// The fields of a record that are bound, in order, each with its type.
    pub fields: Vec<(usize, FieldType)>,
}

impl Repeats {
    /// The records of each run.
    pub fn runs(&self) -> impl Iterator<Item = &[Row]> {
        self.rows[self.range.clone()].chunks(self.at_once)
    }
}

impl Bind {
    /// What the database is told that it is.
    pub fn field_type(&self) -> FieldType {
        match self {
            Self::One(of, _) | Self::Cell(of, ..) | Self::List(of, _) | Self::Column(of, ..) => *of,
        }
    }

    /// The value, where it is one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::One(_, value) => Some(value),
            Self::Cell(_, rows, (row, field)) => Some(&rows[*row][*field]),
            Self::List(..) | Self::Column(..) => None,
        }
    }

    /// The values, where it is a list of them.
    pub fn values(&self) -> Option<Box<dyn ExactSizeIterator<Item = &Value> + '_>> {
        match self {
            Self::One(..) | Self::Cell(..) => None,
            Self::List(_, values) => Some(Box::new(values.iter())),
            Self::Column(_, rows, field) => Some(Box::new(rows.iter().map(|row| &row[*field]))),
        }
    }
}

/// As it is bound, wherever it stands.
impl fmt::Debug for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.value(), self.values()) {
            (Some(value), _) => write!(f, "One({:?}, {value:?})", self.field_type()),
            (_, values) => {
                let values: Vec<&Value> = values.into_iter().flatten().collect();
                write!(f, "List({:?}, {values:?})", self.field_type())
            }
        }
    }
}

/// One statement, ready to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The text.
    pub text: SqlText,
    /// One for each placeholder, in order.
    pub binds: Vec<Bind>,
    /// Where there are any, the statement runs once for each of these instead of `binds`; only SQLite gets them.
    pub repeats: Option<Repeats>,
    /// Types of the columns that come back; empty when only a count does.
    pub columns: Arc<[FieldType]>,
}

/// Where a namespace's tables are on its data source. Names are always written out with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// Plain names: the database or file belongs to the namespace.
    Own,
    /// A PostgreSQL schema or MySQL database named as the namespace.
    Schema(NamespaceName),
    /// Table names begin with `<namespace>__`.
    Prefix(NamespaceName),
}

impl Place {
    /// The parts of a table's qualified name.
    pub fn table(&self, table: &str) -> (Option<&str>, String) {
        match self {
            Self::Own => (None, table.to_owned()),
            Self::Schema(namespace) => (Some(namespace.as_str()), table.to_owned()),
            Self::Prefix(namespace) => (None, format!("{namespace}__{table}")),
        }
    }
}

/// Writes one statement.
pub(crate) struct Builder {
    dialect: Dialect,
    text: String,
    binds: Vec<Bind>,
}

impl Builder {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { dialect, text: String::with_capacity(128), binds: Vec::new() }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(crate) fn ident(&mut self, ident: &Ident) -> &mut Self {
        self.quoted(ident.as_str())
    }

    pub(crate) fn namespace(&mut self, namespace: &NamespaceName) -> &mut Self {
        self.quoted(namespace.as_str())
    }

    pub(crate) fn table(&mut self, place: &Place, table: &Ident) -> &mut Self {
        let (qualifier, name) = place.table(table.as_str());
        if let Some(qualifier) = qualifier {
            self.quoted(qualifier).push(".");
        }
        self.quoted(&name)
    }

    /// The name that a table has in its place, without the place where that is more than a prefix.
    pub(crate) fn unqualified_table(&mut self, place: &Place, table: &Ident) -> &mut Self {
        let (_, name) = place.table(table.as_str());
        self.quoted(&name)
    }

    /// A name made of checked names and hex digits: `<namespace>__ix_<12 hex>`.
    pub(crate) fn derived_name(&mut self, name: &DerivedName) -> &mut Self {
        self.quoted(name.as_str())
    }

    /// A label of an enum or a constant default, which the text of a table can't bind: printable characters without a
    /// backslash, quoted.
    pub(crate) fn quoted_text(&mut self, text: &str) -> &mut Self {
        debug_assert!(!text.chars().any(|c| c.is_control() || c == '\\'), "judged with the manifest");
        self.text.push('\'');
        self.text.push_str(&text.replace('\'', "''"));
        self.text.push('\'');
        self
    }

    /// The digits of a number.
    pub(crate) fn digits(&mut self, digits: &str) -> &mut Self {
        debug_assert!(digits.bytes().all(|b| b.is_ascii_digit() || b"+-.e".contains(&b)), "a finite number");
        self.text.push_str(digits);
        self
    }

    pub(crate) fn number(&mut self, number: u32) -> &mut Self {
        self.text.push_str(&number.to_string());
        self
    }

    pub(crate) fn bind(&mut self, bind: Bind) -> &mut Self {
        self.binds.push(bind);
        self.dialect.placeholder(self.binds.len(), &mut self.text);
        self
    }

    /// `separator` between the items, each written by `write`.
    pub(crate) fn list<T>(
        &mut self,
        separator: &'static str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.push(separator);
            }
            write(self, item);
        }
        self
    }

    pub(crate) fn finish(self, columns: &Arc<[FieldType]>) -> Statement {
        Statement { text: SqlText(self.text.into()), binds: self.binds, repeats: None, columns: Arc::clone(columns) }
    }

    pub(crate) fn finish_without_rows(self) -> Statement {
        self.finish(&Arc::from([]))
    }

    fn quoted(&mut self, name: &str) -> &mut Self {
        let quote = self.dialect.quote();
        debug_assert!(!name.contains(quote), "checked names hold no quotes");
        self.text.push(quote);
        self.text.push_str(name);
        self.text.push(quote);
        self
    }
}

/// The name of an index or constraint: `<namespace>__<kind>_<12 hex>`, the digits hashed from what it is on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DerivedName(String);

impl DerivedName {
    pub(crate) fn new(namespace: &NamespaceName, kind: &'static str, on: &[&str]) -> Self {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(on.join("\0"));
        let hex: String = digest[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("{namespace}__{kind}_{hex}"))
    }

    /// A name as a ledger keeps it; none for a text that is none of the namespace's.
    pub fn read(text: &str, namespace: &NamespaceName) -> Option<Self> {
        let (kind, digits) = text.strip_prefix(namespace.as_str())?.strip_prefix("__")?.split_once('_')?;
        let is_hex = digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        (["ix", "fk", "pk"].contains(&kind) && is_hex).then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
