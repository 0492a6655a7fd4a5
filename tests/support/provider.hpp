/// The peers of tests/support/provider.mjs: a real OpenAI-compatible provider
/// and a server of odd answers, each on a free port.
#pragma once

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include <string>

namespace darkroom {

/// Runs as long as the object lives. It also ends when the test dies, because
/// then its stdin closes.
class provider {
public:
  provider();

  provider(const provider&) = delete;

  ~provider();

  /// The requests that the provider has seen, oldest first.
  nlohmann::json journal() const;

  /// The body of the last POST to `odd_url` + "/hook".
  nlohmann::json last_hook() const;

  std::string base_url; ///< for vision.base_url and embedding.base_url
  std::string odd_url;

private:
  nlohmann::json ask(const std::string& path) const;

  static std::string read_line(int from);

  pid_t pid_ = -1;
  int stdin_ = -1;
};

} // namespace darkroom
