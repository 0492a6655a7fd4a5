/// Removes what uploads left when their process or its machine died.
#pragma once

#include "config/settings.hpp"
#include "services/catalog/image_book.hpp"
#include "services/storage/local_storage.hpp"

#include <chrono>

namespace darkroom {

/// Looks when the main node starts, and then every hour.
class upload_sweeper {
public:
  upload_sweeper(local_storage storage, const http_settings& http);

  /// Does nothing if the last look was less than an hour ago.
  void sweep_if_due(image_book& book);

private:
  void sweep(image_book& book);

  local_storage storage_;
  std::chrono::milliseconds longest_upload_;
  std::chrono::steady_clock::time_point due_{}; ///< at once
};

} // namespace darkroom
