//! Keys: who may call what.
//!
//! A key is `mh_<id>_<secret>`: the id finds the record, the secret (256 bits) is kept only as its SHA-256 and compared in
//! constant time. The text of a key exists once, in the answer that made it.

use model::{FieldType, ModelDef, NamespaceName, Nullable, Row, Value};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What a key may do. Each role includes those after it, for its namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Everything, keys included.
    Admin,
    /// Deploy plugins, inspect.
    Deploy,
    /// Write records.
    Write,
    /// Read records.
    Read,
}

/// Which namespaces a key is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    All,
    /// These.
    Only(Vec<NamespaceName>),
}

/// A key as the control database knows it: without its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// 12 hex digits.
    pub id: String,
    /// What it is for, as a person called it.
    pub label: String,
    /// What it may do.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// When it was made, in microseconds.
    pub created_at_us: i64,
    /// When it was revoked.
    pub revoked_at_us: Option<i64>,
    secret_hash: String,
}

/// A key that was just made, with the only copy of its text.
pub struct NewKey {
    /// The record.
    pub record: KeyRecord,
    /// `mh_<id>_<secret>`.
    pub text: String,
}

/// What the caller of a request may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// The host has no keys yet: everything, to callers on this machine.
    Open,
    /// A valid key.
    Key {
        /// Its id.
        id: String,
        /// What it may do.
        role: Role,
        /// Where.
        scope: Scope,
    },
    /// A key that was valid once.
    Revoked {
        /// Its id.
        id: String,
    },
    /// A key that no host made.
    Invalid,
    /// No key, where one is needed.
    Missing,
}

impl Role {
    /// Every role, most powerful first.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Deploy, Self::Write, Self::Read];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Deploy => "deploy",
            Self::Write => "write",
            Self::Read => "read",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl Scope {
    /// Whether the namespace is in it.
    pub fn includes(&self, namespace: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(|name| name.as_str() == namespace),
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::All => "*".to_owned(),
            Self::Only(names) => names.iter().map(NamespaceName::as_str).collect::<Vec<_>>().join(" "),
        }
    }

    fn from_text(text: &str) -> Self {
        match text {
            "*" => Self::All,
            text => Self::Only(text.split(' ').filter_map(|name| NamespaceName::new(name).ok()).collect()),
        }
    }
}

impl KeyRecord {
    pub(crate) fn def() -> ModelDef {
        ModelDef::of_host(
            "modelhost_keys",
            &[
                ("id", FieldType::Text, Nullable::No),
                ("label", FieldType::Text, Nullable::No),
                ("role", FieldType::Text, Nullable::No),
                ("scope", FieldType::Text, Nullable::No),
                ("created_at", FieldType::Timestamp, Nullable::No),
                ("revoked_at", FieldType::Timestamp, Nullable::Yes),
                ("secret_hash", FieldType::Text, Nullable::No),
            ],
        )
    }

    pub(crate) fn make(label: String, role: Role, scope: Scope, now_us: i64) -> NewKey {
        let mut random = [0_u8; 38];
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        let (id, secret) = (hex(&random[..6]), hex(&random[6..]));
        let text = format!("mh_{id}_{secret}");
        let secret_hash = hash(&secret);
        NewKey {
            record: Self { id, label, role, scope, created_at_us: now_us, revoked_at_us: None, secret_hash },
            text,
        }
    }

    /// The id and secret that a key's text names.
    pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
        let (id, secret) = text.strip_prefix("mh_")?.split_once('_')?;
        (id.len() == 12 && secret.len() == 64).then_some((id, secret))
    }

    pub(crate) fn access(&self, secret: &str) -> Access {
        let is_equal: bool = hash(secret).as_bytes().ct_eq(self.secret_hash.as_bytes()).into();
        match (is_equal, self.revoked_at_us) {
            (false, _) => Access::Invalid,
            (true, Some(_)) => Access::Revoked { id: self.id.clone() },
            (true, None) => Access::Key { id: self.id.clone(), role: self.role, scope: self.scope.clone() },
        }
    }

    pub(crate) fn to_row(&self) -> Row {
        vec![
            Value::Text(self.id.clone()),
            Value::Text(self.label.clone()),
            Value::Text(self.role.name().to_owned()),
            Value::Text(self.scope.to_text()),
            Value::Timestamp(self.created_at_us),
            self.revoked_at_us.map_or(Value::Null, Value::Timestamp),
            Value::Text(self.secret_hash.clone()),
        ]
    }

    pub(crate) fn from_row(row: &Row) -> Option<Self> {
        let [
            Value::Text(id),
            Value::Text(label),
            Value::Text(role),
            Value::Text(scope),
            Value::Timestamp(created_at_us),
            revoked_at,
            Value::Text(secret_hash),
        ] = row.as_slice()
        else {
            return None;
        };
        Some(Self {
            id: id.clone(),
            label: label.clone(),
            role: Role::parse(role)?,
            scope: Scope::from_text(scope),
            created_at_us: *created_at_us,
            revoked_at_us: match revoked_at {
                Value::Timestamp(us) => Some(*us),
                _ => None,
            },
            secret_hash: secret_hash.clone(),
        })
    }
}

impl std::fmt::Debug for KeyRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRecord").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKey").field("record", &self.record).finish_non_exhaustive()
    }
}

fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_only_with_its_own_secret_and_shows_it_nowhere() {
        let key = KeyRecord::make("ci".to_owned(), Role::Deploy, Scope::All, 1);
        let (id, secret) = KeyRecord::split(&key.text).expect("well-formed");
        assert_eq!(id, key.record.id);
        assert!(matches!(key.record.access(secret), Access::Key { role: Role::Deploy, .. }));
        assert_eq!(key.record.access(&"0".repeat(64)), Access::Invalid);
        assert!(!format!("{key:?}{:?}", key.record.to_row()).contains(secret));
    }
}
