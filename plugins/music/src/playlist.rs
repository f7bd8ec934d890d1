//! Who listens to what: lists of tracks.
//!
//! An entry has nothing but its key, which is two references: it can be made and deleted, and there is nothing to update.

use modelhost_guest::prelude::*;

use crate::catalog::{Track, trim};

/// A list of tracks. Several may have one name.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(has_many(entries: PlaylistTrack))]
pub struct Playlist {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// What people read.
    #[field(length_min = 1, length_max = 120)]
    pub name: String,
}

#[hooks]
impl Hooks for Playlist {
    fn normalize(&mut self) {
        trim(&mut self.name);
    }
}

/// A track on a list, at most once. Goes with either of them.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct PlaylistTrack {
    /// The list.
    #[field(key, belongs_to(Playlist, on_delete = cascade))]
    pub playlist_id: i64,
    /// The track.
    #[field(key, belongs_to(Track, on_delete = cascade))]
    pub track_id: i64,
}

#[hooks]
impl Hooks for PlaylistTrack {}

#[cfg(test)]
mod tests {
    use modelhost_guest::testing;

    use super::*;

    #[test]
    fn an_entry_is_a_key_of_two_references() {
        let expected = "\
playlist_track: key playlist_id track_id
  playlist belongs to playlist by playlist_id, on delete cascade
  track belongs to track by track_id, on delete cascade
  playlist_id int
  track_id    int
";
        assert_eq!(testing::describe::<PlaylistTrack>(), expected);
    }

    #[test]
    fn lists_may_share_a_name_that_is_one() {
        testing::create(Playlist { id: 8, name: " Music ".to_owned() }).assert_accepted();
        testing::create(Playlist { id: 8, name: "\t".to_owned() }).assert_refused_with("name", "length");
    }
}
