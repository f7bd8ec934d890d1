//! Ready-made checks: what most models need and declared constraints can't say.
//!
//! Few on purpose. Lengths, ranges, patterns and lists of values are declared with `#[field(...)]` and checked by the
//! host without calling the guest.

use crate::{Check, Field, Timestamp, ctx};

/// Each answers whether the value passed, so that a check which needs it can be left out.
impl<M> Check<M> {
    /// Refuses a text without any visible character (`blank`).
    pub fn not_blank(&mut self, field: Field<M>, text: &str) -> bool {
        let passes = !text.trim().is_empty();
        if !passes {
            self.refuse(field, "blank", format!("`{}` is blank", field.name()));
        }
        passes
    }

    /// Refuses `field` when `later` comes before `earlier` (`order`).
    pub fn in_order<T: PartialOrd>(&mut self, field: Field<M>, earlier: T, later: T) -> bool {
        let passes = earlier <= later;
        if !passes {
            self.refuse(field, "order", format!("`{}` is before what it must not precede", field.name()));
        }
        passes
    }

    /// Refuses a moment after the time of the operation (`future`).
    pub fn not_in_future(&mut self, field: Field<M>, at: Timestamp) -> bool {
        let now = ctx::now();
        let passes = at <= now;
        if !passes {
            self.refuse(field, "future", format!("`{}` is after {now}", field.name())).with("now", now);
        }
        passes
    }

    /// Refuses what is not two capital letters, the shape of an ISO 3166 country code (`country-code`). Whether there is
    /// such a country is not looked up.
    pub fn country_code(&mut self, field: Field<M>, text: &str) -> bool {
        let passes = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        if !passes {
            self.refuse(field, "country-code", format!("`{}` is not two capital letters", field.name()));
        }
        passes
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::prelude::{Check, Model, Operation, Timestamp, ctx};

    #[derive(Model)]
    struct Trip {
        #[field(key)]
        country: String,
        from: Timestamp,
        to: Timestamp,
    }

    #[test]
    fn each_check_passes_and_refuses() {
        let mut check: Check<Trip> = Check::new(Operation::Create, None);
        let (now, second) = (ctx::now(), Duration::from_secs(1));
        let passes = [
            check.not_blank(Trip::COUNTRY, " x "),
            check.in_order(Trip::TO, now, now),
            check.not_in_future(Trip::FROM, now),
            check.country_code(Trip::COUNTRY, "IT"),
        ];
        assert_eq!(passes, [true; 4]);
        let refuses = [
            check.not_blank(Trip::COUNTRY, "\t \u{a0}"),
            check.in_order(Trip::TO, now, now - second),
            check.not_in_future(Trip::FROM, now + second),
            check.country_code(Trip::COUNTRY, "it"),
        ];
        assert_eq!(refuses, [false; 4]);
        let violations = check.into_violations();
        let found: Vec<_> = violations.iter().map(|violation| (violation.field, violation.code.as_str())).collect();
        let expected = [(Some(0), "blank"), (Some(2), "order"), (Some(1), "future"), (Some(0), "country-code")];
        assert_eq!(found, expected);
    }
}
