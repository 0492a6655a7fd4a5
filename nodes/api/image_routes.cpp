/// Images over HTTP: look at, fetch.
#include "nodes/api/http_api.hpp"
#include "services/catalog/image_json.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/storage/names.hpp"

#include <limits>

namespace darkroom {

namespace {

constexpr int64_t default_page = 50;
constexpr int64_t max_page = 500;

http_response no_such_file(const std::string& name) {
  return error_response(404, "not_found", "there is no file '" + name + "'",
                        "list what exists with GET /api/images");
}

} // namespace

void http_api::add_image_routes(http_server& server) {
  server.route("GET", "/api/images",
               [this](const http_request& x) { return list_images(x); });
  server.route(
    "GET", "/api/images/{id}",
    without_query([this](const http_request& x) { return one_image(x); }));
  server.route(
    "GET", "/files/{path...}",
    [this](const http_request& x) { return stored_file(x); }, http_lane::file);
}

http_response http_api::list_images(const http_request& request) {
  query_reader query{request};
  auto limit = query.number("limit", default_page, 1, max_page);
  auto offset = query.number("offset", 0, 0,
                             std::numeric_limits<int64_t>::max());
  auto status = query.word("status", "",
                           {"pending", "processing", "completed", "failed"});
  if (auto refusal = query.refusal())
    return *refusal;
  auto page = reader_.list_images(limit, offset, status);
  if (!page)
    return error_response(page.error());
  return json_response(200, write_json(to_json(*page)));
}

http_response http_api::one_image(const http_request& request) {
  auto image = reader_.image(request.param("id"));
  if (!image)
    return error_response(image.error(), "GET /api/images lists what there is");
  return json_response(200, write_json(to_json(*image)));
}

http_response http_api::stored_file(const http_request& request) {
  auto name = request.param("path");
  if (is_staged(name))
    return no_such_file(name);
  auto path = storage_.resolve(name);
  if (!path && path.error().code == ec::bad_input) // no file has such a name
    return no_such_file(name.substr(0, 60));
  if (!path)
    return error_response(path.error());
  http_response out;
  out.file = std::move(*path);
  return out;
}

} // namespace darkroom
