//! Who has connections, and since when: what an exhausted pool tells of whom to look at.
//!
//! Kept under the lock that a pool takes anyhow when a connection goes out or comes back.

use std::time::Instant;

use model::NamespaceName;

/// The namespace that has a connection for longest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The namespace.
    pub namespace: NamespaceName,
    /// For how many milliseconds.
    pub ms: u64,
}

/// The connections that are out, the one that went first at the front.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    held: Vec<Held>,
    next: Ticket,
}

/// Stands for one connection that is out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

#[derive(Debug)]
struct Held {
    ticket: Ticket,
    namespace: NamespaceName,
    since: Instant,
}

impl Holders {
    /// Adds one that went just now.
    pub(crate) fn add(&mut self, namespace: &NamespaceName, now: Instant) -> Ticket {
        let ticket = self.next;
        self.next.0 += 1;
        self.held.push(Held { ticket, namespace: namespace.clone(), since: now });
        ticket
    }

    /// Removes one.
    pub(crate) fn remove(&mut self, ticket: Ticket) {
        if let Some(at) = self.held.iter().position(|held| held.ticket == ticket) {
            self.held.remove(at);
        }
    }

    /// The one that went first.
    pub(crate) fn longest(&self) -> Option<Holder> {
        let held = self.held.first()?;
        let ms = u64::try_from(held.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        Some(Holder { namespace: held.namespace.clone(), ms })
    }
}
