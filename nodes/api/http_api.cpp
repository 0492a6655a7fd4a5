#include "nodes/api/http_api.hpp"

#include "nodes/dashboard/dashboard.hpp"
#include "services/http/checks.hpp"
#include "services/http/query.hpp"
#include "services/s3/s3_address.hpp"

#include "embedded/openapi.hpp"

namespace darkroom {

namespace {

/// The origin of the pictures, if `/files` redirects there; else empty.
std::string picture_origin(const storage_settings& storage) {
  if (storage.kind != "s3")
    return {};
  auto address = s3_address::of(storage);
  return address ? address->origin : std::string{};
}

/// @param pictures see `picture_origin`
http_response page_file(const std::string& name, const std::string& pictures) {
  auto file = find_dashboard_file(name);
  if (!file)
    return error_response(404, "not_found", "there is no page '" + name + "'",
                          "the page is at /");
  http_response out;
  out.body = file->content;
  out.content_type = file->type;
  out.headers = {{"ETag", file->etag}, {"Cache-Control", "no-cache"}};
  if (!pictures.empty() && out.content_type.starts_with("text/html"))
    out.headers.emplace_back("Content-Security-Policy",
                             page_policy_with(pictures));
  return out;
}

/// nodes/api/openapi.json, which is part of the program.
http_response openapi_document(const http_request&) {
  const auto& file = embedded::openapi::files[0];
  return json_response(200, std::string{file.content, file.size});
}

} // namespace

http_api::http_api(node_context& node, std::unique_ptr<image_routes> images,
                   std::unique_ptr<access_routes> access, catalog_reader reader,
                   catalog_reader searched,
                   std::function<main_address()> own_address)
  : pictures_(picture_origin(node.config.storage)),
    images_(std::move(images)),
    access_(std::move(access)),
    reader_(std::move(reader)),
    search_(node, std::move(searched)),
    jobs_(node, reader_),
    bulk_(node, reader_),
    queue_(node, reader_),
    history_(node.config),
    schedulers_(node),
    dead_(node),
    providers_(node),
    nodes_(node),
    health_(node),
    chaos_(node, std::move(own_address)) {}

result<std::unique_ptr<http_api>>
http_api::make(node_context& node, std::function<main_address()> own_address) {
  auto images = image_routes::make(node); // makes and migrates the catalog
  if (!images)
    return std::move(images.error());
  auto access = access_routes::make(node.config);
  if (!access)
    return std::move(access.error());
  auto reader = catalog_reader::open(passing_catalog(node.config.catalog));
  if (!reader)
    return std::move(reader.error());
  auto searched = catalog_reader::open(passing_catalog(node.config.catalog));
  if (!searched)
    return std::move(searched.error());
  return std::unique_ptr<http_api>{new http_api(
    node, std::move(*images), std::move(*access), std::move(*reader),
    std::move(*searched), std::move(own_address))};
}

void http_api::add_to(http_server& server, const sse_hub& hub) {
  access_->add_to(server);
  server.stream("/api/events", hub);
  images_->add_to(server);
  search_.add_to(server);
  jobs_.add_to(server);
  bulk_.add_to(server);
  queue_.add_to(server);
  history_.add_to(server);
  schedulers_.add_to(server);
  dead_.add_to(server);
  providers_.add_to(server);
  nodes_.add_to(server);
  health_.add_to(server, hub);
  chaos_.add_to(server);
  server.route("GET", "/api/openapi.json", without_query(openapi_document));
  server.route(
    "GET", "/",
    [this](const http_request&) { return page_file("index.html", pictures_); },
    http_lane::file);
  server.route(
    "GET", "/assets/{file}",
    [this](const http_request& request) {
      return page_file(request.param("file"), pictures_);
    },
    http_lane::file);
}

} // namespace darkroom
