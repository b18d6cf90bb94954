//! The same sources give the same file, whoever compiles them, where and when.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::sandbox::Sandbox;

/// The shop's sources, written in this order, so that folders list them differently.
const SOURCES: [&str; 5] = ["gw.yaml", "orders.yaml", "catalog.yaml", "users.json", "common.yaml"];

#[test]
fn folder_order_time_zone_locale_and_umask_change_no_byte() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop");
    let source = |name: &&'static str| (*name, fs::read(shop.join(name)).expect("the shop is an example"));
    let sources: Vec<_> = SOURCES.iter().map(source).collect();
    let compiled =
        |folder: &str, sources: &mut dyn Iterator<Item = &(&str, Vec<u8>)>, surroundings: &[&str]| {
            let sandbox = Sandbox::new();
            for (name, content) in sources {
                sandbox.file(&format!("{folder}/{name}"), content);
            }
            let [zone, locale, umask] = surroundings else { panic!("three of them") };
            let output = Command::new("sh")
                .args([
                    "-c",
                    "umask \"$3\"; exec \"$0\" compile \"$1\" -o \"$2\"",
                    env!("CARGO_BIN_EXE_gw"),
                    folder,
                ])
                .args(["out.gwa", umask])
                .env("TZ", zone)
                .env("LC_ALL", locale)
                .current_dir(sandbox.path())
                .output()
                .expect("gw starts");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            sandbox.read("out.gwa")
        };
    let here = compiled("shop", &mut sources.iter(), &["UTC", "C", "022"]);
    let there =
        compiled("a/b/elsewhere", &mut sources.iter().rev(), &["Asia/Kathmandu", "tr_TR.UTF-8", "077"]);
    assert_eq!(here, there);
}
