//! `#[derive(Choices)]`: an enum whose variants are texts.
//!
//! Generates tables and matches, no rule. Invariant: no two variants have one text, and every text is one that the contract
//! allows.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, LitStr, Variant};

use crate::problems::Problems;

/// Variants of an enum, at most: the contract's.
const CHOICES_MAX: usize = 1_000;
/// Characters of a text, at most: the contract's.
const TEXT_CHARS_MAX: usize = 100;

/// The items for an enum.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let variants = read(input, &mut problems);
    let ident = &input.ident;
    if !problems.none() {
        // With type parameters it would be a second error.
        let stand_in = input.generics.params.is_empty().then(|| stand_in(input));
        let errors = problems.into_tokens();
        return quote!(#errors #stand_in);
    }
    let idents: Vec<&Ident> = variants.iter().map(|(variant, _)| *variant).collect();
    let texts: Vec<&String> = variants.iter().map(|(_, text)| text).collect();
    quote! {
        #[automatically_derived]
        impl ::modelhost_guest::Choices for #ident {
            const ALL: &'static [Self] = &[#(Self::#idents),*];
            const TEXTS: &'static [&'static str] = &[#(#texts),*];
            fn as_str(&self) -> &'static str {
                match self { #(Self::#idents => #texts),* }
            }
            fn from_text(text: &str) -> ::core::option::Option<Self> {
                match text {
                    #(#texts => ::core::option::Option::Some(Self::#idents),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(::modelhost_guest::Choices::as_str(self))
            }
        }
        #[automatically_derived]
        impl ::core::str::FromStr for #ident {
            type Err = ::modelhost_guest::ChoiceError;
            fn from_str(text: &str) -> ::core::result::Result<Self, ::modelhost_guest::ChoiceError> {
                <Self as ::modelhost_guest::Choices>::from_text(text)
                    .ok_or(::modelhost_guest::ChoiceError::of::<Self>())
            }
        }
    }
}

/// An implementation that never runs, for an enum that does not compile.
fn stand_in(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    quote! {
        impl ::modelhost_guest::Choices for #ident {
            const ALL: &'static [Self] = &[];
            const TEXTS: &'static [&'static str] = &[];
            fn as_str(&self) -> &'static str {
                ::core::unreachable!()
            }
            fn from_text(_: &str) -> ::core::option::Option<Self> {
                ::core::unreachable!()
            }
        }
    }
}

/// The variants with their texts.
fn read<'a>(input: &'a DeriveInput, problems: &mut Problems) -> Vec<(&'a Ident, String)> {
    let Data::Enum(data) = &input.data else {
        problems.add(&input.ident, "choices are an enum");
        return Vec::new();
    };
    if !input.generics.params.is_empty() {
        problems.add(&input.generics, "choices have no type parameters");
    }
    if data.variants.is_empty() || data.variants.len() > CHOICES_MAX {
        problems.add(&input.ident, format!("an enum of choices has 1 to {CHOICES_MAX} variants"));
    }
    let mut variants: Vec<(&Ident, String)> = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            problems.add(&variant.fields, "a choice is a word: its variant holds nothing");
        }
        if let Some((_, number)) = &variant.discriminant {
            problems.add(number, "a choice is kept as its text, not as a number: remove the number");
        }
        let text = text(variant).unwrap_or_else(|error| {
            problems.push(error);
            variant.ident.unraw().to_string()
        });
        if let Some((earlier, _)) = variants.iter().find(|(_, other)| *other == text) {
            problems.add(&variant.ident, format!("the variant `{earlier}` has the text `{text}` already"));
        }
        variants.push((&variant.ident, text));
    }
    variants
}

/// What `#[choice("...")]` says, or the variant's name as it is written.
fn text(variant: &Variant) -> syn::Result<String> {
    let mut attributes = variant.attrs.iter().filter(|attribute| attribute.path().is_ident("choice"));
    let Some(attribute) = attributes.next() else {
        return Ok(variant.ident.unraw().to_string());
    };
    if let Some(second) = attributes.next() {
        return Err(syn::Error::new_spanned(second, "a choice has one text"));
    }
    let example = r#"write `#[choice("Alternative & Punk")]`"#;
    let text: LitStr = attribute.parse_args().map_err(|_| syn::Error::new_spanned(attribute, example))?;
    let value = text.value();
    let is_printable = value.chars().all(|c| !c.is_control() && c != '\\');
    if !(1..=TEXT_CHARS_MAX).contains(&value.chars().count()) || !is_printable {
        let message = format!("the text of a choice is 1 to {TEXT_CHARS_MAX} printable characters without a backslash");
        return Err(syn::Error::new(text.span(), message));
    }
    Ok(value)
}
