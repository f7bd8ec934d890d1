//! Which Rust types a field may have, and what the contract calls them.
//!
//! Looks at the last word of a type only: a macro sees text, not types. Invariant: a type that is not in the list is an
//! error that says which one to use instead.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, GenericArgument, PathArguments, PathSegment, Type};

use crate::argument;

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldType {
    Text,
    Int,
    Float,
    Boolean,
    Timestamp,
    Uuid,
    Json,
}

/// The type of a field and whether it may be null.
pub(crate) fn read(ty: &Type) -> Result<(FieldType, bool), String> {
    match last_segment(ty) {
        Some(segment) if segment.ident == "Option" => {
            let inner = only_argument(segment).ok_or("`Option` of what?")?;
            Ok((named(inner)?, true))
        }
        _ => Ok((named(ty)?, false)),
    }
}

impl FieldType {
    /// The type as an author writes it.
    pub(crate) fn rust_name(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Int => "i64",
            Self::Float => "f64",
            Self::Boolean => "bool",
            Self::Timestamp => "Timestamp",
            Self::Uuid => "Uuid",
            Self::Json => "Json",
        }
    }

    /// The type's case of the contract's enum.
    pub(crate) fn case(self) -> TokenStream {
        match self {
            Self::Text => quote!(Text),
            Self::Int => quote!(Int),
            Self::Float => quote!(Float),
            Self::Boolean => quote!(Boolean),
            Self::Timestamp => quote!(Timestamp),
            Self::Uuid => quote!(Uuid),
            Self::Json => quote!(Json),
        }
    }

    /// Whether a field of this type can be the key.
    pub(crate) fn can_be_key(self) -> bool {
        matches!(self, Self::Text | Self::Int | Self::Uuid)
    }

    /// A default of this type; the error says what one looks like.
    pub(crate) fn default(self, expr: &Expr) -> Result<TokenStream, String> {
        let word = argument::word(expr).map(ToString::to_string);
        let found = match self {
            Self::Text => argument::text(expr).map(|text| quote!(Text(#text))),
            Self::Json => argument::text(expr).map(|text| quote!(Json(#text))),
            Self::Int => argument::int(expr).map(|int| quote!(Int(#int))),
            Self::Float => argument::float(expr).map(|float| quote!(Float(#float))),
            Self::Boolean => argument::boolean(expr).map(|boolean| quote!(Boolean(#boolean))),
            Self::Timestamp => (word.as_deref() == Some("now")).then(|| quote!(Now)),
            Self::Uuid => (word.as_deref() == Some("new_uuid")).then(|| quote!(NewUuid)),
        };
        found.ok_or_else(|| {
            let example = match self {
                Self::Text => r#"default = "new""#,
                Self::Json => r#"default = "{}""#,
                Self::Int => "default = 0",
                Self::Float => "default = 0.5",
                Self::Boolean => "default = false",
                Self::Timestamp => "default = now",
                Self::Uuid => "default = new_uuid",
            };
            format!("this is no default for `{}`: write for example `{example}`", self.rust_name())
        })
    }
}

fn named(ty: &Type) -> Result<FieldType, String> {
    let name = match ty {
        Type::Reference(_) => "str".to_owned(),
        _ => last_segment(ty).map(|segment| segment.ident.to_string()).unwrap_or_default(),
    };
    let use_instead = match name.as_str() {
        "String" => return Ok(FieldType::Text),
        "i64" => return Ok(FieldType::Int),
        "f64" => return Ok(FieldType::Float),
        "bool" => return Ok(FieldType::Boolean),
        "Timestamp" => return Ok(FieldType::Timestamp),
        "Uuid" => return Ok(FieldType::Uuid),
        "Json" => return Ok(FieldType::Json),
        "i8" | "i16" | "i32" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "use `i64`",
        "f32" => "use `f64`",
        "str" | "char" | "Cow" | "Box" => "use `String`",
        "DateTime" | "NaiveDateTime" | "OffsetDateTime" | "SystemTime" | "Instant" => "use `Timestamp`",
        "Vec" | "HashMap" | "BTreeMap" | "Value" => "use `Json`",
        "Option" => "an `Option` holds no other",
        _ => "fields are `String`, `i64`, `f64`, `bool`, `Timestamp`, `Uuid`, `Json`, or an `Option` of one of these",
    };
    Err(format!("a field cannot have this type: {use_instead}"))
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
