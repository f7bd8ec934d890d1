//! What `#[hooks]` generates: which hooks an `impl Hooks for ...` has, read from the functions in it.
//!
//! The block itself stays as it is. Invariant: the list that the host gets and the functions that exist can't differ,
//! because nobody writes the list.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{ImplItem, ItemImpl};

use crate::argument::{Argument, Given};
use crate::problems::Problems;
use crate::spelling;

const HOOKS: &[&str] = &["validate", "normalize"];
const ARGUMENTS: &[&str] = &["before", "delete"];

/// The block and the list of its hooks.
pub(crate) fn expand(arguments: &[Argument], mut block: ItemImpl) -> TokenStream {
    let mut problems = Problems::default();
    let is_hooks = block
        .trait_
        .as_ref()
        .and_then(|(_, path, _)| path.segments.last())
        .is_some_and(|segment| segment.ident == "Hooks");
    if !is_hooks {
        problems.add(&block.self_ty, "`#[hooks]` stands above `impl Hooks for ...`");
        let errors = problems.into_tokens();
        return quote!(#errors #block);
    }
    let found = functions(&mut block, &mut problems);
    let [before, delete] = wishes(arguments, found.contains(&"validate"), &mut problems);
    let [validate, normalize] = [found.contains(&"validate"), found.contains(&"normalize")];
    let errors = problems.into_tokens();
    let ty = &block.self_ty;
    let sees_before = before.then(|| quote!(impl ::modelhost_guest::SeesBefore for #ty {}));
    quote! {
        #errors
        #sees_before
        impl ::modelhost_guest::DeclaresHooks for #ty {
            const DECLARED: ::modelhost_guest::Declared = ::modelhost_guest::Declared {
                validate: #validate,
                normalize: #normalize,
                before: #before,
                delete: #delete,
            };
        }
        #block
    }
}

/// The hooks that the block defines. Functions that are none are taken out: the error here says more than the compiler's.
fn functions(block: &mut ItemImpl, problems: &mut Problems) -> Vec<&'static str> {
    let mut found = Vec::new();
    block.items.retain(|item| {
        let ImplItem::Fn(function) = item else {
            return true;
        };
        let name = &function.sig.ident;
        let Some(hook) = HOOKS.iter().find(|hook| name == **hook) else {
            let hint = spelling::did_you_mean(&name.to_string(), HOOKS);
            problems.add(name, format!("`{name}` is not a hook{hint}"));
            return false;
        };
        let conditional = function
            .attrs
            .iter()
            .find(|attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr"));
        if let Some(conditional) = conditional {
            problems.add(conditional, "a hook is there or not: the condition belongs inside of the function");
        }
        found.push(*hook);
        true
    });
    found
}

/// Whether `before` and `delete` were asked for.
fn wishes(arguments: &[Argument], validates: bool, problems: &mut Problems) -> [bool; 2] {
    let mut wishes = [false; 2];
    for Argument { name, value } in arguments {
        let Some(wish) = ARGUMENTS.iter().position(|known| name == known) else {
            let hint = spelling::did_you_mean(&name.to_string(), ARGUMENTS);
            problems.add(name, format!("`{name}` is not an argument of `#[hooks]`{hint}"));
            continue;
        };
        if !matches!(value, Given::Nothing) {
            problems.add(name, format!("`{name}` stands alone, without a value"));
        }
        if !validates {
            problems.add(name, needs_validate(name));
        }
        wishes[wish] = true;
    }
    wishes
}

fn needs_validate(name: &Ident) -> String {
    format!("`{name}` is for `fn validate`, which this block does not have")
}
