//! Embeds the SDK and the contract, so that the installed binary can write them beside a new plugin.
//!
//! Writes a table of (path, text) for every file that a plugin needs to build; tests and examples stay out.

use std::fmt::Write;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 4] = ["guest-sdk/src", "guest-sdk/macros/src", "wit/draft", "wit"];
const FILES: [&str; 2] = ["guest-sdk/Cargo.toml", "guest-sdk/macros/Cargo.toml"];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files: Vec<PathBuf> = FILES.iter().map(PathBuf::from).collect();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={}", root.join(folder).display());
        collect(&root, Path::new(folder), &mut files);
    }
    files.sort();
    files.dedup();
    let mut table = String::from("&[\n");
    for file in &files {
        let full = root.join(file).canonicalize().expect("a file that was just listed");
        println!("cargo::rerun-if-changed={}", full.display());
        let name = file.to_str().expect("file names here are UTF-8");
        writeln!(table, "    ({name:?}, include_str!({full:?})),").expect("writing to a string");
    }
    table.push(']');
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("embedded.rs");
    std::fs::write(out, table).expect("OUT_DIR can be written");
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(root.join(folder)).expect("the SDK and the contract stand beside the host");
    for entry in entries {
        let entry = entry.expect("a readable folder");
        let path = folder.join(entry.file_name());
        let is_folder = entry.file_type().expect("a file type").is_dir();
        if is_folder && folder != Path::new("wit") {
            collect(root, &path, files);
        } else if !is_folder {
            files.push(path);
        }
    }
}
