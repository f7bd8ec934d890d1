use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
    text: String,
}

#[derive(Model)]
struct Task {
    #[field(key)]
    id: Uuid,
}

#[hooks]
impl Hooks for Note {
    fn validate(&self, check: &mut Check<Self>) {
        check.refuse(Note::TXET, "text.blank", "is blank");
        check.refuse(Task::ID, "id.wrong", "is wrong");
    }
}

fn main() {}
