//! Two namespaces with equally named models share nothing, wherever they are, and what is done to one is not done to the
//! other.
//!
//! The witness is an outside client that reads every table and row of a place. Invariant: what it saw of the other
//! namespace before is what it sees after.

mod interleavings;
mod neighbours;

use neighbours::{Neighbours, Place, Witness};

#[test]
fn equal_names_are_not_equal_things() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let title = place.title;
        let of_shop = r#"{"data": {"number": 8, "full_name": "Eve", "country": "Italy"}}"#;
        assert_eq!(place.call(&host, "acme customer create", of_shop).code(), "plan.unknown-field", "{title}");
        let of_crm = r#"{"data": {"name": "Eve"}}"#;
        assert_eq!(place.call(&host, "globex customer create", of_crm).code(), "plan.unknown-field", "{title}");
        let rule = place.call(&host, "globex customer create", of_shop);
        assert_eq!(rule.body["error"]["violations"][0]["code"], "country-code", "{title}: {}", rule.text);
        let (acme, globex) =
            (place.data(&host, "acme customer list", "{}"), place.data(&host, "globex customer list", "{}"));
        assert_eq!((acme.as_array().map(Vec::len), globex.as_array().map(Vec::len)), (Some(1), Some(1)), "{title}");
        assert_eq!((&acme[0]["name"], &globex[0]["full_name"]), (&"Ada".into(), &"Grace".into()), "{title}");
        assert_eq!(place.call(&host, "acme product list", "{}").code(), "plan.unknown-model", "{title}");
    }
}

#[test]
fn an_outside_client_finds_only_its_own_rows_in_each() {
    let neighbours = Neighbours::move_in();
    for place in &neighbours.places {
        let (acme, globex) = place.both();
        assert!(acme.contains("Ada") && !acme.contains("Grace"), "{}: {acme}", place.title);
        assert!(globex.contains("Grace") && !globex.contains("Ada"), "{}: {globex}", place.title);
        let names = |name: &str| {
            let prefix = format!("{}__", place.namespace(name));
            place.tables(name).iter().map(|table| table.replace(&prefix, "")).collect::<Vec<_>>().join(" ")
        };
        // Where tables do not come and go with a transaction there is a journal too.
        let journal = if matches!(place.witness, Witness::Databases(_)) { " modelhost_journal" } else { "" };
        let ledger = format!("modelhost_history{journal} modelhost_owner");
        assert_eq!(names("acme"), format!("customer {ledger} tags"), "{}", place.title);
        assert_eq!(names("globex"), format!("customer {ledger} product"), "{}", place.title);
    }
}

#[test]
fn unloading_and_loading_one_leaves_the_other_and_all_data() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let (title, acme, before) = (place.title, place.namespace("acme"), place.both());
        host.cli(&["namespace", "unload", &acme]).success();
        assert_eq!(place.call(&host, "acme customer list", "{}").code(), "namespace.nothing-deployed", "{title}");
        assert_eq!(place.call(&host, "globex customer list", "{}").status, 200, "{title}");
        assert_eq!(place.both(), before, "{title}");
        let loaded = host.deploy(&acme, artifacts::CRM);
        assert_eq!((&loaded["state"], &loaded["generation"]["number"]), (&"done".into(), &1.into()), "{title}");
        assert_eq!(place.data(&host, "acme customer list", "{}")[0]["name"], "Ada", "{title}");
        assert_eq!(place.both(), before, "{title}");
    }
}

#[test]
fn destroying_one_leaves_nothing_of_it_and_all_of_the_other() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let (title, acme, before) = (place.title, place.namespace("acme"), place.everything("globex"));
        host.cli(&["namespace", "destroy", &acme, "--consent", &format!("{acme}:customer,tags")]).success();
        assert_eq!(place.call(&host, "acme customer list", "{}").code(), "namespace.unknown", "{title}");
        assert_eq!(place.everything("globex"), before, "{title}");
        assert_eq!(place.data(&host, "globex customer list", "{}")[0]["full_name"], "Grace", "{title}");
        match &place.witness {
            Witness::Files(folder) => {
                let names =
                    std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").file_name());
                let is_left = |name: &std::ffi::OsString| {
                    name.to_string_lossy().starts_with("acme") && !name.to_string_lossy().ends_with(".lock")
                };
                assert_eq!(names.filter(is_left).count(), 0, "{title}");
            }
            Witness::Prefixes(_) | Witness::Schemas(_) | Witness::Databases(_) => {
                assert_eq!(place.tables("acme"), [""; 0], "{title}")
            }
        }
        place.make(&host, "acme");
        assert_eq!(host.deploy(&acme, artifacts::SHOP)["generation"]["number"], 1, "{title}: its name begins anew");
        assert_eq!(place.data(&host, "acme customer list", "{}"), serde_json::json!([]), "{title}");
        assert_eq!(place.everything("globex"), before, "{title}");
    }
}

#[test]
fn a_refused_deploy_to_one_changes_neither() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let before = place.both();
        let refused = host.deploy(&place.namespace("acme"), artifacts::SHOP);
        assert_eq!(refused["error"]["code"], "schema.change-refused", "{}", place.title);
        assert_eq!(place.both(), before, "{}", place.title);
    }
}

#[test]
fn both_survive_a_restart() {
    let Neighbours { mut host, places } = Neighbours::move_in();
    let before: Vec<_> = places.iter().map(Place::both).collect();
    host.kill();
    host.restart();
    for (place, before) in places.iter().zip(before) {
        assert_eq!(place.data(&host, "acme customer list", "{}")[0]["name"], "Ada", "{}", place.title);
        assert_eq!(place.data(&host, "globex customer list", "{}")[0]["full_name"], "Grace", "{}", place.title);
        assert_eq!(place.both(), before, "{}", place.title);
    }
}
