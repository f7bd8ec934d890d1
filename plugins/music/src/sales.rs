//! Who bought what.
//!
//! A line keeps the price at which it was sold, whatever the track costs today. Whether an invoice's total is the sum of its
//! lines is not judged: a hook sees one record. Money is exact: decimals, never floats.

use modelhost_guest::prelude::*;

use crate::catalog::Track;
use crate::people::Customer;
use crate::place::Place;

/// A purchase.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(index(customer_id, -invoice_date), has_many(invoice_lines: InvoiceLine))]
pub struct Invoice {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// A customer with invoices is not deleted.
    #[field(belongs_to(Customer))]
    pub customer_id: i64,
    /// Not in the future.
    pub invoice_date: Timestamp,
    /// Street and number.
    #[field(length_max = 70)]
    pub billing_address: Option<String>,
    /// Town.
    #[field(length_max = 40)]
    pub billing_city: Option<String>,
    /// Two capital letters in the USA and in Canada.
    #[field(length_max = 40)]
    pub billing_state: Option<String>,
    /// Its name, for example `Germany`.
    #[field(length_max = 40)]
    pub billing_country: Option<String>,
    /// As the country writes it.
    #[field(length_max = 10, pattern = "^[A-Z0-9 -]*$")]
    pub billing_postal_code: Option<String>,
    /// What was paid.
    #[field(precision = 10, scale = 2, min = "0")]
    pub total: Decimal,
}

#[hooks(before)]
impl Hooks for Invoice {
    fn validate(&self, check: &mut Check<Self>) {
        check.not_in_future(Self::INVOICE_DATE, self.invoice_date);
        if check.before().is_some_and(|before| before.customer_id != self.customer_id) {
            check.refuse(Self::CUSTOMER_ID, "customer.changed", "an invoice stays with its customer");
        }
        let place = Place {
            country: self.billing_country.as_deref(),
            state: self.billing_state.as_deref(),
            postal_code: self.billing_postal_code.as_deref(),
        };
        place.judge(check, Self::BILLING_STATE, Self::BILLING_POSTAL_CODE);
    }
}

/// A track on an invoice.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct InvoiceLine {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// Goes with its invoice.
    #[field(belongs_to(Invoice, on_delete = cascade))]
    pub invoice_id: i64,
    /// A track that was sold is not deleted.
    #[field(belongs_to(Track))]
    pub track_id: i64,
    /// What it cost when it was sold.
    #[field(precision = 10, scale = 2, min = "0")]
    pub unit_price: Decimal,
    /// How many were sold.
    #[field(min = 1)]
    pub quantity: i64,
}

#[hooks]
impl Hooks for InvoiceLine {
    fn validate(&self, check: &mut Check<Self>) {
        let amount = self.unit_price.checked_mul(self.quantity);
        if !amount.is_some_and(|amount| amount.fits(10, 2)) {
            check.refuse(Self::QUANTITY, "amount.large", "the amount has more digits than the total of an invoice");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use modelhost_guest::testing;

    use super::*;

    fn invoice() -> Invoice {
        let text = |text: &str| Some(text.to_owned());
        Invoice {
            id: 1,
            customer_id: 2,
            invoice_date: Timestamp::date(2021, 1, 1),
            billing_address: text("Theodor-Heuss-Straße 34"),
            billing_city: text("Stuttgart"),
            billing_state: text(""),
            billing_country: text("Germany"),
            billing_postal_code: text("70174"),
            total: Decimal::new(198, 2),
        }
    }

    fn line(unit_price: &str, quantity: i64) -> InvoiceLine {
        let unit_price = unit_price.parse().expect("digits");
        InvoiceLine { id: 1, invoice_id: 1, track_id: 2, unit_price, quantity }
    }

    #[test]
    fn totals_and_prices_are_zero_or_more_and_something_is_sold() {
        testing::create(invoice()).assert_accepted();
        testing::create(Invoice { total: Decimal::new(-1, 2), ..invoice() }).assert_refused_with("total", "range");
        testing::create(line("0", 1)).assert_accepted();
        testing::create(line("-0.01", 1)).assert_refused_with("unit_price", "range");
        testing::create(line("0.99", 0)).assert_refused_with("quantity", "range");
    }

    #[test]
    fn a_line_is_not_larger_than_an_invoice() {
        testing::create(line("0.99", 101_010_101)).assert_accepted();
        testing::create(line("0.99", 101_010_102)).assert_refused_with("quantity", "amount.large");
        testing::create(line("99999999.99", i64::MAX)).assert_refused_with("quantity", "amount.large");
    }

    #[test]
    fn nobody_buys_in_the_future() {
        let later = Invoice { invoice_date: ctx::now() + Duration::from_secs(1), ..invoice() };
        testing::create(later).assert_refused_with("invoice_date", "future");
    }

    #[test]
    fn an_invoice_stays_with_its_customer() {
        let moved = Invoice { customer_id: 3, ..invoice() };
        testing::update(invoice(), moved).assert_refused_with("customer_id", "customer.changed");
        testing::update(invoice(), Invoice { total: Decimal::ZERO, ..invoice() }).assert_accepted();
    }

    #[test]
    fn addresses_fit_their_country() {
        let american = Invoice { billing_country: Some("USA".to_owned()), ..invoice() };
        testing::create(american.clone()).assert_accepted();
        let report = testing::create(Invoice { billing_state: Some("Utah".to_owned()), ..american });
        report.assert_refused_with("billing_state", "state.unknown");
    }
}
