#include "nodes/api/http_api.hpp"

#include "nodes/dashboard/dashboard.hpp"

namespace darkroom {

namespace {

http_response page_file(const std::string& name) {
  auto file = find_dashboard_file(name);
  if (!file)
    return error_response(404, "not_found", "there is no page '" + name + "'",
                          "the page is at /");
  http_response out;
  out.body = file->content;
  out.content_type = file->type;
  out.headers = {{"ETag", file->etag}, {"Cache-Control", "no-cache"}};
  return out;
}

} // namespace

http_api::http_api(node_context& node, http_api_options options,
                   local_storage storage, image_book book,
                   catalog_reader reader, image_book outbox)
  : node_(node),
    options_(std::move(options)),
    storage_(std::move(storage)),
    book_(std::move(book)),
    reader_(std::move(reader)),
    queue_(node.config.redis, node.config.queue),
    admin_(node.config.redis, node.config.queue),
    adder_(node.config.redis, node.config.queue),
    probe_queue_(node.config.redis, node.config.queue),
    metrics_queue_(node.config.redis, node.config.queue),
    chaos_(node.config),
    outbox_(std::move(outbox), node.config),
    health_("the look at the node's health",
            [this] { return look_at_health(); }),
    measured_("the measuring", [this] { return measure_all(); }) {}

result<std::unique_ptr<http_api>> http_api::make(node_context& node,
                                                 http_api_options options) {
  auto storage = local_storage::open(node.config.storage.uploads);
  if (!storage)
    return std::move(storage.error());
  auto book = image_book::open(node.config.catalog); // makes and migrates it
  if (!book)
    return std::move(book.error());
  auto outbox = image_book::open(node.config.catalog);
  if (!outbox)
    return std::move(outbox.error());
  auto reader = catalog_reader::open(node.config.catalog);
  if (!reader)
    return std::move(reader.error());
  return std::unique_ptr<http_api>{
    new http_api(node, std::move(options), std::move(*storage),
                 std::move(*book), std::move(*reader), std::move(*outbox))};
}

void http_api::add_routes(http_server& server, sse_hub& hub) {
  server_ = &server;
  hub_ = &hub;
  server.stream("/api/events", hub);
  add_image_routes(server);
  add_upload_routes(server);
  add_delete_routes(server);
  add_queue_routes(server);
  add_job_routes(server);
  add_node_routes(server);
  add_health_routes(server, hub);
  add_chaos_routes(server);
  server.route(
    "GET", "/", [](const http_request&) { return page_file("index.html"); },
    http_lane::file);
  server.route(
    "GET", "/assets/{file}",
    [](const http_request& request) {
      return page_file(request.param("file"));
    },
    http_lane::file);
}

} // namespace darkroom
