/// Reads a JSON object that came as the body of a request: each member by name,
/// with its allowed values, like `query_reader` reads a query.
#pragma once

#include "services/http/message.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Reads the members of one body, then says whether all were valid:
///
///     json_body body{request};
///     auto limit = body.number("limit", 1000, 1, 10000);
///     if (auto refusal = body.refusal())
///       return *refusal;
///
/// An empty body stands for {}. A member that is null counts as missing.
class json_body {
public:
  explicit json_body(const http_request& request);

  bool has(const std::string& name) const;

  /// A whole number within bounds, or `otherwise` if it is missing.
  int64_t number(const std::string& name, int64_t otherwise, int64_t least,
                 int64_t most);

  /// One of the given words, or `otherwise` if it is missing.
  std::string word(const std::string& name, const std::string& otherwise,
                   const std::vector<std::string>& allowed);

  /// Any text of at most `most` bytes; empty if it is missing.
  std::string text(const std::string& name, size_t most);

  /// A list of at most `most` texts; empty if it is missing.
  std::vector<std::string> texts(const std::string& name, size_t most);

  /// true or false, or `otherwise` if it is missing.
  bool flag(const std::string& name, bool otherwise);

  /// ms since the epoch, or a date or time of ISO 8601; 0 if it is missing.
  int64_t time(const std::string& name);

  /// Any value; null if it is missing.
  nlohmann::json value(const std::string& name);

  /// An object; empty if it is missing.
  nlohmann::json object(const std::string& name);

  /// Refuses a member for a reason that the reader cannot know.
  void refuse(const std::string& name, const std::string& allowed);

  /// Says that a member is required, and is not there.
  void require(const std::string& name);

  /// A 400 for the first member that is wrong, missing or unknown; empty if all
  /// are valid. A member is unknown if nobody asked this reader for it.
  std::optional<http_response> refusal() const;

private:
  /// @returns the member, or null if it is missing
  const nlohmann::json* take(const std::string& name);

  nlohmann::json body_ = nlohmann::json::object();
  std::vector<std::string> names_; ///< names that were asked for
  std::string problem_;
};

} // namespace darkroom
