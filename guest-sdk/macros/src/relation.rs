//! References between models: `belongs_to(Album, on_delete = cascade)` and `has_many(tracks: Track)`.
//!
//! The other model is named by its Rust type, so that the compiler knows a misspelt one; whether keys and types agree takes
//! both models and is judged in the SDK (`definition::judged`). Here is what one struct shows.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, Path, Token};

use crate::argument::{self, Argument, Given, List};
use crate::spelling;

const REFERENCE_ARGUMENTS: &[&str] = &["name", "fields", "on_delete"];
const DELETE_RULES: &[&str] = &["restrict", "cascade", "set_null"];

/// A `belongs_to` as it was written.
pub(crate) struct Reference {
    /// The word `belongs_to`.
    pub(crate) word: Ident,
    pub(crate) model: Path,
    /// The relation's name, where it was given.
    pub(crate) name: Option<String>,
    /// The list of `fields`.
    pub(crate) fields: Option<Expr>,
    /// The word behind `on_delete`.
    pub(crate) on_delete: Option<Ident>,
}

/// A `belongs_to` whose fields are known.
pub(crate) struct BelongsTo {
    pub(crate) reference: Reference,
    pub(crate) name: String,
    pub(crate) fields: Vec<u32>,
}

/// A `has_many`.
pub(crate) struct HasMany {
    pub(crate) name: Ident,
    pub(crate) model: Path,
    /// Name of the other side; otherwise it is called as this model.
    pub(crate) relation: Option<String>,
}

/// Reads what stands in `belongs_to(...)`.
pub(crate) fn belongs_to(word: &Ident, list: List) -> syn::Result<Reference> {
    let example = "write `belongs_to(Album)`, with the struct that is referred to";
    if list.is_empty() {
        return Err(syn::Error::new(word.span(), example));
    }
    let (model, arguments) = list.read(|input| Ok((path(input, example)?, rest(input)?)))?;
    let mut reference = Reference { word: word.clone(), model, name: None, fields: None, on_delete: None };
    for Argument { name, value } in arguments {
        match (name.to_string().as_str(), value) {
            ("name", Given::Value(expr)) => reference.name = Some(argument::name(&expr)?),
            ("fields", Given::Value(expr)) => reference.fields = Some(expr),
            ("on_delete", Given::Value(expr)) => reference.on_delete = Some(delete_rule(&expr)?),
            ("on_delete", _) => return Err(syn::Error::new(name.span(), "write `on_delete = cascade`")),
            ("fields", _) => return Err(syn::Error::new(name.span(), "write `fields = [first, second]`")),
            ("name", _) => return Err(syn::Error::new(name.span(), r#"write `name = "..."`"#)),
            (other, _) => {
                let hint = spelling::did_you_mean(other, REFERENCE_ARGUMENTS);
                return Err(syn::Error::new(
                    name.span(),
                    format!("`{other}` is not an argument of `belongs_to`{hint}"),
                ));
            }
        }
    }
    Ok(reference)
}

/// Reads what stands in `has_many(...)`.
pub(crate) fn has_many(word: &Ident, list: List) -> syn::Result<HasMany> {
    let example = "write `has_many(tracks: Track)`: a name, and the struct whose records refer to this one";
    if list.is_empty() {
        return Err(syn::Error::new(word.span(), example));
    }
    let (name, model, arguments) = list.read(|input| {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>().map_err(|error| syn::Error::new(error.span(), example))?;
        Ok((name, path(input, example)?, rest(input)?))
    })?;
    if let Some(flaw) = spelling::flaw(&name.to_string()) {
        return Err(syn::Error::new(name.span(), flaw));
    }
    let mut has_many = HasMany { name, model, relation: None };
    for Argument { name, value } in arguments {
        match (name.to_string().as_str(), value) {
            ("relation", Given::Value(expr)) => has_many.relation = Some(argument::name(&expr)?),
            ("relation", _) => return Err(syn::Error::new(name.span(), r#"write `relation = "..."`"#)),
            (other, _) => {
                let hint = spelling::did_you_mean(other, &["relation"]);
                return Err(syn::Error::new(name.span(), format!("`{other}` is not an argument of `has_many`{hint}")));
            }
        }
    }
    Ok(has_many)
}

fn path(input: ParseStream<'_>, example: &str) -> syn::Result<Path> {
    input.parse().map_err(|error: syn::Error| syn::Error::new(error.span(), example))
}

/// The arguments behind the first thing in a list.
fn rest(input: ParseStream<'_>) -> syn::Result<Vec<Argument>> {
    if input.is_empty() {
        return Ok(Vec::new());
    }
    input.parse::<Token![,]>()?;
    argument::parse_list(input)
}

fn delete_rule(expr: &Expr) -> syn::Result<Ident> {
    let word = argument::word(expr).cloned().filter(|word| DELETE_RULES.iter().any(|rule| word == rule));
    word.ok_or_else(|| {
        let written = argument::word(expr).map_or_else(|| expr.to_token_stream().to_string(), ToString::to_string);
        let hint = spelling::did_you_mean(&written, DELETE_RULES);
        syn::Error::new_spanned(expr, format!("`{written}` is not a delete rule{hint}"))
    })
}

impl Reference {
    /// The word `set_null`, where it was given.
    pub(crate) fn set_null(&self) -> Option<&Ident> {
        self.on_delete.as_ref().filter(|rule| *rule == "set_null")
    }
}

impl BelongsTo {
    /// The reference as a constant of the SDK.
    pub(crate) fn definition(&self) -> TokenStream {
        let Self { reference, name, fields } = self;
        let model = model_name(&reference.model);
        let rule = match reference.on_delete.as_ref().map(ToString::to_string).as_deref() {
            Some("cascade") => quote!(Cascade),
            Some("set_null") => quote!(SetNull),
            _ => quote!(Restrict),
        };
        quote! {
            ::modelhost_guest::definition::BelongsTo {
                name: #name,
                model: #model,
                fields: &[#(#fields),*],
                on_delete: ::modelhost_guest::wire::DeleteRule::#rule,
            }
        }
    }

    /// The judgement of both models, at the place where the other one is named.
    pub(crate) fn judgement(&self, ident: &Ident, position: usize) -> TokenStream {
        let model = &self.reference.model;
        quote_spanned! {model.span()=>
            const _: () = ::modelhost_guest::definition::judged::refers(
                &<#ident as ::modelhost_guest::Model>::DEFINITION,
                #position,
                &<#model as ::modelhost_guest::Model>::DEFINITION,
            );
        }
    }
}

impl HasMany {
    /// The relation as a constant of the SDK.
    pub(crate) fn definition(&self, this: &str) -> TokenStream {
        let (name, model) = (self.name.to_string(), model_name(&self.model));
        let relation = self.relation.as_deref().unwrap_or(this);
        quote!(::modelhost_guest::definition::HasMany { name: #name, model: #model, relation: #relation })
    }

    /// The judgement of both models, at the place where the other one is named.
    pub(crate) fn judgement(&self, ident: &Ident, position: usize) -> TokenStream {
        let model = &self.model;
        quote_spanned! {model.span()=>
            const _: () = ::modelhost_guest::definition::judged::is_referred_to(
                &<#ident as ::modelhost_guest::Model>::DEFINITION,
                #position,
                &<#model as ::modelhost_guest::Model>::DEFINITION,
            );
        }
    }
}

fn model_name(model: &Path) -> TokenStream {
    quote_spanned!(model.span()=> <#model as ::modelhost_guest::Model>::MODEL_NAME)
}
