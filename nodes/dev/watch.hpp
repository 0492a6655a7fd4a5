/// `--watch`: rebuilds and restarts a node when its sources or settings change,
/// like the hot reload of the web tier.
#pragma once

namespace darkroom {

/// Runs this program again without `--watch` as a child.
///  - When a source changes, it builds. If the build succeeds, it drains the
///    child with TERM, so that no job is lost, and starts the new binary. If
///    the build fails, the child runs on.
///  - When the configuration file changes, it does the same without building.
///  - If the new child fails, for example at a wrong setting, it waits for the
///    next change.
///  - It passes TERM and INT on to the child. A terminal's Ctrl-C reaches only
///    this process, and drains the child.
///
/// The source tree is the one from which the binary was built. Without it, only
/// the configuration is watched.
/// @returns the last child's exit code
int watch_and_rerun();

} // namespace darkroom
