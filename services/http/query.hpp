/// Reads the query of a request: each parameter by name, with its allowed
/// values. A wrong value is refused, never replaced by the default.
#pragma once

#include "services/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Reads the parameters of one request, then says whether all were valid:
///
///     query_reader query{request};
///     auto page = query.number("page", 0, 0, 999);
///     if (auto refusal = query.refusal())
///       return *refusal;
class query_reader {
public:
  /// @param request must outlive the reader
  explicit query_reader(const http_request& request);

  /// A whole number within bounds, or `otherwise` if it is missing.
  int64_t number(const std::string& name, int64_t otherwise, int64_t least,
                 int64_t most);

  /// One of the given words, or `otherwise` if it is missing.
  std::string word(const std::string& name, const std::string& otherwise,
                   const std::vector<std::string>& allowed);

  /// A list of the given words, separated by commas; empty if it is missing.
  std::vector<std::string> words(const std::string& name,
                                 const std::vector<std::string>& allowed);

  /// Any text of at most `most` bytes; empty if it is missing.
  std::string text(const std::string& name, size_t most);

  /// A 400 for the first parameter that is wrong or unknown; empty if all are
  /// valid. A parameter is unknown if nobody asked this reader for it.
  std::optional<http_response> refusal() const;

private:
  /// @returns the text, or null if the parameter is missing
  const std::string* take(const std::string& name);
  void refuse(const std::string& name, const std::string& value,
              const std::string& allowed);

  const http_request& request_;
  std::vector<std::string> names_; ///< names that were asked for
  std::string problem_;
};

/// Wraps a handler without parameters; refuses requests that have some.
http_handler without_query(http_handler handler);

} // namespace darkroom
