/// Removes what uploads left when their process or its machine died.
#pragma once

#include "config/settings.hpp"
#include "services/catalog/image_book.hpp"
#include "services/storage/local_storage.hpp"

#include <chrono>
#include <memory>

namespace darkroom {

/// Looks when the main node starts, and then every hour.
class upload_sweeper {
public:
  /// @param aside where bodies of uploads are kept
  upload_sweeper(std::shared_ptr<const image_storage> storage,
                 local_storage aside, const http_settings& http);

  /// Does nothing if the last look was less than an hour ago.
  void sweep_if_due(image_book& book);

private:
  void sweep(image_book& book);

  std::shared_ptr<const image_storage> storage_;
  local_storage aside_;
  std::chrono::milliseconds longest_upload_;
  std::chrono::steady_clock::time_point due_{}; ///< at once
};

} // namespace darkroom
