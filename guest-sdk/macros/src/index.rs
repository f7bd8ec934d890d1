//! Indexes: `index(track_id)`, `unique_index(slot, when(active = true))`.
//!
//! An index has fields, perhaps a name, perhaps conditions that say which records stand in it. `read` knows their shape,
//! `resolve` which fields there are.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Token, UnOp};

use crate::argument::{self, Argument, Given, List};
use crate::field_type::{FieldType, Scalar};
use crate::model::{self, ModelSpec};
use crate::problems::Problems;
use crate::spelling;

const ARGUMENTS: &[&str] = &["name", "fields", "when"];
const EXAMPLE: &str = "a condition is `field = null`, `field != null`, `field = true` or `field = false`";

/// An index as it was written.
pub(crate) struct Written {
    is_unique: bool,
    name: Option<String>,
    fields: Vec<IndexField>,
    conditions: Vec<Condition>,
}

/// An index whose fields are known.
pub(crate) struct IndexSpec {
    name: Option<String>,
    /// Positions, each with whether the largest comes first.
    fields: Vec<(u32, bool)>,
    conditions: Vec<(u32, Is)>,
    is_unique: bool,
}

struct IndexField {
    field: Ident,
    /// Written with a `-`.
    is_descending: bool,
}

/// What a field must be for a record to stand in the index.
struct Condition {
    field: Ident,
    is: Is,
}

#[derive(Clone, Copy)]
enum Is {
    Null,
    NotNull,
    True,
    False,
}

/// Reads what stands in `index(...)` or `unique_index(...)`.
pub(crate) fn read(word: &Ident, list: List) -> syn::Result<Written> {
    let is_unique = word == "unique_index";
    let mut index = Written { is_unique, name: None, fields: Vec::new(), conditions: Vec::new() };
    for part in list.items()? {
        match part {
            Part::Field(field) => index.fields.push(field),
            Part::Argument(argument) => index.take(argument)?,
        }
    }
    if index.fields.is_empty() {
        return Err(syn::Error::new(word.span(), format!("write `{word}(first_field, second_field)`")));
    }
    if is_unique && index.conditions.is_empty() {
        return Err(syn::Error::new(word.span(), "without `when(...)` this is `unique(...)`: write that"));
    }
    Ok(index)
}

impl Written {
    /// The index with positions; what is wrong with its fields is added to `problems`.
    pub(crate) fn resolve(self, model: &ModelSpec, problems: &mut Problems) -> IndexSpec {
        let Self { is_unique, name, fields, conditions } = self;
        let mut index = IndexSpec { name, fields: Vec::new(), conditions: Vec::new(), is_unique };
        for IndexField { field, is_descending } in fields {
            let Some(position) = model.position(&field).map_err(|error| problems.push(error)).ok() else {
                continue;
            };
            if !model::is_comparable(model.field_at(position)) {
                problems.add(&field, "databases do not order lists, vectors and JSON: such a field has no index");
            }
            if index.fields.iter().any(|(earlier, _)| *earlier == position) {
                problems.add(&field, format!("`{field}` is listed twice"));
            }
            index.fields.push((position, is_descending));
        }
        for Condition { field, is } in conditions {
            let Some(position) = model.position(&field).map_err(|error| problems.push(error)).ok() else {
                continue;
            };
            let spec = model.field_at(position);
            let is_boolean = spec.field_type() == Some(FieldType::Scalar(Scalar::Boolean));
            match is {
                _ if index.conditions.iter().any(|(earlier, _)| *earlier == position) => {
                    problems.add(&field, format!("`{field}` has a condition already"));
                }
                Is::Null | Is::NotNull if !spec.is_nullable() => {
                    problems.add(&field, format!("`{field}` is never null: the field is not an `Option`"));
                }
                Is::True | Is::False if !is_boolean => {
                    problems.add(&field, format!("`{field}` is not a `bool`: ask for `null` or for nothing"));
                }
                _ => index.conditions.push((position, is)),
            }
        }
        index
    }

    fn take(&mut self, Argument { name, value }: Argument) -> syn::Result<()> {
        match (name.to_string().as_str(), value) {
            ("name", Given::Value(expr)) => self.name = Some(argument::name(&expr)?),
            ("fields", Given::Value(Expr::Array(array))) => {
                let fields = array.elems.iter().map(field).collect::<syn::Result<Vec<_>>>()?;
                self.fields.extend(fields);
            }
            ("when", Given::List(list)) => self.conditions.extend(list.items::<Condition>()?),
            ("name", _) => return Err(syn::Error::new(name.span(), r#"write `name = "..."`"#)),
            ("fields", _) => return Err(syn::Error::new(name.span(), "write `fields = [first_field, second_field]`")),
            ("when", _) => return Err(syn::Error::new(name.span(), "write `when(field = null)`")),
            (other, _) => {
                let hint = spelling::did_you_mean(other, ARGUMENTS);
                return Err(syn::Error::new(name.span(), format!("`{other}` is not an argument of an index{hint}")));
            }
        }
        Ok(())
    }
}

impl IndexSpec {
    /// The index as a constant of the SDK.
    pub(crate) fn definition(&self) -> TokenStream {
        let Self { name, fields, conditions, is_unique } = self;
        let name = argument::optional(name.as_ref());
        let fields = fields.iter().map(|(position, is_descending)| {
            let direction = if *is_descending { quote!(Descending) } else { quote!(Ascending) };
            quote!((#position, ::modelhost_guest::definition::Direction::#direction))
        });
        let conditions = conditions.iter().map(|(position, is)| {
            let case = match is {
                Is::Null => quote!(IsNull),
                Is::NotNull => quote!(IsNotNull),
                Is::True => quote!(IsTrue),
                Is::False => quote!(IsFalse),
            };
            quote!((#position, ::modelhost_guest::wire::IndexCondition::#case))
        });
        quote! {
            ::modelhost_guest::definition::Index {
                name: #name,
                fields: &[#(#fields),*],
                conditions: &[#(#conditions),*],
                unique: #is_unique,
            }
        }
    }
}

/// What may stand between two commas.
enum Part {
    Field(IndexField),
    Argument(Argument),
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek2(Token![=]) || input.peek2(syn::token::Paren) {
            return input.parse().map(Self::Argument);
        }
        field(&input.parse()?).map(Self::Field)
    }
}

impl Parse for Condition {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let field = input.call(Ident::parse_any)?;
        let is_negated = input.peek(Token![!=]);
        if is_negated {
            input.parse::<Token![!=]>()?;
        } else {
            input.parse::<Token![=]>().map_err(|error| syn::Error::new(error.span(), EXAMPLE))?;
        }
        let word = input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), EXAMPLE))?;
        let is = match (word.to_string().as_str(), is_negated) {
            ("null", false) => Is::Null,
            ("null", true) => Is::NotNull,
            ("true", false) => Is::True,
            ("false", false) => Is::False,
            _ => return Err(syn::Error::new(word.span(), EXAMPLE)),
        };
        Ok(Self { field, is })
    }
}

fn field(expr: &Expr) -> syn::Result<IndexField> {
    let (is_descending, inner) = match expr {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (true, unary.expr.as_ref()),
        _ => (false, expr),
    };
    let text = "list fields of this struct, with a `-` before one whose largest value comes first";
    let field = argument::word(inner).ok_or_else(|| syn::Error::new_spanned(expr, text))?;
    Ok(IndexField { field: field.clone(), is_descending })
}
