//! Enums whose variants are texts.
//!
//! `#[derive(Choices)]` writes the texts; here is what they mean. Nothing is folded or trimmed: `rock` is not `Rock`.

use std::fmt;

/// An enum of texts, one for each variant: a field of this type holds one of them.
///
/// ```
/// use modelhost_guest::prelude::*;
///
/// #[derive(Choices, Debug, PartialEq)]
/// pub enum Genre {
///     Rock,
///     #[choice("Alternative & Punk")]
///     AlternativeAndPunk,
/// }
///
/// assert_eq!(Genre::TEXTS, ["Rock", "Alternative & Punk"]);
/// assert_eq!(Genre::AlternativeAndPunk.as_str(), "Alternative & Punk");
/// assert_eq!("Rock".parse(), Ok(Genre::Rock));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a field can have",
    label = "not the type of a field",
    note = "fields are `String`, `i64`, `f64`, `bool`, `Decimal`, `Timestamp`, `Date`, `Time`, `Uuid`, `Bytes`, `Json`, an enum with `#[derive(Choices)]`, a `Vec` of one of these but `Json`, or an `Option` of any"
)]
pub trait Choices: Sized + 'static {
    /// Every variant, in the order of the enum.
    const ALL: &'static [Self];

    /// The text of every variant, in the same order.
    const TEXTS: &'static [&'static str];

    /// The variant's text.
    fn as_str(&self) -> &'static str;

    /// The variant of a text.
    fn from_text(text: &str) -> Option<Self>;
}

/// The text is none of an enum's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChoiceError {
    texts: &'static [&'static str],
}

impl ChoiceError {
    /// For the derive.
    #[doc(hidden)]
    pub const fn of<C: Choices>() -> Self {
        Self { texts: C::TEXTS }
    }
}

impl fmt::Display for ChoiceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not one of `{}`", self.texts.join("`, `"))
    }
}

impl std::error::Error for ChoiceError {}

#[cfg(test)]
mod tests {
    use crate::prelude::Choices;

    #[derive(Choices, Debug, PartialEq)]
    enum State {
        Open,
        #[choice("in doubt")]
        InDoubt,
    }

    #[test]
    fn texts_and_variants_agree() {
        let texts: Vec<String> = State::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(texts, State::TEXTS);
        assert_eq!(State::from_text("in doubt"), Some(State::InDoubt));
        assert_eq!(State::from_text("open"), None);
        let error = "InDoubt".parse::<State>().expect_err("another spelling");
        assert_eq!(error.to_string(), "not one of `Open`, `in doubt`");
    }
}
