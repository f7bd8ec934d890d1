use modelhost_guest::prelude::*;

#[derive(Model)]
#[model(index(slott), index(-tags), index(slot, -slot), index(), index(slot + 1))]
#[model(unique_index(slot), unique_index(slot, when(slot = null)), unique_index(slot, when(removed_at = true)))]
#[model(index(slot, when(active)), index(slot, when(active != true)), index(slot, when(gone = null)))]
#[model(index(name = "Slot", fields = [slot]), index(fields = slot), index(slot, nam = "by_slot"), index = slot)]
#[model(unique(tags), index(slot, when(active = true, active = false)))]
struct Desk {
    #[field(key)]
    id: Uuid,
    slot: i64,
    active: bool,
    removed_at: Option<Timestamp>,
    #[field(unique)]
    tags: Vec<String>,
}

fn main() {}
