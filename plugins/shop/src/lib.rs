//! Customers and products of a shop.
//!
//! Shows a key that the caller gives, a rule that compares with the record as it was, and a rule that refuses a delete.
//! Its `Customer` has nothing to do with the one of the plugin `crm`: each namespace has its own.

use modelhost_guest::prelude::*;

/// Vips have at least as many points.
const VIP_POINTS_MIN: i64 = 1_000;

/// Somebody with a customer card.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Customer {
    /// Printed on the card.
    #[field(key, min = 1)]
    pub number: i64,
    /// As on the card.
    #[field(length_min = 1, length_max = 200)]
    pub full_name: String,
    /// Two capital letters, for example `IT`.
    pub country: String,
    /// Collected by buying.
    #[field(min = 0, default = 0)]
    pub loyalty_points: i64,
    /// Gets invitations.
    #[field(default = false)]
    pub vip: bool,
    /// When the card was given out.
    #[field(default = now, column = "member_since")]
    pub since: Timestamp,
    /// Guards against lost updates.
    #[field(version)]
    pub version: i64,
}

#[hooks(before, delete)]
impl Hooks for Customer {
    fn normalize(&mut self) {
        self.full_name = self.full_name.trim().to_owned();
        self.country = self.country.trim().to_uppercase();
    }

    fn validate(&self, check: &mut Check<Self>) {
        if check.operation() == Operation::Delete {
            if self.vip {
                check.refuse(Self::VIP, "vip.delete", "a vip is not deleted: make them an ordinary customer first");
            }
            return;
        }
        check.country_code(Self::COUNTRY, &self.country);
        if self.vip && self.loyalty_points < VIP_POINTS_MIN {
            let message = format!("a vip has at least {VIP_POINTS_MIN} points");
            check.refuse(Self::LOYALTY_POINTS, "points.vip", message).with("min", VIP_POINTS_MIN);
        }
        let before = check.before().map_or(0, |before| before.loyalty_points);
        if before - self.loyalty_points > before / 2 {
            let message = format!("at most half of {before} points can go at once");
            check.refuse(Self::LOYALTY_POINTS, "points.fall", message).with("before", before);
        }
    }
}

/// Something to buy. Its rules are declared: no code runs for it.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(unique(title, size))]
pub struct Product {
    /// For example `TEA-0042`.
    #[field(key, length_max = 8, pattern = "^[A-Z]{3}-[0-9]{4}$")]
    pub sku: String,
    /// What people read.
    #[field(length_min = 1, length_max = 200)]
    pub title: String,
    /// Empty where there is only one.
    #[field(default = "", length_max = 20)]
    pub size: String,
    /// What it costs.
    #[field(min = 0)]
    pub price_cents: i64,
    /// When the record was made.
    #[field(created_at)]
    pub created_at: Timestamp,
}

#[hooks]
impl Hooks for Product {}

export_plugin!(Customer, Product);

#[cfg(test)]
mod tests {
    use modelhost_guest::testing;

    use super::*;

    fn card() -> Customer {
        Customer {
            number: 7,
            full_name: "Grace Hopper".to_owned(),
            country: "US".to_owned(),
            loyalty_points: 1_500,
            vip: true,
            since: Timestamp::date(2025, 1, 1),
            version: 1,
        }
    }

    #[test]
    fn writes_the_country_in_capitals() {
        let report = testing::create(Customer { country: " us".to_owned(), ..card() });
        report.assert_accepted();
        assert_eq!(report.record.country, "US");
    }

    #[test]
    fn refuses_a_country_that_is_none() {
        for country in ["", "USA", "U1", "ÜS"] {
            let report = testing::create(Customer { country: country.to_owned(), ..card() });
            report.assert_refused_with("country", "country-code");
        }
    }

    #[test]
    fn a_vip_has_enough_points() {
        let poor = Customer { loyalty_points: 999, ..card() };
        testing::create(poor.clone()).assert_refused_with("loyalty_points", "points.vip");
        testing::create(Customer { vip: false, ..poor }).assert_accepted();
    }

    #[test]
    fn points_fall_by_half_at_most() {
        let ordinary = |points| Customer { vip: false, loyalty_points: points, ..card() };
        testing::update(ordinary(800), ordinary(400)).assert_accepted();
        testing::update(ordinary(800), ordinary(399)).assert_refused_with("loyalty_points", "points.fall");
        testing::update(ordinary(801), ordinary(400)).assert_refused_with("loyalty_points", "points.fall");
        testing::create(ordinary(0)).assert_accepted();
    }

    #[test]
    fn a_vip_is_not_deleted() {
        testing::delete(card()).assert_refused_with("vip", "vip.delete");
        testing::delete(Customer { vip: false, ..card() }).assert_accepted();
    }

    #[test]
    fn says_to_the_host_what_the_code_says() {
        let expected = "\
customer: key number
  number         int, int-min 1
  full_name      text, length-min 1, length-max 200
  country        text
  loyalty_points int, default 0, int-min 0
  vip            boolean, default false
  since          timestamp, default now, column member_since
  version        int, version
validate on create update delete, sees before
normalize on create update, sees whole
";
        assert_eq!(testing::describe::<Customer>(), expected);
    }
}
