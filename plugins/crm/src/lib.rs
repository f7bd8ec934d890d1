//! Customers as a sales team sees them.
//!
//! Shows most types of fields, a rule with a library from crates.io (`email_address` runs inside of the sandbox), a rule
//! that needs the time, and a key that the caller gives. Does not look into `notes`: any JSON is accepted there.

use email_address::{EmailAddress, Options};
use modelhost_guest::prelude::*;

/// Somebody who buys, or might.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Customer {
    /// Made by the host.
    #[field(key, default = new_uuid)]
    pub id: Uuid,
    /// How to address them.
    #[field(length_min = 1, length_max = 200)]
    pub name: String,
    /// Kept in lower case; needed while the customer is active.
    #[field(unique, length_max = 254)]
    pub email: Option<String>,
    /// Where they stand.
    #[field(one_of("lead", "active", "lost"), default = "lead")]
    pub status: String,
    /// What they may owe, in cents.
    #[field(min = 0)]
    pub credit_limit: Option<i64>,
    /// How likely they buy, from 0 to 1.
    #[field(min = 0.0, max = 1.0)]
    pub score: Option<f64>,
    /// Whether anybody works on them.
    #[field(default = true)]
    pub active: bool,
    /// Whatever the team wants to keep.
    pub notes: Option<Json>,
    /// When somebody last spoke to them.
    pub last_contact_at: Option<Timestamp>,
    /// When the record was made.
    #[field(created_at)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[field(updated_at)]
    pub updated_at: Timestamp,
    /// Guards against lost updates.
    #[field(version)]
    pub version: i64,
}

#[hooks]
impl Hooks for Customer {
    fn normalize(&mut self) {
        self.name = self.name.trim().to_owned();
        let email = self.email.take().map(|email| email.trim().to_lowercase());
        self.email = email.filter(|email| !email.is_empty());
    }

    fn validate(&self, check: &mut Check<Self>) {
        match &self.email {
            Some(email) if !is_email(email) => {
                let message = "this is not an e-mail address";
                check.refuse(Self::EMAIL, "email.invalid", message);
            }
            None if self.status == "active" => {
                let message = "an active customer needs an e-mail address";
                check.refuse(Self::EMAIL, "email.missing", message);
            }
            _ => {}
        }
        if let Some(at) = self.last_contact_at {
            check.not_in_future(Self::LAST_CONTACT_AT, at);
        }
        if self.status == "lost" && self.active {
            let message = "somebody still works on a lost customer";
            check.warn(Self::ACTIVE, "active.lost", message);
        }
    }
}

fn is_email(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(text, options).is_ok()
}

/// A word that customers are sorted by. Its key is a text that the caller gives.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tags")]
pub struct Tag {
    /// Stands in links, for example `big-spender`.
    #[field(key, length_max = 40, pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    pub slug: String,
    /// What people read.
    #[field(length_min = 1, length_max = 100)]
    pub title: String,
    /// Higher comes first.
    #[field(default = 0)]
    pub weight: i64,
}

#[hooks]
impl Hooks for Tag {}

export_plugin!(Customer, Tag);

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use modelhost_guest::testing;

    use super::*;

    fn ada() -> Customer {
        Customer {
            id: Uuid::from_u128(1),
            name: "Ada".to_owned(),
            email: Some("ada@example.com".to_owned()),
            status: "active".to_owned(),
            credit_limit: Some(100_000),
            score: Some(0.8),
            active: true,
            notes: Some(Json::from(r#"{"met": "fair"}"#)),
            last_contact_at: None,
            created_at: ctx::now(),
            updated_at: ctx::now(),
            version: 1,
        }
    }

    fn ada_with_email(email: &str) -> Customer {
        let email = Some(email.to_owned());
        Customer { email, ..ada() }
    }

    #[test]
    fn tidies_name_and_email_before_judging_them() {
        let name = " Ada ".to_owned();
        let untidy = ada_with_email(" Ada@Example.COM\n");
        let report = testing::create(Customer { name, ..untidy });
        report.assert_accepted();
        assert_eq!(report.record.name, "Ada");
        assert_eq!(report.record.email.as_deref(), Some("ada@example.com"));
    }

    #[test]
    fn refuses_what_is_not_an_email_address() {
        for email in "ada;ada@;@a.it;ada@example;a da@a.it;ada@[127.0.0.1];Ada <ada@a.it>".split(';') {
            testing::create(ada_with_email(email)).assert_refused_with("email", "email.invalid");
        }
    }

    #[test]
    fn an_active_customer_needs_an_email_address() {
        let without = ada_with_email("  ");
        testing::update(ada(), without.clone()).assert_refused_with("email", "email.missing");
        let status = "lead".to_owned();
        testing::create(Customer { status, ..without }).assert_accepted();
    }

    #[test]
    fn the_last_contact_is_not_in_the_future() {
        testing::at(Timestamp::date(2026, 3, 1));
        let contacted = |at| {
            let last_contact_at = Some(at);
            testing::create(Customer { last_contact_at, ..ada() })
        };
        let second = Duration::from_secs(1);
        contacted(ctx::now()).assert_accepted();
        contacted(ctx::now() + second).assert_refused_with("last_contact_at", "future");
    }

    #[test]
    fn working_on_a_lost_customer_is_only_a_warning() {
        let status = "lost".to_owned();
        let report = testing::update(ada(), Customer { status, ..ada() });
        report.assert_accepted();
        report.assert_warned_with("active", "active.lost");
    }
}
