//! Every plugin and every misbehaving guest of this project, compiled to a component.
//!
//! One constant for each folder of `plugins/` (`CRM`) and of `tests/guests/` (`LOOPS_VALIDATE`), and three lists. The
//! build script compiles them; nothing here runs them.
//!
//! Invariant: what is in a list was built from the sources of this checkout.

include!(concat!(env!("OUT_DIR"), "/components.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    /// The first bytes of a component: `\0asm`, version 13, layer 1. A core module has layer 0.
    const COMPONENT: [u8; 8] = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
    const PLUGIN_BYTES_MAX: usize = 400 * 1024;

    fn folders_of(parent: &str) -> Vec<String> {
        let parent = concat!(env!("CARGO_MANIFEST_DIR"), "/../..").to_owned() + "/" + parent;
        let entries = std::fs::read_dir(parent).expect("the folder exists");
        let mut folders: Vec<String> =
            entries.map(|entry| entry.expect("readable").file_name().into_string().expect("a name in UTF-8")).collect();
        folders.sort();
        folders
    }

    fn names(list: &[(&str, &[u8])]) -> Vec<String> {
        list.iter().map(|(folder, _)| (*folder).to_owned()).collect()
    }

    #[test]
    fn every_folder_is_a_plugin_or_a_guest() {
        assert_eq!(names(PLUGINS), folders_of("plugins"));
        assert_eq!(names(GUESTS), folders_of("tests/guests"));
        assert_eq!(names(ALL), [names(PLUGINS), names(GUESTS)].concat());
    }

    #[test]
    fn everything_is_a_component() {
        for (folder, bytes) in ALL {
            assert_eq!(bytes[..8], COMPONENT, "{folder}");
        }
    }

    #[test]
    fn plugins_are_small() {
        for (folder, bytes) in PLUGINS {
            assert!(bytes.len() < PLUGIN_BYTES_MAX, "{folder} has {} bytes", bytes.len());
        }
    }
}
