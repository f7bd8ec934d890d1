//! Three models of ten fields, each with a rule: what one tenant of many has.

use modelhost_guest::prelude::*;

/// Who buys.
#[derive(Model)]
pub struct Customer {
    /// Made by the host.
    #[field(key, default = new_uuid)]
    pub id: Uuid,
    /// How people call it.
    #[field(length_min = 1, length_max = 200)]
    pub name: String,
    /// Where to ask.
    #[field(length_max = 254)]
    pub email: Option<String>,
    /// Where it stands.
    #[field(one_of("new", "active", "done"), default = "new")]
    pub status: String,
    /// In cents.
    #[field(min = 0)]
    pub amount: i64,
    /// Anything.
    pub notes: Option<String>,
    /// Whether anybody works on it.
    #[field(default = true)]
    pub active: bool,
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
    fn validate(&self, check: &mut Check<Self>) {
        if self.name.trim().is_empty() {
            check.refuse(Self::NAME, "blank", "is blank");
        }
    }
}

/// What they owe.
#[derive(Model)]
pub struct Invoice {
    /// Made by the host.
    #[field(key, default = new_uuid)]
    pub id: Uuid,
    /// How people call it.
    #[field(length_min = 1, length_max = 200)]
    pub name: String,
    /// Where to ask.
    #[field(length_max = 254)]
    pub email: Option<String>,
    /// Where it stands.
    #[field(one_of("new", "active", "done"), default = "new")]
    pub status: String,
    /// In cents.
    #[field(min = 0)]
    pub amount: i64,
    /// Anything.
    pub notes: Option<String>,
    /// Whether anybody works on it.
    #[field(default = true)]
    pub active: bool,
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
impl Hooks for Invoice {
    fn validate(&self, check: &mut Check<Self>) {
        if self.name.trim().is_empty() {
            check.refuse(Self::NAME, "blank", "is blank");
        }
    }
}

/// What they ask.
#[derive(Model)]
pub struct Ticket {
    /// Made by the host.
    #[field(key, default = new_uuid)]
    pub id: Uuid,
    /// How people call it.
    #[field(length_min = 1, length_max = 200)]
    pub name: String,
    /// Where to ask.
    #[field(length_max = 254)]
    pub email: Option<String>,
    /// Where it stands.
    #[field(one_of("new", "active", "done"), default = "new")]
    pub status: String,
    /// In cents.
    #[field(min = 0)]
    pub amount: i64,
    /// Anything.
    pub notes: Option<String>,
    /// Whether anybody works on it.
    #[field(default = true)]
    pub active: bool,
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
impl Hooks for Ticket {
    fn validate(&self, check: &mut Check<Self>) {
        if self.name.trim().is_empty() {
            check.refuse(Self::NAME, "blank", "is blank");
        }
    }
}

export_plugin!(Customer, Invoice, Ticket);
