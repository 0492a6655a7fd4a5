/// What strangers write into a request line: paths, queries, escapes, ranges.
#include "services/http/file.hpp"
#include "services/http/router.hpp"

#include <cstdlib>

using namespace darkroom;

namespace {

const router& routes() {
  static const auto made = [] {
    router out;
    for (auto pattern : {"/", "/api/images", "/api/images/{id}",
                         "/api/jobs/{id}/why", "/files/{path...}"}) {
      http_route route;
      route.method = "GET";
      out.add(pattern, std::move(route));
    }
    return out;
  }();
  return made;
}

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  for (auto& [key, value] : parse_query(text))
    require(key.find('\0') == key.npos && value.find('\0') == value.npos);
  auto match = routes().find("GET", text);
  for (auto& [name, value] : match.params)
    require(value != ".." && value.find("/../") == value.npos);
  (void)media_type(text);
  http_request request;
  request.method = "GET";
  request.headers["range"] = std::string{text};
  request.headers["if-none-match"] = std::string{text};
  http_response response;
  response.file = "/proc/self/exe";
  auto file = open_file(request, response);
  require(file.left() > 0 || response.status == 304 || response.status == 416);
  return 0;
}
