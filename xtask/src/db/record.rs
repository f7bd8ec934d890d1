//! What `db up` leaves behind, so that later commands find the server: a folder for each kind in target/db.
//!
//! It starts and stops nothing. Invariant: the record holds a password and is readable by its owner only; it says that a
//! server was started, and `is_running` whether it still is.

use std::fs;
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::server::Durability;
use super::{Kind, process};
use crate::shell::Shell;

/// One server of `db up`.
pub(crate) struct Record {
    pub(crate) kind: Kind,
    /// Where its files are.
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    /// With the password.
    pub(crate) url: String,
    pub(crate) durability: Durability,
}

impl Record {
    pub(crate) fn read(shell: &Shell, kind: Kind) -> Result<Option<Self>> {
        let path = folder(shell, kind).join("server.json");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        let record = serde_json::from_str(&text).ok().and_then(|value| Self::parse(kind, &value));
        record.map(Some).with_context(|| format!("{} is damaged; remove it", path.display()))
    }

    pub(crate) fn write(&self, shell: &Shell) -> Result<()> {
        let folder = folder(shell, self.kind);
        fs::create_dir_all(&folder)?;
        let path = folder.join("server.json");
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("writing {}", path.display()))?;
        writeln!(file, "{:#}", self.to_json())?;
        fs::write(folder.join("port"), format!("{}\n", self.port))?;
        Ok(())
    }

    pub(crate) fn remove(&self, shell: &Shell) -> Result<()> {
        let folder = folder(shell, self.kind);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| format!("removing {}", folder.display()))
            }
            _ => Ok(()),
        }
    }

    /// Whether its process lives and its port answers.
    pub(crate) fn is_running(&self) -> bool {
        process::living(self.kind, &self.folder).is_some()
            && TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, self.port).into(), Duration::from_secs(2)).is_ok()
    }

    fn to_json(&self) -> Value {
        json!({
            "folder": self.folder,
            "port": self.port,
            "url": self.url,
            "durable": self.durability == Durability::Durable,
        })
    }

    fn parse(kind: Kind, value: &Value) -> Option<Self> {
        Some(Self {
            kind,
            folder: PathBuf::from(value.get("folder")?.as_str()?),
            port: value.get("port")?.as_u64()?.try_into().ok()?,
            url: value.get("url")?.as_str()?.to_owned(),
            durability: match value.get("durable")?.as_bool()? {
                true => Durability::Durable,
                false => Durability::ThrowAway,
            },
        })
    }
}

fn folder(shell: &Shell, kind: Kind) -> PathBuf {
    shell.target().join("db").join(kind.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_survives_its_text() {
        let record = Record {
            kind: Kind::Mariadb,
            folder: PathBuf::from("somewhere"),
            port: 40_001,
            url: "mysql://u:p@127.0.0.1:40001/modelhost".to_owned(),
            durability: Durability::Durable,
        };
        let back = Record::parse(Kind::Mariadb, &record.to_json()).unwrap();
        assert_eq!(back.folder, record.folder);
        assert_eq!(back.port, record.port);
        assert_eq!(back.url, record.url);
        assert_eq!(back.durability, record.durability);
        assert!(!back.is_running());
        assert!(Record::parse(Kind::Mariadb, &json!({"folder": "x"})).is_none());
    }
}
