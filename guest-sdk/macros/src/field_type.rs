//! Which Rust types a field may have, and what the contract calls them.
//!
//! Looks at the last word of a type only: a macro sees text, not types. A word that is not in the list is taken for an enum
//! with `#[derive(Choices)]`, and the compiler says so when it is none. Invariant: a type that can't be one is an error
//! that says which one to use instead.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldType {
    Scalar(Scalar),
    Json,
    List(Scalar),
    Vector,
}

/// What a field or an item of a list holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text,
    Int,
    Float,
    Boolean,
    Decimal,
    Timestamp,
    Date,
    Time,
    Uuid,
    Bytes,
    /// An enum with `#[derive(Choices)]`.
    Choice,
}

/// A field's type, read.
#[derive(Clone)]
pub(crate) struct TypeSpec {
    pub(crate) field_type: FieldType,
    pub(crate) nullable: bool,
    /// The type as it was written, without `Option` and `Vec`.
    pub(crate) written: Type,
}

/// The type of a field; the error says what to use instead.
pub(crate) fn read(ty: &Type) -> Result<TypeSpec, String> {
    let (nullable, inner) = match last_segment(ty) {
        Some(segment) if segment.ident == "Option" => (true, only_argument(segment).ok_or("`Option` of what?")?),
        _ => (false, ty),
    };
    let (field_type, written) = match last_segment(inner) {
        Some(segment) if segment.ident == "Vec" => {
            let item = only_argument(segment).ok_or("`Vec` of what?")?;
            (FieldType::List(item_type(item)?), item)
        }
        Some(segment) if segment.ident == "Json" => (FieldType::Json, inner),
        Some(segment) if segment.ident == "Vector" => (FieldType::Vector, inner),
        _ => (FieldType::Scalar(scalar(inner)?), inner),
    };
    Ok(TypeSpec { field_type, nullable, written: written.clone() })
}

impl FieldType {
    /// The type as an author writes it, for messages.
    pub(crate) fn shown(self) -> String {
        match self {
            Self::Scalar(scalar) => scalar.rust_name().to_owned(),
            Self::Json => "Json".to_owned(),
            Self::List(item) => format!("Vec<{}>", item.rust_name()),
            Self::Vector => "Vector".to_owned(),
        }
    }

    /// Whether a field of this type can be a part of the key, or refer to one.
    pub(crate) fn can_be_key(self) -> bool {
        matches!(self, Self::Scalar(Scalar::Text | Scalar::Int | Scalar::Uuid))
    }

    /// Whether every database can tell two values of the type apart and order them.
    pub(crate) fn is_comparable(self) -> bool {
        matches!(self, Self::Scalar(_))
    }

    /// Whether values have a length.
    pub(crate) fn has_length(self) -> bool {
        matches!(self, Self::Scalar(Scalar::Text | Scalar::Bytes) | Self::List(_))
    }

    /// Whether the digits of a decimal must be given.
    pub(crate) fn has_digits(self) -> bool {
        matches!(self, Self::Scalar(Scalar::Decimal) | Self::List(Scalar::Decimal))
    }
}

