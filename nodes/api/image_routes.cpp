#include "nodes/api/image_routes.hpp"

#include "nodes/api/filter_query.hpp"
#include "services/catalog/image_json.hpp"
#include "services/catalog/words.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/redis/keys.hpp"
#include "services/storage/names.hpp"
#include "services/storage/open_storage.hpp"

#include <limits>
#include <utility>

namespace darkroom {

namespace {

constexpr int64_t default_page = 50;
constexpr int64_t max_page = 500;

http_response no_such_file(const std::string& name) {
  return error_response(404, "not_found", "there is no file '" + name + "'",
                        "list what exists with GET /api/images");
}

/// The client keeps no link longer than it works.
http_response redirect_to(const std::string& url) {
  http_response out;
  out.status = 307;
  out.content_type = "text/plain; charset=utf-8";
  out.headers = {{"Location", url}, {"Cache-Control", "no-store"}};
  return out;
}

} // namespace

image_routes::image_routes(node_context& node,
                           std::shared_ptr<image_storage> storage,
                           local_storage aside, image_book book,
                           catalog_reader reader, image_book outbox)
  : node_(node),
    storage_(std::move(storage)),
    aside_(std::move(aside)),
    reader_(std::move(reader)),
    book_(std::move(book)),
    adder_(node.config.redis, node.config.queue, node.queue),
    counter_(node.config.redis, node.config.queue, node.queue),
    remover_(node.config.redis, node.config.queue),
    outbox_(std::move(outbox), node.config, node.queue,
            upload_sweeper{storage_, aside_, node.config.http}) {}

result<std::unique_ptr<image_routes>> image_routes::make(node_context& node) {
  auto storage = open_storage(node.config.storage);
  if (!storage)
    return std::move(storage.error());
  auto aside = (*storage)->aside();
  if (!aside)
    return std::move(aside.error());
  auto queue
    = queue_keys{node.config.queue.prefix, node.config.queue.name}.base();
  auto catalog = passing_catalog(node.config.catalog);
  auto book = image_book::open(catalog, queue); // and migrates it
  if (!book)
    return std::move(book.error());
  auto outbox = image_book::open(catalog, queue);
  if (!outbox)
    return std::move(outbox.error());
  auto reader = catalog_reader::open(catalog);
  if (!reader)
    return std::move(reader.error());
  return std::unique_ptr<image_routes>{
    new image_routes(node, std::move(*storage), std::move(*aside),
                     std::move(*book), std::move(*reader), std::move(*outbox))};
}

std::optional<http_response> image_routes::refuse_without_catalog() const {
  if (node_.config.catalog.tables != "off")
    return std::nullopt;
  return error_response(
    409, "no_catalog", "this Darkroom keeps no catalog: [catalog] tables = off",
    "upload to your web tier, which adds the jobs; results are in their return "
    "values");
}

void image_routes::add_to(http_server& server) {
  server.route("GET", "/api/images",
               [this](const http_request& x) { return list_images(x); });
  server.route(
    "GET", "/api/images/{id}",
    without_query([this](const http_request& x) { return one_image(x); }));
  server.route(
    "DELETE", "/api/images/{id}",
    without_query([this](const http_request& x) { return delete_image(x); }),
    http_lane::redis);
  server.route(
    "GET", "/files/{path...}",
    [this](const http_request& x) { return stored_file(x); }, http_lane::file);
  add_upload_to(server);
}

http_response image_routes::list_images(const http_request& request) {
  if (auto refusal = refuse_without_catalog())
    return *refusal;
  query_reader query{request};
  auto limit = query.number("limit", default_page, 1, max_page);
  auto offset = query.number("offset", 0, 0,
                             std::numeric_limits<int64_t>::max());
  image_filter filter;
  filter.status = query.word("status", "",
                             {"pending", "processing", "completed", "failed"});
  auto words = query.text("q", longest_query);
  filter.tag = query.text("tag", longest_filter);
  if (auto refusal = refuse_texts(query, {{"q", words}, {"tag", filter.tag}}))
    return *refusal;
  filter.words = all_words_of(words);
  if (!words.empty() && filter.words.empty()) // "!!!" is in no description
    return json_response(200, write_json(to_json(image_page{})));
  auto page = reader_.list_images(limit, offset, filter);
  if (!page)
    return error_response(page.error());
  return json_response(200, write_json(to_json(*page)));
}

http_response image_routes::one_image(const http_request& request) {
  if (auto refusal = refuse_without_catalog())
    return *refusal;
  auto image = reader_.image(request.param("id"));
  if (!image)
    return error_response(image.error(), "GET /api/images lists what there is");
  return json_response(200, write_json(to_json(*image)));
}

http_response image_routes::stored_file(const http_request& request) {
  auto name = request.param("path");
  if (is_staged(name))
    return no_such_file(name);
  auto from = storage_->source_of(name, request.is_head);
  if (!from && from.error().code == ec::bad_input) // no file has such a name
    return no_such_file(name.substr(0, 60));
  if (!from)
    return error_response(from.error());
  if (!from->url.empty())
    return redirect_to(from->url);
  http_response out;
  out.file = std::move(from->path);
  return out;
}

} // namespace darkroom
