use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
}

#[hooks]
impl Hooks for Note {
    fn validate(&self, check: &mut Check<Self>) {
        let _ = check.before();
    }
}

fn main() {}
