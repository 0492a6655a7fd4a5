#include "nodes/api/image_routes.hpp"

#include "nodes/api/filter_query.hpp"
#include "services/catalog/image_json.hpp"
#include "services/catalog/words.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/redis/keys.hpp"
#include "services/storage/names.hpp"

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

} // namespace

image_routes::image_routes(node_context& node, local_storage storage,
                           image_book book, catalog_reader reader,
                           image_book outbox)
  : node_(node),
    storage_(std::move(storage)),
    reader_(std::move(reader)),
    book_(std::move(book)),
    adder_(node.config.redis, node.config.queue, node.queue),
    counter_(node.config.redis, node.config.queue, node.queue),
    remover_(node.config.redis, node.config.queue),
    outbox_(std::move(outbox), node.config, node.queue,
            upload_sweeper{storage_, node.config.http}) {}

result<std::unique_ptr<image_routes>> image_routes::make(node_context& node) {
  auto storage = local_storage::open(node.config.storage.uploads);
  if (!storage)
    return std::move(storage.error());
  auto queue
    = queue_keys{node.config.queue.prefix, node.config.queue.name}.base();
  auto book = image_book::open(node.config.catalog, queue); // and migrates it
  if (!book)
    return std::move(book.error());
  auto outbox = image_book::open(node.config.catalog, queue);
  if (!outbox)
    return std::move(outbox.error());
  auto reader = catalog_reader::open(node.config.catalog);
  if (!reader)
    return std::move(reader.error());
  return std::unique_ptr<image_routes>{
    new image_routes(node, std::move(*storage), std::move(*book),
                     std::move(*reader), std::move(*outbox))};
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
  auto image = reader_.image(request.param("id"));
  if (!image)
    return error_response(image.error(), "GET /api/images lists what there is");
  return json_response(200, write_json(to_json(*image)));
}

http_response image_routes::stored_file(const http_request& request) {
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
