/// What may follow the `?` of a request: each parameter by name, with what is
/// allowed. What does not parse is refused, never replaced by a default.
#pragma once

#include "services/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Reads the parameters of one request, then says whether all were right:
///
///     query_reader query{request};
///     auto page = query.number("page", 0, 0, 999);
///     if (auto refusal = query.refusal())
///       return *refusal;
class query_reader {
public:
  /// @param request outlives the reader
  explicit query_reader(const http_request& request);

  /// A whole number within bounds; `otherwise` where it is not given.
  int64_t number(const std::string& name, int64_t otherwise, int64_t least,
                 int64_t most);

  /// One of some words.
  std::string word(const std::string& name, const std::string& otherwise,
                   const std::vector<std::string>& allowed);

  /// Some of these words, separated by commas; none where it is not given.
  std::vector<std::string> words(const std::string& name,
                                 const std::vector<std::string>& allowed);

  /// Any text of at most `most` bytes; empty where it is not given.
  std::string text(const std::string& name, size_t most);

  /// A 400 for the first parameter that is wrong, or that nobody has asked for;
  /// nothing if there is none.
  std::optional<http_response> refusal() const;

private:
  /// @returns the text, or null where the parameter is not given
  const std::string* take(const std::string& name);
  void refuse(const std::string& name, const std::string& value,
              const std::string& allowed);

  const http_request& request_;
  std::vector<std::string> names_; ///< that were asked for
  std::string problem_;
};

/// A handler that takes no parameters, and says so where one is given.
http_handler without_query(http_handler handler);

} // namespace darkroom
