//! Values that an author writes down: defaults and bounds.
//!
//! Texts of dates, times and decimals are read here, while the plugin is compiled. Whether a decimal has the digits of its
//! field is `field`'s business. Invariant: a value that is not one of the type is an error that shows one which is.

use std::cmp::Ordering;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use crate::argument;
use crate::field_type::{FieldType, Scalar, TypeSpec};
use crate::{calendar, digits};

/// An end of a range.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    Int(i64),
    Float(f64),
    Decimal((i128, u8)),
}

impl Bound {
    /// Whether no value can be at least this and at most the other.
    pub(crate) fn is_above(self, other: Self) -> bool {
        match (self, other) {
            (Self::Int(min), Self::Int(max)) => min > max,
            (Self::Float(min), Self::Float(max)) => min > max,
            (Self::Decimal(min), Self::Decimal(max)) => digits::compare(min, max) == Ordering::Greater,
            _ => false,
        }
    }
}

/// A bound for a type that has an order; the error shows one.
pub(crate) fn bound(scalar: Scalar, name: &str, expr: &Expr) -> Result<Bound, String> {
    let text = argument::text(expr);
    let text = text.as_deref();
    let found = match scalar {
        Scalar::Float => argument::float(expr).map(Bound::Float),
        Scalar::Decimal => text.and_then(digits::parse).map(Bound::Decimal),
        Scalar::Timestamp => text.and_then(calendar::parse_timestamp).map(Bound::Int),
        Scalar::Date => text.and_then(calendar::parse_date).map(Bound::Int),
        Scalar::Time => text.and_then(calendar::parse_time).map(Bound::Int),
        _ => argument::int(expr).map(Bound::Int),
    };
    let shown = scalar.rust_name();
    found.ok_or_else(|| format!("this is no bound for `{shown}`: write for example `{name} = {}`", example(scalar)))
}

/// A default of the field's type, as a case of the SDK's `Default`; the error shows one.
pub(crate) fn default(spec: &TypeSpec, expr: &Expr) -> Result<TokenStream, String> {
    let word = argument::word(expr).map(ToString::to_string).unwrap_or_default();
    match (spec.field_type, word.as_str()) {
        (FieldType::Scalar(Scalar::Timestamp), "now") => return Ok(quote!(Now)),
        (FieldType::Scalar(Scalar::Uuid), "new_uuid") => return Ok(quote!(NewUuid)),
        (FieldType::Scalar(Scalar::Int), "sequence") => return Ok(quote!(Sequence)),
        (_, "sequence") => {
            return Err("`sequence` counts: it is for a key that is one `i64`".to_owned());
        }
        _ => {}
    }
    let constant = match spec.field_type {
        FieldType::Scalar(scalar) => literal(spec, scalar, expr).map(|literal| quote!(Scalar(#literal))),
        FieldType::Json => argument::text(expr).map(|text| quote!(Json(#text))),
        FieldType::List(item) => list(spec, item, expr).map(|items| quote!(List(&[#(#items),*]))),
        FieldType::Vector => vector(spec, expr),
    };
    let constant = constant.ok_or_else(|| {
        let example = match spec.field_type {
            FieldType::Json => r#""{}""#,
            FieldType::List(_) => "[]",
            FieldType::Vector => "[0.5, -1.0]",
            FieldType::Scalar(Scalar::Timestamp) => "now",
            FieldType::Scalar(scalar) => example(scalar),
        };
        let shown = spec.field_type.shown();
        format!("this is no default for `{shown}`: write for example `default = {example}`")
    })?;
    Ok(quote!(Constant(::modelhost_guest::definition::Constant::#constant)))
}

fn list(spec: &TypeSpec, item: Scalar, expr: &Expr) -> Option<Vec<TokenStream>> {
    match expr {
        Expr::Array(array) => array.elems.iter().map(|element| literal(spec, item, element)).collect(),
        _ => None,
    }
}

/// The compiler judges how many numbers there are, for it alone knows the type's dimensions.
fn vector(spec: &TypeSpec, expr: &Expr) -> Option<TokenStream> {
    let Expr::Array(array) = expr else { return None };
    let numbers: Option<Vec<f32>> = array.elems.iter().map(argument::float32).collect();
    let (numbers, ty) = (numbers?, &spec.written);
    let array = quote_spanned!(expr.span()=> [#(#numbers),*]);
    Some(quote! {
        Vector({
            const NUMBERS: &[f32; <#ty>::DIMENSIONS as usize] = &#array;
            NUMBERS
        })
    })
}

/// A scalar as a constant of the SDK.
fn literal(spec: &TypeSpec, scalar: Scalar, expr: &Expr) -> Option<TokenStream> {
    let text = argument::text(expr);
    let case = match scalar {
        Scalar::Text => text.map(|text| quote!(Text(#text))),
        Scalar::Int => argument::int(expr).map(|int| quote!(Int(#int))),
        Scalar::Float => argument::float(expr).map(|float| quote!(Float(#float))),
        Scalar::Boolean => argument::boolean(expr).map(|boolean| quote!(Boolean(#boolean))),
        Scalar::Decimal => text.filter(|text| digits::parse(text).is_some()).map(|text| quote!(Decimal(#text))),
        Scalar::Timestamp => calendar::parse_timestamp(&text?).map(|micros| quote!(Timestamp(#micros))),
        Scalar::Date => {
            let days = i32::try_from(calendar::parse_date(&text?)?).ok();
            days.map(|days| quote!(Date(#days)))
        }
        Scalar::Time => calendar::parse_time(&text?).map(|micros| quote!(Time(#micros))),
        Scalar::Uuid => None,
        Scalar::Bytes => argument::bytes(expr).map(|_| quote!(Bytes(#expr))),
        Scalar::Choice => choice(spec, expr),
    }?;
    Some(quote!(::modelhost_guest::definition::Literal::#case))
}

/// A variant, or its text. The compiler judges both, for it alone knows the enum.
fn choice(spec: &TypeSpec, expr: &Expr) -> Option<TokenStream> {
    let ty = &spec.written;
    let texts = quote!(<#ty as ::modelhost_guest::Choices>::TEXTS);
    match (expr, argument::text(expr)) {
        (_, Some(text)) => Some(quote_spanned! {expr.span()=>
            Enumeration(::modelhost_guest::definition::judged::chosen(#texts, #text))
        }),
        (Expr::Path(_), None) => Some(quote! {
            Enumeration({
                const CHOICE: #ty = #expr;
                #texts[CHOICE as usize]
            })
        }),
        _ => None,
    }
}

fn example(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => r#""new""#,
        Scalar::Int => "0",
        Scalar::Float => "0.5",
        Scalar::Boolean => "false",
        Scalar::Decimal => r#""0.50""#,
        Scalar::Timestamp => r#""2026-01-01T00:00:00Z""#,
        Scalar::Date => r#""2026-01-01""#,
        Scalar::Time => r#""09:30:00""#,
        Scalar::Uuid => "new_uuid",
        Scalar::Bytes => r#"b"abc""#,
        Scalar::Choice => "Genre::Rock",
    }
}
