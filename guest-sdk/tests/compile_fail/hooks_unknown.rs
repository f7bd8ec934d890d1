use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
}

#[hooks(befor)]
impl Hooks for Note {
    fn validat(&self, _: &mut Check<Self>) {}

    fn after_commit(&self) {}
}

fn main() {}
