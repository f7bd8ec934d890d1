//! A music shop, after the data model of Chinook: 11 models, exact prices, references of every kind.
//!
//! `catalog` has what is sold, `people` who works and buys, `sales` who bought what, `playlist` who listens to what; `place`
//! judges addresses. Every rule accepts every record of Chinook as it is: nothing is trimmed that has a space in it there,
//! and an empty text stays what it is.

pub mod catalog;
pub mod people;
pub mod playlist;
pub mod sales;

mod place;

use modelhost_guest::export_plugin;

use catalog::{Album, Artist, Genre, MediaType, Track};
use people::{Customer, Employee};
use playlist::{Playlist, PlaylistTrack};
use sales::{Invoice, InvoiceLine};

export_plugin!(
    Artist,
    Album,
    Genre,
    MediaType,
    Track,
    Employee,
    Customer,
    Invoice,
    InvoiceLine,
    Playlist,
    PlaylistTrack,
);
