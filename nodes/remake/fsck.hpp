/// Opens the reconciler of catalog, queue and files, which adds jobs that make
/// missing parts of pictures.
#pragma once

#include "config/settings.hpp"
#include "services/fsck/reconciler.hpp"

#include <memory>

namespace darkroom {

/// @param config must outlive the reconciler
/// @returns the errors of the catalog, which must exist
result<std::unique_ptr<reconciler>>
open_reconciler(const settings& config, const fsck_options& options);

/// For a main node: looks at samples as `[fsck]` says. Opens everything at the
/// first look, and sees nothing wrong before the catalog exists. Blocks; not
/// thread-safe.
class drift_sampler {
public:
  /// @param config must outlive this
  explicit drift_sampler(const settings& config) : config_(config) {}

  /// @returns the errors of `reconciler::sample`
  result<drift_report> look();

private:
  const settings& config_;
  std::unique_ptr<reconciler> reconciler_;
};

} // namespace darkroom
