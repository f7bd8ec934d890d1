//! Why a host does not start, or starts without one of its namespaces.

use std::net::TcpListener;
use std::path::Path;

use e2e::{Filters, Setup, program, run};

fn serve(folder: &Path, title: &str, arguments: &[&str]) -> String {
    let source = ["--data-source", "main=sqlite:data/{namespace}.db"];
    let output = run(program(folder).arg("serve").args(source).args(arguments));
    let filters = Filters::new().hide(&folder.display().to_string(), "[dir]");
    format!("# {title}\n{}", filters.apply(&output.shown()))
}

#[test]
fn ports_and_folders() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("file"), "").expect("written");
    std::fs::create_dir(folder.path().join("damaged")).expect("made");
    std::fs::write(folder.path().join("damaged/control.db"), "no database, but longer than its header is")
        .expect("written");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = listener.local_addr().expect("a port").to_string();
    let anywhere = "127.0.0.1:0";
    let rows = [
        serve(folder.path(), "a port in use", &["--state-dir", "state", "--listen", &taken]),
        serve(folder.path(), "an address of another machine", &["--state-dir", "state", "--listen", "192.0.2.1:7474"]),
        serve(folder.path(), "every address without a key", &["--state-dir", "state", "--listen", "0.0.0.0:0"]),
        serve(folder.path(), "a file for state_dir", &["--state-dir", "file", "--listen", anywhere]),
        serve(folder.path(), "below a file", &["--state-dir", "file/state", "--listen", anywhere]),
        serve(folder.path(), "a control database that is none", &["--state-dir", "damaged", "--listen", anywhere]),
        serve(folder.path(), "no state_dir", &["--listen", anywhere]),
    ];
    insta::assert_snapshot!(rows.concat(), @r#"
    # a port in use
    exit 1 error[host.port-in-use]: can't listen on 127.0.0.1:[port]
      cause: Address already in use (os error 98)
      hint: stop what listens there
      hint: or listen elsewhere: --listen 127.0.0.1:7475
    # an address of another machine
    exit 1 error[host.port-in-use]: can't listen on 192.0.2.1:7474
      cause: Cannot assign requested address (os error 99)
      hint: stop what listens there
      hint: or listen elsewhere: --listen 127.0.0.1:7475
    # every address without a key
    exit 2 error[config.conflict]: 0.0.0.0:[port] can be reached from other machines, and this host has no keys
      hint: listen on 127.0.0.1 first and make a key with `modelhost key create --admin`
      hint: or keep listening on 127.0.0.1 only
    # a file for state_dir
    exit 1 error[host.state-unusable]: state folder `[dir]/file` can't be used
      cause: File exists (os error 17)
      hint: the host could not make the folder: check that it exists, is intact and can be written
    # below a file
    exit 1 error[host.state-unusable]: state folder `[dir]/file/state` can't be used
      cause: Not a directory (os error 20)
      hint: the host could not make the folder: check that it exists, is intact and can be written
    # a control database that is none
    exit 1 error[database.file]: the database file `[dir]/damaged/control.db` can't be used
      path: [dir]/damaged/control.db
      hint: check that the folder exists, that this user may write there and that the disk is not full
      hint: check that the file is an SQLite database
    # no state_dir
    exit 2 error[config.missing]: no state folder is configured, and none is chosen
      file: modelhost.toml
      key: state_dir
      hint: make a file with this in it: modelhost.toml
      hint: or give it as a flag: --state-dir modelhost-state
      example: state_dir = "modelhost-state"
    "#);
}

#[test]
fn a_state_dir_in_use() {
    let host = Setup::sqlite().start();
    let arguments = ["serve", "--state-dir", "state", "--listen", "127.0.0.1:0", "--data-source", "main=sqlite:x.db"];
    let output = host.cli(&arguments);
    insta::assert_snapshot!(host.filtered(&output.shown()), @"
    exit 1 error[host.state-locked]: state folder `[dir]/state` is in use by another host
      hint: stop the other host
      hint: or give this one a state_dir of its own
    ");
    assert_eq!(host.get("/health/ready").status, 200);
}

#[test]
fn a_plugin_whose_file_was_changed() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.serve("globex", artifacts::SHOP);
    let digest = host.inspect("acme")["generation"]["digest"].as_str().expect("a digest").to_owned();
    host.kill();
    let file = host.folder().join(format!("state/plugins/{digest}.wasm"));
    std::fs::write(&file, artifacts::SHOP).expect("written");
    host.restart();
    insta::assert_snapshot!(host.calls(&[("its calls", "acme customer list", "{}")]), @"
    # its calls
    500 host.state-unusable: namespace `acme` could not be activated when the host started
      because state folder `[dir]/state` can't be used
      because the bytes have another digest
      - the host could not read the plugin: check that it exists, is intact and can be written
    ");
    assert_eq!(host.call("globex customer list", "{}").status, 200, "the other namespace serves");
    assert_eq!(host.inspect("acme")["state"], "failed");
    std::fs::write(&file, artifacts::CRM).expect("written");
    assert_eq!(host.deploy("acme", artifacts::CRM)["state"], "done", "deploying again mends it");
}

#[test]
fn a_data_source_that_is_gone() {
    let mut host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.kill();
    let source = ["--data-source", "other=sqlite:data/other.db"];
    let output =
        run(program(host.folder()).args(["serve", "--state-dir", "state", "--listen", "127.0.0.1:0"]).args(source));
    insta::assert_snapshot!(output.shown(), @r"
    exit 1 error[data-source.unknown]: namespace `acme` is on data source `main`, which is no longer configured
      hint: configure it again: [data_sources.main] with its url
      hint: or destroy `acme` while the data source is still there, then remove it
    ");
}
