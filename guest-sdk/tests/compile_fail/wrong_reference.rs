use modelhost_guest::prelude::*;

#[derive(Model)]
#[model(belongs_to(Album), belongs_to(Album, fields = [], name = "none"), belongs_to = Album)]
#[model(belongs_to(Album, fields = [albun_id], name = "first"), belongs_to(Album, fields = [ratio], name = "by_ratio"))]
#[model(belongs_to(Album, fields = [id], name = "Album"))]
struct Track {
    #[field(key)]
    id: i64,
    #[field(belongs_to(Album, on_delete = set_null))]
    album_id: i64,
    #[field(belongs_to(Album, on_delete = remove))]
    other_id: i64,
    #[field(belongs_to(Album, on_delete = "cascade"))]
    third_id: i64,
    #[field(belongs_to(Album))]
    best_of: Option<i64>,
    #[field(belongs_to(Album, name = "album"))]
    second_id: Option<i64>,
    #[field(belongs_to)]
    fourth_id: i64,
    #[field(belongs_to())]
    fifth_id: i64,
    #[field(belongs_to("album"))]
    sixth_id: i64,
    #[field(belongs_to(Album, ondelete = cascade))]
    seventh_id: i64,
    #[field(belongs_to(Album, fields = [id]))]
    eighth_id: i64,
    ratio: f64,
}

#[derive(Model)]
struct Album {
    #[field(key)]
    id: i64,
}

fn main() {}
