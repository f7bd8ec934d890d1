//! Destroying a namespace: its tables, its ledger, its file, its history. Only with a consent that names what is lost.

use model::{Ident, NamespaceName};
use sql::{Place, Schema, Table, defer_references, drop_place, drop_reference, drop_table, others_in};
use store::{Job, Store};

use crate::activation::stored_schema;
use crate::ledger::Ledger;
use crate::live;
use crate::namespace::State;
use crate::{EngineError, Host};

/// How long destroying waits for a migrator of the same namespace.
const LOCK_WAIT_MS: u64 = 5_000;

impl Host {
    /// Removes a namespace and everything in it. The consent is `<namespace>` where nothing was deployed, otherwise
    /// `<namespace>:<table>,<table>`; without it the error says what would be lost and how to consent.
    pub async fn destroy(&self, name: &str, consent: Option<&str>) -> Result<Vec<String>, EngineError> {
        let held = self.hold(name).await?;
        let namespace = &held.namespace;
        let name = &namespace.record.name;
        let ledger = Ledger::new(&namespace.store, name);
        let lock = namespace.store.lock(LOCK_WAIT_MS).await?;
        let present = ledger.tables().await?;
        let holds_others = match others_in(namespace.store.place(), namespace.store.dialect()) {
            Some(statement) => live::finds(&namespace.store, statement).await?,
            None => false,
        };
        let schema = match ledger.is_in(&present) {
            true => self.owned_schema(&ledger, name).await?,
            false => None,
        };
        let lost: Vec<String> =
            schema.iter().flat_map(|schema| &schema.tables).map(|table| table.name.to_string()).collect();
        expect_consent(name, &lost, consent)?;
        let served = namespace.state();
        namespace.swap(State::Unloaded, self.drain_max);
        // What is under way ends here: it must not write into a namespace that is made again under this name.
        namespace.store.retire();
        let owned = schema.as_ref().map_or_else(Vec::new, |schema| ledger.owned_tables(schema));
        let is_ours = |name: &String| owned.iter().any(|table| table.as_str() == name);
        let is_emptied = !holds_others && present.iter().all(is_ours);
        // A file that holds anything we did not make stays, and loses our tables.
        let source = self.source(&namespace.record.data_source)?;
        let is_file = source.url().is_per_namespace() && is_emptied;
        let store = source.store(name.clone(), namespace.store.place().clone());
        let dropped = match &schema {
            Some(schema) if !is_file => drop_tables(&store, schema, &owned, &present, is_emptied).await,
            _ => Ok(()),
        };
        if let Err(error) = dropped {
            // It is all there still, and so it serves on.
            namespace.store.resume();
            namespace.swap_back(served);
            return Err(error);
        }
        drop(lock);
        if is_file {
            store.destroy_file().await?;
        }
        namespace.store.release().await;
        self.control.remove_namespace(name).await?;
        self.namespaces.remove(name.as_str());
        Ok(lost)
    }

    /// The tables that the ledger says are the namespace's. Those of another host are nobody's to drop here: only the name goes.
    async fn owned_schema(&self, ledger: &Ledger<'_>, name: &NamespaceName) -> Result<Option<Schema>, EngineError> {
        let Some(owner) = ledger.owner().await? else { return Ok(None) };
        if owner.control_id != self.control.id {
            return Ok(None);
        }
        stored_schema(&owner, name).map(Some)
    }
}

/// The consent names the namespace and every table that is lost.
fn expect_consent(name: &NamespaceName, lost: &[String], consent: Option<&str>) -> Result<(), EngineError> {
    let expected = match lost.is_empty() {
        true => name.to_string(),
        false => format!("{name}:{}", lost.join(",")),
    };
    if consent == Some(expected.as_str()) {
        return Ok(());
    }
    Err(EngineError::ConsentMissing {
        namespace: name.to_string(),
        given: consent.map(|consent| consent.chars().take(200).collect()),
        expected,
        tables: lost.to_vec(),
    })
}

/// Drops what the ledger says is the namespace's, the ledger last, all in one transaction. A schema that still holds
/// somebody else's tables stays.
async fn drop_tables(
    store: &Store,
    schema: &Schema,
    owned: &[Ident],
    present: &[String],
    is_emptied: bool,
) -> Result<(), EngineError> {
    let (place, dialect) = (store.place(), store.dialect());
    let is_present = |table: &&Ident| present.iter().any(|name| name == table.as_str());
    // Tables that refer to each other can be dropped in any order once they no longer do.
    let is_there = |table: &Table| present.iter().any(|name| name == table.name.as_str());
    let references = schema.tables.iter().filter(|table| is_there(table)).flat_map(|table| {
        table.references.iter().filter_map(|reference| drop_reference(&reference.name, &table.name, place, dialect))
    });
    let mut statements: Vec<_> = defer_references(dialect).into_iter().chain(references).collect();
    statements.extend(owned.iter().filter(is_present).map(|table| drop_table(table, place, dialect)));
    if matches!(place, Place::Schema(_)) && is_emptied {
        statements.extend(drop_place(place, dialect));
    }
    store.run(Job::atomic(statements)).await?;
    Ok(())
}
