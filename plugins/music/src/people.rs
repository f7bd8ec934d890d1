//! Who works in the shop and who buys there.
//!
//! E-mail addresses are judged by a library from crates.io, addresses by `place`. Employees report to employees: a reference
//! of a model to itself. Only names and e-mail addresses are tidied.

use email_address::{EmailAddress, Options};
use modelhost_guest::prelude::*;

use crate::catalog::trim;
use crate::place::Place;
use crate::sales::Invoice;

/// Somebody who works in the shop.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(has_many(reports: Employee, relation = "manager"), has_many(customers: Customer, relation = "support_rep"))]
pub struct Employee {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// Family name.
    #[field(length_min = 1, length_max = 20)]
    pub last_name: String,
    /// Given name.
    #[field(length_min = 1, length_max = 20)]
    pub first_name: String,
    /// What they do.
    #[field(length_max = 30)]
    pub title: Option<String>,
    /// Their manager, another employee; stays empty when that one leaves.
    #[field(belongs_to(Employee, name = "manager", on_delete = set_null))]
    pub reports_to: Option<i64>,
    /// Not after they were hired.
    pub birth_date: Option<Date>,
    /// Their first day.
    pub hire_date: Option<Date>,
    /// Street and number.
    #[field(length_max = 70)]
    pub address: Option<String>,
    /// Town.
    #[field(length_max = 40)]
    pub city: Option<String>,
    /// Two capital letters in the USA and in Canada.
    #[field(length_max = 40)]
    pub state: Option<String>,
    /// Its name, for example `Canada`.
    #[field(length_max = 40)]
    pub country: Option<String>,
    /// As the country writes it.
    #[field(length_max = 10, pattern = "^[A-Z0-9 -]*$")]
    pub postal_code: Option<String>,
    /// For example `+1 (780) 428-9482`.
    #[field(length_max = 24, pattern = "^[0-9+() -]*$")]
    pub phone: Option<String>,
    /// As the phone.
    #[field(length_max = 24, pattern = "^[0-9+() -]*$")]
    pub fax: Option<String>,
    /// Kept in lower case.
    #[field(unique, length_max = 60)]
    pub email: Option<String>,
}

#[hooks]
impl Hooks for Employee {
    fn normalize(&mut self) {
        trim(&mut self.last_name);
        trim(&mut self.first_name);
        self.email = self.email.take().map(|email| tidy_email(&email));
    }

    fn validate(&self, check: &mut Check<Self>) {
        if self.email.as_deref().is_some_and(|email| !is_email(email)) {
            check.refuse(Self::EMAIL, "email.invalid", "this is not an e-mail address");
        }
        if self.reports_to == Some(self.id) {
            check.refuse(Self::REPORTS_TO, "manager.self", "nobody reports to themselves");
        }
        if let (Some(born), Some(hired)) = (self.birth_date, self.hire_date) {
            check.in_order(Self::HIRE_DATE, born, hired);
        }
        let place = Place {
            country: self.country.as_deref(),
            state: self.state.as_deref(),
            postal_code: self.postal_code.as_deref(),
        };
        place.judge(check, Self::STATE, Self::POSTAL_CODE);
    }
}

/// Somebody who buys.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(index(last_name, first_name), has_many(invoices: Invoice))]
pub struct Customer {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// Given name.
    #[field(length_min = 1, length_max = 40)]
    pub first_name: String,
    /// Family name.
    #[field(length_min = 1, length_max = 20)]
    pub last_name: String,
    /// Where they work; empty where nobody knows.
    #[field(length_max = 80)]
    pub company: Option<String>,
    /// Street and number.
    #[field(length_max = 70)]
    pub address: Option<String>,
    /// Town.
    #[field(length_max = 40)]
    pub city: Option<String>,
    /// Two capital letters in the USA and in Canada.
    #[field(length_max = 40)]
    pub state: Option<String>,
    /// Its name, for example `Brazil`.
    #[field(length_max = 40)]
    pub country: Option<String>,
    /// As the country writes it.
    #[field(length_max = 10, pattern = "^[A-Z0-9 -]*$")]
    pub postal_code: Option<String>,
    /// For example `+55 (12) 3923-5555`.
    #[field(length_max = 24, pattern = "^[0-9+() -]*$")]
    pub phone: Option<String>,
    /// As the phone.
    #[field(length_max = 24, pattern = "^[0-9+() -]*$")]
    pub fax: Option<String>,
    /// Kept in lower case.
    #[field(unique, length_max = 60)]
    pub email: String,
    /// Whom they ask; stays empty when that one leaves.
    #[field(belongs_to(Employee, on_delete = set_null))]
    pub support_rep_id: Option<i64>,
}

#[hooks]
impl Hooks for Customer {
    fn normalize(&mut self) {
        trim(&mut self.first_name);
        trim(&mut self.last_name);
        self.email = tidy_email(&self.email);
    }

    fn validate(&self, check: &mut Check<Self>) {
        if !is_email(&self.email) {
            check.refuse(Self::EMAIL, "email.invalid", "this is not an e-mail address");
        }
        let place = Place {
            country: self.country.as_deref(),
            state: self.state.as_deref(),
            postal_code: self.postal_code.as_deref(),
        };
        place.judge(check, Self::STATE, Self::POSTAL_CODE);
    }
}

fn tidy_email(text: &str) -> String {
    text.trim().to_lowercase()
}

fn is_email(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(text, options).is_ok()
}

#[cfg(test)]
mod tests;
