//! The five operations without a hook, from the text of a call to its answer, beside the bare driver.
//!
//! Each side has a table of its own with the same records. Nothing is prepared for a single operation but what its caller
//! has: the host gets the text of the body, the bare program gets values of Rust. Invariant: both answer equal records,
//! which is checked before anything is measured.

use std::hint::black_box;

use anyhow::{Result, ensure};
use tempfile::TempDir;
use uuid::Uuid;

use crate::bare::{Bare, Connection};
use crate::compare::{Comparison, Size, compare};
use crate::contact::{self, Changes, NewContact, RECORDS};
use crate::cores::Cores;
use crate::database::{Database, Kind};
use crate::figure::{Figure, Target};
use crate::hosted::{self, Model};
use crate::report::Report;

/// In the order in which they are measured: what reads comes before what changes, what deletes comes last.
const OPERATIONS: [Operation; 5] =
    [Operation::Read, Operation::List, Operation::Update, Operation::Create, Operation::Delete];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Read,
    List,
    Update,
    Create,
    Delete,
}

/// What callers would have sent, made before anything is measured.
struct Inputs {
    /// For the host.
    bodies: Vec<String>,
    /// For the bare program, where the operation has them.
    new: Vec<NewContact>,
    changes: Vec<Changes>,
    pages: Vec<Uuid>,
}

pub(crate) async fn run(report: &mut Report, database: &Database) -> Result<()> {
    let wanted = report.wanted(OPERATIONS, Operation::row);
    if wanted.is_empty() {
        return Ok(());
    }
    let (folder, kind) = (TempDir::new()?, database.kind());
    let host = hosted::open(folder.path(), &database.url(folder.path())).await?;
    let ours = hosted::deploy(&host, "plain", database.placement(), artifacts::BENCH_PLAIN).await?;
    ours.fill(RECORDS + Operation::Delete.size(kind).total()).await;
    let mut connection = Connection::beside(database, folder.path(), "plain").await?;
    let mut bare = connection.prepare()?;
    for number in 0..RECORDS {
        let same = ours.read(number).await? == bare.read(contact::id(number)).await?.to_row();
        ensure!(same, "record {number} differs between the host and the bare program");
    }
    let cores = Cores::of_this_process();
    cores.place(&database.threads().await?);
    for operation in wanted {
        let measured = measure(operation, operation.size(kind), &ours, &mut bare).await;
        report.add(Figure::beside(operation.row(), kind.name(), &measured, operation.target(kind)));
    }
    cores.release();
    drop(bare);
    connection.close().await?;
    host.close().await;
    Ok(())
}

async fn measure(operation: Operation, size: Size, ours: &Model, bare: &mut Bare<'_>) -> Comparison {
    let Inputs { bodies, new, changes, pages } = Inputs::of(operation, size.total());
    let ours = async |number: usize| {
        black_box(ours.call(operation.name(), &bodies[number]).await);
    };
    match operation {
        Operation::Read => {
            let bare = async |number| drop(black_box(bare.read(contact::pick(number)).await.expect("a record")));
            compare(size, ours, bare).await
        }
        Operation::List => {
            let bare = async |number| drop(black_box(bare.list(page(&pages, number)).await.expect("a page")));
            compare(size, ours, bare).await
        }
        Operation::Update => {
            let bare = async |number: usize| {
                drop(black_box(bare.update(contact::pick(number), &changes[number]).await.expect("a record")));
            };
            compare(size, ours, bare).await
        }
        Operation::Create => {
            let bare = async |number: usize| drop(black_box(bare.create(&new[number]).await.expect("a record")));
            compare(size, ours, bare).await
        }
        Operation::Delete => {
            let bare = async |number| assert_eq!(bare.delete(contact::id(RECORDS + number)).await.expect("a count"), 1);
            compare(size, ours, bare).await
        }
    }
}

impl Operation {
    /// As a call names it.
    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::List => "list",
            Self::Update => "update",
            Self::Create => "create",
            Self::Delete => "delete",
        }
    }

    /// As the row is called.
    fn row(self) -> &'static str {
        match self {
            Self::Read => "engine read",
            Self::List => "engine list of 100",
            Self::Update => "engine update",
            Self::Create => "engine create",
            Self::Delete => "engine delete",
        }
    }

    fn size(self, kind: Kind) -> Size {
        match (kind, self) {
            (Kind::Sqlite, Self::List) => Size { operations: 400, block: 20 },
            (Kind::Sqlite, _) => Size { operations: 2_000, block: 100 },
            (Kind::Postgres | Kind::Mysql, _) => Size { operations: 400, block: 20 },
        }
    }

    fn target(self, kind: Kind) -> Target {
        Target::Times(match (kind, self) {
            (_, Self::List) => 1.4,
            (Kind::Sqlite, _) => 2.5,
            (Kind::Postgres | Kind::Mysql, _) => 1.2,
        })
    }
}

impl Inputs {
    fn of(operation: Operation, count: usize) -> Self {
        let pages = contact::page_starts();
        let new: Vec<_> = (0..count).map(NewContact::numbered).collect();
        let changes: Vec<_> = (0..count).map(Changes::numbered).collect();
        let body = |number: usize| match operation {
            Operation::Read => contact::body_by_key(contact::pick(number)),
            Operation::List => contact::body_of_page(page(&pages, number)),
            Operation::Update => changes[number].body(contact::pick(number)),
            Operation::Create => new[number].body(None),
            Operation::Delete => contact::body_by_key(contact::id(RECORDS + number)),
        };
        Self { bodies: (0..count).map(body).collect(), new, changes, pages }
    }
}

fn page(pages: &[Uuid], number: usize) -> Uuid {
    pages[number * 31 % pages.len()]
}
