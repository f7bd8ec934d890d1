//! What is wrong with the code that a macro was given, collected.
//!
//! Holds no rules. Invariant: every problem keeps the place it was found at, so that the compiler can point there, and
//! none hides another.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The problems found so far.
#[derive(Default)]
pub(crate) struct Problems(Option<syn::Error>);

impl Problems {
    /// Adds a problem at the tokens that it is about.
    pub(crate) fn add(&mut self, place: impl ToTokens, text: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(place, text));
    }

    /// Adds a problem that a parser found.
    pub(crate) fn push(&mut self, problem: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(problem),
            None => self.0 = Some(problem),
        }
    }

    /// True when nothing was found.
    pub(crate) fn none(&self) -> bool {
        self.0.is_none()
    }

    /// The problems as code that does not compile; empty when there are none.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.map(|error| error.into_compile_error()).unwrap_or_default()
    }
}
