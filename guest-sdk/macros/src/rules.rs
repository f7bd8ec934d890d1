//! The rules of a field that the host checks: lengths, ranges, patterns, lists of texts.
//!
//! Whether a pattern compiles is the host's to say. Invariant: rules that no value can meet are an error.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Expr;

use crate::argument::{self, List};
use crate::digits;
use crate::field_type::{FieldType, Scalar};
use crate::literal::{self, Bound};
use crate::problems::Problems;

/// What is declared of a field.
#[derive(Default)]
pub(crate) struct Rules {
    /// Cases of the SDK's `Constraint`.
    pub(crate) constraints: Vec<TokenStream>,
    /// The texts of `one_of`; empty when there is none.
    pub(crate) one_of: Vec<String>,
    /// The last bound of each side, and where it was written.
    least: Option<(Bound, Ident)>,
    most: Option<(Bound, Ident)>,
    /// Every decimal that was written, with its place.
    decimals: Vec<((i128, u8), Expr)>,
}

impl Rules {
    pub(crate) fn take_length(&mut self, field_type: FieldType, name: &Ident, expr: &Expr) -> syn::Result<()> {
        if !field_type.has_length() {
            return Err(not_for(name, "`String`, `Bytes` and `Vec`", field_type));
        }
        let length = argument::int(expr).and_then(|length| u32::try_from(length).ok());
        let length = length.ok_or_else(|| syn::Error::new_spanned(expr, "a length is a whole number from 0"))?;
        self.constraints.push(match name == "length_min" {
            true => quote!(LengthMin(#length)),
            false => quote!(LengthMax(#length)),
        });
        self.remember(name, Bound::Int(i64::from(length)));
        Ok(())
    }

    pub(crate) fn take_bound(&mut self, field_type: FieldType, name: &Ident, expr: &Expr) -> syn::Result<()> {
        use Scalar::{Date, Decimal, Float, Int, Time, Timestamp};
        let FieldType::Scalar(scalar @ (Int | Float | Decimal | Timestamp | Date | Time)) = field_type else {
            return Err(not_for(name, "`i64`, `f64`, `Decimal`, `Timestamp`, `Date` and `Time`", field_type));
        };
        let bound = literal::bound(scalar, &name.to_string(), expr);
        let bound = bound.map_err(|reason| syn::Error::new_spanned(expr, reason))?;
        self.constraints.push(match (bound, name == "min") {
            (Bound::Int(int), true) => quote!(IntMin(#int)),
            (Bound::Int(int), false) => quote!(IntMax(#int)),
            (Bound::Float(float), true) => quote!(FloatMin(#float)),
            (Bound::Float(float), false) => quote!(FloatMax(#float)),
            (Bound::Decimal(_), true) => quote!(DecimalMin(#expr)),
            (Bound::Decimal(_), false) => quote!(DecimalMax(#expr)),
        });
        if let Bound::Decimal(decimal) = bound {
            self.decimals.push((decimal, expr.clone()));
        }
        self.remember(name, bound);
        Ok(())
    }

    pub(crate) fn take_pattern(&mut self, field_type: FieldType, name: &Ident, expr: &Expr) -> syn::Result<()> {
        only_for_texts(field_type, name)?;
        let pattern = argument::text(expr)
            .ok_or_else(|| syn::Error::new_spanned(expr, r#"a pattern is a text: `pattern = "^[a-z]+$"`"#))?;
        self.constraints.push(quote!(Pattern(#pattern)));
        Ok(())
    }

    pub(crate) fn take_one_of(&mut self, field_type: FieldType, name: &Ident, list: List) -> syn::Result<()> {
        only_for_texts(field_type, name)?;
        for expr in list.items::<Expr>()? {
            let text = argument::text(&expr)
                .ok_or_else(|| syn::Error::new_spanned(&expr, r#"`one_of` lists texts: `one_of("a", "b")`"#))?;
            self.one_of.push(text);
        }
        if self.one_of.is_empty() {
            return Err(syn::Error::new(name.span(), "`one_of` lists at least one text"));
        }
        let texts = &self.one_of;
        self.constraints.push(quote!(OneOf(&[#(#texts),*])));
        Ok(())
    }

    /// What concerns several rules.
    pub(crate) fn judge(&self, problems: &mut Problems) {
        if let (Some((min, _)), Some((max, place))) = (&self.least, &self.most)
            && min.is_above(*max)
        {
            problems.add(place, "no value can be: the smallest allowed is above the largest");
        }
    }

    /// Whether each bound has the digits that the field has.
    pub(crate) fn judge_digits(&self, [precision, scale]: [u8; 2], problems: &mut Problems) {
        for (decimal, place) in &self.decimals {
            if !digits::fits(*decimal, precision, scale) {
                problems.add(place, beyond(precision, scale));
            }
        }
    }

    fn remember(&mut self, name: &Ident, bound: Bound) {
        let side = if name.to_string().ends_with("max") { &mut self.most } else { &mut self.least };
        *side = Some((bound, name.clone()));
    }
}

/// What is wrong with a decimal that its field can't hold.
pub(crate) fn beyond(precision: u8, scale: u8) -> String {
    let whole = precision - scale;
    format!("the field cannot hold this: it has {whole} digits before the point and {scale} behind it")
}

fn only_for_texts(field_type: FieldType, name: &Ident) -> syn::Result<()> {
    match field_type {
        FieldType::Scalar(Scalar::Text) => Ok(()),
        _ => Err(not_for(name, "`String`", field_type)),
    }
}

pub(crate) fn not_for(name: &Ident, expected: &str, field_type: FieldType) -> syn::Error {
    let text = format!("`{name}` is for {expected} fields, not `{}`", field_type.shown());
    syn::Error::new(name.span(), text)
}
