use modelhost_guest::prelude::*;

#[derive(Model)]
#[model(has_many(tracks: Track), has_many(songs: Track, relation = "albun"))]
struct Album {
    #[field(key)]
    id: i64,
}

#[derive(Model)]
#[model(has_many(tracks: Track, relation = "album"))]
struct Record {
    #[field(key)]
    id: i64,
}

#[derive(Model)]
struct Track {
    #[field(key)]
    id: i64,
    #[field(belongs_to(Album, name = "on_album"))]
    album_id: i64,
}

#[derive(Model)]
#[model(has_many(Track), has_many(), has_many(id: Track), has_many(tracks: Track, relations = "x"), has_many = Track)]
struct Genre {
    #[field(key)]
    id: i64,
}

fn main() {}
