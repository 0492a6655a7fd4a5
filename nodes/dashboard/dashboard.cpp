#include "nodes/dashboard/dashboard.hpp"

#include "embedded/dashboard.hpp"

#include <cstddef>
#include <cstdint>

namespace darkroom {

namespace {

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".html"))
    return "text/html; charset=utf-8";
  if (name.ends_with(".js"))
    return "text/javascript; charset=utf-8";
  if (name.ends_with(".css"))
    return "text/css; charset=utf-8";
  return "image/svg+xml";
}

/// FNV-1a, 64 bit: it only tells versions apart.
std::string etag_of(std::string_view content) {
  uint64_t hash = 14695981039346656037u;
  for (unsigned char c : content)
    hash = (hash ^ c) * 1099511628211u;
  return '"' + std::to_string(hash) + '"';
}

} // namespace

std::optional<dashboard_file> find_dashboard_file(std::string_view name) {
  for (size_t i = 0; i < embedded::dashboard::file_count; ++i) {
    auto& file = embedded::dashboard::files[i];
    if (name != file.name)
      continue;
    std::string_view content{file.content, file.size};
    return dashboard_file{content, type_of(name), etag_of(content)};
  }
  return std::nullopt;
}

} // namespace darkroom
