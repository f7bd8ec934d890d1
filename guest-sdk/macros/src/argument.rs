//! The arguments of an attribute: `key`, `default = 3`, `one_of("a", "b")`.
//!
//! Reads their shape and nothing of their meaning, so that one wrong argument does not hide the next. What stands in a
//! list is read by whoever knows what it lists. Literals are read here too, with their sign.

use std::fmt::Display;
use std::str::FromStr;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, ExprUnary, Ident, Lit, Token, UnOp};

use crate::spelling;

/// One argument of an attribute.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) value: Given,
}

/// What stands behind the name of an argument.
pub(crate) enum Given {
    Nothing,
    Value(Expr),
    List(List),
}

/// What stands in parentheses, not read yet.
pub(crate) struct List(Group);

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Given::Value(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            Given::List(List(input.parse()?))
        } else {
            Given::Nothing
        };
        Ok(Self { name, value })
    }
}

/// The arguments of one attribute.
pub(crate) fn parse_list(input: ParseStream<'_>) -> syn::Result<Vec<Argument>> {
    let list = Punctuated::<Argument, Token![,]>::parse_terminated(input)?;
    Ok(list.into_iter().collect())
}

impl List {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.stream().is_empty()
    }

    /// Reads the whole list. With its parentheses, so that an error at its end has a place.
    pub(crate) fn read<T>(self, read: impl FnOnce(ParseStream<'_>) -> syn::Result<T>) -> syn::Result<T> {
        let parser = |input: ParseStream<'_>| {
            let inner;
            syn::parenthesized!(inner in input);
            read(&inner)
        };
        parser.parse2(TokenTree::Group(self.0).into())
    }

    /// Reads things of one kind.
    pub(crate) fn items<T: Parse>(self) -> syn::Result<Vec<T>> {
        self.read(|input| Ok(Punctuated::<T, Token![,]>::parse_terminated(input)?.into_iter().collect()))
    }
}

/// The text of a string literal.
pub(crate) fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// A name of the contract's shape, in quotes.
pub(crate) fn name(expr: &Expr) -> syn::Result<String> {
    let name = text(expr).ok_or_else(|| syn::Error::new_spanned(expr, "a name is a text in quotes"))?;
    match spelling::flaw(&name) {
        Some(flaw) => Err(syn::Error::new_spanned(expr, flaw)),
        None => Ok(name),
    }
}

/// The value of a whole number, with its sign.
pub(crate) fn int(expr: &Expr) -> Option<i64> {
    let (negative, lit) = signed(expr)?;
    let Lit::Int(digits) = lit else { return None };
    let size: i128 = digits.base10_parse().ok()?;
    i64::try_from(if negative { -size } else { size }).ok()
}

/// The value of a number, with its sign. A whole number will do.
pub(crate) fn float(expr: &Expr) -> Option<f64> {
    let size: f64 = size(expr)?;
    size.is_finite().then_some(if signed(expr)?.0 { -size } else { size })
}

/// As [`float`], of 32 bits: by way of 64 it would be rounded twice.
pub(crate) fn float32(expr: &Expr) -> Option<f32> {
    let size: f32 = size(expr)?;
    size.is_finite().then_some(if signed(expr)?.0 { -size } else { size })
}

/// What a number is without its sign.
fn size<F: FromStr<Err: Display>>(expr: &Expr) -> Option<F> {
    match signed(expr)?.1 {
        Lit::Int(digits) => digits.base10_parse().ok(),
        Lit::Float(digits) => digits.base10_parse().ok(),
        _ => None,
    }
}

/// The value of `true` or `false`.
pub(crate) fn boolean(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(value.value),
        _ => None,
    }
}

/// The bytes of a literal such as `b"abc"`.
pub(crate) fn bytes(expr: &Expr) -> Option<Vec<u8>> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::ByteStr(bytes), .. }) => Some(bytes.value()),
        _ => None,
    }
}

/// The single word of an expression such as `now`.
pub(crate) fn word(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// A text that may be missing, as code.
pub(crate) fn optional(text: Option<&String>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}

fn signed(expr: &Expr) -> Option<(bool, &Lit)> {
    match expr {
        Expr::Lit(literal) => Some((false, &literal.lit)),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match expr.as_ref() {
            Expr::Lit(literal) => Some((true, &literal.lit)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expr(text: &str) -> Expr {
        syn::parse_str(text).expect("the test's own text")
    }

    #[test]
    fn reads_numbers_with_their_sign() {
        assert_eq!(int(&expr("-9223372036854775808")), Some(i64::MIN));
        assert_eq!(int(&expr("9223372036854775808")), None);
        assert_eq!(int(&expr("1_000")), Some(1000));
        assert_eq!(int(&expr("1.0")), None);
        assert_eq!(float(&expr("-3")), Some(-3.0));
        assert_eq!(float(&expr("1e999")), None);
    }
}
