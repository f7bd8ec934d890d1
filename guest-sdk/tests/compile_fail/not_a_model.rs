use modelhost_guest::prelude::*;

struct Album;

#[derive(Model)]
struct Track {
    #[field(key)]
    id: i64,
    #[field(belongs_to(Album))]
    album_id: i64,
}

#[derive(Model)]
#[model(has_many(tracks: Trakc))]
struct Artist {
    #[field(key)]
    id: i64,
}

fn main() {}