impl TypeSpec {
    /// The type as a constant of the SDK, with the digits that a decimal has.
    pub(crate) fn definition(&self, digits: [u8; 2]) -> TokenStream {
        let case = match self.field_type {
            FieldType::Scalar(scalar) => {
                let scalar = self.scalar(scalar, digits);
                quote!(Scalar(#scalar))
            }
            FieldType::Json => quote!(Json),
            FieldType::List(item) => {
                let item = self.scalar(item, digits);
                quote!(List(#item))
            }
            FieldType::Vector => {
                let ty = &self.written;
                quote_spanned!(ty.span()=> Vector(<#ty>::DIMENSIONS))
            }
        };
        quote!(::modelhost_guest::definition::FieldType::#case)
    }

    fn scalar(&self, scalar: Scalar, [precision, scale]: [u8; 2]) -> TokenStream {
        let ty = &self.written;
        let case = match scalar {
            Scalar::Text => quote!(Text),
            Scalar::Int => quote!(Int),
            Scalar::Float => quote!(Float),
            Scalar::Boolean => quote!(Boolean),
            Scalar::Decimal => quote!(Decimal { precision: #precision, scale: #scale }),
            Scalar::Timestamp => quote!(Timestamp),
            Scalar::Date => quote!(Date),
            Scalar::Time => quote!(Time),
            Scalar::Uuid => quote!(Uuid),
            Scalar::Bytes => quote!(Bytes),
            Scalar::Choice => quote_spanned!(ty.span()=> Enumeration(<#ty as ::modelhost_guest::Choices>::TEXTS)),
        };
        quote!(::modelhost_guest::definition::ScalarType::#case)
    }
}

impl Scalar {
    /// The type as an author writes it.
    pub(crate) fn rust_name(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Int => "i64",
            Self::Float => "f64",
            Self::Boolean => "bool",
            Self::Decimal => "Decimal",
            Self::Timestamp => "Timestamp",
            Self::Date => "Date",
            Self::Time => "Time",
            Self::Uuid => "Uuid",
            Self::Bytes => "Bytes",
            Self::Choice => "enum",
        }
    }
}

fn item_type(item: &Type) -> Result<Scalar, String> {
    match last_segment(item).map(|segment| segment.ident.to_string()).as_deref() {
        Some("u8") => Err(unfit("use `Bytes`")),
        Some("Option") => Err(unfit("no item of a list is null: use `Vec<T>` or `Option<Vec<T>>`")),
        Some("Vec") => Err(unfit("a list holds no other: use `Json`")),
        Some("Json") => Err(unfit("use one `Json` for the whole list")),
        Some("Vector") => Err(unfit("a list holds no vectors: use one `Vector`, or `Json`")),
        _ => scalar(item),
    }
}

fn scalar(ty: &Type) -> Result<Scalar, String> {
    let segment = match ty {
        Type::Reference(_) => return Err(unfit("use `String`")),
        _ => last_segment(ty).ok_or_else(|| unfit(KNOWN))?,
    };
    let use_instead = match segment.ident.to_string().as_str() {
        "String" => return Ok(Scalar::Text),
        "i64" => return Ok(Scalar::Int),
        "f64" => return Ok(Scalar::Float),
        "bool" => return Ok(Scalar::Boolean),
        "Decimal" => return Ok(Scalar::Decimal),
        "Timestamp" => return Ok(Scalar::Timestamp),
        "Date" => return Ok(Scalar::Date),
        "Time" => return Ok(Scalar::Time),
        "Uuid" => return Ok(Scalar::Uuid),
        "Bytes" => return Ok(Scalar::Bytes),
        "i8" | "i16" | "i32" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "use `i64`",
        "f32" => "use `f64`",
        "str" | "char" | "Cow" | "Box" => "use `String`",
        "BigDecimal" => "use `Decimal`",
        "DateTime" | "NaiveDateTime" | "OffsetDateTime" | "SystemTime" | "Instant" => "use `Timestamp`",
        "NaiveDate" => "use `Date`",
        "NaiveTime" => "use `Time`",
        "HashMap" | "BTreeMap" | "Value" => "use `Json`",
        "HashSet" | "BTreeSet" | "VecDeque" => "use `Vec`",
        "Option" => "an `Option` holds no other",
        _ if segment.arguments.is_empty() => return Ok(Scalar::Choice),
        _ => KNOWN,
    };
    Err(unfit(use_instead))
}

const KNOWN: &str = "fields are `String`, `i64`, `f64`, `bool`, `Decimal`, `Timestamp`, `Date`, `Time`, `Uuid`, `Bytes`, \
                     an enum with `#[derive(Choices)]`, a `Vec` of one of these, `Json`, `Vector<3>`, or an `Option` of any";

fn unfit(use_instead: &str) -> String {
    format!("a field cannot have this type: {use_instead}")
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn only_argument(segment: &PathSegment) -> Option<&Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(angle) => match angle.args.first() {
            Some(GenericArgument::Type(ty)) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
