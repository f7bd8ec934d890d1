//! What `#[derive(Model)]` generates: the definition as constant data, two conversions, one handle for each field.
//!
//! No rule and no loop is generated; those live in `modelhost-guest`. When the struct has problems, the same items are
//! generated beside the errors, so that one mistake does not cause a second error elsewhere.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::argument;
use crate::field::FieldSpec;
use crate::index::IndexSpec;
use crate::model::{self, ModelSpec};
use crate::problems::Problems;
use crate::relation::BelongsTo;

/// The items for a struct.
pub(crate) fn model(input: &DeriveInput, spec: &ModelSpec, problems: Problems) -> TokenStream {
    let ident = &input.ident;
    let handles = handles(input, spec);
    if !problems.none() {
        let stand_in = stand_in(input);
        let errors = problems.into_tokens();
        return quote!(#errors #handles #stand_in);
    }
    let ModelSpec { name, key, unique, description, .. } = spec;
    let table = argument::optional(spec.table.as_ref());
    let was = argument::optional(spec.was.as_ref());
    let fields = spec.fields.iter().map(definition);
    let indexes = spec.indexes.iter().map(IndexSpec::definition);
    let belongs_to = spec.belongs_to.iter().map(BelongsTo::definition);
    let has_many = spec.has_many.iter().map(|relation| relation.definition(name));
    let references = spec.belongs_to.iter().enumerate().map(|(at, relation)| relation.judgement(ident, at));
    let others = spec.has_many.iter().enumerate().map(|(at, relation)| relation.judgement(ident, at));
    let idents: Vec<_> = spec.fields.iter().map(|field| &field.ident).collect();
    quote! {
        #handles
        #(#references)*
        #(#others)*
        #[automatically_derived]
        impl ::modelhost_guest::Model for #ident {
            const MODEL_NAME: &'static str = #name;
            const DEFINITION: ::modelhost_guest::definition::ModelDef = ::modelhost_guest::definition::ModelDef {
                name: #name,
                table: #table,
                was: #was,
                fields: &[#(#fields),*],
                key: &[#(#key),*],
                unique: &[#(&[#(#unique),*]),*],
                indexes: &[#(#indexes),*],
                belongs_to: &[#(#belongs_to),*],
                has_many: &[#(#has_many),*],
                description: #description,
            };
            fn from_cells<'a>(
                cells: impl ::core::iter::ExactSizeIterator<Item = ::modelhost_guest::Cell<'a>>,
            ) -> ::core::result::Result<Self, ::modelhost_guest::Unfit> {
                let mut reader = ::modelhost_guest::row::Reader::new::<Self>(cells)?;
                ::core::result::Result::Ok(Self { #(#idents: reader.next()?),* })
            }
            fn into_row(self) -> ::modelhost_guest::row::Row {
                ::std::vec![#(::modelhost_guest::FieldValue::into_value(self.#idents)),*]
            }
        }
    }
}

/// An implementation that never runs, for a struct that does not compile.
fn stand_in(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (with, of, bounds) = input.generics.split_for_impl();
    quote! {
        impl #with ::modelhost_guest::Model for #ident #of #bounds {
            const MODEL_NAME: &'static str = "";
            const DEFINITION: ::modelhost_guest::definition::ModelDef =
                ::modelhost_guest::definition::ModelDef::UNKNOWN;
            fn from_cells<'a>(
                _: impl ::core::iter::ExactSizeIterator<Item = ::modelhost_guest::Cell<'a>>,
            ) -> ::core::result::Result<Self, ::modelhost_guest::Unfit> {
                ::core::unreachable!()
            }
            fn into_row(self) -> ::modelhost_guest::row::Row {
                ::core::unreachable!()
            }
        }
    }
}

fn handles(input: &DeriveInput, spec: &ModelSpec) -> TokenStream {
    let ident = &input.ident;
    let visibility = &input.vis;
    let (with, of, bounds) = input.generics.split_for_impl();
    let handles = spec.fields.iter().enumerate().map(|(position, field)| {
        let handle = model::handle(field);
        let (position, name) = (position as u32, &field.name);
        let doc = format!("The field `{name}`, for checks.");
        quote! {
            #[doc = #doc]
            #visibility const #handle: ::modelhost_guest::Field<Self> = ::modelhost_guest::Field::new(#position, #name);
        }
    });
    quote! {
        #[allow(dead_code)]
        impl #with #ident #of #bounds {
            #(#handles)*
        }
    }
}

fn definition(field: &FieldSpec) -> TokenStream {
    let FieldSpec { name, description, rules, .. } = field;
    let nullable = field.is_nullable();
    let constraints = &rules.constraints;
    let field_type = field.ty.as_ref().map(|ty| ty.definition(field.digits()));
    let column = argument::optional(field.column.as_ref().map(|(column, _)| column));
    let was = argument::optional(field.was.as_ref());
    let default = field.default.as_ref().map_or_else(|| quote!(None), |default| default.case.clone());
    let role = match field.role.as_ref().map(ToString::to_string).as_deref() {
        Some("created_at") => quote!(CreatedAt),
        Some("updated_at") => quote!(UpdatedAt),
        Some("version") => quote!(Version),
        _ => quote!(Plain),
    };
    quote! {
        ::modelhost_guest::definition::FieldDef {
            name: #name,
            field_type: #field_type,
            nullable: #nullable,
            role: ::modelhost_guest::wire::Role::#role,
            default: ::modelhost_guest::definition::Default::#default,
            constraints: &[#(::modelhost_guest::definition::Constraint::#constraints),*],
            column: #column,
            was: #was,
            description: #description,
        }
    }
}
