/// `--watch`: builds and starts a node anew when its sources or its settings
/// change, as the web tier's hot reload does.
#pragma once

namespace darkroom {

/// Runs this program again without `--watch` as a child, and:
///  - when a source changes, builds; if that succeeds, drains the child (no job
///    is lost: it gets TERM) and starts the new binary; else it runs on
///  - when the configuration file changes, does the same without building
///  - when what was started anew fails (a setting that is wrong), waits for the
///    next change
///  - passes TERM and INT on, to the node alone: a terminal's Ctrl-C drains it
/// The source tree is the one the binary was built from; without one only the
/// configuration is watched.
/// @returns the last child's exit code
int watch_and_rerun();

} // namespace darkroom
