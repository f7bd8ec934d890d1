use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
}

#[hooks(before)]
impl Hooks for Note {
    #[cfg(debug_assertions)]
    fn normalize(&mut self) {}
}

#[hooks]
impl Note {
    fn validate(&self) {}
}

fn main() {}
