use modelhost_guest::prelude::*;

#[derive(Model)]
struct Album {
    #[field(key)]
    id: i64,
}

#[hooks]
impl Hooks for Album {}

#[derive(Model)]
struct Track {
    #[field(key)]
    id: i64,
    #[field(belongs_to(Album))]
    album_id: i64,
}

#[hooks]
impl Hooks for Track {}

export_plugin!(Track);

fn main() {}
