use modelhost_guest::prelude::*;

#[derive(Model)]
struct Album {
    #[field(key)]
    id: i64,
}

#[derive(Model)]
struct Entry {
    #[field(key)]
    playlist_id: i64,
    #[field(key)]
    track_id: i64,
}

#[derive(Model)]
struct OfAnotherType {
    #[field(key)]
    id: i64,
    #[field(belongs_to(Album))]
    album_id: Uuid,
}

#[derive(Model)]
struct TooFew {
    #[field(key)]
    id: i64,
    #[field(belongs_to(Entry))]
    entry_id: i64,
}

#[derive(Model)]
#[model(belongs_to(Album, fields = [id, number], name = "album"))]
struct TooMany {
    #[field(key)]
    id: i64,
    number: i64,
}

fn main() {}
