//! What the errors of MySQL and MariaDB mean, by number.
//!
//! A message is read for one thing, the name of an index or constraint, which stands in quotes in every language. An error
//! of the driver's own is read where it is about the password: there is no number for it.

use sqlx::Error;
use sqlx::mysql::MySqlDatabaseError;

use crate::server::{Address, DRIVER_CODE, Meaning, Said};
use crate::{ConstraintHit, ReferenceHit};

/// What the servers call the index of a table's key.
const KEY: &str = "PRIMARY";

pub(super) fn said(error: &Error, address: &Address) -> Option<Said> {
    let of_driver = |meaning| Some(Said { code: DRIVER_CODE.to_owned(), meaning, ends_connection: true });
    match error {
        Error::Database(error) => {
            let error: &MySqlDatabaseError = error.try_downcast_ref()?;
            Some(Said {
                code: error.number().to_string(),
                meaning: meaning(error.number(), error.message()),
                ends_connection: ends_connection(error.number()),
            })
        }
        // The password may go only through TLS, and there is none.
        Error::Configuration(_) if address.may_be_plain() => of_driver(Meaning::DemandsTls),
        Error::Protocol(text) if text.contains("during authentication") || text.contains("authentication plugin") => {
            of_driver(Meaning::Stranger)
        }
        _ => None,
    }
}

fn meaning(number: u16, message: &str) -> Meaning {
    match number {
        1044 | 1045 | 1130 | 1698 => Meaning::Stranger,
        1049 => Meaning::MissingDatabase,
        3159 => Meaning::DemandsTls,
        // Of the server, of the user, of the user's hour.
        1040 | 1203 | 1226 => Meaning::Full,
        1053 => Meaning::NotReady,
        1153 => Meaning::TooLarge,
        1062 | 1586 => duplicate(message).map_or(Meaning::Other, Meaning::Duplicate),
        1216 | 1452 => Meaning::Reference(ReferenceHit::Missing { constraint: constraint(message) }),
        1217 | 1451 => Meaning::Reference(ReferenceHit::Restricted { constraint: constraint(message) }),
        1317 | 1969 | 3024 => Meaning::OutOfTime,
        1205 => Meaning::Busy,
        1213 => Meaning::Deadlock,
        // The disk, or the space that the server may have.
        1021 | 1114 => Meaning::DiskFull,
        _ => Meaning::Other,
    }
}

/// Shutdowns, killed sessions, broken packets, and the numbers with which a proxy says that the server is gone.
fn ends_connection(number: u16) -> bool {
    matches!(number, 1053 | 1077 | 1079 | 1080 | 1152..=1161 | 1927 | 2006 | 2013 | 3169 | 4031)
}

/// The last name in quotes, of `for key 'table.index'` or `for key 'index'`.
fn duplicate(message: &str) -> Option<ConstraintHit> {
    let (before, _) = message.rsplit_once('\'')?;
    let (_, name) = before.rsplit_once('\'')?;
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    Some(match name {
        KEY => ConstraintHit::Key,
        name => ConstraintHit::Constraint { name: name.to_owned() },
    })
}

/// The name in ``CONSTRAINT `name` ``.
fn constraint(message: &str) -> Option<String> {
    let (_, after) = message.split_once("CONSTRAINT `")?;
    after.split_once('`').map(|(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERRORS: &[(u16, &str)] = &[
        (1045, "Access denied for user 'me'@'localhost' (using password: YES)"),
        (1044, "Access denied for user 'me'@'%' to database 'crm'"),
        (1049, "Unknown database 'crm'"),
        (3159, "Connections using insecure transport are prohibited"),
        (1040, "Too many connections"),
        (1053, "Server shutdown in progress"),
        (1062, "Duplicate entry 'it''s' for key 'acme__customer.acme__ix_0123456789ab'"),
        (1062, "Duplicate entry 'a-b' for key 'acme__ix_0123456789ab'"),
        (1062, "Doppelter Eintrag '7' für Schlüssel 'PRIMARY'"),
        (1062, "Duplicate entry '7' for key 'customer.PRIMARY'"),
        (1062, "no name at all"),
        (
            1452,
            "Cannot add or update a child row: a foreign key constraint fails (`db`.`t`, CONSTRAINT `acme__fk_1` FOREIGN KEY (`a`) REFERENCES `u` (`id`))",
        ),
        (
            1451,
            "Cannot delete or update a parent row: a foreign key constraint fails (`db`.`t`, CONSTRAINT `acme__fk_1` FOREIGN KEY (`a`) REFERENCES `u` (`id`))",
        ),
        (1216, "Cannot add or update a child row: a foreign key constraint fails"),
        (1205, "Lock wait timeout exceeded; try restarting transaction"),
        (1213, "Deadlock found when trying to get lock; try restarting transaction"),
        (1969, "Query execution was interrupted (max_statement_time exceeded)"),
        (3024, "Query execution was interrupted, maximum statement execution time exceeded"),
        (1317, "Query execution was interrupted"),
        (1153, "Got a packet bigger than 'max_allowed_packet' bytes"),
        (1927, "Connection was killed"),
        (2013, "Lost connection to server during query"),
        (4025, "CONSTRAINT `t.a` failed for `db`.`t`"),
        (3819, "Check constraint 't_chk_1' is violated."),
        (1146, "Table 'db.t' doesn't exist"),
    ];

    #[test]
    fn errors_are_known_by_their_number() {
        let line = |(number, message): &(u16, &str)| {
            let end = if ends_connection(*number) { ", ends the connection" } else { "" };
            format!("{number}: {:?}{end}", meaning(*number, message))
        };
        insta::assert_snapshot!(ERRORS.iter().map(line).collect::<Vec<_>>().join("\n"), @r#"
        1045: Stranger
        1044: Stranger
        1049: MissingDatabase
        3159: DemandsTls
        1040: Full
        1053: NotReady, ends the connection
        1062: Duplicate(Constraint { name: "acme__ix_0123456789ab" })
        1062: Duplicate(Constraint { name: "acme__ix_0123456789ab" })
        1062: Duplicate(Key)
        1062: Duplicate(Key)
        1062: Other
        1452: Reference(Missing { constraint: Some("acme__fk_1") })
        1451: Reference(Restricted { constraint: Some("acme__fk_1") })
        1216: Reference(Missing { constraint: None })
        1205: Busy
        1213: Deadlock
        1969: OutOfTime
        3024: OutOfTime
        1317: OutOfTime
        1153: TooLarge, ends the connection
        1927: Other, ends the connection
        2013: Other, ends the connection
        4025: Other
        3819: Other
        1146: Other
        "#);
    }
}
