//! Has fields of every type, keys, indexes and references of every kind, and no hooks.
//!
//! `scalars` and `lists` are what values go through, `keys` how records are found, `relations` what becomes of them when
//! others go. Nothing here misbehaves.

use modelhost_guest::export_plugin;

pub mod keys;
pub mod lists;
pub mod relations;
pub mod scalars;

use keys::{Seat, Shelf, Ticket};
use lists::Lists;
use relations::{Book, Drifter, Follower, Guard, Node, Parent};
use scalars::Scalars;

export_plugin!(Scalars, Lists, Ticket, Shelf, Seat, Book, Parent, Guard, Follower, Drifter, Node);
