//! What is sold: tracks on albums by artists, each with a genre and a kind of file.
//!
//! Rules are declared where they can be; hooks only trim names. Who bought a track is in `sales`.

use modelhost_guest::prelude::*;

use crate::playlist::PlaylistTrack;
use crate::sales::InvoiceLine;

/// Who made an album.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(has_many(albums: Album))]
pub struct Artist {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// As on the cover.
    #[field(unique, length_min = 1, length_max = 120)]
    pub name: String,
}

#[hooks]
impl Hooks for Artist {
    fn normalize(&mut self) {
        trim(&mut self.name);
    }
}

/// What tracks appeared on.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(unique(artist_id, title), has_many(tracks: Track))]
pub struct Album {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// As on the cover.
    #[field(length_min = 1, length_max = 160)]
    pub title: String,
    /// An artist with albums is not deleted.
    #[field(belongs_to(Artist))]
    pub artist_id: i64,
}

#[hooks]
impl Hooks for Album {
    fn normalize(&mut self) {
        trim(&mut self.title);
    }
}

/// A kind of music, for example `Bossa Nova`.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(has_many(tracks: Track))]
pub struct Genre {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// What people read.
    #[field(unique, length_min = 1, length_max = 120)]
    pub name: String,
}

#[hooks]
impl Hooks for Genre {
    fn normalize(&mut self) {
        trim(&mut self.name);
    }
}

/// A kind of file, for example `MPEG audio file`.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(has_many(tracks: Track))]
pub struct MediaType {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// What people read.
    #[field(unique, length_min = 1, length_max = 120)]
    pub name: String,
}

#[hooks]
impl Hooks for MediaType {
    fn normalize(&mut self) {
        trim(&mut self.name);
    }
}

/// What a customer buys.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(index(name), has_many(invoice_lines: InvoiceLine), has_many(entries: PlaylistTrack))]
pub struct Track {
    /// Given by the caller.
    #[field(key, min = 1)]
    pub id: i64,
    /// As on the cover.
    #[field(length_min = 1, length_max = 200)]
    pub name: String,
    /// Goes with its album, as long as nobody bought it.
    #[field(belongs_to(Album, on_delete = cascade))]
    pub album_id: Option<i64>,
    /// Every track is a file of some kind.
    #[field(belongs_to(MediaType))]
    pub media_type_id: i64,
    /// Stays without one when its genre goes.
    #[field(belongs_to(Genre, on_delete = set_null))]
    pub genre_id: Option<i64>,
    /// One name or several; empty where nobody knows.
    #[field(length_max = 220)]
    pub composer: Option<String>,
    /// How long it plays.
    #[field(min = 1)]
    pub milliseconds: i64,
    /// How large its file is.
    #[field(min = 1)]
    pub bytes: Option<i64>,
    /// What it costs today.
    #[field(precision = 10, scale = 2, min = "0")]
    pub unit_price: Decimal,
}

#[hooks]
impl Hooks for Track {
    fn normalize(&mut self) {
        trim(&mut self.name);
    }
}

/// Removes white space around a name.
pub(crate) fn trim(name: &mut String) {
    let trimmed = name.trim();
    if trimmed.len() < name.len() {
        *name = trimmed.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use modelhost_guest::testing;

    use super::*;

    fn track() -> Track {
        Track {
            id: 1,
            name: "Walk On".to_owned(),
            album_id: Some(1),
            media_type_id: 1,
            genre_id: Some(1),
            composer: Some(String::new()),
            milliseconds: 343_719,
            bytes: Some(11_170_334),
            unit_price: Decimal::new(99, 2),
        }
    }

    #[test]
    fn names_are_trimmed_and_composers_are_not() {
        let (name, composer) = (" Walk On\n".to_owned(), Some("U2 ".to_owned()));
        let report = testing::create(Track { name, composer, ..track() });
        assert_eq!(report.assert_accepted().record.name, "Walk On");
        assert_eq!(report.record.composer.as_deref(), Some("U2 "));
    }

    #[test]
    fn a_name_of_spaces_is_none() {
        testing::create(Artist { id: 1, name: " ".to_owned() }).assert_refused_with("name", "length");
    }

    #[test]
    fn a_track_costs_nothing_or_more_and_plays_for_a_while() {
        testing::create(Track { unit_price: Decimal::ZERO, ..track() }).assert_accepted();
        testing::create(Track { unit_price: Decimal::new(-1, 2), ..track() })
            .assert_refused_with("unit_price", "range");
        testing::create(Track { milliseconds: 0, ..track() }).assert_refused_with("milliseconds", "range");
    }

    #[test]
    fn says_to_the_host_what_the_code_says() {
        let expected = "\
track: key id
  index name
  album belongs to album by album_id, on delete cascade
  media_type belongs to media_type by media_type_id, on delete restrict
  genre belongs to genre by genre_id, on delete set-null
  invoice_lines has many invoice_line, by its track
  entries has many playlist_track, by its track
  id            int, int-min 1
  name          text, length-min 1, length-max 200
  album_id      int or null
  media_type_id int
  genre_id      int or null
  composer      text or null, length-max 220
  milliseconds  int, int-min 1
  bytes         int or null, int-min 1
  unit_price    decimal(10,2), decimal-min 0
normalize on create update, sees whole
";
        assert_eq!(testing::describe::<Track>(), expected);
    }
}
