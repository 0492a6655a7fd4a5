/// Handles of libcurl that keep their connections open between calls. Internal
/// to what calls servers by HTTP.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

namespace darkroom {

/// Thread-safe. Keeps one handle per call that ran at once.
class curl_pool {
public:
  struct handle; ///< `curl_handle.hpp`

  /// Starts libcurl, once per process.
  curl_pool();
  ~curl_pool();

  /// A handle without options and without an error.
  std::unique_ptr<handle> borrow();

  /// Takes the handle back, without its options, which point to locals of the
  /// call. It has a `curl`.
  void give_back(std::unique_ptr<handle> used);

private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<handle>> idle_;
};

} // namespace darkroom
