use modelhost_guest::prelude::*;

#[derive(Model)]
#[model(nmae = "remark", unique(txt))]
struct Note {
    #[field(kee)]
    id: Uuid,
    #[field(lenght_max = 200, color)]
    text: String,
}

fn main() {}
