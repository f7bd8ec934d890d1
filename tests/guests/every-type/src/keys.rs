//! Keys that the database numbers, keys of several fields, unique sets and indexes.

use modelhost_guest::prelude::*;

use crate::relations::Book;

/// Numbered by the database.
#[derive(Model)]
pub struct Ticket {
    /// The next number.
    #[field(key, default = sequence)]
    pub number: i64,
    /// Occurs once.
    #[field(unique, length_max = 40)]
    pub code: Option<String>,
    /// What it is about.
    #[field(length_min = 1)]
    pub title: String,
}

#[hooks]
impl Hooks for Ticket {}

/// Found by a room and a number.
#[derive(Model)]
#[model(has_many(books: Book, relation = "place"))]
pub struct Shelf {
    /// In which room.
    #[field(key, length_max = 20)]
    pub room: String,
    /// Which one there.
    #[field(key)]
    pub number: i64,
    /// What people read.
    pub label: Option<String>,
}

#[hooks]
impl Hooks for Shelf {}

/// A seat: one unique set, an index in both directions, one with a condition.
#[derive(Model)]
#[model(
    unique(line, place),
    index(line, -price),
    index(name = "vacant", fields = [line], when(taken = false, released_on = null)),
)]
pub struct Seat {
    /// Made by the host.
    #[field(key, default = new_uuid)]
    pub id: Uuid,
    /// Which row.
    pub line: i64,
    /// Which one in it; those without a number are not told apart.
    pub place: Option<i64>,
    /// What it costs.
    #[field(default = 0)]
    pub price: i64,
    /// Whether somebody has it.
    #[field(default = false)]
    pub taken: bool,
    /// When it became free.
    pub released_on: Option<Date>,
}

#[hooks]
impl Hooks for Seat {}
