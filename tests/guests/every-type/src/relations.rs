//! References with each delete rule, to a key of several fields and to the model itself.

use modelhost_guest::prelude::*;

use crate::keys::Shelf;

/// Stands on a shelf, or nowhere.
#[derive(Model)]
#[model(belongs_to(Shelf, fields = [room, shelf], name = "place"))]
pub struct Book {
    /// Given by the caller.
    #[field(key, length_max = 20)]
    pub isbn: String,
    /// The shelf's room.
    #[field(length_max = 20)]
    pub room: Option<String>,
    /// The shelf's number.
    pub shelf: Option<i64>,
}

#[hooks]
impl Hooks for Book {}

/// What the others refer to.
#[derive(Model)]
#[model(has_many(guards: Guard), has_many(followers: Follower), has_many(drifters: Drifter))]
pub struct Parent {
    /// Given by the caller.
    #[field(key)]
    pub id: i64,
}

#[hooks]
impl Hooks for Parent {}

/// Keeps its parent from being deleted.
#[derive(Model)]
pub struct Guard {
    /// Given by the caller.
    #[field(key)]
    pub id: i64,
    /// Whom it guards.
    #[field(belongs_to(Parent))]
    pub parent_id: i64,
}

#[hooks]
impl Hooks for Guard {}

/// Goes with its parent.
#[derive(Model)]
pub struct Follower {
    /// Given by the caller.
    #[field(key)]
    pub id: i64,
    /// Whom it follows.
    #[field(belongs_to(Parent, on_delete = cascade))]
    pub parent_id: i64,
}

#[hooks]
impl Hooks for Follower {}

/// Stays when its parent goes.
#[derive(Model)]
pub struct Drifter {
    /// Given by the caller.
    #[field(key)]
    pub id: i64,
    /// Whom it knew.
    #[field(belongs_to(Parent, on_delete = set_null))]
    pub parent_id: Option<i64>,
}

#[hooks]
impl Hooks for Drifter {}

/// A part of another one.
#[derive(Model)]
#[model(has_many(parts: Node, relation = "whole"))]
pub struct Node {
    /// Given by the caller.
    #[field(key)]
    pub id: i64,
    /// What it is a part of.
    #[field(belongs_to(Node, name = "whole", on_delete = cascade))]
    pub part_of: Option<i64>,
}

#[hooks]
impl Hooks for Node {}
