//! Addresses, as far as their parts must fit each other.
//!
//! Countries are names here, as people write them; only those whose codes are alike everywhere are looked into. An empty
//! text stands for what nobody knows, and is accepted.

use modelhost_guest::prelude::*;

/// The parts of an address that must fit each other.
pub(crate) struct Place<'a> {
    pub(crate) country: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
    pub(crate) postal_code: Option<&'a str>,
}

impl Place<'_> {
    /// Refuses a state (`state.unknown`) or a postal code (`postal-code.unknown`) that is none of the country.
    pub(crate) fn judge<M>(&self, check: &mut Check<M>, state: Field<M>, postal_code: Field<M>) {
        if let Some(message) = state_fault(self.country, self.state) {
            check.refuse(state, "state.unknown", message);
        }
        if let Some(message) = postal_code_fault(self.country, self.postal_code) {
            check.refuse(postal_code, "postal-code.unknown", message);
        }
    }
}

/// Why a state is not one of the country; none when it may be.
fn state_fault(country: Option<&str>, state: Option<&str>) -> Option<&'static str> {
    let (Some("USA" | "Canada"), Some(state)) = (country, known(state)) else {
        return None;
    };
    let is_code = state.len() == 2 && state.bytes().all(|byte| byte.is_ascii_uppercase());
    (!is_code).then_some("a state or province of the USA or Canada is two capital letters")
}

/// Why a postal code is not one of the country; none when it may be.
fn postal_code_fault(country: Option<&str>, postal_code: Option<&str>) -> Option<&'static str> {
    let postal_code = known(postal_code)?;
    match country {
        Some("USA") => {
            let is_zip = postal_code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            (!is_zip).then_some("a postal code of the USA is digits, perhaps with a hyphen")
        }
        Some("Canada") => {
            let shape = postal_code.chars().map(|c| match c {
                'A'..='Z' => 'A',
                '0'..='9' => '9',
                other => other,
            });
            (!shape.eq("A9A 9A9".chars())).then_some("a postal code of Canada looks like `T5K 2N1`")
        }
        _ => None,
    }
}

fn known(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_north_america_are_two_letters() {
        for (country, state) in [("USA", "California"), ("Canada", "ab"), ("USA", "C4")] {
            assert!(state_fault(Some(country), Some(state)).is_some(), "{country} {state}");
        }
        for (country, state) in [("USA", "CA"), ("Canada", ""), ("Ireland", "Dublin")] {
            assert!(state_fault(Some(country), Some(state)).is_none(), "{country} {state}");
        }
        assert!(state_fault(Some("USA"), None).is_none() && state_fault(None, Some("Dublin")).is_none());
    }

    #[test]
    fn postal_codes_fit_their_country() {
        for (country, code) in [("Canada", "T5K2N1"), ("Canada", "90210"), ("USA", "T5K 2N1")] {
            assert!(postal_code_fault(Some(country), Some(code)).is_some(), "{country} {code}");
        }
        for (country, code) in [("Canada", "T5K 2N1"), ("USA", "98052-8300"), ("Hungary", "H-1073"), ("Canada", "")] {
            assert!(postal_code_fault(Some(country), Some(code)).is_none(), "{country} {code}");
        }
    }
}
