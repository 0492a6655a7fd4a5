/// Reads the parameters by which lists and searches of pictures filter.
#pragma once

#include "services/catalog/image_filter.hpp"
#include "services/http/query.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

inline constexpr size_t longest_query = 1000; ///< bytes; a long sentence
inline constexpr size_t longest_filter = 200; ///< bytes; tags are shorter
inline constexpr size_t longest_time = 40;    ///< bytes

/// A name of a parameter, and its text.
using named_texts = std::vector<std::pair<std::string, std::string>>;

/// A 400 for the first parameter that is wrong, unknown, or no UTF-8.
std::optional<http_response> refuse_texts(const query_reader& query,
                                          const named_texts& texts);

/// Reads `tag`, `category`, `mood`, `after` and `before`. The last two are ms
/// since the epoch, or times in UTC: "2026-11-29" or "2026-11-29T08:30:00Z".
/// @param refusal gets a 400 if the query, whatever else was read of it, is
///   wrong
image_filter read_filter(query_reader& query, named_texts texts,
                         std::optional<http_response>& refusal);

/// Reads a parameter that is a time; an empty text leaves `into` as it is.
std::optional<http_response>
read_time_bound(const char* name, const std::string& text, int64_t& into);

} // namespace darkroom
