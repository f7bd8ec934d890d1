//! The arguments of an attribute: `key`, `default = 3`, `one_of("a", "b")`.
//!
//! Reads their shape and nothing of their meaning, so that one wrong argument does not hide the next. Literals are read
//! here too, with their sign.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, ExprUnary, Ident, Lit, Token, UnOp};

/// One argument of an attribute.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) value: Given,
}

/// What stands behind the name of an argument.
pub(crate) enum Given {
    Nothing,
    Value(Expr),
    List(Vec<Expr>),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Given::Value(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let inner;
            syn::parenthesized!(inner in input);
            let list = Punctuated::<Expr, Token![,]>::parse_terminated(&inner)?;
            Given::List(list.into_iter().collect())
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

/// The text of a string literal.
pub(crate) fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
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
    let (negative, lit) = signed(expr)?;
    let size: f64 = match lit {
        Lit::Int(digits) => digits.base10_parse().ok()?,
        Lit::Float(digits) => digits.base10_parse().ok()?,
        _ => return None,
    };
    size.is_finite().then_some(if negative { -size } else { size })
}

/// The value of `true` or `false`.
pub(crate) fn boolean(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(value.value),
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
